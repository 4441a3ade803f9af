"""How sure the evidence on a condition is, drafted by rules after GRADE (`guyatt2008`); no person has signed it.

Trials with sham light begin as high, other studies as low; each of five reasons may take one or two steps off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from openpbm.evidence.synthesis.results import TrialResult
from openpbm.evidence.synthesis.summary import ConditionSummary
from openpbm.evidence.table.dose import complete
from openpbm.facts.main_outcomes import certainty_signatures

__all__ = ["LEVELS", "CertaintyProfile", "Downgrade", "certainty_profile", "results_code"]

LEVELS = ("very low", "low", "moderate", "high")
_UNSIGNED = "unsigned draft"
#: People below which chance alone may make a difference that matters (`guyatt2011_imprecision` names 400).
_ENOUGH_PEOPLE = 400
_HALF = 50.0
_MUCH_I2_PERCENT = 50.0
_VERY_MUCH_I2_PERCENT = 75.0
_MANY_TRIALS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Downgrade:
    """Steps taken off for one of the five reasons, with the words that led there; 0 steps: looked at, none taken."""

    domain: str
    steps: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertaintyProfile:
    """`level`: one of LEVELS, or "none" without any study; `signed`: by whom, else "unsigned draft"."""

    level: str
    start: str
    downgrades: tuple[Downgrade, ...]
    signed: str = _UNSIGNED


def certainty_profile(summary: ConditionSummary) -> CertaintyProfile:
    """The five judgements on one condition and the certainty they leave."""
    if not summary.found:
        return CertaintyProfile(level="none", start="none", downgrades=())
    start = "high" if summary.results else "low"
    downgrades = (
        _risk_of_bias(summary),
        _inconsistency(summary),
        _indirectness(summary),
        _imprecision(summary),
        _publication(summary),
    )
    left = LEVELS.index(start) - sum(row.steps for row in downgrades)
    return CertaintyProfile(level=LEVELS[max(0, left)], start=start, downgrades=downgrades, signed=_signed(summary))


def results_code(summary: ConditionSummary) -> str:
    """A short code of the results; it changes with any of them, and a signature counts for one code alone."""
    told = "|".join(f"{row.study} {row.difference} {row.error} {row.why_not}" for row in summary.results)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def _signed(summary: ConditionSummary) -> str:
    signature = certainty_signatures.get(summary.condition)
    if signature is None or signature.results != results_code(summary):
        return _UNSIGNED
    return f"signed by {signature.by}, {signature.date:%-d %B %Y}"


def _risk_of_bias(summary: ConditionSummary) -> Downgrade:
    judged = {entry.study.id: {row.judgement for row in entry.bias} for entry in summary.entries}
    weights = _weights(summary)
    if not weights:
        return Downgrade(domain="risk of bias", steps=2, why="No trial with sham light that could be judged.")
    high = sum(weight for study, weight in weights.items() if "high" in judged[study])
    clean = sum(weight for study, weight in weights.items() if judged[study] == {"low"})
    share = (
        f"Of the weight {high:.0f} percent comes from trials with a domain judged high, {clean:.0f} from clean ones."
    )
    if high >= _HALF:
        return Downgrade(domain="risk of bias", steps=2, why=share)
    return Downgrade(domain="risk of bias", steps=int(clean < _HALF), why=share)


def _weights(summary: ConditionSummary) -> dict[str, float]:
    """Percent by trial: those of the pool, else every trial alike."""
    if summary.pooled is not None:
        return dict(zip(summary.pooled.trials, summary.pooled.weights, strict=True))
    return {result.study: 100.0 / len(summary.results) for result in summary.results}


def _inconsistency(summary: ConditionSummary) -> Downgrade:
    pooled, disagree = summary.pooled, _verdicts_disagree(summary)
    words = " Verdicts of the trials, with and without numbers, disagree." if disagree else ""
    if pooled is None or pooled.i2_percent is None:
        return Downgrade(domain="inconsistency", steps=int(disagree), why=f"Fewer than two trials with numbers.{words}")
    why = f"I2 is {pooled.i2_percent:.0f} percent over {pooled.count} trials.{words}"
    steps = int(pooled.i2_percent > _MUCH_I2_PERCENT or disagree) + int(pooled.i2_percent > _VERY_MUCH_I2_PERCENT)
    return Downgrade(domain="inconsistency", steps=min(steps, 2), why=why)


def _verdicts_disagree(summary: ConditionSummary) -> bool:
    null = sum(result.no_advantage for result in summary.results)
    return 0 < null < len(summary.results)


def _indirectness(summary: ConditionSummary) -> Downgrade:
    """A dose that is not known cannot be compared with one that is planned; nor can a time long after the end."""
    counted: Sequence[TrialResult] = summary.numbers or summary.results
    known = sum(_dose_is_known(summary, result.study) for result in counted)
    late = sum(result.weeks_after >= 1.0 for result in counted)
    why = f"Dose at the skin known in {known} of {len(counted)} trials; measured after the end of treatment in {late}."
    unlike = len(counted) - known
    steps = int(not counted or 2 * unlike > len(counted) or 2 * late > len(counted))
    return Downgrade(domain="indirectness", steps=steps, why=why)


def _dose_is_known(summary: ConditionSummary, study: str) -> bool:
    doses = (dose for entry in summary.entries if entry.study.id == study for dose in entry.doses)
    return any({"fluence_j_cm2", "session_fluence_j_cm2"} & complete(dose).values.keys() for dose in doses)


def _imprecision(summary: ConditionSummary) -> Downgrade:
    pooled, important = summary.pooled, summary.outcome.important
    if pooled is None:
        return Downgrade(domain="imprecision", steps=2, why="No trial with sham light prints a usable number.")
    few = summary.people < _ENOUGH_PEOPLE
    benefit, harm = pooled.low <= -important, pooled.high >= important
    holds_none = pooled.low < 0.0 < pooled.high
    why = (
        f"{summary.people} people; the interval from {pooled.low:.2g} to {pooled.high:.2g} "
        f"{'holds' if holds_none else 'does not hold'} no difference, with {important:g} taken as one that matters."
    )
    steps = int(few or (benefit and holds_none)) + int(benefit and harm)
    return Downgrade(domain="imprecision", steps=steps, why=why)


def _publication(summary: ConditionSummary) -> Downgrade:
    silent, every = len(summary.wordless), len(summary.results)
    why = f"{silent} of {every} trials print no number that can be used; "
    many = len(summary.numbers) >= _MANY_TRIALS
    why += "the funnel can be read." if many else f"a funnel needs {_MANY_TRIALS} trials."
    return Downgrade(domain="publication", steps=int(every > 0 and 2 * silent >= every), why=why)
