"""Checks that what is asked for is planned or refused, and never changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import make_case
from quick_plans import quick_plan

from openpbm.errors import BadInput
from openpbm.facts.conditions import conditions
from openpbm.facts.rules import computed_rules
from openpbm.planning import PlanOverrides
from openpbm.planning.prescription import Setting
from openpbm.planning.protocol_bounds import course_bounds, session_bounds

BRIGHT = {"device__emitters__0__power_mw": 300, "course__supervision": "clinician"}
LASER_AT_WRIST: dict[str, Any] = {
    "device": {
        "output_status": "measured",
        "emitters": [{"wavelength_nm": 808, "power_mw": 100, "spot_diameter_mm": 12}],
    },
    "condition": {"diagnosis": "carpal_tunnel", "confirmed_by": "neurologist"},
    "sites": [{"site": "volar_wrist", "side": "right"}],
    "course__supervision": "clinician",
    "placement__distance_mm": 0,
    "release": {"rules": ["lamp_not_eye_safe"], "by": "a physiatrist"},
}


def plan(overrides: PlanOverrides | None = None, **changes: Any) -> dict[str, Any]:
    return quick_plan(overrides, **changes).to_json_dict()


def override_rules(made: dict[str, Any], section: str) -> list[str]:
    return [row["rule"] for row in made[section] if row["rule"].startswith("override_")]


def test_nothing_asked_is_the_plan_as_it_was() -> None:
    made = plan()
    assert made["overrides"] is None
    assert made == plan(PlanOverrides())


@pytest.mark.parametrize("changes", [{}, BRIGHT, LASER_AT_WRIST], ids=["panel", "bright", "laser"])
def test_asking_for_what_would_be_chosen_adds_no_reason(changes: dict[str, Any]) -> None:
    chosen = plan(**changes)
    schedule = chosen["schedule"]
    overrides = PlanOverrides(
        minutes=chosen["session_minutes"],
        sessions_per_week=schedule["sessions_per_week"],
        weeks=schedule["weeks"],
    )
    made = plan(overrides, **changes)
    assert made["schedule"]["sessions"] == schedule["sessions"]
    assert made["exposure_minutes"] == pytest.approx(chosen["exposure_minutes"], rel=0.01)
    assert override_rules(made, "reasons") == override_rules(made, "cautions") == []


def test_the_whole_plan_follows_what_was_asked() -> None:
    made = plan(PlanOverrides(minutes=27.5, sessions_per_week=4, weeks=5))
    assert made["verdict"] == "allowed"
    assert made["overrides"] == made["provenance"]["overrides"] == {"minutes": 27.5, "sessions_per_week": 4, "weeks": 5}
    assert (made["session_minutes"], made["exposure_minutes"]) == (27.5, 27.5)
    assert made["prescription"]["minutes"] == made["schedule"]["minutes_per_session"] == 27.5
    assert (made["schedule"]["sessions_per_week"], made["schedule"]["weeks"]) == (4, 5)
    assert len(made["schedule"]["sessions"]) == 20
    for row in made["dose"]:
        assert row["fluence_j_cm2"]["p95"] == pytest.approx(row["fluence_rate_mw_cm2"]["p95"] * 27.5 * 0.06)


def test_points_of_a_laser_share_the_minutes_asked_for() -> None:
    """Closed form: 100 mW for 0.5 min is 3 J a point."""
    points = plan(**LASER_AT_WRIST)["prescription"]["points_planned"]
    made = plan(PlanOverrides(minutes=0.5 * points), **LASER_AT_WRIST)
    assert made["exposure_minutes"] == 0.5
    assert made["skin"]["energy_per_point_j"] == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("overrides", "changes", "rule", "verdict", "named"),
    [
        (
            PlanOverrides(minutes=31),
            {},
            "override_minutes_above_protocol",
            "refused",
            ["31 minutes", "has 30", "30 minutes on"],
        ),
        (
            PlanOverrides(minutes=30),
            BRIGHT,
            "override_skin_dose_above_protocol",
            "refused",
            ["of 90", "minutes on one spot"],
        ),
        (
            PlanOverrides(minutes=60),
            LASER_AT_WRIST,
            "override_point_energy_above_protocol",
            "refused",
            [" J on each point"],
        ),
        (
            PlanOverrides(sessions_per_week=7),
            {},
            "override_sessions_above_protocol",
            "needs_clinician",
            ["7 sessions", "is 4"],
        ),
        (PlanOverrides(weeks=9), {}, "override_weeks_above_protocol", "needs_clinician", ["9 weeks", "has 6"]),
        (
            PlanOverrides(minutes=25),
            {"person__skin_type": 6},
            "override_minutes_above_conservative_start",
            "needs_clinician",
            ["10 minutes", "25 were"],
        ),
    ],
)
def test_too_much_is_refused_with_value_and_limit_and_stays_as_asked(
    overrides: PlanOverrides,
    changes: dict[str, Any],
    rule: str,
    verdict: str,
    named: list[str],
) -> None:
    made = plan(overrides, **changes)
    assert made["verdict"] == verdict
    (reason,) = [row for row in made["reasons"] if row["rule"] == rule]
    for words in named:
        assert words in f"{reason['message']} {reason.get('remedy', '')}"
    assert (made["prescription"], made["schedule"]) == (None, None)
    if overrides.minutes is not None:
        assert made["session_minutes"] == overrides.minutes
    assert made["dose"]


@pytest.mark.parametrize(
    ("overrides", "changes", "rule"),
    [
        (PlanOverrides(minutes=15), {}, "override_minutes_below_protocol"),
        (PlanOverrides(minutes=20), {"placement__distance_mm": 900}, "override_skin_dose_below_protocol"),
        (PlanOverrides(minutes=0.1), LASER_AT_WRIST, "override_point_energy_below_protocol"),
        (PlanOverrides(sessions_per_week=1), {}, "override_sessions_below_protocol"),
        (PlanOverrides(weeks=2), {}, "override_weeks_below_protocol"),
    ],
)
def test_too_little_is_a_caution(overrides: PlanOverrides, changes: dict[str, Any], rule: str) -> None:
    made = plan(overrides, **changes)
    assert rule in override_rules(made, "cautions")
    assert override_rules(made, "reasons") == []


def test_a_clinician_may_release_more_sessions() -> None:
    made = plan(
        PlanOverrides(sessions_per_week=7),
        release={"rules": ["override_sessions_above_protocol"], "by": "a neurologist"},
    )
    assert made["verdict"] == "allowed"
    assert made["schedule"]["sessions_per_week"] == 7
    assert override_rules(made, "cautions") == ["override_sessions_above_protocol"]


def test_a_clinician_cannot_release_more_dose_than_the_protocol(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not a rule a clinician can release"):
        make_case(tmp_path, release={"rules": ["override_skin_dose_above_protocol"], "by": "a neurologist"})


def test_every_rule_about_asking_belongs_to_a_limit() -> None:
    """A rule that no limit names would be dead."""
    area, point = (next(row for row in conditions[id].protocols if row.mode == mode)
                   for id, mode in (("rls_primary", "area"), ("carpal_tunnel", "point")))  # fmt: skip
    minutes = np.array([1.0])
    limits = [
        *session_bounds(Setting(protocol=area, irradiance_mw_cm2=10.0, conservative_start=True), minutes),
        *session_bounds(
            Setting(protocol=point, irradiance_mw_cm2=10.0, power_mw=60.0, conservative_start=True), minutes
        ),
        *course_bounds(area, 3, 6),
    ]
    rules = {rule for rule in computed_rules.ids if rule.startswith("override_")}
    assert {limit.rule for limit in limits} == rules | {"no_dose_within_limits"}


@pytest.mark.parametrize("minutes", [None, 0.5, 2.0, 7.0])
def test_one_least_session_for_the_plan_and_for_who_asks(minutes: float | None) -> None:
    """Opened when a lamp too strong for the shortest session was refused, and allowed once somebody asked for 2."""
    made = plan(
        PlanOverrides(minutes=minutes),
        condition__diagnosis="nocturnal_cramps",
        course__supervision="clinician",
        device={"id": "laser_808_probe"},
        placement={},
    )
    assert made["verdict"] == "refused"
    (reason,) = [row for row in made["reasons"] if row["rule"] == "no_dose_within_limits"]
    assert "shortest session, 20 minutes" in reason["message"]


def test_a_specialist_condition_is_referred_whatever_is_asked() -> None:
    made = plan(PlanOverrides(minutes=20), condition__diagnosis="trigeminal_neuralgia")
    assert made["verdict"] == "refer"
    assert made["overrides"]["minutes"] == 20.0
    assert (made["session_minutes"], made["protocol"], made["window_draws"]) == (None, None, [])


@pytest.mark.parametrize(
    ("given", "needle"),
    [
        ({"minutes": 0}, "overrides.minutes = 0: must be more than 0 and at most 1440"),
        ({"minutes": float("nan")}, "overrides.minutes = nan"),
        ({"minutes": float("inf")}, "overrides.minutes = inf"),
        ({"minutes": True}, "must be a number"),
        ({"minutes": "20"}, "must be a number"),
        ({"minutes": 3.333}, "write 3.33"),
        ({"sessions_per_week": 8}, "at least 1 and at most 7"),
        ({"sessions_per_week": 3.5}, "whole number"),
        ({"weeks": -1}, "overrides.weeks = -1"),
        ({"weeks": 53}, "at most 52"),
    ],
)
def test_what_cannot_be_is_bad_input(given: dict[str, Any], needle: str) -> None:
    with pytest.raises(BadInput, match=needle.replace("(", r"\(")):
        PlanOverrides(**given)


def test_whole_minutes_are_written_as_a_plan_read_back_writes_them() -> None:
    """20 was written as 20 and read back as 20.0, so that the same plan had two sets of bytes."""
    assert repr(PlanOverrides(minutes=20).minutes) == "20.0"
