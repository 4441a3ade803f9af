"""Closed form: fluence at a place is the plan's (12, 30, 39 J/cm2) times minutes over 25, unknown off the distance."""

from __future__ import annotations

from typing import Any

import pytest
from delivery.delivery_course import course, day, plan, row

from openpbm.delivery import SessionRecord, match_sessions
from openpbm.planning import AllowedPlan


def record(*rows: dict[str, Any], of: AllowedPlan | None = None) -> SessionRecord:
    written = [row(0, **({"status": "done"} | one)) for one in rows]
    return match_sessions(course(*written, of=of or plan((0,))), day(1))[0]


def test_as_planned() -> None:
    found = record({})
    assert found.fluence_j_cm2 == pytest.approx((12.0, 30.0, 39.0))
    assert (found.minutes_delivered, found.minutes_ratio, found.distance_state) == (50.0, 1.0, "as planned")


def test_two_thirds_of_the_light_for_two_thirds_of_the_time() -> None:
    assert record({"minutes": 50 / 3}).fluence_j_cm2 == pytest.approx((8.0, 20.0, 26.0))


def test_the_interval_of_a_session_spans_its_places() -> None:
    found = record({"side": "left", "minutes": 25.0}, {"side": "right", "minutes": 12.5})
    assert found.fluence_j_cm2 == pytest.approx((6.0, 22.5, 39.0))
    assert found.minutes_delivered == 37.5


@pytest.mark.parametrize(
    ("distance", "state"),
    [
        (150, "as planned"),
        (165, "as planned"),
        (135, "as planned"),
        (134, "nearer"),
        (166, "farther"),
        (None, "unknown"),
    ],
)
def test_distance_against_a_band_of_a_tenth(distance: float | None, state: str) -> None:
    found = record({"distance_mm": distance})
    assert found.distance_state == state
    assert (found.fluence_j_cm2 is None) == (state in ("nearer", "farther"))


def test_a_lamp_on_the_skin_may_lift_5_mm() -> None:
    assert record({"distance_mm": 5.0}, of=plan((0,), distance_mm=0.0)).distance_state == "as planned"
    assert record({"distance_mm": 6.0}, of=plan((0,), distance_mm=0.0)).distance_state == "farther"


def test_minutes_not_written_leave_the_dose_unknown_and_never_zero() -> None:
    found = record({"minutes": None})
    assert (found.state, found.minutes_delivered, found.minutes_ratio, found.fluence_j_cm2) == (
        "done",
        None,
        None,
        None,
    )


def test_a_side_with_nothing_written_is_unknown_and_a_missed_one_is_zero() -> None:
    assert record({"side": "left"}).minutes_delivered is None
    assert record({"side": "left"}, {"side": "right", "status": "missed"}).minutes_delivered == 25.0


@pytest.mark.parametrize(
    ("minutes", "status", "each", "mark"),
    [
        (25.0, "done", 25.0, None),
        (50.0, "done", 25.0, "minutes_read_as_total"),
        (46.0, "done", 23.0, "minutes_read_as_total"),
        (54.0, "done", 27.0, "minutes_read_as_total"),
        (35.0, "done", None, "minutes_unclear"),
        (35.0, "partial", 17.5, "minutes_read_as_total"),
        (60.0, "done", 60.0, None),
    ],
)
def test_minutes_for_both_sides_may_be_their_total(
    minutes: float, status: str, each: float | None, mark: str | None
) -> None:
    found = record({"side": "both", "minutes": minutes, "status": status})
    assert [place.minutes for place in found.places] == [each, each]
    assert [one.id for one in found.marks] == ([mark] if mark else [])


@pytest.mark.parametrize("minutes", [30.0, 35.0, 40.0])
def test_minutes_between_one_place_and_the_total_leave_the_session_done_and_its_dose_unknown(minutes: float) -> None:
    """At 26 min a place and 52 in all every such session was partial, and a whole course of them adherence 0."""
    found = record({"side": "both", "minutes": minutes}, of=plan((0,), minutes=26.0))
    assert (found.state, found.minutes_ratio, found.fluence_j_cm2, found.short) == ("done", None, None, False)
    assert [mark.id for mark in found.marks] == ["minutes_unclear"]
    assert found.places[0].minutes_ratio_range == pytest.approx((minutes / 52, minutes / 26))
    assert found.known_share == pytest.approx(minutes / 52)


@pytest.mark.parametrize(
    ("minutes", "state", "marks"),
    [
        (22.5, "done", []),
        (22.4, "done", ["short", "short"]),
        (18.75, "done", ["short", "short"]),
        (18.7, "partial", []),
    ],
)
def test_a_mild_shortfall_is_done_with_a_mark_at_each_place(minutes: float, state: str, marks: list[str]) -> None:
    found = record({"minutes": minutes})
    assert (found.state, [mark.id for mark in found.marks]) == (state, marks)
    assert found.short is bool(marks)
    assert found.minutes_ratio == pytest.approx(minutes / 25)


def test_the_mark_of_a_short_session_names_place_and_minutes() -> None:
    found = record({"side": "left", "minutes": 20.0}, {"side": "right"})
    assert [mark.text for mark in found.marks] == [
        "2026-12-07: left posterior calf was lit for 20 of 25 min; counted as done, the dose falls short"
    ]


def test_the_total_of_one_side_is_no_total() -> None:
    assert record({"side": "left", "minutes": 50.0}).places[0].minutes == 50.0


def test_a_lamp_of_two_heads_lights_both_sides_at_once() -> None:
    """50 min with both pads on is twice the planned light, not the total of two positions."""
    heads = plan((0,), positions_per_session=1)
    assert [place.minutes for place in record({"side": "both", "minutes": 50.0}, of=heads).places] == [50.0, 50.0]


def test_a_plan_with_an_irradiance_only_is_bounded_by_what_claims_are_worth() -> None:
    """20 mW/cm2 x 25 min = 30 J/cm2; a claimed output is worth 0.4 to 1.3 of it."""
    bare = plan((0,), skin_fluence_j_cm2=None, irradiance_upper_mw_cm2=None)
    assert record({}, of=bare).fluence_j_cm2 == pytest.approx((12.0, 30.0, 39.0))
    nothing = plan((0,), skin_fluence_j_cm2=None, irradiance_mw_cm2=None)
    assert record({}, of=nothing).fluence_j_cm2 is None
