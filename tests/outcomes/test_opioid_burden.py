"""Oral morphine equivalents: oxycodone 1.5, tramadol 0.1-0.2; a dose that cannot be read is never guessed."""

from __future__ import annotations

import datetime as dt

import pytest

from openpbm.course.records import TimelineChange
from openpbm.facts.opioids import opioid
from openpbm.outcomes.harm.opioid_burden import compute_opioid_burden, daily_dose_mg

BEGAN = dt.date(2026, 12, 1)
LATER = dt.date(2027, 1, 12)


def line(
    name: str, action: str, dose: str = "", *, days: int = -30, kind: str = "opioid", number: int = 2
) -> TimelineChange:
    date = BEGAN + dt.timedelta(days=days)
    return TimelineChange(line=number, date=date, kind=kind, name=name, action=action, dose=dose)


@pytest.mark.parametrize(
    ("text", "milligrams"),
    [
        ("10 mg oxycodone twice daily", 20.0),
        ("oxycodone 10 mg 2x/day", 20.0),
        ("10mg bid", 20.0),
        ("10 mg q12h", 20.0),
        ("10 mg every 8 hours", 30.0),
        ("10 mg t.i.d.", 30.0),
        ("10 mg three times a day by mouth", 30.0),
        ("2 tablets of 5 mg at night", 10.0),
        ("2 x 5 mg twice daily", 20.0),
        ("10,5 mg once daily", 10.5),
        ("to 20 mg/day", 20.0),
        ("500 mcg nightly", 0.5),
        ("0 mg daily", 0.0),
    ],
)
def test_doses_that_can_be_read(text: str, milligrams: float) -> None:
    assert daily_dose_mg(text, opioid("oxycodone")) == pytest.approx(milligrams)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10 mg",
        "10 mg twice",
        "twice daily",
        "5-10 mg daily",
        "10 mg as needed",
        "10 mg twice daily as needed",
        "up to 10 mg daily",
        "by 5 mg daily",
        "+5 mg daily",
        "10/5 mg twice daily",
        "10 mg/5 ml twice daily",
        "1,000 mg daily",
        "10 mg every other day",
        "10 mg twice weekly",
        "10 mg every 5 hours",
        "10 mg morning and 20 mg evening",
        "25 mcg/h patch",
        "10 mg iv twice daily",
        "two 10 mg tablets daily",
        "10 mg tramadol daily",
        "10 mg daily twice daily",
    ],
)
def test_doses_that_cannot_be_read_are_not_guessed(text: str) -> None:
    assert daily_dose_mg(text, opioid("oxycodone")) is None


def test_burden_before_light_and_now() -> None:
    """Closed form: 20 mg oxycodone is 30 mg morphine, 10 mg is 15."""
    burden = compute_opioid_burden(
        [
            line("oxycodone", "start", "10 mg twice daily"),
            line("oxycodone", "reduced", "5 mg twice daily", days=20),
        ],
        BEGAN,
        LATER,
    )
    assert (burden.baseline, burden.now, burden.change) == ((30.0, 30.0), (15.0, 15.0), (-15.0, -15.0))
    assert burden.marks == ()


def test_tables_that_differ_give_a_range() -> None:
    burden = compute_opioid_burden([line("tramadol 50 mg", "continue", "50 mg qid")], BEGAN, LATER)
    assert burden.baseline == burden.now == (20.0, 40.0)
    assert burden.change == (0.0, 0.0)


def test_two_opioids_add_up_and_one_unknown_makes_the_sum_unknown() -> None:
    rows = [line("morphine", "start", "10 mg bid"), line("codeine", "start", "30 mg qid", kind="medicine")]
    assert compute_opioid_burden(rows, BEGAN, LATER).now == (38.0, 38.0)
    burden = compute_opioid_burden([*rows, line("buprenorphine", "start", "0.2 mg daily")], BEGAN, LATER)
    assert burden.now is None
    assert any("not converted" in mark.message for mark in burden.marks)
    assert burden.medicines == ("buprenorphine", "codeine", "morphine")


def test_what_was_taken_before_the_first_line() -> None:
    """A start says nothing was taken before, a line that it goes on says the same was, any other says neither."""
    started, went_on, raised = (
        compute_opioid_burden([line("morphine", action, "10 mg bid", days=5)], BEGAN, LATER)
        for action in ("start", "continue", "increase")
    )
    assert (started.baseline, started.now) == ((0.0, 0.0), (20.0, 20.0))
    assert went_on.baseline == (20.0, 20.0)
    assert (raised.baseline, raised.now) == (None, (20.0, 20.0))
    assert raised.change is None
    assert any("before this change" in mark.message for mark in raised.marks)


def test_a_stop_is_zero_and_silence_is_unknown() -> None:
    stopped = compute_opioid_burden(
        [line("morphine", "start", "10 mg bid"), line("morphine", "stop", days=3)], BEGAN, LATER
    )
    assert (stopped.baseline, stopped.now) == ((20.0, 20.0), (0.0, 0.0))
    silent = compute_opioid_burden([line("", "start", kind="massage")], BEGAN, LATER)
    assert (silent.baseline, silent.now) == (None, None)
    assert silent.marks


@pytest.mark.parametrize(
    "row",
    [
        line("oxycodone", "start", "some"),
        line("", "start", "10 mg bid"),
        line("morphine", "fiddled", "10 mg bid"),
        line("morphine or codeine", "start", "10 mg bid"),
    ],
)
def test_an_unclear_line_makes_the_burden_unknown_and_is_named(row: TimelineChange) -> None:
    burden = compute_opioid_burden([row], BEGAN, LATER)
    assert burden.now is None
    assert burden.marks


def test_two_lines_on_one_day_are_not_chosen_between() -> None:
    rows = [line("morphine", "start", "10 mg bid"), line("morphine", "start", "5 mg at night", number=3)]
    for order in (rows, rows[::-1]):
        burden = compute_opioid_burden(order, BEGAN, LATER)
        assert burden.now is None
        assert any("more than one line" in mark.message for mark in burden.marks)


def test_lines_dated_later_do_not_count() -> None:
    rows = [line("morphine", "start", "10 mg bid"), line("morphine", "stop", days=60)]
    assert compute_opioid_burden(rows, BEGAN, LATER).to_dict()["now_mg_day"] == [20.0, 20.0]
