"""Who one is, whom one may see, and what stands: plans, screenings, judgements, lamps, reminders."""

from __future__ import annotations

import dataclasses
import uuid
from typing import Any, Literal

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status

from openpbm.care.api.authentication import OfLamp, OfPerson, caller, lamp_of, person_of
from openpbm.care.api.responses import LISTED, READ, REFUSALS, WRITTEN, Offset, kept, part_of, rows_of
from openpbm.care.api.schemas import MeasurementIn, Refused
from openpbm.care.audit.models import log_read_access
from openpbm.care.checkpoints.actions import order_proposal
from openpbm.care.checkpoints.plain_words import plain_judgement
from openpbm.care.devices.actions import record_measurement
from openpbm.care.devices.selectors import lamps_for
from openpbm.care.jobs.actions import mark
from openpbm.care.jobs.selectors import reminders_of
from openpbm.care.people.access import ACCESS_DENIED, Relation, people_of, relation

__all__ = ["router"]

router = Router(tags=["overview"])
_OF_PERSON = OfPerson(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)


class PersonOut(Schema):
    """A person one may see, by id and code; names are on the pages."""

    id: uuid.UUID
    code: str
    time_zone: str


class MeOut(Schema):
    """Who is signed in."""

    username: str
    roles: list[dict[str, str]]
    person_id: uuid.UUID | None


class LampOut(Schema):
    """A lamp one may use."""

    id: uuid.UUID
    name: str
    serial: str


class JobOut(Schema):
    """Long work."""

    id: uuid.UUID
    kind: str
    state: str
    done_steps: int
    all_steps: int
    result: dict[str, Any]
    fault: str


class ReminderOut(Schema):
    """Something to look at."""

    id: uuid.UUID
    kind: str
    text: str
    link: str
    state: str


@router.get("/me", response={200: MeOut, 401: Refused, 403: Refused, 429: Refused})
def me(request: HttpRequest) -> Any:
    """Who is signed in."""
    user = caller(request)
    own = getattr(user, "person", None)
    return {
        "username": user.username,
        "roles": [{"clinic": row.clinic.name, "role": row.role} for row in user.member_of()],
        "person_id": own.pk if own else None,
    }


@router.get("/people", response={200: list[PersonOut]} | LISTED)
def list_people(request: HttpRequest, response: HttpResponse, offset: Offset = 0) -> Any:
    """Everybody whose record one may open."""
    user = caller(request)
    people = part_of(request, response, people_of(user).order_by("code"), offset)
    # A list is a look at each person on this part of it, and at nobody further on.
    log_read_access(user, [person.pk for person in people], route="api:list_people")
    return people


@router.get("/lamps", response={200: list[LampOut]} | LISTED)
def list_lamps(request: HttpRequest, response: HttpResponse, offset: Offset = 0) -> Any:
    """The lamps one may use."""
    user = caller(request)
    return part_of(request, response, lamps_for(user).order_by("name", "pk"), offset)


@router.post("/lamps/{lamp_id}/measurements", response=WRITTEN, auth=OfLamp())
def post_measurement(request: HttpRequest, lamp_id: uuid.UUID, body: MeasurementIn) -> Any:
    """Write down one reading of a lamp's output."""
    return kept(record_measurement(lamp=lamp_of(request), by=caller(request), **dict(body)))


@router.get("/people/{person_id}/plans", response=READ, auth=_OF_PERSON)
def list_plans(request: HttpRequest, response: HttpResponse, person_id: uuid.UUID, offset: Offset = 0) -> Any:
    """Versions of the plan, newest first; at home those that were released, or allowed where there is no clinic."""
    person, user = person_of(request)
    rows = rows_of(request, response, person, "plans", offset)
    if relation(user, person) == Relation.CLINICIAN:
        return rows
    # As on the pages: nobody at home reads the minutes of a plan that nobody let them have.
    released = set(person.plan_releases.values_list("plan_id", flat=True))
    allowed = ("allowed",) if person.self_managed else ()
    return [row for row in rows if row["id"] in released or row["content"]["document"]["verdict"] in allowed]


@router.get("/people/{person_id}/screenings", response=READ, auth=_OF_PERSON)
def list_screenings(request: HttpRequest, response: HttpResponse, person_id: uuid.UUID, offset: Offset = 0) -> Any:
    """Every screening, newest first; a helper reads them where there is no clinic, as on the pages."""
    person, user = person_of(request)
    if relation(user, person) == Relation.HELPER and not person.self_managed:
        raise PermissionDenied("Screening is done by the clinic.")
    return rows_of(request, response, person, "screenings", offset)


@router.get("/people/{person_id}/checkpoints", response=READ, auth=_OF_PERSON)
def list_checkpoints(request: HttpRequest, response: HttpResponse, person_id: uuid.UUID, offset: Offset = 0) -> Any:
    """Every judgement, newest first; for a helper in the plain words of their page."""
    person, user = person_of(request)
    rows = rows_of(request, response, person, "checkpoints", offset)
    if relation(user, person) == Relation.HELPER:
        for row in rows:
            row["content"]["judgement"] = dataclasses.asdict(plain_judgement(row["content"]["judgement"]))
    return rows


@router.post(
    "/people/{person_id}/checkpoints/{week}", response=REFUSALS | {202: JobOut}, auth=OfPerson(Relation.CLINICIAN)
)
def post_checkpoint(request: HttpRequest, person_id: uuid.UUID, week: int) -> Any:
    """Have the worker judge the course at that week."""
    person, user = person_of(request)
    return Status(202, order_proposal(person=person, week=week, by=user))


@router.get("/reminders", response={200: list[ReminderOut]} | LISTED)
def list_reminders(request: HttpRequest, response: HttpResponse, offset: Offset = 0) -> Any:
    """What there is to look at."""
    user = caller(request)
    rows = reminders_of(user).exclude(state__in=("done", "cancelled")).order_by("due_at", "pk")
    found = part_of(request, response, rows, offset)
    log_read_access(user, [row.person_id for row in found], route="api:list_reminders")
    return found


@router.post("/reminders/{reminder_id}/{state}", response=REFUSALS | {200: ReminderOut})
def post_reminder(request: HttpRequest, reminder_id: uuid.UUID, state: Literal["shown", "done", "cancelled"]) -> Any:
    """Say that a reminder was shown, done or is not wanted; one that is further already stays there."""
    user = caller(request)
    reminder = reminders_of(user).filter(pk=reminder_id).first()
    if reminder is None:
        raise PermissionDenied(ACCESS_DENIED)
    return mark(reminder=reminder, state=state, by=user)
