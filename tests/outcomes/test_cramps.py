"""Cramps: a day is a zero only where the diary says something; the ratio is that of the two plain rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
from courses import START, diary, make_course
from present import present

from openpbm.course.records import Spasm
from openpbm.outcomes.measures.cramp_change import cramp_measure
from openpbm.outcomes.measures.cramps import CrampReport, cramp_report
from openpbm.outcomes.measures.phases import find_phases

BEFORE = range(-14, 0)
LATE = range(14, 42)  # the last four weeks of light at week 6
#: Two cramps on most nights before light, one on some of the last.
COUNTS = {**dict.fromkeys(BEFORE, 2), **dict.fromkeys(list(LATE)[::4], 1)}


def spasm(day: int, number: int = 0, **changes: Any) -> Spasm:
    row: dict[str, Any] = {"muscle": "calf", "seconds": 60.0, "pain": 5.0, "trigger": "stretching"}
    row |= {"time": dt.time(2, number)} | changes
    return Spasm(line=2, date=START + dt.timedelta(days=day), **row)


def spasms(counts: dict[int, int]) -> tuple[Spasm, ...]:
    return tuple(spasm(day, n) for day, count in sorted(counts.items()) for n in range(count))


def report(rows: Iterable[Spasm], days: int = 56, week: int = 6) -> CrampReport:
    course = make_course(diary=diary([4.0] * days), spasms=tuple(rows))
    found = cramp_report(course, find_phases(course, week))
    assert found is not None
    return found


def test_rates_are_cramps_over_known_days() -> None:
    """Closed form: 28 cramps in 14 known days are 14 a week, 7 in 28 are 1.75 a week; their ratio is 1/8."""
    found = report(spasms(COUNTS))
    assert (found["baseline"]["cramps"], found["baseline"]["cramps_per_week"]) == (28, 14.0)
    assert (found["recent"]["cramps"], found["recent"]["cramps_per_week"]) == (7, 1.75)
    ratio = found["rate_ratio"]
    assert ratio["value"] == pytest.approx(1 / 8)
    low, high = present(ratio["interval_90"])
    assert low < 1 / 8 < high < 1
    halved, quarter_fewer = present(ratio["probability_halved"]), present(ratio["probability_quarter_fewer"])
    assert 0.95 < halved <= quarter_fewer <= present(ratio["probability_fewer"])


def test_course_without_a_cramp_line_has_no_cramp_report() -> None:
    """Property: nobody who never wrote a cramp is told of none."""
    course = make_course(diary=diary([4.0] * 56))
    assert cramp_report(course, find_phases(course, 6)) is None
    later = make_course(diary=diary([4.0] * 56), spasms=(spasm(50),))
    assert cramp_report(later, find_phases(later, 6)) is None


def test_unwritten_and_blank_days_are_unknown_not_zero() -> None:
    """Property: a day without a line, and a line without content, change no rate."""
    whole = report(spasms(COUNTS))
    course = make_course(diary=diary([4.0] * 50), spasms=spasms(COUNTS))
    blank = make_course(diary=(*course.diary, *diary([None] * 6, START + dt.timedelta(days=36))), spasms=course.spasms)
    short, blanked = (cramp_report(c, find_phases(c, 6)) for c in (course, blank))
    assert short == blanked
    assert short is not None
    assert short["recent"]["days_known"] == 23  # 22 with a line, one known by its cramp
    assert present(short["recent"]["cramps_per_week"]) > present(whole["recent"]["cramps_per_week"])
    assert "known by their cramps alone" in short["cautions"][0]


def test_days_known_by_cramps_alone_give_no_ratio() -> None:
    """Property: where only cramps were written, every known day has one, and no rate can be told."""
    found = report(spasms(COUNTS), days=14)
    assert found["rate_ratio"]["value"] is None
    found = report(spasms(dict.fromkeys(LATE, 1) | {-1: 1}), days=14)
    assert found["rate_ratio"]["value"] is None
    assert "no diary line in the recent days" in found["rate_ratio"]["reason"]


def test_burden_is_the_median_of_seconds_times_pain() -> None:
    """Closed form: 10 s x 2, 60 s x 5 and 120 s x 10 have the median 300; what lacks one of the two is left out."""
    rows = [spasm(-3, seconds=10.0, pain=2.0), spasm(-2), spasm(-1, seconds=120.0, pain=10.0), spasm(-4, pain=None)]
    found = report(rows)
    assert found["baseline"]["median_burden_pain_seconds"] == 300.0
    assert found["baseline"]["cramps_with_burden"] == 3
    assert found["recent"]["median_burden_pain_seconds"] is None


def test_muscles_and_triggers_are_tallied_whatever_the_case() -> None:
    """Property: one muscle is one, and a blank is said to be one."""
    rows = [spasm(-3, muscle="Left  calf"), spasm(-2, muscle="left calf"), spasm(-1, muscle="foot", trigger="")]
    found = report(rows)
    assert found["baseline"]["by_muscle"] == {"left calf": 2, "foot": 1}
    assert found["baseline"]["by_trigger"] == {"stretching": 2, "not said": 1}


def test_repeated_line_counts_once_and_is_said() -> None:
    """A file pasted twice must not double the cramps; two without a time of day may well be two."""
    found = report([spasm(-3), spasm(-3), spasm(-2, time=None), spasm(-2, time=None)])
    assert found["baseline"]["cramps"] == 3
    assert "count once" in found["cautions"][0]


def test_active_days_stand_in_for_the_recent_ones() -> None:
    """Property: with blinded blocks the cramps of the days of real light are the ones compared."""
    course = make_course(
        diary=diary([4.0] * 56), spasms=spasms(dict.fromkeys(BEFORE, 2) | dict.fromkeys(range(28, 42), 3))
    )
    active = frozenset(START + dt.timedelta(days=n) for n in range(1, 15))
    found = cramp_report(course, find_phases(course, 6), active)
    assert found is not None
    assert (found["recent"]["days"], found["recent"]["cramps"]) == (14, 0)


@pytest.mark.parametrize(
    ("counts", "events", "nights"),
    [
        ({**dict.fromkeys(range(-14, 0), 1), -3: 2}, 15, (14, 28)),
        (dict.fromkeys(range(-13, -1), 1), 12, (14, 28)),
        ({day: 2 - day % 2 for day in BEFORE}, 21, (14, 28)),
    ],
    ids=["nearly one a night", "twelve", "one or two"],
)
def test_a_course_without_a_cramp_left_has_the_exact_limit_everywhere(
    counts: dict[int, int], events: int, nights: tuple[int, int]
) -> None:
    """Clopper and Pearson: (1 + r c)^-n = 0.05 at the upper limit, in the ratio and in the measure that decides."""
    course = make_course(diary=diary([4.0] * 56), spasms=spasms(counts))
    limit = (0.05 ** (-1 / events) - 1) * nights[0] / nights[1]
    found = report(spasms(counts))
    assert found["rate_ratio"]["method"] == "exact"
    assert present(found["rate_ratio"]["interval_90"]) == pytest.approx([0.0, limit])
    measure = cramp_measure(course, find_phases(course, 6))
    low, high = measure.interval()
    assert (low, high) == pytest.approx((-7 * events / 14, 7 * events / 14 * (limit - 1)))
    assert measure.probability_below(measure.baseline_mean * (limit - 1)) == pytest.approx(0.95)
    assert measure.verdict == "improved"


def test_four_weeks_of_light_are_counted_and_never_its_first_fortnight() -> None:
    """A fortnight at a third of one cramp a night holds four or five: at week 6 one in five such people was unheard."""
    counts = dict.fromkeys(BEFORE, 1) | dict.fromkeys(range(14), 3) | dict.fromkeys(range(14, 42, 3), 1)
    weeks = {week: report(spasms(counts), days=98, week=week) for week in (4, 6)}
    assert [(weeks[week]["recent"]["days"], weeks[week]["recent"]["cramps"]) for week in (4, 6)] == [(14, 5), (28, 10)]
    widths = [present(weeks[week]["rate_ratio"]["interval_90"])[1] for week in (4, 6)]
    assert widths[1] < widths[0]


@pytest.mark.parametrize(("late", "word"), [(3, "worse"), (1, "inconclusive")])
def test_a_last_fortnight_with_no_fewer_cramps_stands_alone(late: int, word: str) -> None:
    """Harm: weeks without a cramp must not water down a bad fortnight, and a benefit that is gone is none."""
    counts = dict.fromkeys(BEFORE, 1) | dict.fromkeys(range(28, 42), late)
    course = make_course(diary=diary([4.0] * 56), spasms=spasms(counts))
    found = report(spasms(counts))
    assert found["recent"]["days"] == 14
    assert found["rate_ratio"]["value"] == pytest.approx(late)
    measure = cramp_measure(course, find_phases(course, 6))
    assert measure.verdict == word
    assert measure.counts[1] == 14


def test_an_unwritten_last_fortnight_says_nothing_of_now() -> None:
    """Property: older weeks of light do not stand in for days nobody wrote about."""
    found = report(spasms(dict.fromkeys(BEFORE, 2) | {20: 1}), days=42)
    assert (found["recent"]["days"], found["rate_ratio"]["value"]) == (14, None)
