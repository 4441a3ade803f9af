"""Reporting an effect and reviewing it: the record, the hold it puts on the sessions, who is notified."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction

from openpbm.care.accounts.models import Role, User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import field_problems, longest
from openpbm.care.audit.signed_reason import reason_problems
from openpbm.care.events.advice import advise, listed_kind
from openpbm.care.events.holding import (
    complete_event_reminders,
    hold_message,
    holds_of,
    notify_of_event,
    reports_of,
)
from openpbm.care.events.models import AdverseEvent, EventReview
from openpbm.care.events.plain_kinds import shown_kind
from openpbm.care.people.access import require
from openpbm.care.people.models import LONGEST_NOTES, Person, lock_person
from openpbm.care.plans import actions as plan_actions
from openpbm.care.plans.models import HoldLift
from openpbm.errors import BadInput, Problem

__all__ = ["report_event", "review_event"]

#: A report of an earlier day is a slip in the year.
_OLDEST = dt.timedelta(days=366)
#: With these outcomes the light stays on hold: what it did is not over.
_NOT_OVER = {EventReview.Outcome.NOT_RECOVERED, EventReview.Outcome.FATAL}


@transaction.atomic
def report_event(
    *,
    id: uuid.UUID | None = None,
    person: Person,
    date: dt.date,
    kind: str,
    detail: str = "",
    grade: int | None = None,
    by: User,
    supersedes: AdverseEvent | None = None,
) -> tuple[AdverseEvent, bool]:
    """Write down an effect with the advice given at once.

    A warning sign, a reason to stop everywhere or grade 2 and more holds the sessions in the same transaction, and
    notifies the clinic; a correction never takes a hold away.
    """
    require(by, person)
    _check(person, date, detail)
    known = listed_kind(kind)
    row = AdverseEvent(id=id or uuid.uuid4(), person=person, date=date, kind=known.id, grade=grade)
    advice = advise(known.id, detail, grade, date)
    row.advice = advice.to_dict()
    row.sealed_detail = person.seal(detail.strip(), row.place())
    if supersedes is not None:
        # Of two corrections of one report sent at once the second sees the first.
        lock_person(person.pk)
        corrected = AdverseEvent.objects.filter(supersedes=supersedes).exclude(pk=row.pk).first()
        if corrected is not None:
            return _corrected_alike(corrected, row, detail.strip()), False
    row.supersedes = supersedes
    event, new = ledger.append(
        row, by=by, action="adverse_event", person_id=person.pk, clinic_id=person.clinic_id, detail={"kind": known.id}
    )
    if new and advice.holds:
        message = hold_message(advice.cause, shown_kind(advice.kind), date)
        plan_actions.hold(person=person, cause=advice.cause, message=message, by=by, about=event)
        notify_of_event(event)
    return event, new


def _corrected_alike(earlier: AdverseEvent, row: AdverseEvent, detail: str) -> AdverseEvent:
    """The earlier correction, where it says the same: the form was sent twice."""
    alike = (earlier.date, earlier.kind, earlier.grade) == (row.date, row.kind, row.grade)
    if not alike or earlier.detail() != detail:
        message = "this effect was corrected already"
        raise BadInput(Problem(key="supersedes", message=message, remedy="correct the newest one"))
    return earlier


@transaction.atomic
def review_event(
    *,
    id: uuid.UUID | None = None,
    event: AdverseEvent,
    causality: str,
    attributed_to: str,
    serious: bool,
    outcome: str,
    action: str,
    by: User,
    lift_hold: bool,
) -> tuple[EventReview, bool]:
    """A clinician's signed review; the hold of the event is lifted with it, or stays.

    Raises PermissionDenied for anybody but a clinician of the person's clinic.
    """
    person = event.person
    if by.role_in(person.clinic_id) != Role.CLINICIAN:
        raise PermissionDenied("An effect is reviewed by a clinician of the person's clinic.")
    row = EventReview(
        id=id or uuid.uuid4(),
        event=event,
        causality=causality,
        attributed_to=attributed_to,
        serious=serious,
        outcome=outcome,
        action=action.strip(),
        signed_name=by.shown_name(),
    )
    _check_review(row, lift_hold)
    # Before the audit chain, as everybody who writes takes them.
    lock_person(person.pk)
    _check_newest(row)
    review, new = ledger.append(
        row, by=by, action="event_review", person_id=person.pk, clinic_id=person.clinic_id, detail={"lifts": lift_hold}
    )
    if new:
        for report in reports_of(event):
            complete_event_reminders(report, by)
        # Cut to what the column holds; the whole text stands in the review.
        reason = f"Reviewed: {review.action}"[: longest(HoldLift, "reason")]
        for hold in holds_of(event) if lift_hold else ():
            plan_actions.lift_hold(hold=hold, reason=reason, by=by)
    return review, new


def _check_newest(row: EventReview) -> None:
    """A review is of what was reported last: whoever signs has read that."""
    sent_again = EventReview.objects.filter(pk=row.pk).exists()
    if not sent_again and AdverseEvent.objects.filter(supersedes=row.event).exists():
        message = "this report was corrected since"
        raise BadInput(Problem(key="event", message=message, remedy="read the newer one, then review that"))


def _check(person: Person, date: dt.date, detail: str) -> None:
    today = person.today()
    if date > today:
        message = f"has not come yet (today is {today})"
        raise BadInput(Problem(key="date", value=f"{date}", message=message, remedy="give the day it happened"))
    if date < today - _OLDEST:
        message = f"lies more than {_OLDEST.days} days ago"
        raise BadInput(Problem(key="date", value=f"{date}", message=message, remedy="check the year"))
    if len(detail) > LONGEST_NOTES:
        remedy = f"shorten it to {LONGEST_NOTES}"
        raise BadInput(Problem(key="detail", message=f"{len(detail)} letters", remedy=remedy))


def _check_review(row: EventReview, lift_hold: bool) -> None:
    problems = field_problems(row, "causality", "attributed_to", "outcome", "action")
    if lift_hold and row.action:
        problems += reason_problems(row.action, "action", remedy="say what was seen and done before sessions go on")
    if lift_hold and row.outcome in _NOT_OVER:
        message = f"the outcome is {row.outcome}, so the sessions stay on hold"
        problems.append(Problem(key="lift_hold", message=message, remedy="review again once it is over"))
    if problems:
        raise BadInput(problems)
