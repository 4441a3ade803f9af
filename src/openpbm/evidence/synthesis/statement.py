"""The evidence statement of a condition in plain words, made of its rows and of nothing else."""

from __future__ import annotations

from openpbm.evidence.synthesis.certainty import certainty_profile
from openpbm.evidence.synthesis.results import TrialResult
from openpbm.evidence.synthesis.summary import ConditionSummary, PooledEffect
from openpbm.evidence.table.listing import StudyEntry
from openpbm.facts.conditions import conditions
from openpbm.facts.main_outcomes import MainOutcome
from openpbm.facts.scales import scales
from openpbm.facts.studies import EvidenceStatement
from openpbm.facts.study_rows import Outcome

__all__ = ["difference_in_words", "make_statement", "pool_in_words", "reference_of"]

_FEW = 3


def make_statement(summary: ConditionSummary) -> EvidenceStatement:
    """The statement of one condition."""
    profile = certainty_profile(summary)
    pooled = pool_in_words(summary)
    parts = [
        pooled,
        _without_nulls(summary),
        _beside_the_pool(summary),
        _uncontrolled(summary),
        _reviews(summary),
        _under_sham(summary),
        _own(summary),
    ]
    if not summary.found:
        parts = [f"For {_name(summary)}: no trial found: single-person trial only.", _own(summary)]
    advice = _advice(summary)
    return EvidenceStatement(
        condition=summary.condition,
        certainty=profile.level,
        text=" ".join(part for part in (*parts, advice) if part),
        pooled=pooled,
        no_trial=not summary.found,
    )


def _name(summary: ConditionSummary) -> str:
    condition = conditions.get(summary.condition)
    return "this" if condition is None else condition.in_sentence


def _advice(summary: ConditionSummary) -> str:
    condition = conditions.get(summary.condition)
    return "" if condition is None else condition.advice


def pool_in_words(summary: ConditionSummary) -> str:
    """One sentence: the pooled difference, the one trial alone, or why nothing can be pooled."""
    pooled = summary.pooled
    if pooled is None:
        return f"The trials cannot be pooled, because {_why_not(summary)}."
    difference = difference_in_words(summary.outcome, pooled)
    if pooled.count == 1:
        alone = summary.numbers[0]
        when = ""
        if alone.weeks_after >= 1.0:
            when = f", measured {alone.weeks_after:.0f} weeks after the end of treatment"
        people = "" if alone.people is None else f" with {alone.people} people"
        return f"One trial alone prints a number: {_cited(alone)}{people}{when}: {difference}."
    few = " Fewer than three trials: read it with care." if pooled.count < _FEW else ""
    return f"Pooled over {pooled.count} trials against sham light with {summary.people} people, {difference}.{few}"


def _why_not(summary: ConditionSummary) -> str:
    if not summary.results:
        shammed = "none that can be counted compared light with sham light"
        if not summary.left_out:
            return shammed
        reasons = "; ".join(dict.fromkeys(why for _, why in summary.left_out))
        return f"{shammed} ({len(summary.left_out)} left out: {reasons})"
    reasons = "; ".join(dict.fromkeys(result.why_not for result in summary.wordless))
    count = len(summary.results)
    trials = "the only trial" if count == 1 else f"none of the {count} trials"
    verb = "prints no number" if count == 1 else "prints a number"
    return f"{trials} against sham light {verb} that can be used ({reasons})"


def difference_in_words(outcome: MainOutcome, pooled: PooledEffect) -> str:
    """How far light and sham lie apart, with the interval.

    Says "lower with light" only of the estimate; what the interval holds stands behind it.
    """
    size = f"{abs(pooled.estimate):.1f} {outcome.unit}"
    where = "lower" if pooled.estimate < 0.0 else "higher"
    apart = f"{outcome.plain} was {size} {where} with light than with sham light"
    if abs(pooled.estimate) < 0.05:
        apart = f"{outcome.plain} was the same with light as with sham light"
    interval = f"95 percent interval {_bound(pooled.low)} to {_bound(pooled.high)}"
    if pooled.low < 0.0 < pooled.high:
        interval += ", so that no difference is possible"
    return f"{apart} ({interval})"


def _bound(value: float) -> str:
    return f"{abs(value):.1f} {'lower' if value < 0.0 else 'higher'}"


def _beside_the_pool(summary: ConditionSummary) -> str:
    silent = summary.wordless
    if not silent:
        return ""
    null = [result for result in silent if result.no_advantage]
    words = ""
    if null:
        named = ", ".join(_cited(result) for result in null)
        words = f"{len(null)} of these found no advantage ({named})"
    if summary.pooled is None:
        return f"{words}." if null else ""
    trials = "trial against sham light prints" if len(silent) == 1 else "trials against sham light print"
    return "; ".join(filter(None, (f"{len(silent)} more {trials} no number that can be used", words))) + "."


def _uncontrolled(summary: ConditionSummary) -> str:
    rest = len(summary.found) - len(summary.results) - len(summary.left_out)
    if not rest:
        return ""
    studies = "1 more study" if rest == 1 else f"{rest} more studies"
    return f"{studies} had no sham light or no draw of lots."


def _under_sham(summary: ConditionSummary) -> str:
    """How far the scale falls under sham alone, where that is held."""
    scale = scales.get(summary.outcome.id)
    if scale is None or scale.sham_course is None:
        return ""
    return f"Under sham alone the score falls by {abs(scale.sham_course.change_mean):.1f} points on average."


def _without_nulls(summary: ConditionSummary) -> str:
    """What leaving out the trials without advantage would do to the number."""
    null = sum(result.no_advantage for result in summary.numbers)
    if not null:
        return ""
    if summary.without_null is None:
        return "Each trial in this pool found no advantage."
    without = f"{abs(summary.without_null.estimate):.1f}"
    counted = "the one trial" if null == 1 else f"the {null} trials"
    return f"Without {counted} that found no advantage it would read {without}."


def _reviews(summary: ConditionSummary) -> str:
    found = [_review(entry, summary.outcome) for entry in summary.reviews]
    return " ".join(words for words in found if words)


def _review(entry: StudyEntry, outcome: MainOutcome) -> str:
    scales = {scale.id for scale in outcome.scales}
    rows = [row for row in entry.outcomes if row.outcome in scales and row.versus and not row.printed_conflict]
    named = f"A published review ({reference_of(entry.study.id)}) pooled"
    for row in rows:
        if row.value is None or row.ci_low is None or row.ci_high is None:
            continue
        if row.measure == "smd" and row.outcome.startswith("pain"):
            return f"{named} pain to {_away(row.value)} by {abs(row.value):.1f} standard deviations."
        if row.measure.startswith("difference"):
            return f"{named} {_review_number(row, row.value, outcome)}."
    return ""


def _review_number(row: Outcome, value: float, outcome: MainOutcome) -> str:
    # A scale whose range was not read stays in its own unit.
    factor = outcome.factor(row.outcome)
    unit = outcome.short_unit if factor else row.unit
    low, high = (_bound((factor or 1.0) * (number or 0.0)) for number in (row.ci_low, row.ci_high))
    what = outcome.id if outcome.id == "pain" else "the score"
    return f"{what} to {abs((factor or 1.0) * value):.1f} {unit} {_away(value)} ({low} to {high})"


def _away(value: float) -> str:
    return "better than control" if value < 0.0 else "worse than control"


def reference_of(study: str) -> str:
    """A study's id as a reader writes it: name and year.

    >>> reference_of("Chow2006"), reference_of("Konstantinovic2010Back")
    ('Chow 2006', 'Konstantinovic 2010 Back')
    """
    words = ""
    for before, letter in zip(" " + study, study, strict=False):
        if before != " " and before.isdigit() != letter.isdigit() and (letter.isdigit() or letter.isupper()):
            words += " "
        words += letter
    return words


def _cited(result: TrialResult) -> str:
    return reference_of(result.study)


def _own(summary: ConditionSummary) -> str:
    if not summary.own:
        return ""
    rows = "1 study that was added here" if summary.own == 1 else f"{summary.own} studies that were added here"
    return f"This counts {rows}."
