"""Property: a planned session takes at most one sitting, a sitting fills at most one planned session."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from delivery.delivery_course import WEEK_1, WEEK_2, course, day, plan, row
from present import present

from openpbm.course.records import RecordedSession
from openpbm.delivery import SessionRecord, match_sessions
from openpbm.planning import AllowedPlan


def states(*rows: RecordedSession, at: dt.date = WEEK_1, of: AllowedPlan | None = None) -> list[tuple[str, int]]:
    """State and day of every record, the day counted from the start."""
    found = match_sessions(course(*rows, of=of), at)
    return [(record.state, (record.date - day(0)).days) for record in found]


def marks(record: SessionRecord) -> set[str]:
    return {mark.id for mark in record.marks}


def test_a_sitting_on_a_free_day_fills_the_nearest_open_session_of_its_week() -> None:
    found = match_sessions(course(row(0), row(5)), WEEK_1)
    assert [(one.state, present(one.planned).number) for one in found] == [("done", 1), ("unknown", 2), ("done", 3)]
    assert marks(found[2]) == {"moved"}
    assert found[2].date == day(5)


def test_a_sitting_never_fills_a_session_of_another_week() -> None:
    """Day 6 is Sunday of week 1; the open session of day 7 belongs to week 2."""
    assert states(row(0), row(2), row(4), row(6), at=WEEK_2)[:5] == [
        ("done", 0),
        ("done", 2),
        ("done", 4),
        ("extra", 6),
        ("unknown", 7),
    ]


def test_a_second_sitting_of_a_day_is_extra_even_when_a_session_is_open() -> None:
    """No doubling: Wednesday stays open though Monday was lit twice."""
    found = match_sessions(course(row(0, clock="08:00"), row(0, clock="20:00")), WEEK_1)
    assert [one.state for one in found] == ["done", "extra", "unknown", "unknown"]
    assert marks(found[1]) == {"counted_as_extra"}


def test_a_second_sitting_of_a_free_day_is_extra_too() -> None:
    assert sorted(states(row(1, clock="08:00"), row(1, clock="20:00"))) == [
        ("done", 1),
        ("extra", 1),
        ("unknown", 2),
        ("unknown", 4),
    ]


def test_a_session_written_as_missed_stays_missed_whatever_came_later() -> None:
    of = plan((0,))
    assert states(row(0, "missed"), row(1), of=of) == [("missed", 0), ("extra", 1)]


def test_what_its_writer_calls_extra_fills_nothing() -> None:
    assert states(row(0, "extra"), of=plan((0,))) == [("unknown", 0), ("extra", 0)]


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([{"side": "left"}, {"side": "right"}], "done"),
        ([{"side": "both"}], "done"),
        ([{"site": "posterior_calf"}], "done"),
        ([{"site": "posterior calf", "side": "both"}], "done"),
        ([{"site": "calf"}], "done"),
        ([{"site": "my legs"}], "done"),
        ([{"side": "left"}], "partial"),
        ([{"side": "left"}, {"side": "right", "minutes": 10.0}], "partial"),
        ([{"side": "left"}, {"side": "right", "status": "missed"}], "partial"),
        ([{"status": "missed"}], "missed"),
        ([{"minutes": 0.0}], "missed"),
        ([{"minutes": 22.5}], "done"),
        ([{"minutes": 18.75}], "done"),
        ([{"minutes": 18.7}], "partial"),
        ([{"minutes": 35.0}], "done"),
        ([{"status": "partial", "minutes": 22.4}], "partial"),
        ([{"status": "partial", "minutes": 10.0}, {"status": "partial", "minutes": 12.4}], "partial"),
        ([{"status": "partial"}], "partial"),
        ([{"status": "partial", "minutes": 10.0}, {"status": "partial", "minutes": 15.0}], "done"),
        ([{"status": "partial", "minutes": 10.0}, {"status": "done", "minutes": 15.0}], "done"),
    ],
)
def test_the_state_of_a_session_for_both_calves(rows: list[dict[str, Any]], state: str) -> None:
    written = [row(0, **({"status": "done"} | one)) for one in rows]
    found = match_sessions(course(*written, of=plan((0,))), day(1))
    assert [one.state for one in found] == [state]


def test_a_place_outside_the_plan_is_extra_and_marked() -> None:
    found = match_sessions(course(row(0, site="lower_back"), of=plan((0,))), day(1))
    assert [one.state for one in found] == ["elsewhere", "extra"]
    assert marks(found[1]) == {"place_not_planned"}


def test_a_name_that_is_no_site_is_read_as_the_only_one_and_marked() -> None:
    found = match_sessions(course(row(0, site="my legs"), of=plan((0,))), day(1))
    assert marks(found[0]) == {"site_in_other_words"}


def test_a_short_name_finds_its_site_among_two_and_an_unknown_one_none() -> None:
    """ "lower leg" shares a word with lower_back but is not it: nothing is guessed between two sites."""
    two = plan((0,), places=(("posterior_calf", "left"), ("lower_back", "")))
    assert states(row(0, site="calf"), row(0, site="back"), of=two) == [("done", 0)]
    assert states(row(0, site="lower leg"), of=two) == [("unknown", 0), ("extra", 0)]


def test_a_plan_without_places_is_met_by_any_line() -> None:
    nameless = plan((0,), places=(("", ""),))
    assert states(row(0, site="posterior_calf", side="both"), of=nameless) == [("done", 0)]
    assert states(row(0, site="neck", side="left"), of=plan((0,), places=())) == [("done", 0)]


def test_two_sessions_planned_on_one_day_take_two_sittings() -> None:
    assert states(row(0, clock="08:00"), row(0, clock="20:00"), of=plan((0, 0))) == [("done", 0), ("done", 0)]


def test_light_on_a_day_also_written_as_missed_counts_and_is_marked() -> None:
    found = match_sessions(course(row(0, "missed"), row(0), of=plan((0,))), day(1))
    assert [one.state for one in found] == ["done"]
    assert "done_and_missed" in marks(found[0])


def test_missed_where_nothing_was_planned_is_kept_and_counts_nowhere() -> None:
    found = match_sessions(course(row(0), row(1, "missed"), of=plan((0,))), day(2))
    assert [(one.state, one.due, marks(one)) for one in found] == [
        ("done", True, set()),
        ("missed", False, {"missed_not_planned"}),
    ]


def test_lines_of_the_day_of_the_checkpoint_wait_for_the_next_one() -> None:
    assert states(row(7), row(8, "extra"), at=WEEK_1) == [("unknown", 0), ("unknown", 2), ("unknown", 4)]


def test_of_two_sittings_on_a_free_day_the_earlier_one_is_moved() -> None:
    found = match_sessions(course(row(1, clock="20:00", minutes=5.0), row(1, clock="08:00"), of=plan((0,))), day(2))
    assert [(one.state, one.minutes_ratio) for one in found] == [("done", 1.0), ("extra", 0.2)]


def test_a_broken_off_session_and_a_whole_one_are_two_sittings() -> None:
    """10 + 25 min is more than the planned 25: not resumed, but lit twice."""
    rows = (row(0, "partial", clock="08:00", minutes=10.0), row(0, clock="20:00"))
    assert states(*rows, of=plan((0,)), at=day(1)) == [("partial", 0), ("extra", 0)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row(0, site="foot_sole"), row(2, site="foot_sole"), row(4, site="foot_sole")], ["elsewhere"] * 3),
        ([row(1, site="foot_sole"), row(3, site="foot_sole"), row(5, site="foot_sole")], ["elsewhere"] * 3),
        ([row(0), row(2, site="lower_back"), row(4, "missed")], ["done", "elsewhere", "missed"]),
        ([row(0, "extra", site="foot_sole"), row(2), row(4)], ["unknown", "done", "done"]),
        ([row(0, "missed"), row(0, site="foot_sole"), row(2), row(4)], ["missed", "done", "done"]),
    ],
    ids=["on its day", "on free days", "once", "called extra", "also missed"],
)
def test_light_at_another_place_is_known_and_not_nothing_written(
    rows: list[RecordedSession], expected: list[str]
) -> None:
    """A course lit at the wrong place throughout read "nothing is written" about every session."""
    planned = [record for record in match_sessions(course(*rows), WEEK_1) if record.planned is not None]
    assert [record.state for record in planned] == expected
