"""What the missing days would have to be like to overturn the verdict: a table, never a correction."""

from __future__ import annotations

import dataclasses
from typing import Any

from openpbm.outcomes.measures.measure import Measure
from openpbm.outcomes.measures.symptom_verdict import verdict_of

__all__ = ["find_tipping_point"]

#: How much worse than the days written down the missing ones are imagined to be [points].
_SHIFTS = (0.0, 1.0, 2.0, 3.0, 5.0)


def find_tipping_point(measure: Measure | None) -> dict[str, Any]:
    """The deciding measure again with the missing recent days worse by 0, 1, 2 ... points than those written down.

    Missing days of the baseline are left alone: supposing those worse would flatter the light. Only a daily diary has
    days that are missing, so for a questionnaire `rows` is empty.
    """
    if measure is None or measure.source != "diary" or measure.lacking:
        return {"missing_recent_days": None, "rows": [], "tips_at": None}
    missing = measure.days_due - measure.counts[1]
    rows = [_row(measure, missing / measure.days_due, shift) for shift in _SHIFTS]
    word = rows[0]["symptom_verdict"]
    return {
        "missing_recent_days": missing,
        "rows": rows,
        "tips_at": next((row["worse_by"] for row in rows if row["symptom_verdict"] != word), None),
    }


def _row(measure: Measure, share: float, shift: float) -> dict[str, Any]:
    moved = dataclasses.replace(measure, estimate=measure.estimate + measure.better * share * shift)
    return {
        "worse_by": shift,
        "change": moved.estimate,
        "below_zero": moved.probability_below(0.0),
        "symptom_verdict": verdict_of(moved),
    }
