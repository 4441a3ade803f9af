"""One word for one change: what is nearly sure, what is likely, what is excluded, and what cannot be told."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from openpbm.facts.checkpoint_rules import outcome_limit

__all__ = ["ChangeEvidence", "SymptomVerdict", "change_word"]

#: `not_assessed`: nothing was asked yet, nothing recent is written down, or there is no room to improve.
SymptomVerdict = Literal[
    "improved",
    "better_not_yet_sure",
    "unchanged",
    "not_better",
    "somewhat_worse",
    "worse",
    "not_assessed",
    "inconclusive",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEvidence:
    """What the data say of one change; probabilities are nan where they cannot be told.

    better : P(better than before at all)
    importantly_better, importantly_worse : P(changed by at least what matters), nan where nobody knows what matters
    reaches_improvement, reaches_worsening : whether the best estimate is at least what matters
    """

    better: float
    importantly_better: float
    importantly_worse: float
    reaches_improvement: bool
    reaches_worsening: bool


def change_word(evidence: ChangeEvidence) -> SymptomVerdict:
    """The word of one measure.

    improved, worse: nearly sure, and by the best estimate at least what matters; better_not_yet_sure, somewhat_worse:
    likely and no more; unchanged: what matters is excluded on both sides; not_better: on the side of improvement alone;
    else inconclusive.

    >>> change_word(ChangeEvidence(better=0.98, importantly_better=0.6, importantly_worse=0.0,
    ...                            reaches_improvement=True, reaches_worsening=False))
    'better_not_yet_sure'
    """
    if math.isnan(evidence.better):
        return "inconclusive"
    worse = 1.0 - evidence.better
    if evidence.better >= outcome_limit("improved_probability") and evidence.reaches_improvement:
        return "improved"
    if worse >= outcome_limit("worse_probability") and evidence.reaches_worsening:
        return "worse"
    # The likely words come before "unchanged": nobody who is probably better reads that little changed.
    if evidence.better > outcome_limit("likely_probability"):
        return "better_not_yet_sure"
    if worse > outcome_limit("likely_probability"):
        return "somewhat_worse"
    return _excluded(evidence)


def _excluded(evidence: ChangeEvidence) -> SymptomVerdict:
    """An unknown probability lies below no bound: what nobody can put a number on is not excluded."""
    excluded = outcome_limit("excluded_probability")
    if not evidence.importantly_better <= excluded:
        return "inconclusive"
    return "unchanged" if evidence.importantly_worse <= excluded else "not_better"
