"""The fixed words of a checkpoint: no stronger than its grade allows, whatever the numbers say."""

from __future__ import annotations

from openpbm.outcomes.cause.attribution import Attribution
from openpbm.outcomes.cause.grade import Grade, allowed_cause
from openpbm.outcomes.measures import Measure, SymptomVerdict

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


def compose_statement(
    verdict: SymptomVerdict, measure: Measure | None, grade: Grade, attribution: Attribution, relapse: bool
) -> str:
    """One or two plain sentences: what happened, and what that allows to be said about why."""
    if verdict == "not_assessed":
        return _NOT_YET
    if verdict == "inconclusive" or measure is None:
        return "The data do not allow saying whether symptoms changed."
    if verdict == "worse":
        return f"Symptoms got worse: {_change(measure)}."
    if verdict == "unchanged":
        return f"No change that matters: {_change(measure)}."
    back = " Symptoms came back after the light stopped." if relapse else ""
    return f"{_improved(measure, grade, attribution)}{back} {_why(grade, attribution)}".strip()


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
    name = measure.scale.plain_name
    values = f"{measure.baseline_mean:.3g} before to {measure.recent_mean:.3g} now"
    return f"{name[:1].lower()}{name[1:]} ({measure.scale.name}) went from {values}"
