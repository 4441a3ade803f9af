"""What is done at a checkpoint: the engine proposes, a clinician decides."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import get_args

from django.db import transaction

from openpbm import __version__
from openpbm.care.checkpoints.course import course_digest, course_of, plan_of
from openpbm.care.checkpoints.models import Checkpoint, CheckpointDecision
from openpbm.care.jobs.actions import enqueue
from openpbm.care.jobs.models import Job
from openpbm.care.people.models import Person
from openpbm.care.plans.actions import hold
from openpbm.care.plans.models import PlanRow
from openpbm.care.trust.ledger import insert
from openpbm.care.trust.models import User
from openpbm.errors import BadInput
from openpbm.facts.checkpoint_rules import Decision

__all__ = ["decide", "decisions", "order_proposal", "propose", "weeks_due"]


def decisions() -> tuple[str, ...]:
    """What can be decided, in the core's words."""
    return tuple(get_args(Decision))


def weeks_due(plan: PlanRow, today: dt.date) -> list[int]:
    """Weeks of the plan's checkpoints that have come."""
    return [week for week, day in plan.to_core().checkpoints if day <= today]


def order_proposal(*, person: Person, week: int, by: User | None) -> Job:
    """Let the worker judge the course at that week."""
    plan = plan_of(person)
    if week not in (known := [week for week, _ in plan.to_core().checkpoints]):
        raise BadInput(f"week {week}: the plan has no checkpoint then; it has weeks {', '.join(map(str, known))}")
    return enqueue(kind="checkpoint", payload={"week": week}, by=by, person_id=person.pk)


def propose(*, person: Person, week: int, by: User | None) -> Checkpoint:
    """Judge the course and keep the judgement; where nothing was written down since, the judgement that is there."""
    from openpbm.outcomes.checkpoint import checkpoint  # loads the statistics: seconds, and only in the worker

    plan = plan_of(person)
    digest = course_digest(person, plan)
    there = Checkpoint.objects.filter(plan=plan, week=week, course_digest=digest, package_version=__version__).first()
    if there is not None:
        return there
    content = checkpoint(course_of(person, plan), week)
    row = Checkpoint(
        person=person, plan=plan, week=week, content=content, course_digest=digest, package_version=__version__
    )
    row, _ = insert(
        row, by=by, action="checkpoint", person_id=person.pk, clinic_id=person.clinic_id, detail={"week": week}
    )
    return row


@transaction.atomic
def decide(
    *, id: uuid.UUID | None = None, checkpoint: Checkpoint, decision: str, reason: str, by: User
) -> tuple[CheckpointDecision, bool]:
    """Sign what follows from a judgement. Whatever is not going on keeps further sessions from starting."""
    if decision not in decisions():
        raise BadInput(f"decision = {decision!r}: not one of {', '.join(decisions())}")
    proposed = checkpoint.content["decision"]
    if decision != proposed and not reason.strip():
        raise BadInput(f"the engine proposes {proposed!r}; write down why you decide {decision!r}")
    person = checkpoint.person
    row = CheckpointDecision(
        id=id or uuid.uuid4(), checkpoint=checkpoint, decision=decision, reason=reason, signed_name=by.shown_name()
    )
    row, new = insert(
        row,
        by=by,
        action="checkpoint_decided",
        person_id=person.pk,
        clinic_id=person.clinic_id,
        detail={"decision": decision, "proposed": proposed},
    )
    if new and decision in ("stop", "refer"):
        message = f"At the checkpoint of week {checkpoint.week} it was decided to {decision}. {reason}".strip()
        hold(person=person, cause="checkpoint", message=message, by=by, about=row)
    return row, new
