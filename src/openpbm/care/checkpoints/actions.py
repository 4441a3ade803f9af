"""At a checkpoint: the engine proposes, a clinician decides, and a case is reported."""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import get_args

from django.core.exceptions import PermissionDenied
from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.models import Role, User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import field_problems
from openpbm.care.audit.models import canonical
from openpbm.care.audit.signed_reason import reason_problems
from openpbm.care.checkpoints.course import build_course, course_digest, mark_on_page, plan_of
from openpbm.care.checkpoints.models import AuthorsPart, CalendarFeed, CaseReport, Checkpoint, CheckpointDecision
from openpbm.care.checkpoints.notifications import complete_checkpoint_reminders
from openpbm.care.jobs.actions import enqueue
from openpbm.care.jobs.models import Job
from openpbm.care.people.access import Relation, require, require_unless_system
from openpbm.care.people.models import Consent, Person, lock_person
from openpbm.care.plans.actions import hold
from openpbm.care.plans.models import PlanRow
from openpbm.errors import BadInput, Problem
from openpbm.facts.checkpoint_rules import Decision
from openpbm.version import __version__

__all__ = [
    "CASE_REPORT", "JUDGE", "build_case_report", "close_feed", "decisions", "end_calendar_with_help", "judge_payload",
    "lacks_reason", "open_feed", "order_case_report", "order_judgement", "order_proposal", "parse_dates", "propose",
    "sign_decision", "weeks_due",
]  # fmt: skip

#: Kinds of job.
JUDGE, CASE_REPORT = "checkpoint", "case_report"
_ENDS_LIGHT = ("stop", "refer")


def decisions() -> tuple[str, ...]:
    """What can be decided, in the core's words."""
    return tuple(get_args(Decision))


def weeks_due(plan: PlanRow, today: dt.date) -> list[int]:
    """Weeks of the plan's checkpoints that have come."""
    return [week for week, day in plan.followed.checkpoint_days.items() if day <= today]


def judge_payload(plan: PlanRow, week: int) -> dict[str, object]:
    """What the worker needs to know of a judgement to make."""
    return {"plan": str(plan.pk), "week": week}


def order_judgement(plan: PlanRow, week: int, by: User | None) -> Job:
    """Have the course judged at one of its weeks; each week is a piece of work by itself."""
    payload, about = judge_payload(plan, week), f"{plan.pk} {week}"
    return enqueue(kind=JUDGE, payload=payload, by=by, person_id=plan.person_id, about=about)


def order_proposal(*, person: Person, week: int, by: User) -> Job:
    """Let the worker judge the course at that week; BadInput for a week without a checkpoint or still to come."""
    require(by, person, Relation.PATIENT, Relation.CLINICIAN)
    plan = plan_of(person)
    days = plan.followed.checkpoint_days
    if week not in days:
        weeks = ", ".join(map(str, days))
        raise BadInput(Problem(key="week", value=week, message=f"the plan has checkpoints in weeks {weeks} alone"))
    if days[week] > person.today():
        message = f"its day, {days[week]}, has not come yet"
        raise BadInput(Problem(key="week", value=week, message=message, remedy="come back on that day"))
    return order_judgement(plan, week, by)


def propose(*, person: Person, week: int, by: User | None) -> Checkpoint:
    """Judge the course and keep the judgement; where nothing was written down since, the earlier judgement.

    Without a clinic nobody else would act on it: light is then held when the engine says stop.
    """
    require_unless_system(by, person)
    # Loads the statistics: seconds, and only in the worker.
    from openpbm.outcomes.decision import checkpoint

    plan = plan_of(person)
    digest = course_digest(person, plan)
    known = Checkpoint.objects.filter(plan=plan, week=week, course_digest=digest, package_version=__version__).first()
    if known is not None:
        return known
    judgement = checkpoint(build_course(person, plan), week, mark_text=mark_on_page)
    with transaction.atomic():
        row, _ = ledger.append(
            Checkpoint(
                person=person,
                plan=plan,
                week=week,
                judgement=judgement,
                course_digest=digest,
                package_version=__version__,
            ),
            by=by,
            action="checkpoint",
            person_id=person.pk,
            clinic_id=person.clinic_id,
            detail={"week": week},
        )
        if person.self_managed and judgement["decision"] in _ENDS_LIGHT:
            message = f"The checkpoint of week {week} says: {judgement['reasons'][0]['text']} Show it to a doctor."
            hold(person=person, cause="checkpoint", message=message, by=by, about=row)
    return row


@transaction.atomic
def sign_decision(
    *, id: uuid.UUID | None = None, checkpoint: Checkpoint, decision: str, reason: str, by: User
) -> tuple[CheckpointDecision, bool]:
    """Sign what follows from a judgement. To stop or to refer keeps further sessions from starting.

    Raises PermissionDenied for anybody but a clinician of the person's clinic, BadInput for no such decision and for
    another one than proposed without a reason.
    """
    person = checkpoint.person
    if by.role_in(person.clinic_id) != Role.CLINICIAN:
        raise PermissionDenied("A decision at a checkpoint is signed by a clinician of the person's clinic.")
    row = CheckpointDecision(
        id=id or uuid.uuid4(),
        checkpoint=checkpoint,
        decision=decision,
        reason=reason.strip(),
        signed_name=by.shown_name(),
    )
    _check_decision(row)
    row, new = ledger.append(
        row,
        by=by,
        action="checkpoint_decided",
        person_id=person.pk,
        clinic_id=person.clinic_id,
        detail={"decision": decision, "proposed": checkpoint.judgement["decision"]},
    )
    if new:
        complete_checkpoint_reminders(checkpoint.plan_id, checkpoint.week, by)
        if decision in _ENDS_LIGHT:
            message = f"At the checkpoint of week {checkpoint.week} it was decided to {decision}. {row.reason}".strip()
            hold(person=person, cause="checkpoint", message=message, by=by, about=row)
    return row, new


def _check_decision(row: CheckpointDecision) -> None:
    proposed = row.checkpoint.judgement["decision"]
    problems = field_problems(row, "decision", "reason")
    if not problems and lacks_reason(row.decision, proposed, row.reason):
        message, remedy = f"the engine proposes {proposed!r}", f"write down why you decide {row.decision!r}"
        problems.append(Problem(key="reason", message=message, remedy=remedy))
    if problems:
        raise BadInput(problems)


def lacks_reason(decision: str, proposed: str, reason: str) -> bool:
    """Whether a decision other than the proposed one is left without a reason.

    To end light a word is enough: nobody is kept from stopping. To go on against a proposal, what was seen is said.
    """
    if decision == proposed:
        return False
    return not reason if decision in _ENDS_LIGHT else bool(reason_problems(reason, "reason", remedy=""))


@transaction.atomic
def order_case_report(
    *, id: uuid.UUID | None = None, person: Person, document: Mapping[str, object], by: User
) -> tuple[AuthorsPart, Job]:
    """Keep the authors' part and let the worker build the report.

    document : the keys of case_report.toml (docs/case-report.md), days as text
    Raises BadInput for what no report may say, and where no plan is released.
    """
    require(by, person, Relation.PATIENT, Relation.CLINICIAN)
    from openpbm.outcomes.decision import read_authors_part

    plan_of(person)
    read_authors_part(parse_dates(document), light_is_cause=light_is_cause(person), latest_consent=person.today())
    row = AuthorsPart(id=id or uuid.uuid4(), person=person)
    row.sealed_document = person.seal(canonical(dict(document)), row.place())
    part, _ = ledger.append(row, by=by, action="case_report_written", person_id=person.pk, clinic_id=person.clinic_id)
    return part, enqueue(kind=CASE_REPORT, payload={"authors_part": str(part.pk)}, by=by, person_id=person.pk)


def parse_dates(document: Mapping[str, object]) -> dict[str, object]:
    """The authors' part with the day of consent as a day; one that cannot be read stays text, and is then a problem."""
    content = dict(document)
    with contextlib.suppress(KeyError, TypeError, ValueError):
        content["consent_date"] = dt.date.fromisoformat(str(content["consent_date"]))
    return content


def light_is_cause(person: Person) -> bool:
    """Whether the newest judgement lays an improvement to light: a report may claim no more."""
    newest = person.checkpoints.order_by("-week", "-audit_number").first()
    if newest is None:
        return False
    judgement = newest.judgement
    return (judgement["symptom_verdict"], judgement["attribution"]["cause"]) == ("improved", "light")


def build_case_report(*, part: AuthorsPart, by: User | None) -> CaseReport:
    """Build the report from everything written down and the authors' part; the worker's work."""
    require_unless_system(by, part.person)
    # Loads the statistics: seconds, and only in the worker.
    from openpbm.report.case_report import draft_case_report

    person = part.person
    plan = plan_of(person)
    digest = course_digest(person, plan)
    known = part.case_reports.filter(plan=plan, course_digest=digest, package_version=__version__).first()
    if known is not None:
        return known
    content = draft_case_report(build_course(person, plan, authors=parse_dates(part.document())), today=person.today())
    row = CaseReport(person=person, plan=plan, authors_part=part, complete=content["complete"], course_digest=digest)
    row.package_version = __version__
    row.sealed_content = person.seal(canonical(content), row.place())
    report, _ = ledger.append(row, by=by, action="case_report", person_id=person.pk, clinic_id=person.clinic_id)
    return report


@transaction.atomic
def open_feed(*, person: Person, by: User) -> CalendarFeed:
    """A new secret address for the person's calendar; the one before answers no longer. Theirs alone to make."""
    require(by, person, Relation.PATIENT)
    # The database allows one open address a person; the lock makes a second click wait, not fail.
    lock_person(person.pk)
    _end_feeds(person)
    feed = CalendarFeed.objects.create(person=person)
    ledger.record_event("calendar_opened", by=by, person_id=person.pk, clinic_id=person.clinic_id, row=feed)
    return feed


@transaction.atomic
def close_feed(*, person: Person, by: User) -> int:
    """End the calendar's address at once; returns how many there were."""
    require(by, person)
    ended = _end_feeds(person)
    if ended:
        ledger.record_event("calendar_closed", by=by, person_id=person.pk, clinic_id=person.clinic_id)
    return ended


def _end_feeds(person: Person) -> int:
    open_ones = list(person.calendar_feeds.select_for_update().filter(revoked_at=None))
    for feed in open_ones:
        feed.revoked_at = clock.now()
        feed.save(update_fields=["revoked_at"])
    return len(open_ones)


def end_calendar_with_help(sender: object, *, person: Person, consent: Consent, by: User, **_: object) -> None:
    """End the calendar's address when a helper's consent is withdrawn: the address cannot tell who asks."""
    if consent.purpose == Consent.Purpose.HELPER:
        close_feed(person=person, by=by)
