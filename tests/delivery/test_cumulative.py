"""Conservation: the sum over sessions is the sum of their fluences; unknown sessions are counted, never taken as 0."""

from __future__ import annotations

import pytest
from delivery.delivery_course import WEEK_1, course, row

from openpbm.delivery import cumulative_fluence, match_sessions


def test_three_sessions_as_planned_are_three_times_one() -> None:
    total = cumulative_fluence(match_sessions(course(row(0), row(2), row(4)), WEEK_1))
    assert total.course_j_cm2 == pytest.approx((36.0, 90.0, 117.0))
    assert [place.place[1] for place in total.places] == ["left", "right"]
    assert total.statement == "90 J/cm2 at the skin (36 to 117 as the lamp is trusted)"


def test_sides_add_up_apart_and_the_course_is_the_place_with_most() -> None:
    rows = (row(0), row(2, side="left"), row(2, "missed", side="right"), row(4, "missed"))
    total = cumulative_fluence(match_sessions(course(*rows), WEEK_1))
    left, right = total.places
    assert (left.fluence_j_cm2[1], right.fluence_j_cm2[1]) == pytest.approx((60.0, 30.0))
    assert total.course_j_cm2[1] == pytest.approx(60.0)
    assert (left.sessions_known, right.sessions_known, total.sessions_unknown) == (2, 1, 0)


def test_what_nobody_knows_makes_the_sum_an_at_least() -> None:
    """No minutes, another distance, nothing written: three sessions whose dose is unknown."""
    total = cumulative_fluence(match_sessions(course(row(0, minutes=None), row(2, distance_mm=60.0)), WEEK_1))
    assert total.sessions_unknown == 3
    assert all(place.at_least and place.sessions_unknown == 3 for place in total.places)
    assert total.statement == "unknown at the skin: the dose of 3 sessions is unknown"
    some = cumulative_fluence(match_sessions(course(row(0), row(2)), WEEK_1))
    assert some.statement.startswith("at least 60 J/cm2")


def test_extra_light_counts_on_the_skin() -> None:
    total = cumulative_fluence(match_sessions(course(row(0), row(1, "extra"), row(2), row(4)), WEEK_1))
    assert total.course_j_cm2[1] == pytest.approx(120.0)


def test_nothing_at_all() -> None:
    assert cumulative_fluence(()).to_dict()["course_j_cm2"] == {"lower": 0.0, "planned": 0.0, "upper": 0.0}
