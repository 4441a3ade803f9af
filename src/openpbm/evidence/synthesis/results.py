"""What each trial of a condition says of light against sham light: a number, or the reason why it has none.

The rule: randomised, against sham light, the main outcome of the condition, at the end of treatment. A later time
counts only where nothing was printed of an earlier one; a number of another time never stands in for a verdict
at the end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from openpbm.evidence.synthesis.figures import (
    PRE_POST_CORRELATION,
    Difference,
    difference_by_p,
    difference_of_arms,
    printed_difference,
)
from openpbm.evidence.table.listing import StudyEntry
from openpbm.facts.main_outcomes import MainOutcome
from openpbm.facts.study_rows import Arm, Outcome

__all__ = ["LIMB_CORRELATION", "TrialResult", "is_sham_trial", "left_out_because", "trial_result"]

#: How alike two limbs of one person are, where a trial counts limbs. Assumed: `cochrane2024` ch. 23 gives the formula.
LIMB_CORRELATION = 0.6
_END_SLACK_WEEKS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    """One trial at the chosen outcome and time.

    difference, error : light less sham in the unit of the main outcome, negative in favour of light; else None
    why_not : why there is no number
    no_advantage : the text reports none over sham at this time
    weeks_after : how long after the end of treatment this was measured [weeks], 0 at the end
    outcome, time : id and words
    """

    study: str
    source: str
    people: int | None
    outcome: str
    time: str
    difference: float | None = None
    error: float | None = None
    how: tuple[str, ...] = ()
    why_not: str = ""
    no_advantage: bool = False
    weeks_after: float = 0.0


def is_sham_trial(entry: StudyEntry) -> bool:
    """Randomised, parallel or crossed over, with sham light."""
    return entry.study.kind in ("randomised", "crossover") and any(arm.role == "sham" for arm in entry.arms)


def left_out_because(entry: StudyEntry) -> str:
    """Why a trial with sham light is not pooled with the others; empty where nothing speaks against it."""
    study = entry.study
    if study.excluded:
        return study.excluded
    if study.people_also_in:
        return f"counts the people of {study.people_also_in}"
    return "a high-power laser, kept apart" if study.stratum else ""


def trial_result(entry: StudyEntry, outcome: MainOutcome, correlation: float = PRE_POST_CORRELATION) -> TrialResult:
    """The result of one trial with sham light by the rule above."""
    results = [
        _at_end(entry, outcome, scale.id, correlation)
        for scale in outcome.scales
        if any(row.outcome == scale.id and not _is_start(row) for row in entry.outcomes)
    ]
    with_number = [result for result in results if result.difference is not None]
    verdicts = [result for result in results if result.why_not != _WITHIN]
    for result in (*with_number, *verdicts, *results):
        return result
    return _empty(entry, "the main outcome was not measured, or not read")


_WITHIN = "the text prints no test between the arms"


def _empty(entry: StudyEntry, why: str) -> TrialResult:
    study = entry.study
    return TrialResult(
        study=study.id, source=study.source, people=_people(entry), outcome="", time="", why_not=why,
        no_advantage=study.null,
    )  # fmt: skip


def _at_end(entry: StudyEntry, outcome: MainOutcome, scale: str, correlation: float) -> TrialResult:
    end = _end_weeks(entry)
    rows = [row for row in entry.outcomes if row.outcome == scale and not _is_start(row)]
    moments = _moments(rows, end)
    chosen = _chosen_moment(moments, end)
    at_end = [row for row, moment in zip(rows, moments, strict=True) if moment == chosen]
    start = [row for row in entry.outcomes if row.outcome == scale and _is_start(row)]
    last = at_end[0]
    bare = replace(
        _empty(entry, ""),
        outcome=scale,
        time=_time_words(last),
        # One early look of an unknown length of treatment is no verdict on it.
        no_advantage=entry.study.null or (_all_neither(at_end) and (end is not None or last.weeks is None)),
        weeks_after=_weeks_after(last, end),
    )
    return _with_number(bare, entry, (*start, *at_end), outcome.factor(scale), correlation)


def _all_neither(rows: Sequence[Outcome]) -> bool:
    verdicts = [row.favours for row in rows if row.versus and row.favours]
    return bool(verdicts) and set(verdicts) == {"neither"}


def _with_number(
    bare: TrialResult, entry: StudyEntry, rows: Sequence[Outcome], factor: float, correlation: float
) -> TrialResult:
    conflict = next((row.printed_conflict for row in rows if row.printed_conflict), "")
    made = _pairs(entry, rows, correlation)
    if not made:
        return replace(bare, why_not=_why_no_number(rows))
    if conflict:
        return replace(bare, why_not=f"the text contradicts itself ({conflict.partition(':')[2].strip()})")
    if not factor:
        return replace(bare, why_not="the range of its scale was not read")
    if entry.study.kind == "crossover":
        return replace(bare, why_not="crossed over, and no difference within people is printed")
    both = _averaged(made)
    widening, words = _limbs(entry)
    return replace(bare, difference=both.value * factor, error=both.error * factor * widening, how=(*both.how, *words))


def _why_no_number(rows: Sequence[Outcome]) -> str:
    if all(row.favours == "within" or not row.versus for row in rows) and not any(row.value for row in rows):
        return _WITHIN
    if any(row.value is not None for row in rows):
        return "the text prints no deviation, error or interval"
    return "the text prints a verdict without a number"


def _pairs(entry: StudyEntry, rows: Sequence[Outcome], correlation: float) -> list[Difference]:
    """Each light arm against each sham arm it can be held against."""
    found = []
    for light in (arm for arm in entry.arms if arm.role == "light"):
        for sham in (arm for arm in entry.arms if arm.role == "sham"):
            made = _pair(light, sham, rows, correlation)
            if made is not None:
                found.append(made)
    return found


def _pair(light: Arm, sham: Arm, rows: Sequence[Outcome], correlation: float) -> Difference | None:
    between = [row for row in rows if row.arm == light.arm and row.versus == sham.arm and not _is_start(row)]
    sizes = (_size(light), _size(sham))
    people = None if None in sizes else sum(size or 0 for size in sizes)
    printed = printed_difference(between, people)
    if printed is not None:
        return printed
    of_light = [row for row in rows if row.arm == light.arm and not row.versus]
    of_sham = [row for row in rows if row.arm == sham.arm and not row.versus]
    return difference_of_arms(of_light, of_sham, sizes, correlation) or _by_p_between(
        of_light, of_sham, between, people
    )


def _by_p_between(
    light: Sequence[Outcome], sham: Sequence[Outcome], between: Sequence[Outcome], people: int | None
) -> Difference | None:
    """Two printed means or changes without a spread, and the p of the test between them."""
    first = next((row for row in light if not _is_start(row) and row.value is not None), None)
    second = next((row for row in sham if not _is_start(row) and row.value is not None), None)
    test = next((row.p for row in between if row.p), "")
    if first is None or second is None or first.measure != second.measure:
        return None
    difference = (first.value or 0.0) - (second.value or 0.0)
    return difference_by_p(difference, test, people, f"{first.measure}s of both arms")


def _averaged(pairs: Sequence[Difference]) -> Difference:
    """Several light arms of a trial count once: their mean, with the mean of their errors, as they share the sham."""
    if len(pairs) == 1:
        return pairs[0]
    count = len(pairs)
    return Difference(
        value=sum(pair.value for pair in pairs) / count,
        error=sum(pair.error for pair in pairs) / count,
        how=(*pairs[0].how, f"{count} comparisons of one trial averaged"),
    )


def _limbs(entry: StudyEntry) -> tuple[float, tuple[str, ...]]:
    """What widens the error of a trial that counts limbs as people, by the design effect 1 + (m - 1) ICC."""
    limbs = [arm for arm in entry.arms if arm.unit != "people" and arm.role in ("light", "sham")]
    if not limbs:
        return 1.0, ()
    known = [(_size(arm) or 0) / arm.people for arm in limbs if arm.people and _size(arm)]
    members = max(known, default=2.0)
    widening = math.sqrt(1.0 + max(members - 1.0, 0.0) * LIMB_CORRELATION)
    return widening, (f"{limbs[0].unit} counted as people: error widened by {100.0 * (widening - 1.0):.0f} percent",)


def _size(arm: Arm) -> int | None:
    return arm.n_randomised if arm.n_analysed is None else arm.n_analysed


def _people(entry: StudyEntry) -> int | None:
    study = entry.study
    if study.n_analysed is not None or study.n_randomised is not None:
        return study.n_randomised if study.n_analysed is None else study.n_analysed
    counted = [_size(arm) for arm in entry.arms if arm.role in ("light", "sham")]
    known = [size for size in counted if size is not None]
    return sum(known) if known else None


def _is_start(row: Outcome) -> bool:
    return row.weeks == 0 or row.time == "start"


def _end_weeks(entry: StudyEntry) -> float | None:
    """When treatment ended [weeks]: as printed, or from sessions and their number a week."""
    lit = {arm.arm for arm in entry.arms if arm.role == "light"}
    for dose in entry.doses:
        if dose.arm in lit and dose.weeks:
            return dose.weeks
        if dose.arm in lit and dose.sessions and dose.sessions_per_week:
            return dose.sessions / dose.sessions_per_week
    return None


def _moments(rows: Sequence[Outcome], end: float | None) -> list[float]:
    """When each row was measured [weeks]; words without a number stand at the end, in the order of the table."""
    first_place: dict[str, int] = {}
    for place, row in enumerate(rows):
        first_place.setdefault(row.time, place)
    # A hair apart, so that the third visit comes behind the second.
    return [_moment(row, (end or 0.0) + 1e-6 * first_place[row.time]) for row in rows]


def _moment(row: Outcome, by_words: float) -> float:
    if row.weeks is not None:
        return row.weeks
    later = any(word in row.time for word in ("after stopping", "follow", "weeks after", "months after", "days"))
    return math.inf if later else by_words


def _chosen_moment(moments: Iterable[float], end: float | None) -> float:
    ordered = sorted(set(moments))
    if end is None:
        return ordered[0]
    during = [moment for moment in ordered if moment <= end + _END_SLACK_WEEKS]
    return during[-1] if during else ordered[0]


def _weeks_after(row: Outcome, end: float | None) -> float:
    if row.weeks is None or end is None:
        return 0.0
    return max(0.0, row.weeks - end - _END_SLACK_WEEKS)


def _time_words(row: Outcome) -> str:
    return row.time or f"week {row.weeks:g}"
