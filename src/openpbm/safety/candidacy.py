"""The visible candidacy checklist: reasons and preconditions, each yes, no or unknown. Never a score."""

from __future__ import annotations

from openpbm.case import Case
from openpbm.facts.conditions import CandidacyItem
from openpbm.safety.answers import is_confirmed
from openpbm.safety.iron import recent_labs

__all__ = ["candidacy"]


def candidacy(case: Case) -> list[dict[str, str]]:
    """One line per item of the condition's checklist, in its order."""
    return [
        {
            "id": item.id,
            "text": item.text,
            "status": _status(item, case),
            "message": item.message,
            "source": item.source,
        }
        for item in case.condition.condition().candidacy
    ]


def _status(item: CandidacyItem, case: Case) -> str:
    if item.id == "diagnosis_confirmed":
        return "yes" if is_confirmed(case) else "unknown"
    if item.id == "iron_done":
        return "yes" if recent_labs(case) is not None else "unknown"
    answer = case.person.findings.get(item.finding, "unknown") if item.finding else "unknown"
    return {True: "yes", False: "no"}.get(answer, "unknown") if isinstance(answer, bool) else "unknown"
