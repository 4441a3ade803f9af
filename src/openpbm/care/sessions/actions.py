"""What is done about sessions: begin one, write one down, write down how the skin was. One transaction each."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from typing import Any, get_args

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.devices.models import Lamp
from openpbm.care.people.access import Relation, relation
from openpbm.care.people.lock_person import lock_person
from openpbm.care.people.models import Person
from openpbm.care.plans.actions import hold
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.selectors import released_plan
from openpbm.care.sessions.as_planned import minutes_left
from openpbm.care.sessions.check import Check, blocking
from openpbm.care.sessions.findings import delivered_against_planned
from openpbm.care.sessions.gather import situation_of
from openpbm.care.sessions.models import (
    MOST_DISTANCE_MM,
    MOST_MINUTES,
    SIDES,
    OpenStart,
    SessionRecord,
    SessionStart,
    SkinCheck,
)
from openpbm.care.sessions.positions import positions_of
from openpbm.care.sessions.reminders import complete_session_reminder, complete_skin_reminder
from openpbm.care.sessions.selectors import lines_of, newest_records, open_start
from openpbm.care.sessions.skin import skin_advice
from openpbm.care.sessions.verify import decide
from openpbm.care.sessions.while_held import light_while_held
from openpbm.course.records import SkinReaction, Status
from openpbm.errors import BadInput, Problem

__all__ = ["LONGEST_BEFORE_PLAN", "StartRefused", "record_session", "record_skin_check", "start_session"]

#: A session dated earlier than this before its plan is a slip of the year.
LONGEST_BEFORE_PLAN = dt.timedelta(weeks=52)
_CLOCK_SKEW = dt.timedelta(days=1)
_START_SKEW = dt.timedelta(minutes=15)
_LEAST_REASON = 10


class StartRefused(BadInput):
    """A session that may not begin; `checks` holds everything that was looked at."""

    def __init__(self, checks: list[Check]) -> None:
        self.checks = checks
        super().__init__(Problem(key=check.rule, message=check.message) for check in blocking(checks))


@transaction.atomic
def start_session(
    *,
    id: uuid.UUID | None = None,
    person: Person,
    lamp: Lamp,
    places: list[tuple[str, str]],
    started_at: dt.datetime,
    by: User,
    override_reason: str = "",
    resumes: SessionStart | None = None,
) -> tuple[SessionStart, bool]:
    """Begin a session, if everything allows it at this moment; StartRefused with the reasons otherwise.

    override_reason : a clinician's, who signed with the password before; it helps where every stop is overridable
    resumes : the session broken off earlier today that this one goes on with
    """
    _lock(person)
    row = SessionStart(
        **_id(id),
        person=person,
        lamp=lamp,
        sites=[list(place) for place in places],
        started_at=started_at,
        resumes=resumes,
        override_reason=override_reason.strip(),
    )
    there = SessionStart.objects.filter(pk=row.pk).first()
    if there is not None:  # sent again: it was verified when it came first
        row.plan_id, row.minutes = there.plan_id, there.minutes
        return ledger.append(row, by=by, action="session_start", person_id=person.pk)
    now = timezone.now()
    _check_clock(started_at, now)
    _check_resumed(person, resumes, places, now)
    situation = situation_of(person=person, lamp=lamp, places=places, now=now, resumes=resumes)
    checks = decide(situation)
    _let_begin(checks, person=person, by=by, reason=row.override_reason)
    plan, released = situation.plan, released_plan(person)
    assert plan is not None
    assert released is not None
    left = {place: minutes_left(situation, place) or plan.session_minutes for place in situation.places}
    positions = positions_of(plan, situation.places, left)
    row.plan = released
    row.positions = [position.to_dict() for position in positions]
    row.minutes = max(position.minutes for position in positions)
    row.distance_mm = plan.placement.distance_mm
    row.checks = [check.to_dict() for check in checks]
    if row.override_reason and blocking(checks):
        row.signed_name = by.shown_name()
    written, created = ledger.append(
        row,
        by=by,
        action="session_start",
        person_id=person.pk,
        clinic_id=person.clinic_id,
        detail={"overridden": [check.rule for check in blocking(checks)]},
    )
    _open(written, in_place_of_another=situation.open_since is not None)
    return written, created


@transaction.atomic
def record_session(
    *,
    id: uuid.UUID | None = None,
    person: Person,
    plan: PlanRow,
    lamp: Lamp,
    date: dt.date,
    time: dt.time | None,
    site: str,
    side: str,
    minutes: float | None,
    distance_mm: float | None,
    status: str,
    reason: str = "",
    pauses: list[list[float]] | None = None,
    skin_reaction: str = "",
    by: User,
    start: SessionStart | None = None,
    supersedes: SessionRecord | None = None,
) -> tuple[SessionRecord, bool]:
    """Write down what was given at one place, or that nothing was. What is true is never refused, only marked.

    A stop found by it, or sore or blistered skin, holds the course in the same transaction.
    """
    _lock(person)
    row = SessionRecord(
        **_id(id),
        person=person,
        plan=plan,
        lamp=lamp,
        date=date,
        time=None if time is None else time.replace(microsecond=0, tzinfo=None),
        site=site,
        side=side,
        minutes=minutes,
        distance_mm=distance_mm,
        status=status,
        reason=reason.strip(),
        pauses=pauses or [],
        skin_reaction=skin_reaction,
        start=start,
        supersedes=supersedes,
    )
    if SessionRecord.objects.filter(pk=row.pk).exists():
        return ledger.append(row, by=by, action="session_record", person_id=person.pk)
    today = timezone.now().astimezone(person.zone).date()
    faults = [*_faults_of_values(row, today), *_faults_of_links(row)]
    if faults:
        raise BadInput(faults)
    row.back_dated = date < today and (start is None or start.started_at.astimezone(person.zone).date() != date)
    others = [one for one in newest_records(person) if supersedes is None or one.pk != supersedes.pk]
    line = row.to_core(len(others) + 2)
    row.findings = delivered_against_planned(plan.to_core(), lines_of(others), line, today)
    if lamp.pk != plan.lamp_id:
        row.findings = [_other_lamp(lamp), *row.findings]
    row.findings = [*light_while_held(row, timezone.now()), *row.findings]
    written, created = ledger.append(
        row, by=by, action="session_record", person_id=person.pk, clinic_id=person.clinic_id
    )
    if created:
        if start is not None:
            _close(start)
        _hold_where_it_stops(written, by=by)
        complete_session_reminder(person=person, day=date, by=by)
    return written, created


@transaction.atomic
def record_skin_check(
    *,
    id: uuid.UUID | None = None,
    record: SessionRecord,
    moment: str,
    reaction: str,
    note: str = "",
    by: User,
) -> tuple[SkinCheck, bool]:
    """Write down how the lit skin looked; sore or blistered skin holds the course."""
    person = record.person
    _lock(person)
    row = SkinCheck(**_id(id), record=record, moment=moment, reaction=reaction)
    faults = []
    if moment not in ("after", "24h"):
        faults.append(Problem(key="moment", value=moment, message="must be after or 24h"))
    if reaction not in get_args(SkinReaction):
        faults.append(
            Problem(key="reaction", value=reaction, message=f"must be one of {', '.join(get_args(SkinReaction))}")
        )
    if faults:
        raise BadInput(faults)
    row.sealed_note = person.seal(note.strip(), f"skin {row.pk}")
    written, created = ledger.append(row, by=by, action="skin_check", person_id=person.pk, clinic_id=person.clinic_id)
    if created:
        _hold_for_skin(record, reaction, by=by)
        if moment == "24h":
            complete_skin_reminder(person=person, day=record.date, by=by)
    return written, created


def _id(id: uuid.UUID | None) -> dict[str, uuid.UUID]:
    return {} if id is None else {"id": id}


def _lock(person: Person) -> None:
    """Two devices then come one after the other, and the second sees what the first began."""
    lock_person(person.pk)


def _open(start: SessionStart, *, in_place_of_another: bool) -> None:
    """Take the person's one place for an open session; the database refuses a second one."""
    if in_place_of_another:
        OpenStart.objects.filter(person_id=start.person_id).delete()
    OpenStart.objects.create(person_id=start.person_id, start=start)


def _close(start: SessionStart) -> None:
    """Something is written of it; one that was begun before and is still open is the open one again."""
    if OpenStart.objects.filter(start=start).delete()[0]:
        before = open_start(start.person)
        if before is not None:
            OpenStart.objects.create(person_id=start.person_id, start=before)


def _check_clock(started_at: dt.datetime, now: dt.datetime) -> None:
    if started_at.tzinfo is None:
        raise BadInput(
            Problem(
                key="started_at",
                value=started_at.isoformat(),
                message="needs a time zone, as in 2027-01-04T20:00:00+01:00",
            )
        )
    # A start dated ahead would be written down under a day to come, and leave today open for a second session.
    if abs(started_at - now) > _START_SKEW:
        raise BadInput(
            Problem(
                key="started_at",
                value=started_at.isoformat(),
                message=f"a session begins now ({now.isoformat(timespec='minutes')})",
                remedy="one that has been is written down as a record",
            )
        )


def _check_resumed(
    person: Person, resumes: SessionStart | None, places: list[tuple[str, str]], now: dt.datetime
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
    broken_off = newest_records(person).filter(start=resumes, status="partial")
    partial = {(row.site, row.side) for row in broken_off}
    other = [place for place in places if tuple(place) not in partial]
    if other:
        raise BadInput(
            Problem(
                key="resumes", message=f"{other} was not written down as broken off today", remedy="write that first"
            )
        )


def _let_begin(checks: list[Check], *, person: Person, by: User, reason: str) -> None:
    stops = blocking(checks)
    if not stops:
        return
    if not reason or not all(check.overridable for check in stops):
        raise StartRefused(checks)
    if relation(by, person) != Relation.CLINICIAN:
        raise PermissionDenied("Only a clinician of the person's clinic can let a session begin against a finding.")
    if len(reason) < _LEAST_REASON:
        raise BadInput(
            Problem(
                key="override_reason", value=reason, message=f"give the reason in at least {_LEAST_REASON} characters"
            )
        )


def _faults_of_values(row: SessionRecord, today: dt.date) -> list[Problem]:
    faults = []
    if row.status not in get_args(Status):
        faults.append(Problem(key="status", value=row.status, message=f"must be one of {', '.join(get_args(Status))}"))
    if row.date > today + _CLOCK_SKEW:
        faults.append(
            Problem(
                key="date",
                value=row.date,
                message=f"lies in the future (today is {today})",
                remedy="write a session down once it has been",
            )
        )
    if row.date < row.plan.to_core().start_date - LONGEST_BEFORE_PLAN:
        faults.append(
            Problem(
                key="date", value=row.date, message="more than a year before the plan began", remedy="check the year"
            )
        )
    for name, value, most in (
        ("minutes", row.minutes, MOST_MINUTES),
        ("distance_mm", row.distance_mm, MOST_DISTANCE_MM),
    ):
        if value is not None and not (math.isfinite(value) and 0 <= value <= most):
            faults.append(Problem(key=name, value=value, message=f"must be from 0 to {most:g}"))
    if row.status == "missed" and row.minutes:
        faults.append(
            Problem(
                key="minutes", value=row.minutes, message="a missed session has no minutes", remedy="call it partial"
            )
        )
    if row.status in ("missed", "partial") and not row.reason:
        faults.append(
            Problem(key="reason", message=f"needed for a session that was {row.status}", remedy="a word is enough")
        )
    if len(row.reason) > 400 or not row.site or len(row.site) > 40:
        faults.append(
            Problem(key="site, reason", message="a site of 1 to 40 characters and a reason of at most 400 are needed")
        )
    if row.side not in SIDES:
        faults.append(Problem(key="side", value=row.side, message="must be left, right or both"))
    if row.skin_reaction and row.skin_reaction not in get_args(SkinReaction):
        faults.append(
            Problem(
                key="skin_reaction",
                value=row.skin_reaction,
                message=f"must be one of {', '.join(get_args(SkinReaction))}",
            )
        )
    return faults + _faults_of_pauses(row.pauses)


def _faults_of_pauses(pauses: Any) -> list[Problem]:
    def is_number(value: Any) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 86_400

    whole = isinstance(pauses, list) and len(pauses) <= 200
    if whole and all(isinstance(one, list) and len(one) == 2 and all(map(is_number, one)) for one in pauses):
        return []
    return [
        Problem(key="pauses", message="must be a list of at most 200 pairs [seconds after the start, seconds paused]")
    ]


def _faults_of_links(row: SessionRecord) -> list[Problem]:
    faults = []
    if row.plan.person_id != row.person_id or not hasattr(row.plan, "release"):
        faults.append(Problem(key="plan", message="must be a released plan of this person"))
    if row.start is not None and row.start.person_id != row.person_id:
        faults.append(Problem(key="start", message="must be a session of this person"))
    elif row.start is not None and (row.site, row.side) not in row.start.places():
        # It would end the session while nothing is known of the places that were lit.
        faults.append(
            Problem(
                key="start",
                message=f"that session was not begun at {row.site} {row.side}",
                remedy="write this down without it",
            )
        )
    old = row.supersedes
    if old is not None and old.person_id != row.person_id:
        faults.append(Problem(key="supersedes", message="must be a record of this person"))
    elif old is not None and SessionRecord.objects.filter(supersedes=old).exists():
        faults.append(
            Problem(key="supersedes", message="this record was corrected already", remedy="correct the newest one")
        )
    return faults


def _other_lamp(lamp: Lamp) -> dict[str, Any]:
    return {
        "id": "other_lamp",
        "severity": "stop",
        "message": f"{lamp.name} is not the lamp of the plan; nobody reckoned what it gives. No further session until"
        " a clinician has looked at it.",
        "date": None,
        "source": "openpbm_assumption",
        "verified": False,
    }


def _hold_where_it_stops(record: SessionRecord, *, by: User) -> None:
    held_for = set(record.person.holds.filter(lift=None, cause="light_while_held").values_list("cause", flat=True))
    about_light = [
        found for found in record.findings if found["severity"] == "stop" and found["id"] not in held_for
    ]  # fmt: skip
    for found in about_light[:1]:  # one hold is enough; the record keeps every finding
        hold(person=record.person, cause=found["id"], message=found["message"], by=by, about=record)
    _hold_for_skin(record, record.skin_reaction, by=by)


def _hold_for_skin(record: SessionRecord, reaction: str, *, by: User) -> None:
    advice = skin_advice(reaction)
    if advice is None or not advice.stops:
        return
    word = "sore skin" if reaction == "pain" else "a blister or burn"
    message = f"{word} after the session of {record.date:%-d %B %Y}. No light there until it has healed and been seen."
    hold(person=record.person, cause="skin_reaction", message=message, by=by, about=record)
