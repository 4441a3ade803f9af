"""Property: a claimed lamp is always inconclusive; a measured one is judged only where the unknown cannot turn it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from delivery.delivery_course import DAYS, WEEK_2, course, day, plan, row
from hypothesis import given
from hypothesis import strategies as st

from openpbm.course.records import RecordedSession
from openpbm.delivery import DoseVerdict, dose_verdict, match_sessions


def verdict(*rows: RecordedSession, status: str = "measured", at: dt.date = WEEK_2) -> DoseVerdict:
    light = course(*rows, of=plan(output_status=status))
    return dose_verdict(light.plan, match_sessions(light, at))


def every(**other: Any) -> list[RecordedSession]:
    return [row(number, **other) for number in DAYS]


@given(st.lists(st.sampled_from([row(n, s) for n in DAYS for s in ("done", "partial", "missed")]), max_size=8))
def test_a_claimed_lamp_is_inconclusive_whatever_was_done(rows: list[RecordedSession]) -> None:
    found = verdict(*rows, status="claimed")
    assert found.verdict == "inconclusive"
    assert "measured" in found.reasons[0]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (every(), "delivered"),
        (every(minutes=20.0), "delivered"),
        (every(minutes=19.9), "under_delivered"),
        (every(side="left", minutes=30.0) + every(side="right"), "delivered"),
        (every(side="left", minutes=30.1) + every(side="right"), "over_delivered"),
        (every(side="left") + every(side="right", minutes=10.0), "under_delivered"),
        (every()[:5], "delivered"),
        (every()[:4], "unknown"),
        ([*every()[:4], row(9, "missed"), row(11, "missed")], "under_delivered"),
        (every(minutes=None), "unknown"),
        ([*every()[:5], row(11, distance_mm=60.0)], "unknown"),
        (every(distance_mm=400.0), "unknown"),
        (every(distance_mm=None), "delivered"),
        ([*every(), row(1, "extra"), row(3, "extra")], "over_delivered"),
        ([], "unknown"),
    ],
)
def test_a_measured_lamp_is_judged_by_light_given_over_light_planned(
    rows: list[RecordedSession], expected: str
) -> None:
    assert verdict(*rows).verdict == expected


def test_the_bounds_hold_the_unknown_at_its_extremes() -> None:
    """Two of six sessions unwritten: between 4/6 and 6/6 of the light."""
    found = verdict(*every()[:4])
    assert (found.ratio_lower, found.ratio_upper) == pytest.approx((4 / 6, 1.0))
    assert found.reasons[1] == "2 sessions due with nothing written: unknown, not zero."


def test_minutes_that_can_be_read_in_two_ways_are_computed_in_both() -> None:
    """40 min for two places of 25: 20 at each or 40 at each, so the dose may be under or over."""
    found = verdict(*every(minutes=40.0))
    assert found.verdict == "unknown"
    assert (found.ratio_lower, found.ratio_upper) == pytest.approx((0.8, 1.6))
    assert "both were computed" in found.reasons[1]


@pytest.mark.parametrize(("status", "where"), [("measured", 1), ("claimed", 1)])
def test_the_verdict_tells_of_sessions_that_were_short(status: str, where: int) -> None:
    found = verdict(*every()[:4], row(9, minutes=19.0), row(11, minutes=20.0), status=status)
    assert found.reasons[where] == "2 sessions counted as done, yet shorter than planned: down to 76% of the minutes."
    assert found.ratio_lower == pytest.approx((4 + 0.76 + 0.8) / 6)
    assert not any("shorter" in text for text in verdict(*every(), status=status).reasons)


def test_a_course_of_short_sessions_is_done_and_its_dose_too_low() -> None:
    assert verdict(*every(minutes=19.0)).verdict == "under_delivered"


def test_a_nearer_lamp_has_no_upper_bound() -> None:
    found = verdict(*every()[:5], row(11, distance_mm=60.0))
    assert (found.ratio_lower, found.ratio_upper) == (1.0, None)
    assert found.to_dict()["ratio_upper"] is None


def test_nothing_due_yet() -> None:
    assert verdict(at=day(0)) == DoseVerdict(
        verdict="unknown", reasons=("No session was due yet.",), ratio_lower=None, ratio_upper=None
    )


@pytest.mark.parametrize("status", ["measured", "claimed"])
def test_light_at_another_place_is_the_reason(status: str) -> None:
    """Said once with how often and where, whatever is known of the lamp."""
    found = verdict(*every(site="foot_sole", side="left"), status=status)
    assert found.verdict == "under_delivered"
    assert found.reasons == (
        "In all 6 due sessions the light went to another place than planned (left foot sole), and none to the planned"
        " one.",
    )
    few = verdict(*every()[:5], row(11, site="foot_sole"), status=status)
    assert few.verdict != "under_delivered" or status == "measured"
    assert any("In 1 of 6 due sessions" in reason for reason in few.reasons)
