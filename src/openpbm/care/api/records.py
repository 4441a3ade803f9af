"""The records of one person: written under ids the sender makes, read by whoever may."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import Router

from openpbm.care.accounts.models import User
from openpbm.care.api.authentication import OfPerson, person_of
from openpbm.care.api.responses import READ, WRITTEN, Offset, kept, rows_of
from openpbm.care.api.schemas import ChangeIn, DiaryIn, EventIn, IntakeIn, ScoreIn, SessionIn, SkinIn, SpasmIn, StartIn
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import lamps_for
from openpbm.care.events.actions import report_event
from openpbm.care.people.access import ACCESS_DENIED, Relation, relation
from openpbm.care.people.actions import record_change, record_intake
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.selectors import released_plan
from openpbm.care.scales.actions import record_diary, record_score, record_spasm
from openpbm.care.scales.models import SpasmRecord
from openpbm.care.sessions.actions import record_session, record_skin_check, start_session
from openpbm.care.sessions.models import SessionRecord, SessionStart
from openpbm.errors import BadInput, Problem

__all__ = ["router"]

router = Router(tags=["records"], auth=OfPerson(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN))


def _lamp(user: User, person: Person, lamp_id: uuid.UUID) -> Lamp:
    """A lamp the person may be lit with; somebody else's lamp is as unknown as none."""
    plan = released_plan(person)
    # The plan's own lamps first: they may be the clinic's, which are in no patient's own list.
    planned = () if plan is None else plan.lamps
    if own := next((lamp for lamp in planned if lamp.pk == lamp_id), None):
        return own
    lamp = lamps_for(user).filter(pk=lamp_id).first()
    if lamp is None:
        raise PermissionDenied(ACCESS_DENIED)
    return lamp


def _plan(person: Person) -> PlanRow:
    plan = released_plan(person)
    if plan is None:
        raise BadInput(
            Problem(
                message="no plan is released for this person",
                remedy="a session is written down against a released plan",
            )
        )
    return plan


@router.get("/people/{person_id}/diary", response=READ)
def list_diary(request: HttpRequest, response: HttpResponse, person_id: uuid.UUID, offset: Offset = 0) -> Any:
    """The diary, newest entry first."""
    return rows_of(request, response, person_of(request)[0], "diary", offset)


@router.post("/people/{person_id}/diary", response=WRITTEN)
def post_diary(request: HttpRequest, person_id: uuid.UUID, body: DiaryIn) -> Any:
    """Write down a day of the diary."""
    person, user = person_of(request)
    return kept(record_diary(person=person, by=user, **dict(body)))


@router.get("/people/{person_id}/scores", response=READ)
def list_scores(request: HttpRequest, response: HttpResponse, person_id: uuid.UUID, offset: Offset = 0) -> Any:
    """The filled scales, newest first."""
    return rows_of(request, response, person_of(request)[0], "scores", offset)


@router.post("/people/{person_id}/scores", response=WRITTEN)
def post_score(request: HttpRequest, person_id: uuid.UUID, body: ScoreIn) -> Any:
    """Write down a filled scale."""
    person, user = person_of(request)
    return kept(record_score(person=person, by=user, **dict(body)))


@router.get("/people/{person_id}/spasms", response=READ)
def list_spasms(request: HttpRequest, response: HttpResponse, person_id: uuid.UUID, offset: Offset = 0) -> Any:
    """The cramps written down one by one, newest first."""
    return rows_of(request, response, person_of(request)[0], "spasms", offset)


@router.post("/people/{person_id}/spasms", response=WRITTEN)
def post_spasm(request: HttpRequest, person_id: uuid.UUID, body: SpasmIn) -> Any:
    """Write down one cramp or spasm."""
    person, user = person_of(request)
    sent = dict(body) | {"time": None if body.time is None else dt.time.fromisoformat(body.time)}
    supersedes = _one(SpasmRecord, person, sent.pop("supersedes"), "supersedes")
    return kept(record_spasm(person=person, by=user, supersedes=supersedes, **sent))


@router.get("/people/{person_id}/events", response=READ)
def list_events(request: HttpRequest, response: HttpResponse, person_id: uuid.UUID, offset: Offset = 0) -> Any:
    """The effects reported, newest first."""
    return rows_of(request, response, person_of(request)[0], "adverse_events", offset)


@router.post("/people/{person_id}/events", response=WRITTEN)
def post_event(request: HttpRequest, person_id: uuid.UUID, body: EventIn) -> Any:
    """Report an effect; the advice is in the answer. Nobody watches live."""
    person, user = person_of(request)
    return kept(report_event(person=person, by=user, **dict(body)))


@router.get("/people/{person_id}/changes", response=READ)
def list_changes(request: HttpRequest, response: HttpResponse, person_id: uuid.UUID, offset: Offset = 0) -> Any:
    """What changed beside the light, newest first."""
    return rows_of(request, response, person_of(request)[0], "changes", offset)


@router.post("/people/{person_id}/changes", response=WRITTEN)
def post_change(request: HttpRequest, person_id: uuid.UUID, body: ChangeIn) -> Any:
    """Write down a change beside the light."""
    person, user = person_of(request)
    return kept(record_change(person=person, by=user, **dict(body)))


@router.get("/people/{person_id}/intakes", response=READ)
def list_intakes(request: HttpRequest, response: HttpResponse, person_id: uuid.UUID, offset: Offset = 0) -> Any:
    """The answers, newest first; a helper reads the newest alone, as on the pages."""
    person, user = person_of(request)
    rows = rows_of(request, response, person, "intakes", offset)
    if relation(user, person) != Relation.HELPER:
        return rows
    return rows[:1] if offset == 0 else []


@router.post("/people/{person_id}/intakes", response=WRITTEN)
def post_intake(request: HttpRequest, person_id: uuid.UUID, body: IntakeIn) -> Any:
    """Write down new answers; sessions wait until they are screened."""
    person, user = person_of(request)
    return kept(record_intake(person=person, by=user, **dict(body)))


@router.get("/people/{person_id}/sessions", response=READ)
def list_sessions(request: HttpRequest, response: HttpResponse, person_id: uuid.UUID, offset: Offset = 0) -> Any:
    """What was given, newest first."""
    return rows_of(request, response, person_of(request)[0], "session_records", offset)


@router.post("/people/{person_id}/session-starts", response=WRITTEN)
def post_start(request: HttpRequest, person_id: uuid.UUID, body: StartIn) -> Any:
    """Begin a session; refused unless everything that must hold does."""
    person, user = person_of(request)
    resumes = None
    if body.resumes is not None:
        resumes = SessionStart.objects.filter(person=person, pk=body.resumes).first()
        if resumes is None:
            raise BadInput(
                Problem(
                    key="resumes",
                    value=body.resumes,
                    message="no session of this person",
                    remedy="leave it out to begin a new one",
                )
            )
    return kept(
        start_session(
            id=body.id,
            person=person,
            lamp=_lamp(user, person, body.lamp_id),
            places=[(site, side) for site, side in body.places],
            started_at=body.started_at,
            by=user,
            resumes=resumes,
        )
    )


@router.post("/people/{person_id}/sessions", response=WRITTEN)
def post_session(request: HttpRequest, person_id: uuid.UUID, body: SessionIn) -> Any:
    """Write down what was given at one place."""
    person, user = person_of(request)
    clock = None if body.time is None else dt.time.fromisoformat(body.time)
    given = dict(body) | {"time": clock, "pauses": [list(pause) for pause in body.pauses]}
    lamp = _lamp(user, person, given.pop("lamp_id"))
    start = _one(SessionStart, person, given.pop("start_id"), "start_id")
    supersedes = _one(SessionRecord, person, given.pop("supersedes"), "supersedes")
    # A session that was begun is written down under the plan it began with, whatever was released meanwhile.
    plan = start.plan if start is not None else _plan(person)
    return kept(
        record_session(person=person, plan=plan, lamp=lamp, start=start, supersedes=supersedes, by=user, **given)
    )


@router.post("/people/{person_id}/sessions/{record_id}/skin", response=WRITTEN)
def post_skin(request: HttpRequest, person_id: uuid.UUID, record_id: uuid.UUID, body: SkinIn) -> Any:
    """Write down how the lit skin looked."""
    person, user = person_of(request)
    record = _one(SessionRecord, person, record_id, "record_id")
    return kept(record_skin_check(record=record, by=user, **dict(body)))


def _one(model: Any, person: Person, key: uuid.UUID | None, name: str) -> Any:
    """The person's own row; somebody else's is as unknown as none."""
    if key is None:
        return None
    row = model.objects.filter(person=person, pk=key).first()
    if row is None:
        raise BadInput(Problem(key=name, value=key, message="no such record of this person"))
    return row
