"""Who one is, whom one may see, and what stands: plans, screenings, judgements, lamps, reminders."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja import Router, Schema, Status

from openpbm.care.api.records import _kept, _list, _person
from openpbm.care.api.shapes import MeasurementIn, Refused, RowOut
from openpbm.care.checkpoints.actions import order_proposal
from openpbm.care.devices.actions import record_measurement
from openpbm.care.devices.current import lamps_for
from openpbm.care.jobs.actions import mark
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.access import NOT_YOURS, people_of
from openpbm.care.trust.models import User

__all__ = ["router"]

router = Router(tags=["overview"])
_REFUSALS: Any = {400: Refused, 401: Refused, 403: Refused, 409: Refused}
_MOST_ROWS = 500


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


@router.get("/me", response={200: MeOut, 401: Refused})
def me(request: HttpRequest) -> Any:
    """Who is signed in."""
    user: User = request.user  # type: ignore[assignment]
    own = getattr(user, "person", None)
    return {
        "username": user.username,
        "roles": [{"clinic": row.clinic.name, "role": row.role} for row in user.member_of()],
        "person_id": own.pk if own else None,
    }


@router.get("/people", response={200: list[PersonOut], 401: Refused})
def list_people(request: HttpRequest) -> Any:
    """Everybody whose record one may open."""
    user: User = request.user  # type: ignore[assignment]
    return list(people_of(user).order_by("code")[:_MOST_ROWS])


@router.get("/lamps", response={200: list[LampOut], 401: Refused})
def list_lamps(request: HttpRequest) -> Any:
    """The lamps one may use."""
    user: User = request.user  # type: ignore[assignment]
    return list(lamps_for(user).order_by("name")[:_MOST_ROWS])


@router.post("/lamps/{lamp_id}/measurements", response=_REFUSALS | {200: RowOut, 201: RowOut})
def post_measurement(request: HttpRequest, lamp_id: uuid.UUID, body: MeasurementIn) -> Any:
    """Write down one reading of a lamp's output."""
    user: User = request.user  # type: ignore[assignment]
    lamp = lamps_for(user).filter(pk=lamp_id).first()
    if lamp is None:
        raise PermissionDenied(NOT_YOURS)
    return _kept(record_measurement(lamp=lamp, by=user, **dict(body)))


@router.get("/people/{person_id}/plans", response=_REFUSALS | {200: list[RowOut]})
def list_plans(request: HttpRequest, person_id: uuid.UUID) -> Any:
    """Every version of the plan, newest first."""
    return _list(_person(request, person_id)[0], "plans")


@router.get("/people/{person_id}/screenings", response=_REFUSALS | {200: list[RowOut]})
def list_screenings(request: HttpRequest, person_id: uuid.UUID) -> Any:
    """Every screening, newest first."""
    return _list(_person(request, person_id)[0], "screenings")


@router.get("/people/{person_id}/checkpoints", response=_REFUSALS | {200: list[RowOut]})
def list_checkpoints(request: HttpRequest, person_id: uuid.UUID) -> Any:
    """Every judgement, newest first."""
    return _list(_person(request, person_id)[0], "checkpoints")


@router.post("/people/{person_id}/checkpoints/{week}", response=_REFUSALS | {202: JobOut})
def post_checkpoint(request: HttpRequest, person_id: uuid.UUID, week: int) -> Any:
    """Have the worker judge the course at that week."""
    person, user = _person(request, person_id, "clinician")
    return Status(202, order_proposal(person=person, week=week, by=user))


@router.get("/reminders", response={200: list[ReminderOut], 401: Refused})
def list_reminders(request: HttpRequest) -> Any:
    """What there is to look at."""
    return list(request.user.reminders.exclude(state__in=("done", "cancelled")).order_by("due_at")[:_MOST_ROWS])  # type: ignore[union-attr]


@router.post("/reminders/{reminder_id}/{state}", response=_REFUSALS | {200: ReminderOut})
def post_reminder(request: HttpRequest, reminder_id: uuid.UUID, state: str) -> Any:
    """Say that a reminder was shown or done."""
    user: User = request.user  # type: ignore[assignment]
    reminder = Reminder.objects.filter(user=user, pk=reminder_id).first()
    if reminder is None:
        raise PermissionDenied(NOT_YOURS)
    return mark(reminder=reminder, state=state, by=user)
