"""The visible candidacy checklist: reasons and preconditions, each yes, no or unknown. Never a score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from openpbm.case import Case
from openpbm.facts.conditions import CandidacyItem
from openpbm.safety.answers import is_confirmed
from openpbm.safety.iron import recent_labs

__all__ = ["ChecklistItem", "candidacy"]


Status = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One line of the candidacy checklist. The lines never add up to a score."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    text: str
    status: Status
    message: str
    source: str


def candidacy(case: Case) -> tuple[ChecklistItem, ...]:
    """One line per item of the condition's checklist, in its order."""
    return tuple(
        ChecklistItem(id=item.id, text=item.text, status=_status(item, case), message=item.message, source=item.source)
        for item in case.condition.condition().candidacy
    )


def _status(item: CandidacyItem, case: Case) -> Status:
    if item.id == "diagnosis_confirmed":
        return "yes" if is_confirmed(case) else "unknown"
    if item.id == "iron_done":
        # Values without a date, or old ones, are no test that was done: it is asked for again.
        return "yes" if recent_labs(case) is not None else "unknown"
    answer = case.person.findings.get(item.finding, "unknown") if item.finding else "unknown"
    if not isinstance(answer, bool):
        return "unknown"
    return "yes" if answer else "no"
