"""Screening: every rule, every reason, one verdict; and beside them the candidacy checklist, which is never a score."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Literal

from openpbm.case import Case
from openpbm.device import FieldUnknown, lights_body, treatment_distance_mm
from openpbm.facts.conditions import CandidacyItem
from openpbm.reason import GRAVEST_FIRST, Level, Reason
from openpbm.safety.lamp_check import Exposure, expose, lamp_reasons
from openpbm.safety.person_check import answer_reasons, iron_reasons, iron_tests, is_confirmed, medicine_reasons
from openpbm.safety.whole_body import body_heat_reasons

__all__ = [
    "ChecklistItem",
    "Screening",
    "Verdict",
    "candidacy",
    "screen",
    "verdict_of",
    "with_reasons",
]

Verdict = Literal["refer", "refused", "needs_clinician", "ask", "allowed"]
Status = Literal["yes", "no", "unknown"]

_VERDICT_OF_LEVEL: dict[Level, Verdict] = {
    "red_flag": "refer",
    "refer_before": "refer",
    "absolute": "refused",
    "relative": "needs_clinician",
    "ask": "ask",
    "stop": "refused",
    "caution": "allowed",
    "note": "allowed",
}
# Referral stands above refusal: whoever needs a doctor must hear that, whatever else forbids the lamp.
_WORST_FIRST: tuple[Verdict, ...] = ("refer", "refused", "needs_clinician", "ask", "allowed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One line of the candidacy checklist. The lines never add up to a score."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    text: str
    status: Status
    message: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """The verdict with all its reasons, not the worst alone.

    `exposure` is None when the lamp's field is not known, or where the case only refers.
    """

    case: Case
    verdict: Verdict
    reasons: tuple[Reason, ...]
    cautions: tuple[Reason, ...]
    candidacy: tuple[ChecklistItem, ...]
    exposure: Exposure | None

    def to_dict(self) -> dict[str, Any]:
        """The screening as JSON."""
        return {
            "verdict": self.verdict,
            "reasons": [reason.to_dict() for reason in self.reasons],
            "cautions": [reason.to_dict() for reason in self.cautions],
            "candidacy": [asdict(item) for item in self.candidacy],
        }


def screen(case: Case) -> Screening:
    """Screen a person, a condition, sites and a lamp. Unknown is not "no": what must be known and is not, is asked.

    >>> from pathlib import Path
    >>> from openpbm.case import read_case
    >>> screening = screen(read_case(Path("examples/restless_legs.toml")))
    >>> screening.verdict, [caution.rule for caution in screening.cautions]
    ('allowed', ['lamp_claimed'])
    """
    exposure = _exposure(case)
    found = [
        *answer_reasons(case),
        *medicine_reasons(case),
        *iron_reasons(case),
        *([] if exposure is None else lamp_reasons(case, exposure)),
        *_body_reasons(case, exposure),
    ]
    return with_reasons(
        Screening(
            case=case,
            verdict="allowed",
            reasons=(),
            cautions=(),
            candidacy=candidacy(case),
            exposure=None if isinstance(exposure, FieldUnknown) else exposure,
        ),
        found,
    )


def _body_reasons(case: Case, exposure: Exposure | FieldUnknown | None) -> list[Reason]:
    """Heat in the body, of a lamp that lights all of it."""
    if not lights_body(case.device) or not isinstance(exposure, Exposure):
        return []
    return body_heat_reasons(case, exposure, None)


def with_reasons(screening: Screening, found: list[Reason]) -> Screening:
    """The screening with more reasons: released ones become cautions, and the verdict is drawn again."""
    # Reasons that need light (reach, skin, eye) are found by planning and come back through this one verdict
    # (decision 0005).
    judged = [_released(reason, screening.case) for reason in found]
    reasons = (*screening.reasons, *(reason for reason in judged if reason.level != "caution"))
    reasons = tuple(sorted(reasons, key=lambda reason: GRAVEST_FIRST.index(reason.level)))
    cautions = (*screening.cautions, *(reason for reason in judged if reason.level == "caution"))
    return replace(screening, verdict=verdict_of(reasons), reasons=reasons, cautions=cautions)


def verdict_of(reasons: Iterable[Reason]) -> Verdict:
    """The worst verdict among the reasons; `allowed` when there is none."""
    return min((_VERDICT_OF_LEVEL[reason.level] for reason in reasons), key=_WORST_FIRST.index, default="allowed")


def _released(reason: Reason, case: Case) -> Reason:
    """A relative reason that a named clinician released goes on as a caution; nothing else can be released."""
    if reason.level != "relative" or reason.rule not in case.release.rules:
        return reason
    return replace(reason, level="caution", message=f"Released by {case.release.by}: {reason.message}")


def _exposure(case: Case) -> Exposure | FieldUnknown | None:
    """What the lamp puts on the skin; None where a case only refers: without a place, or at one for a specialist."""
    if not case.sites or case.at_specialist_site:
        return None
    try:
        return expose(case, treatment_distance_mm(case.device, case.placement.distance_mm))
    # An irradiance nobody knows is one reason among the others; raised, it would hide all of them.
    except FieldUnknown as unknown:
        return unknown


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
        return "yes" if all(test.state == "recent" for test in iron_tests(case)) else "unknown"
    if case.person.treatments and _told_by_treatments(item, case):
        return "yes"
    answer = case.person.findings.get(item.finding, "unknown") if item.finding else "unknown"
    if not isinstance(answer, bool):
        return "unknown"
    return "yes" if answer else "no"


def _told_by_treatments(item: CandidacyItem, case: Case) -> bool:
    """Whether what was tried before answers a line with yes: that it is written down, or that it was not enough."""
    tried = case.person.treatments or ()
    if item.id == "earlier_treatments_recorded":
        return any(row.effect != "unknown" for row in tried)
    return item.id == "reason_for_light" and any(row.fell_short for row in tried)
