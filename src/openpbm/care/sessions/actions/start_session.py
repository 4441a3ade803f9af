"""Begin a session: everything that must hold is checked under the lock, in the transaction that writes the start."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.audit.signed_reason import reason_problems
from openpbm.care.devices.models import Lamp
from openpbm.care.people.access import Relation, relation, require
from openpbm.care.people.models import Person, lock_person
from openpbm.care.sessions.as_planned import minutes_left
from openpbm.care.sessions.check_start import StartCheck, blocking, check_start
from openpbm.care.sessions.models import SessionRecord, SessionStart
from openpbm.care.sessions.positions import positions_of
from openpbm.care.sessions.selectors import places_to_light, session_state, unfinished_places
from openpbm.care.sessions.start_context import StartContext, load_start_context
from openpbm.delivery.place import Place
from openpbm.errors import BadInput, Problem

__all__ = ["StartRefused", "start_session"]

_START_SKEW = dt.timedelta(minutes=15)
_WHY = "say why the session may begin against what was found"


class StartRefused(BadInput):
    """A session that may not begin; `checks` holds everything that was looked at."""

    def __init__(self, checks: list[StartCheck]) -> None:
        self.checks = checks
        super().__init__(Problem(key=check.rule, message=check.message) for check in blocking(checks))


@transaction.atomic
def start_session(
    *,
    id: uuid.UUID | None = None,
    person: Person,
    lamp: Lamp | None = None,
    places: Sequence[Place] | None = None,
    started_at: dt.datetime,
    by: User,
    override_reason: str = "",
    resumes: SessionStart | None = None,
) -> tuple[SessionStart, bool]:
    """Begin a session, if everything allows it at this moment; StartRefused with the reasons otherwise.

    lamp, places : None where the caller leaves them to the plan, as its page does
    override_reason : a clinician's, who signed with the password before; it helps where every stop can be overridden
    resumes : the session broken off earlier today that this one goes on with
    """
    require(by, person)
    # Of two devices the second one sees what the first began.
    lock_person(person.pk)
    before = None if id is None else SessionStart.objects.filter(pk=id).first()
    if before is not None and places is None and before.person_id == person.pk:
        # The button was pressed twice.
        return before, False
    row = SessionStart(person=person, started_at=started_at, resumes=resumes, override_reason=override_reason.strip())
    row.id = id or row.id
    # Sent again, it was checked when it came first; under another's id it is a conflict.
    if before is not None:
        row.plan_id, row.minutes = before.plan_id, before.minutes
        row.lamp, row.sites = lamp or before.lamp, [list(place) for place in places or ()]
        return ledger.append(row, by=by, action="session_start", person_id=person.pk)

    now = clock.now()
    _check_clock(started_at, now)
    state = session_state(person=person, now=now)
    places = places_to_light(state, resumes) if places is None else places
    _check_resumed(person, resumes, places, state.records, now)
    if lamp is None and state.plan is not None:
        lamp = state.plan.lamp
    context = load_start_context(person=person, lamp=lamp, places=places, now=now, resumes=resumes, state=state)
    checks = check_start(context)
    _refuse_unless_allowed(checks, person=person, by=by, reason=row.override_reason)

    assert state.plan is not None
    assert lamp is not None
    row.plan, row.lamp, row.sites = state.plan, lamp, [list(place) for place in places]
    _take_from_plan(row, context)
    row.checks = [check.to_dict() for check in checks]
    overridden = [check.rule for check in blocking(checks)]
    if overridden:
        row.signed_name = by.shown_name()
    return ledger.append(
        row,
        by=by,
        action="session_start",
        person_id=person.pk,
        clinic_id=person.clinic_id,
        detail={"overridden": overridden},
    )


def _check_clock(started_at: dt.datetime, now: dt.datetime) -> None:
    written = started_at.isoformat()
    if started_at.tzinfo is None:
        raise BadInput(Problem("started_at", written, "needs a time zone", "write it as in 2027-01-04T20:00:00+01:00"))
    # A start dated ahead would be written down under a day to come, and leave today open for a second session.
    if abs(started_at - now) > _START_SKEW:
        raise BadInput(
            Problem(
                "started_at",
                written,
                f"a session begins now ({now.isoformat(timespec='minutes')})",
                "one that has been is written down as a record",
            )
        )


def _check_resumed(
    person: Person,
    resumes: SessionStart | None,
    places: Sequence[Place],
    records: Sequence[SessionRecord],
    now: dt.datetime,
) -> None:
    if resumes is None:
        return
    today = now.astimezone(person.zone).date()
    if resumes.person_id != person.pk or resumes.started_at.astimezone(person.zone).date() != today:
        raise BadInput(
            Problem(
                key="resumes",
                message="only a session of the same day can be gone on with",
                remedy="a missed rest is left out, never added later",
            )
        )
    unfinished = unfinished_places(records, resumes)
    other = [place for place in places if tuple(place) not in unfinished]
    if other:
        raise BadInput(
            Problem(
                key="resumes", message=f"{other} was not written down as broken off today", remedy="write that first"
            )
        )


def _refuse_unless_allowed(checks: list[StartCheck], *, person: Person, by: User, reason: str) -> None:
    stops = blocking(checks)
    if not stops:
        return
    if not reason or not all(check.overridable for check in stops):
        raise StartRefused(checks)
    if relation(by, person) != Relation.CLINICIAN:
        raise PermissionDenied("Only a clinician of the person's clinic can let a session begin against a finding.")
    if problems := reason_problems(reason, "override_reason", remedy=_WHY):
        raise BadInput(problems)


def _take_from_plan(row: SessionStart, context: StartContext) -> None:
    """Minutes, distance and positions as the plan has them, or what a session broken off today has left."""
    plan = context.plan
    assert plan is not None
    left = {place: minutes_left(context, place) or plan.session_minutes for place in context.places}
    positions = positions_of(plan, context.places, left)
    row.positions = [position.to_dict() for position in positions]
    row.minutes = max(position.minutes for position in positions)
    row.distance_mm = plan.placement.distance_mm
