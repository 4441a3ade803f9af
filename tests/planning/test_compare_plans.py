"""Checks the rows of two plans side by side, and what is said of a plan made with something older."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from courses import make_plan as write_down
from present import present
from quick_plans import quick_plan as plan

from openpbm.planning import PlanDifference, PlanOverrides, compare_plans, stale


def named(rows: list[PlanDifference]) -> dict[str, PlanDifference]:
    found = {row.name: row for row in rows}
    assert len(found) == len(rows)
    return found


def test_a_plan_beside_itself_differs_nowhere() -> None:
    rows = compare_plans(plan(), plan())
    for row in rows:
        assert row.first == row.second, row
        assert row.difference in (None, 0)
        assert row.ratio in (None, 1)


def test_twice_the_power_shows_as_twice_the_dose() -> None:
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


def test_what_one_plan_lacks_is_none() -> None:
    rows = named(compare_plans(plan(), plan(condition__diagnosis="trigeminal_neuralgia")))
    assert (rows["weeks"].second, rows["weeks"].difference, rows["weeks"].ratio) == (None, None, None)
    assert rows["verdict"].second == "refer"
    gone = rows["dose at gastrocnemius, posterior calf (both)"]
    assert gone.first is not None
    assert (gone.second, gone.second_interval, gone.ratio) == (None, None, None)
    assert "specialist_only" in str(rows["reasons against"].second)


def test_plans_that_hold_next_to_nothing_are_compared_without_a_crash() -> None:
    """One written down from elsewhere beside one without a lamp's field: sections are missing on either side."""
    unknown = {"wavelength_nm": 850, "irradiance_mw_cm2": 40, "at_distance_mm": 100}
    rows = named(compare_plans(write_down(), plan(device={"output_status": "claimed", "emitters": [unknown]})))
    assert rows["bare eyes may look"].first is None
    assert rows["weeks"].second is None


def test_a_plan_made_now_is_up_to_date() -> None:
    assert stale(plan()) == []


@pytest.mark.parametrize(
    ("key", "needle"),
    [("openpbm", "version of openpbm"), ("facts_digest", "tables of facts"), ("transport_digest", "physics")],
)
def test_a_plan_made_with_something_else_is_stale(key: str, needle: str) -> None:
    made = plan()
    changes: dict[str, Any] = {key: "0.0.9"}
    older = dataclasses.replace(made, provenance=dataclasses.replace(present(made.provenance), **changes))
    (problem,) = stale(older)
    assert needle in problem.key
    assert "0.0.9" in problem.message


def test_nobody_can_tell_of_a_plan_that_was_written_down() -> None:
    (problem,) = stale(write_down())
    assert problem.key == "provenance"
