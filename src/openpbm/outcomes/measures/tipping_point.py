"""What the missing days would have to be like to overturn the verdict: a table, never a correction."""

from __future__ import annotations

import dataclasses
from typing import TypedDict

from openpbm.outcomes.measures.change_word import SymptomVerdict
from openpbm.outcomes.measures.measure import Measure

__all__ = ["TippingPoint", "find_tipping_point"]

#: How much worse than the days written down the missing ones are imagined to be [points].
_SHIFTS = (0.0, 1.0, 2.0, 3.0, 5.0)


class TippingRow(TypedDict):
    """The measure with its missing days that much worse [points]."""

    worse_by: float
    change: float
    below_zero: float
    symptom_verdict: SymptomVerdict


class TippingPoint(TypedDict):
    """The rows, and the first shift that changes the word; null where none does, or nothing can be asked."""

    missing_recent_days: int | None
    rows: list[TippingRow]
    tips_at: float | None


def find_tipping_point(measure: Measure | None) -> TippingPoint:
    """The deciding measure again with the missing recent days worse by 0, 1, 2 ... points than those written down.

    Missing days of the baseline are left alone: supposing those worse would flatter the light. Only a daily diary has
    days that are missing, so for a questionnaire `rows` is empty.
    """
    if measure is None or measure.source != "diary" or measure.insufficient_reason:
        return {"missing_recent_days": None, "rows": [], "tips_at": None}
    missing = measure.days_due - measure.counts[1]
    rows = [_row(measure, missing / measure.days_due, shift) for shift in _SHIFTS]
    word = rows[0]["symptom_verdict"]
    return {
        "missing_recent_days": missing,
        "rows": rows,
        "tips_at": next((row["worse_by"] for row in rows if row["symptom_verdict"] != word), None),
    }


def _row(measure: Measure, share: float, shift: float) -> TippingRow:
    # Days that are missing move the mean by their share of it. The error stays: nothing was measured on them.
    move = measure.sign * share * shift
    moved = dataclasses.replace(measure, estimate=measure.estimate + move, recent_mean=measure.recent_mean + move)
    return {
        "worse_by": shift,
        "change": moved.estimate,
        "below_zero": moved.probability_below(0.0),
        "symptom_verdict": moved.verdict,
    }
