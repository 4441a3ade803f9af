"""Property: light as planned passes no limit; each departure is found by its own rule, the gravest first."""

from __future__ import annotations

import datetime as dt

import pytest
from delivery.delivery_course import DAYS, WEEK_2, course, day, plan, row

from openpbm.course.records import RecordedSession
from openpbm.delivery import find_deviations, gravest, match_sessions, said_together
from openpbm.planning import AllowedPlan
from openpbm.reason import Reason


def found(*rows: RecordedSession, of: AllowedPlan | None = None, at: dt.date = WEEK_2) -> tuple[Reason, ...]:
    light = course(*rows, of=of)
    return find_deviations(light.plan, match_sessions(light, at))


def ids(*rows: RecordedSession, of: AllowedPlan | None = None) -> list[str]:
    return list(dict.fromkeys(one.rule for one in found(*rows, of=of)))


def test_a_course_as_planned_passes_no_limit() -> None:
    assert found(*(row(number, clock="20:00") for number in DAYS)) == ()


def test_missed_and_unwritten_sessions_pass_no_limit() -> None:
    assert found(row(0, "missed"), row(2, minutes=None)) == ()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row(0, minutes=27.5)], ["fluence_just_above_plan"]),
        ([row(0, side="left", minutes=30.0)], ["fluence_above_plan", "longer_than_planned"]),
        ([row(0, side="left", minutes=37.5)], ["much_longer_than_planned", "fluence_above_plan"]),
        ([row(0, minutes=35.0)], ["minutes_unclear"]),
        ([row(0, distance_mm=130.0)], ["nearer_than_planned"]),
        ([row(0, distance_mm=75.0)], ["much_nearer_than_planned"]),
        ([row(0, distance_mm=300.0)], []),
        ([row(0, clock="08:00"), row(0, clock="20:00")], ["fluence_above_plan", "two_in_a_day"]),
        ([row(0), row(1), row(2), row(4)], ["too_many_in_a_week"]),
        ([row(0, clock="22:00"), row(1, clock="17:00")], ["too_close_together"]),
        ([row(0, clock="22:00"), row(1, clock="18:00")], []),
        ([row(-1)], ["outside_plan"]),
        ([row(0, site="lower_back")], ["place_not_planned"]),
    ],
)
def test_each_departure_has_its_rule(rows: list[RecordedSession], expected: list[str]) -> None:
    assert ids(*rows) == expected


def test_the_gravest_comes_first_and_wins() -> None:
    """A stop outweighs any number of cautions: the most restrictive limit wins."""
    light = found(row(0, minutes=None, distance_mm=75.0), row(2, distance_mm=130.0), row(4, minutes=27.0))
    assert [one.level for one in light] == ["stop", "caution", "note", "note"]
    assert gravest(light) == "stop"
    assert gravest(()) is None


def test_minutes_that_can_be_read_in_two_ways_are_a_caution() -> None:
    (one,) = found(row(0, minutes=35.0))
    assert one.level == "caution"
    assert "neither one position nor 2; the dose is unknown. Write one line for each place." in one.message


def test_a_finding_names_value_limit_day_and_source() -> None:
    (one,) = found(row(2, distance_mm=130.0))
    assert "130 mm where 150 mm" in one.message
    assert one.to_dict() | {"message": ""} == {
        "rule": "nearer_than_planned",
        "level": "caution",
        "message": "",
        "date": day(2).isoformat(),
        "source": "openpbm_assumption",
        "verified": False,
    }


def test_a_plan_for_every_day_allows_every_day() -> None:
    daily = plan(tuple(range(7)))
    assert ids(*(row(number, clock="20:00") for number in range(7)), of=daily) == []


def test_a_plan_for_twice_a_day_allows_twice_but_not_three_times() -> None:
    clocks = ("06:00", "14:00", "22:00")
    rows = [row(0, clock=clock, minutes=8.0) for clock in clocks]
    twice = plan((0, 0), minutes=8.0)
    assert "two_in_a_day" not in ids(*rows[:2], of=twice)
    assert "two_in_a_day" in ids(*rows, of=twice)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [row(number, minutes=50.0, side=side) for number in DAYS for side in ("left", "right")],
            "6 days, 7 December 2026 to 18 December 2026: Left posterior calf, Right posterior calf: lit for 50 min"
            " where 25 min are planned.",
        ),
        (
            [row(0, distance_mm=130.0), row(2, distance_mm=110.0)],
            "7 December 2026 and 9 December 2026: The lamp stood at 110 to 130 mm where 150 mm are planned:",
        ),
        (
            [row(number, site="foot_sole", side="left") for number in DAYS],
            "6 days, 7 December 2026 to 18 December 2026: Left foot sole: lit, but not in the plan",
        ),
        (
            [row(0, minutes=50.0, side=side) for side in ("left", "right")],
            "7 December 2026: Left posterior calf, Right posterior calf: lit for 50 min",
        ),
    ],
)
def test_what_a_rule_found_often_is_said_once(rows: list[RecordedSession], said: str) -> None:
    """Twice the minutes at every session were 72 paragraphs; each rule has one, with places, numbers and days."""
    reasons = found(*rows)
    once = said_together(reasons)
    assert len(once) == len({reason.rule for reason in reasons}) <= 3
    assert once[0][1].dated.startswith(said)
    assert sum(len(one.dates) for _, one in once) <= len(reasons)
