"""Checks the rows of two plans side by side, and what is said of a plan made with something older."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cases import make_case
from courses import make_plan as write_down
from present import present

from openpbm.planning import Plan, PlanDifference, PlanOverrides, Quality, compare_plans, make_plan, stale
from openpbm.safety import screen

QUICK = Quality(scenarios=8, photons=400)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("light")


@pytest.fixture
def plan(tmp_path: Path, kept: Path) -> Callable[..., Any]:
    def planned(overrides: PlanOverrides | None = None, **changes: Any) -> Plan:
        return make_plan(screen(make_case(tmp_path, **changes)), overrides=overrides, quality=QUICK, keep_in=kept)

    return planned


def named(rows: list[PlanDifference]) -> dict[str, PlanDifference]:
    found = {row.name: row for row in rows}
    assert len(found) == len(rows)
    return found


def test_a_plan_beside_itself_differs_nowhere(plan: Callable[..., Any]) -> None:
    rows = compare_plans(plan(), plan())
    for row in rows:
        assert row.first == row.second, row
        assert row.difference in (None, 0)
        assert row.ratio in (None, 1)


def test_twice_the_power_shows_as_twice_the_dose(plan: Callable[..., Any]) -> None:
    """Linearity: 240 mW beside 120 mW at the same minutes."""
    overrides = PlanOverrides(minutes=20)
    rows = named(compare_plans(plan(overrides), plan(overrides, device__emitters__0__power_mw=240)))
    dose = rows["dose at gastrocnemius, posterior calf (both)"]
    assert dose.ratio == pytest.approx(2.0)
    assert dose.second_interval == pytest.approx([2.0 * edge for edge in present(dose.first_interval)])
    assert rows["fluence at the skin, one session"].ratio == pytest.approx(2.0)
    assert rows["minutes at one place"].difference == 0.0
    assert rows["chance in window at gastrocnemius, posterior calf (both)"].first is not None
    assert {row.unit for row in rows.values()} >= {"mm", "min", "J/cm2", "mW/cm2", "s"}


def test_what_one_plan_lacks_is_none(plan: Callable[..., Any]) -> None:
    rows = named(compare_plans(plan(), plan(condition__diagnosis="trigeminal_neuralgia")))
    assert (rows["weeks"].second, rows["weeks"].difference, rows["weeks"].ratio) == (None, None, None)
    assert rows["verdict"].second == "refer"
    gone = rows["dose at gastrocnemius, posterior calf (both)"]
    assert gone.first is not None
    assert (gone.second, gone.second_interval, gone.ratio) == (None, None, None)
    assert "specialist_only" in str(rows["reasons against"].second)


def test_plans_that_hold_next_to_nothing_are_compared_without_a_crash(plan: Callable[..., Any]) -> None:
    """One written down from elsewhere beside one without a lamp's field: sections are missing on either side."""
    unknown = {"wavelength_nm": 850, "irradiance_mw_cm2": 40, "at_distance_mm": 100}
    rows = named(compare_plans(write_down(), plan(device={"output_status": "claimed", "emitters": [unknown]})))
    assert rows["bare eyes may look"].first is None
    assert rows["weeks"].second is None


def test_a_plan_made_now_is_up_to_date(plan: Callable[..., Any]) -> None:
    assert stale(plan()) == []


@pytest.mark.parametrize(
    ("key", "needle"),
    [("openpbm", "version of openpbm"), ("facts_digest", "tables of facts"), ("transport_digest", "physics")],
)
def test_a_plan_made_with_something_else_is_stale(plan: Callable[..., Any], key: str, needle: str) -> None:
    made = plan()
    older = dataclasses.replace(made, provenance=dataclasses.replace(made.provenance, **{key: "0.0.9"}))
    (problem,) = stale(older)
    assert needle in problem.key
    assert "0.0.9" in problem.message


def test_nobody_can_tell_of_a_plan_that_was_written_down() -> None:
    (problem,) = stale(write_down())
    assert problem.key == "provenance"
