"""The eight stages of care, and the person's own goals."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import field_problems
from openpbm.care.people.access import Relation, require
from openpbm.care.people.models import LONGEST_GOAL, Goal, Person, Stage, lock_person
from openpbm.errors import BadInput, Problem
from openpbm.facts.care_stages import care_stages
from openpbm.files import suggest, unsupported_values

__all__ = ["set_goal", "set_stage"]


@transaction.atomic
def set_stage(
    *, person: Person, stage: str, owner: User | None, due: dt.date | None, done: bool, note: str, by: User
) -> Stage:
    """Say whose a stage is, by when, whether it was done. The audit keeps what was and what is."""
    require(by, person, Relation.CLINICIAN)
    known = [one.id for one in care_stages]
    if stage not in known:
        raise BadInput(
            Problem(key=f"stage {stage!r}", message="not one of the eight", remedy=f"{suggest(stage, known)}")
        )
    if problems := unsupported_values(note, "note") + field_problems(Stage(note=note), "note"):
        raise BadInput(problems)
    lock_person(person.pk)
    row = person.stages.filter(stage=stage).first() or Stage(person=person, stage=stage)
    before = _as_detail(row)
    row.owner, row.due, row.note = owner, due, note
    # The day it was first said to be done: saving a note later must not move it.
    row.done_at = (row.done_at or clock.now()) if done else None
    row.save()
    detail = {"stage": stage, "before": before, "after": _as_detail(row)}
    ledger.record_event("stage_set", by=by, person_id=person.pk, clinic_id=person.clinic_id, row=row, detail=detail)
    return row


def _as_detail(row: Stage) -> dict[str, object]:
    return {
        "owner": row.owner_id,
        "due": None if row.due is None else row.due.isoformat(),
        "done": row.done_at is not None,
    }


@transaction.atomic
def set_goal(*, id: uuid.UUID | None = None, person: Person, number: int, text: str, by: User) -> tuple[Goal, bool]:
    """Keep one of up to three goals in the person's words, sealed. It supersedes the one of that number."""
    require(by, person)
    text = text.strip()
    goal = Goal(id=id or uuid.uuid4(), person=person, number=number)
    problems = unsupported_values(text, "goal") + field_problems(goal, "number")
    if not 1 <= len(text) <= LONGEST_GOAL:
        problems.append(
            Problem(key="goal", message=f"{len(text)} characters", remedy=f"write from 1 to {LONGEST_GOAL}")
        )
    if problems:
        raise BadInput(problems)
    lock_person(person.pk)
    # Sealed for this one row, whose id is known already: copied to another row the text does not open.
    goal.sealed_text = person.seal(text, f"goal {goal.pk}")
    goal.supersedes = person.goals.filter(number=number, newer__isnull=True).first()
    return ledger.append(goal, by=by, action="goal", person_id=person.pk, clinic_id=person.clinic_id)
