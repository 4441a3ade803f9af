"""Light was refused, and the answers it was refused for are others now.

What was said before is shown, a reason is asked, and the later answers count a day after they were given. For somebody
on their own: beside a clinic a clinician asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpbm.care import clock
from openpbm.care.audit.signed_reason import reason_problems
from openpbm.care.people.changed_answers import ChangedAnswer, changed_answers, value_at, with_value
from openpbm.care.people.models import Intake, Person
from openpbm.care.people.selectors import latest_intake
from openpbm.care.screening.models import ScreeningRow
from openpbm.case import case_of
from openpbm.errors import BadInput, Problem
from openpbm.files import JsonObject
from openpbm.reason import Reason
from openpbm.safety import screen

__all__ = ["ANSWERS_WAIT", "TakenBack", "ask_why", "reasons_of_taken_back", "taken_back"]

#: Answers that take a refusal back count so long after they were given.
ANSWERS_WAIT = dt.timedelta(hours=24)
_SECTIONS = ("person", "condition", "confirm")
_BLOCKS = ("refer", "refused", "needs_clinician")
#: So many earlier answers are looked at, the newest first.
_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """Answers that light was refused for, given otherwise since.

    before : the earlier answers · first : the first of the later ones, with the reason that was given
    """

    before: Intake
    first: Intake
    changed: tuple[ChangedAnswer, ...]

    @property
    def counts_from(self) -> dt.datetime:
        """When the later answers begin to count."""
        return self.first.created_at + ANSWERS_WAIT

    def in_words(self, person: Person) -> str:
        """What was said, what is said, and why."""
        was = "; ".join(f"{one.label}: {one.was}, now {one.says}" for one in self.changed)
        reason = f" The reason given: {self.first.reason}." if self.first.reason else " No reason was given."
        return f"On {_when(person, self.before.created_at)} these answers spoke against light: {was}.{reason}"


def taken_back(person: Person, case: JsonObject, intake: Intake) -> TakenBack | None:
    """Whether this case is allowed only since answers were taken back that a refusal rested on; the newest of them."""
    if not person.self_managed:
        return None
    for before in _refused_answers(person, intake):
        changed = changed_answers(before.document, intake.document)
        if changed and _blocks(case | _answers(before.document)):
            decisive = tuple(one for one in changed if _blocks(_reverted(case, one))) or changed
            return TakenBack(before=before, first=_first_with(person, intake, decisive), changed=decisive)
    return None


def reasons_of_taken_back(found: TakenBack, person: Person) -> Reason:
    """What the screening says of it: a reason while the answers wait, a caution afterwards."""
    waits = clock.now() < found.counts_from
    remedy = "Take what was asked to a clinician where you are not sure."
    if waits:
        at = _when(person, found.counts_from)
        remedy = f"The later answers count from {at}: screen again then, or ask a clinician."
    return Reason(
        rule="answers_taken_back", level="relative" if waits else "caution", message=found.in_words(person),
        remedy=remedy, source="openpbm_assumption", verified=False, kind="safety",
    )  # fmt: skip


def ask_why(sender: Any, *, person: Person, document: JsonObject, reason: str, **_: Any) -> None:
    """Before answers are kept: a refusal is taken back with a reason alone, whichever way the answers come."""
    newest = latest_intake(person)
    if not person.self_managed or newest is None or not reason_problems(reason, "reason", remedy=""):
        return
    changed = changed_answers(newest.document, document)
    if not changed:
        return
    for row in _refusals(person):
        # With the answers that stand it is refused, with the new ones it would not be.
        if _blocks(row.case | _answers(newest.document)) and not _blocks(row.case | _answers(document)):
            was = "; ".join(f"{one.label}: {one.was}" for one in changed)
            message = f"on {_when(person, newest.created_at)} light was refused, and you had answered: {was}"
            raise BadInput(Problem("reason", reason or None, message, "say in a few words what has changed since"))


def _refusals(person: Person) -> list[ScreeningRow]:
    rows = person.screenings.select_related("intake").order_by("-audit_number")
    return [row for row in rows[: 4 * _MOST] if row.verdict in _BLOCKS][:_MOST]


def _refused_answers(person: Person, intake: Intake) -> list[Intake]:
    earlier = {row.intake_id: row.intake for row in _refusals(person) if row.intake_id != intake.pk}
    return list(earlier.values())


def _answers(document: Mapping[str, Any]) -> JsonObject:
    return {section: document.get(section) or {} for section in _SECTIONS}


def _reverted(case: JsonObject, one: ChangedAnswer) -> JsonObject:
    return with_value(case, one.path, one.before)


def _blocks(case: JsonObject) -> bool:
    """Whether the core speaks against light in this case; one that cannot be is no refusal."""
    try:
        return screen(case_of(case, "screening", today=clock.now().date())).verdict in _BLOCKS
    except BadInput:
        return False


def _first_with(person: Person, newest: Intake, decisive: tuple[ChangedAnswer, ...]) -> Intake:
    """The first of the answers, back from the newest, that say of the decisive ones what the newest says."""
    first = newest
    for intake in person.intakes.filter(audit_number__lt=newest.audit_number).order_by("-audit_number"):
        if any(value_at(intake.document, one.path) != one.now for one in decisive):
            break
        first = intake
    return first


def _when(person: Person, moment: dt.datetime) -> str:
    return f"{moment.astimezone(person.zone):%-d %B %Y, %H:%M}"
