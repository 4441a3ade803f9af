"""A screening in words, for its own page and for the person it is about."""

from __future__ import annotations

from typing import Any

from openpbm.care.people.models import Person
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.screening.selectors import newest_screening
from openpbm.report.wording import URGENCY, VerdictWords, verdict_words

__all__ = ["no_light", "screening_context", "words_of"]

_HEAVIER_THAN_RELATIVE = ("red_flag", "refer_before", "absolute")
# Of a screening alone: the words of a plan would promise a schedule that nobody has computed yet.
_ALLOWED = VerdictWords(
    title="Light may be planned",
    meaning="Nothing in the answers stops it. Whether minutes within the safety limits reach the target is"
    " known once the plan is made. This does not say that light will help.",
    next_step="Read the cautions, then make the plan. No light before a plan is released.",
    sign="✓",
)


def screening_context(row: ScreeningRow) -> dict[str, Any]:
    """A screening in words: verdict, reasons and cautions with how soon in words."""
    reasons, cautions = ([_in_words(reason) for reason in row.result[key]] for key in ("reasons", "cautions"))
    return {
        "screening": row,
        "verdict": row.verdict,
        "words": words_of(row),
        "reasons": reasons,
        "cautions": cautions,
        "candidacy": row.result["candidacy"],
        "device": row.case["device"],
        "sites": row.case["sites"],
    }


def words_of(row: ScreeningRow) -> VerdictWords:
    """The verdict of a screening in words."""
    return _ALLOWED if row.verdict == "allowed" else verdict_words(row.verdict)


def no_light(person: Person, *, has_plan: bool) -> dict[str, Any] | None:
    """Why the newest screening gives no light; None where it does not say so.

    A sign that somebody must see first is about the person and is told whatever plan there is. Any other refusal is of
    that lamp and place, so it is told only where no plan is in force.
    """
    row = newest_screening(person)
    if row is None or not (row.verdict == "refer" or (row.verdict == "refused" and not has_plan)):
        return None
    words = screening_context(row)
    return words | {"reasons": [reason for reason in words["reasons"] if reason["level"] in _HEAVIER_THAN_RELATIVE]}


def _in_words(reason: dict[str, Any]) -> dict[str, Any]:
    return reason | {"urgency": URGENCY.get(reason["urgency"], reason["urgency"])} if "urgency" in reason else reason
