"""The fixed words of a checkpoint: no stronger than its grade allows, whatever the numbers say."""

from __future__ import annotations

import math

from openpbm.outcomes.cause.attribution import Attribution
from openpbm.outcomes.cause.grade import Grade, allowed_cause
from openpbm.outcomes.measures import BASELINE_WORDS, BaselineCourse, Measure, SymptomVerdict
from openpbm.wording import date_in_words, mean_rating, percent_in_words

__all__ = ["compose_statement"]

_ONE_PERSON = "This is one person"
_NOT_YET = "It is too early to say whether it helps; this checkpoint looks at safety and at the sessions done."
_UNCONTROLLED = (
    f"{_ONE_PERSON} without a comparison: the change is not attributable to light. Hope, time, a good spell or "
    "something else may have done it."
)
_WITHDRAWN = (
    f"{_ONE_PERSON} without a lot or blinding: the change is not attributable to light, also where it came and went "
    "with the sessions, since expectation comes and goes with them too."
)
_BLINDED_WITHOUT = "Blinded on and off periods did not show that it is due to light."
_BY_LOT_WITHOUT = "The lot drawn beforehand does not show that it is due to the start of treatment."
_CANNOT_BE_TOLD = "The data do not allow saying whether symptoms changed."
_OPENINGS: dict[SymptomVerdict, str] = {
    "better_not_yet_sure": "Better so far, not yet sure",
    "unchanged": "No change that matters",
    "not_better": "Not better",
    "somewhat_worse": "Somewhat worse so far, not sure",
    "worse": "Symptoms got worse",
}


def compose_statement(
    verdict: SymptomVerdict,
    measure: Measure | None,
    grade: Grade,
    attribution: Attribution,
    *,
    relapse: bool,
    why_not: str,
    baseline: BaselineCourse = "unknown",
    elsewhere: str = "",
) -> str:
    """A few plain sentences: what happened, how sure that is, and what it allows to be said about why.

    why_not : why nothing is assessed, "" where it is only too early
    baseline : what the days before the light did by themselves; said beside every word of a better state
    elsewhere : that most of the light went to another place than planned, "" where it did not; it is said first
    """
    if elsewhere:
        rest = compose_statement(
            verdict, measure, grade, attribution, relapse=relapse, why_not=why_not, baseline=baseline
        )
        return f"{elsewhere} {rest}"
    if verdict == "not_assessed":
        return f"Whether symptoms changed is not assessed: {why_not}." if why_not else _NOT_YET
    if measure is None or not math.isfinite(measure.estimate):
        return _CANNOT_BE_TOLD
    sure = _how_sure(measure)
    if verdict == "inconclusive":
        change = _change(measure)
        doubt = measure.model_doubt
        if doubt:
            return f"{_CANNOT_BE_TOLD} {change[:1].upper()}{change[1:]}. {doubt[:1].upper()}{doubt[1:]}."
        return f"{_CANNOT_BE_TOLD} {change[:1].upper()}{change[1:]}. {sure}".strip()
    if verdict == "better_not_yet_sure":
        sure = _sentences(sure, _what_matters(verdict, measure), BASELINE_WORDS[baseline])
        return f"{_OPENINGS[verdict]}: {_change(measure)}. {sure}".strip()
    if verdict != "improved":
        return f"{_OPENINGS[verdict]}: {_change(measure)}. {sure} {_what_matters(verdict, measure)}".strip()
    back = "Symptoms came back after the light stopped." if relapse else ""
    improved = _improved(measure, grade, attribution)
    return _sentences(improved, sure, BASELINE_WORDS[baseline], back, _why(grade, attribution))


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _improved(measure: Measure, grade: Grade, attribution: Attribution) -> str:
    cause = allowed_cause(grade, attribution)
    if cause == "light":
        return f"Symptoms improved because of the light: {_change(measure)}."
    if cause == "treatment_started":
        return f"Symptoms improved because treatment started (light or expectation): {_change(measure)}."
    return f"Symptoms improved: {_change(measure)}."


def _why(grade: Grade, attribution: Attribution) -> str:
    if grade.letter == "U":
        return _UNCONTROLLED
    if grade.letter == "W":
        return _WITHDRAWN
    if allowed_cause(grade, attribution) != "none":
        return f"{_ONE_PERSON}; others may fare differently."
    if not attribution.due:
        return f"{_ONE_PERSON}; the comparison drawn by lot is not finished, so nothing is said about the cause yet."
    return _BLINDED_WITHOUT if grade.letter == "B" else _BY_LOT_WITHOUT


def _change(measure: Measure) -> str:
    """From what to what, and of when: "now" is a mean over some days or scores and may be weeks old."""
    name, recent = measure.scale.plain_name, [r for r in measure.readings if r.phase == "recent"]
    last = max(recent, key=lambda reading: reading.date)
    kind = "scores" if measure.source == "scores" else "days"
    # A mean of 2 and 0 that is told as "now 1" would be a score nobody gave.
    several = f" (the average of {measure.counts[0]} {kind})" if measure.counts[0] > 1 else ""
    values = f"{mean_rating(measure.baseline_mean)} before{several} to {mean_rating(measure.recent_mean)}"
    when = f", the average of {len(recent)} {kind} up to {date_in_words(last.date)}"
    # Few scores are told one by one elsewhere: who reads "to 1" must find the 0 that was written down last.
    if measure.source == "scores":
        when = f"{when}, the last of them {last.value:.3g}"
    if len(recent) == 1:
        when = f" on {date_in_words(last.date)}"
    return f"{name[:1].lower()}{name[1:]} ({measure.scale.name}) went from {values}{when}"


def _how_sure(measure: Measure) -> str:
    """Estimate, interval and probability; "" where the error of the change is not known."""
    low, high = measure.interval()
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    chance = percent_in_words(measure.evidence.better)
    return (
        f"Best estimate of the change: {measure.estimate:+.2g} points, nine chances in ten that it lies between "
        f"{low:+.2g} and {high:+.2g}. The chance that things are better than before is {chance}."
    )


def _what_matters(verdict: SymptomVerdict, measure: Measure) -> str:
    """How likely a change that matters is, on the side the word leaves open; "" where nobody knows what matters."""
    better, worse = measure.important_change(), measure.important_worsening()
    evidence = measure.evidence
    gain, harm = "", ""
    by_error = measure.matters_by_error
    if better is not None:
        gain = _chance_of("better", better, evidence.importantly_better, by_error=by_error[0])
    if worse is not None:
        harm = _chance_of("worse", worse, evidence.importantly_worse, by_error=by_error[1])
    if verdict == "better_not_yet_sure":
        return gain
    if verdict in ("somewhat_worse", "worse"):
        return harm
    return f"{gain} {harm}".strip()


def _chance_of(direction: str, size: float, chance: float, *, by_error: bool) -> str:
    # Where nobody published what matters, the bound is what error hardly makes, and it is called nothing else.
    why = "more than error makes in nine of ten pairs" if by_error else "which would matter"
    return f"The chance of being {direction} by {size:.2g} or more, {why}, is {percent_in_words(chance)}."
