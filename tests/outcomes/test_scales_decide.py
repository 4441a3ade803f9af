"""Every scale walked through the engine: asked as its row says, a clear response gets its word when the row says so.

Asked at the start and weeks 4, 8 and 16, a nerve score could never reach a word.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from courses import START, make_course, make_plan

from openpbm.course.records import Course, RecordedScore
from openpbm.facts.conditions import conditions
from openpbm.facts.scales import Scale, ScaleItem, followed_parts, has_total, outcome_scale, scales
from openpbm.outcomes.decision.judgement import judge
from openpbm.outcomes.measures.measure import Measure
from openpbm.outcomes.measures.phases import find_phases
from openpbm.outcomes.measures.score_change import score_measures

FOLLOWED = [row for row in scales if row.for_change and not row.is_change]
#: A total where there is one, and each part that is followed.
MEASURES = [(row, of) for row in FOLLOWED for of in (*((row,) if has_total(row) else ()), *followed_parts(row))]
DAILY = range(-14, 85)
PLAN = make_plan(weeks=26)


def days_asked(of: Scale) -> list[int]:
    weeks = [week for week in of.asked_in_weeks if week <= 26]
    return [7 * week for week in weeks] or [day for day in DAILY if day % 7 == 0 and day != 0]


def share(lowest: float, highest: float, direction: str, good: float) -> float:
    """The value so far on the way from worst to best."""
    worst, best = (highest, lowest) if direction == "lower" else (lowest, highest)
    return worst + good * (best - worst)


def answer(item: ScaleItem, direction: str, good: float) -> float:
    if item.governs:
        return item.minimum + 1.0
    if item.reverse:
        direction = "higher" if direction == "lower" else "lower"
    value = share(item.minimum, item.maximum, direction, good)
    if item.allowed:
        return min(item.allowed, key=lambda one: abs(one - value))
    return float(round(value)) if item.whole else value


def row_of(whole: Scale, of: Scale, day: int, good: float) -> RecordedScore:
    value, items = None, None
    if of is whole:
        assert of.minimum is not None
        assert of.maximum is not None
        value = share(of.minimum, of.maximum, of.direction, good)
    else:
        items = {item.id: answer(item, of.direction, good) for item in whole.items}
    date = START + dt.timedelta(days=day)
    return RecordedScore(line=2, date=date, scale=whole.id, version="", value=value, items=items, source="paper")


def build_course(whole: Scale, of: Scale) -> Course:
    """A fifth of the way from worst to best before the light, nine tenths under it."""
    return make_course(
        plan=PLAN, scores=tuple(row_of(whole, of, day, 0.9 if day > 0 else 0.2) for day in days_asked(of))
    )


def measure_at(course: Course, of: Scale, week: int) -> Measure:
    return next(m for m in score_measures(course.scores, find_phases(course, week)) if m.scale.id == of.id)


@pytest.mark.parametrize(("whole", "of"), MEASURES, ids=lambda row: row.id)
def test_a_clear_response_gets_its_word_when_the_scale_says_so(whole: Scale, of: Scale) -> None:
    course, first = build_course(whole, of), of.decides_from_week
    for week in (4, 5, 6, 8, 12):
        found = measure_at(course, of, week)
        if first is None or week < first:
            assert found.insufficient_reason, f"{of.id} at week {week} is said to decide from {first} on"
        if first is None:
            assert found.insufficient_reason == whole.no_verdict
        if first is not None and (week == first or first <= week == 6):
            assert found.verdict == "improved", f"{of.id} at week {week}: {found.insufficient_reason or found.evidence}"
    if first is not None:
        assert measure_at(course, of, 12).verdict == "improved"


@pytest.mark.parametrize("row", FOLLOWED, ids=lambda row: row.id)
def test_only_a_scale_that_says_why_cannot_decide_by_week_six(row: Scale) -> None:
    by_six = row.decides_from_week is not None and row.decides_from_week <= 6
    assert by_six or row.no_verdict


@pytest.mark.parametrize("row", [row for row in FOLLOWED if (row.recall_days or 0) > 7], ids=lambda row: row.id)
def test_forms_do_not_ask_about_the_same_days_twice(row: Scale) -> None:
    """Two forms about the same two weeks are one form, and their errors are no longer independent."""
    under_light = [week for week in row.asked_in_weeks if week > 0]
    apart = [7 * (after - before) for before, after in itertools.pairwise(under_light)]
    assert all(days >= (row.recall_days or 0) for days in apart)


@pytest.mark.parametrize("condition", list(conditions), ids=lambda row: row.id)
def test_what_decides_for_a_condition_can(condition: object) -> None:
    for id in conditions[getattr(condition, "id", "")].primary_outcomes:
        of = outcome_scale(id)
        assert of.decides_from_week is not None, id
        assert of.decides_from_week <= 6, id
        assert has_total(of), f"{id} makes no number: name its part"


def test_a_scale_of_parts_is_no_measure_as_a_whole() -> None:
    whole = scales["cipn20"]
    course = build_course(whole, outcome_scale("cipn20.sensory_raw"))
    found = {m.scale.id for m in score_measures(course.scores, find_phases(course, 6))}
    assert found == {"cipn20.sensory_raw", "cipn20.motor_raw"}


def test_thresholds_of_a_part_are_read() -> None:
    """Those of CIPN20 were read by nothing: 5.9 raw points better, 2.5 worse."""
    of = outcome_scale("cipn20.sensory_raw")
    found = measure_at(build_course(scales["cipn20"], of), of, 6)
    assert (found.important_change(), found.important_worsening()) == (5.9, 2.5)


def test_where_nothing_that_matters_is_published_error_stands_in() -> None:
    of = scales["vpt"]
    found = measure_at(build_course(of, of), of, 6)
    assert found.important_change() == pytest.approx(1.645 * 2**0.5 * 0.12 * found.baseline_mean)


def test_an_assumed_error_still_asks_for_the_persons_own_scatter() -> None:
    """Two scores before and two under light show a change of the IRLS, and none where nobody measured the error."""
    of = scales["mtns"]
    rows = tuple(row_of(of, of, day, 0.9 if day > 0 else 0.2) for day in (-14, -7, 28, 41))
    found = measure_at(make_course(plan=PLAN, scores=rows), of, 6)
    assert "cannot show it" in found.insufficient_reason


@pytest.mark.parametrize(
    ("id", "before", "after", "told"),
    [
        ("tcss", 12.0, 14.0, "more than error makes in nine of ten pairs"),
        ("irls", 25.0, 25.0, "which would matter"),
    ],
)
def test_what_error_stands_in_for_is_called_error(id: str, before: float, after: float, told: str) -> None:
    of = scales[id]
    rows = tuple(
        RecordedScore(
            line=2, date=START + dt.timedelta(days=day), scale=id, version="", value=before if day < 0 else after,
            items=None, source="paper",
        )
        for day in (-14, -7, 28, 41)
    )  # fmt: skip
    condition = replace(PLAN.condition, primary_outcomes=(id,))
    found = judge(make_course(plan=replace(PLAN, condition=condition), scores=rows), 6)
    assert told in found.statement
    assert found.deciding is not None
    assert found.deciding.scale is of
