"""Property: due = done + partial + missed + unknown, both ratios in [0, 1], and nothing missed or extra raises them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from delivery.delivery_course import DAYS, WEEK_1, WEEK_2, course, day, plan, row
from hypothesis import given, settings
from hypothesis import strategies as st
from present import present

from openpbm.course.records import RecordedSession
from openpbm.delivery import adherence

ROWS = st.builds(
    row,
    st.integers(-2, 16),
    st.sampled_from(["done", "partial", "missed", "extra"]),
    clock=st.sampled_from(["", "08:00", "20:00"]),
    site=st.sampled_from(["", "posterior_calf", "calf", "lower_back"]),
    side=st.sampled_from(["", "left", "right", "both"]),
    minutes=st.sampled_from([None, 0.0, 10.0, 15.0, 20.0, 25.0, 40.0, 50.0, 200.0]),
    distance_mm=st.sampled_from([None, 60.0, 150.0, 300.0]),
)
MANY = st.lists(ROWS, max_size=14)


def counts(*rows: RecordedSession, at: dt.date = WEEK_2) -> dict[str, int]:
    found = adherence(course(*rows), at)
    names = ("due", "done", "partial", "missed", "unknown", "extra")
    return {name: getattr(found, name) for name in names if getattr(found, name)}


def test_a_course_as_planned_is_all_done() -> None:
    found = adherence(course(*(row(number) for number in DAYS)), WEEK_2)
    assert (found.due, found.done, found.ratio, found.delivered_minutes_ratio) == (6, 6, 1.0, 1.0)
    assert found.marks == ()


def test_nothing_written_is_unknown_and_stands_in_the_denominator() -> None:
    """A due session without a line is neither missed nor left out of what the ratio is a share of."""
    found = adherence(course(row(0), row(2, "missed")), WEEK_1)
    assert (found.due, found.done, found.missed, found.unknown) == (3, 1, 1, 1)
    assert found.ratio == pytest.approx(1 / 3)
    assert found.denominator == (
        "all 3 sessions planned before 2026-12-14; 1 of them with nothing written count as due but not as done"
    )


def test_no_ratio_before_anything_was_due() -> None:
    found = adherence(course(), day(0))
    assert found.ratio is None
    assert found.delivered_minutes_ratio is None
    assert found.to_dict()["ratio"] is None


def test_the_checkpoint_comes_before_the_session_of_its_day() -> None:
    """Day 7 is checkpoint and session day: neither its session nor its line counts."""
    found = adherence(course(*(row(number) for number in (0, 2, 4, 7))), WEEK_1)
    assert (found.due, found.done, found.extra) == (3, 3, 0)
    assert [mark.id for mark in found.marks] == ["after_checkpoint"]


def test_a_short_session_is_partial_and_its_minutes_count() -> None:
    found = adherence(course(row(0, minutes=10.0), row(2), row(4)), WEEK_1)
    assert (found.done, found.partial) == (2, 1)
    assert found.delivered_minutes_ratio == pytest.approx((0.4 + 1 + 1) / 3)


def test_unclear_minutes_count_as_done_and_for_no_more_than_is_certain() -> None:
    """35 min for two places of 25 are 17.5 at each place at least."""
    found = adherence(course(*(row(number, minutes=35.0) for number in DAYS)), WEEK_2)
    assert (found.done, found.ratio) == (6, 1.0)
    assert found.delivered_minutes_ratio == pytest.approx(0.7)


def test_more_minutes_at_one_place_do_not_make_up_for_another() -> None:
    found = adherence(course(row(0, side="left", minutes=50.0), row(0, "missed", side="right")), day(1))
    assert found.delivered_minutes_ratio == pytest.approx(0.5)
    assert found.partial == 1


def test_minutes_not_written_leave_the_session_done_and_its_minutes_out() -> None:
    found = adherence(course(row(0, minutes=None)), day(1))
    assert (found.done, found.delivered_minutes_ratio) == (1, 0.0)
    assert [mark.id for mark in found.marks] == ["minutes_not_written"]


def test_repeated_lines_count_once() -> None:
    again = dataclasses.replace(row(0), line=9, reason="copied")
    found = adherence(course(row(0), again), day(1))
    assert (found.done, found.extra) == (1, 0)
    assert "duplicate_session" in [mark.id for mark in found.marks]


@given(MANY, st.randoms(use_true_random=False), st.integers(0, 16))
def test_the_order_of_lines_does_not_matter(rows: list[RecordedSession], random: Any, until: int) -> None:
    other = list(rows)
    random.shuffle(other)
    assert adherence(course(*rows), day(until)) == adherence(course(*other), day(until))


@given(MANY, st.integers(0, 16))
def test_counts_add_up_and_ratios_stay_between_0_and_1(rows: list[RecordedSession], until: int) -> None:
    found = adherence(course(*rows), day(until))
    assert found.due == sum(number < until for number in DAYS)
    assert found.due == found.done + found.partial + found.missed + found.elsewhere + found.unknown
    for ratio in (found.ratio, found.delivered_minutes_ratio):
        assert (ratio is None) == (not found.due)
        assert ratio is None or 0.0 <= ratio <= 1.0


@settings(max_examples=300)
@given(MANY, st.integers(-2, 16), st.sampled_from(["", "left", "right"]))
def test_a_line_that_says_missed_raises_nothing(rows: list[RecordedSession], when: int, side: str) -> None:
    before = adherence(course(*rows), WEEK_2)
    after = adherence(course(*rows, row(when, "missed", side=side)), WEEK_2)
    assert after.done <= before.done
    assert present(after.ratio) <= present(before.ratio)
    assert present(after.delivered_minutes_ratio) <= present(before.delivered_minutes_ratio) + 1e-12
    assert after.done + after.partial <= before.done + before.partial


@given(MANY)
def test_a_due_day_with_nothing_written_raises_nothing(rows: list[RecordedSession]) -> None:
    """A third week is planned, due and blank: every share falls or stays."""
    early = [one for one in rows if one.date < WEEK_2]
    before = adherence(course(*early), WEEK_2)
    after = adherence(course(*early, of=plan((*DAYS, 14))), day(15))
    assert after.due == before.due + 1
    assert (after.done, after.partial, after.missed) == (before.done, before.partial, before.missed)
    assert present(after.ratio) <= present(before.ratio)
    assert present(after.delivered_minutes_ratio) <= present(before.delivered_minutes_ratio)


@given(MANY, ROWS)
def test_an_extra_session_never_raises_a_ratio(rows: list[RecordedSession], one: RecordedSession) -> None:
    before = adherence(course(*rows), WEEK_2)
    after = adherence(course(*rows, dataclasses.replace(one, status="extra")), WEEK_2)
    assert (after.ratio, after.delivered_minutes_ratio) == (before.ratio, before.delivered_minutes_ratio)
    assert after.extra >= before.extra


def test_every_kind_of_session_has_its_own_count() -> None:
    rows = (row(0), row(2, "missed"), row(4, minutes=10.0), row(7), row(8, "extra"))
    assert counts(*rows) == {"due": 6, "done": 2, "partial": 1, "missed": 1, "unknown": 2, "extra": 1}
