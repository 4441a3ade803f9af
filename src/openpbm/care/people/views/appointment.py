"""Appointments: a clinic's week, and one person's."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from openpbm.care import clock
from openpbm.care.accounts.models import Clinic, Role
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.audit.models import log_read_access
from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, page, person_page
from openpbm.care.people.actions import book_appointment, set_appointment_state
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.forms import AppointmentForm
from openpbm.care.people.models import Appointment, Person
from openpbm.care.people.selectors import free_morning_slots, overlapping
from openpbm.errors import BadInput

__all__ = ["appointments", "book", "state"]

_DAYS = 7


@page(Role.CLINICIAN)
def appointments(request: SignedInRequest, clinic: Clinic) -> HttpResponse:
    """A week of the clinic, day by day, in the clinic's time."""
    zone = zoneinfo.ZoneInfo(clinic.time_zone)
    first = _day(request.GET.get("day", "")) or clock.now().astimezone(zone).date()
    begins = dt.datetime.combine(first, dt.time(), zone)
    ends = dt.datetime.combine(first + dt.timedelta(days=_DAYS), dt.time(), zone)
    rows = Appointment.objects.filter(person__clinic=clinic, starts_at__gte=begins, starts_at__lt=ends)
    lines = [_line(row, zone) for row in rows.select_related("person__key")]
    log_read_access(request.user, [line.row.person_id for line in lines], route="people:appointments")
    booked = {day: list(group) for day, group in groupby(lines, key=lambda line: line.starts_at.date())}
    week = [first + dt.timedelta(days=number) for number in range(_DAYS)]
    today = clock.now().astimezone(zone).date()
    days = [{"day": day, "rows": booked.get(day, []), "today": day == today} for day in week]
    context = {
        "clinic": clinic,
        "first": first,
        "last": first + dt.timedelta(days=_DAYS - 1),
        "before": first - dt.timedelta(days=_DAYS),
        "after": first + dt.timedelta(days=_DAYS),
        "days": days,
        "slots": free_morning_slots(clinic, first),
        "states": Appointment.State.choices,
    }
    return render(request, "people/appointments.html", context)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentLine:
    """An appointment with its hours on the clock of one zone."""

    row: Appointment
    starts_at: dt.datetime
    ends_at: dt.datetime


def _line(row: Appointment, zone: zoneinfo.ZoneInfo) -> AppointmentLine:
    # Without a zone: a template would turn an aware time into the visitor's own.
    starts_at = row.starts_at.astimezone(zone).replace(tzinfo=None)
    return AppointmentLine(row=row, starts_at=starts_at, ends_at=starts_at + dt.timedelta(minutes=row.minutes))


def _coming_and_past(lines: list[AppointmentLine]) -> tuple[list[AppointmentLine], list[AppointmentLine]]:
    """Of `lines` in the order of their time: what is still to come, the next first; what is over, the latest first."""
    now = clock.now()
    coming = [line for line in lines if line.row.starts_at + dt.timedelta(minutes=line.row.minutes) > now]
    past = [line for line in lines if line not in coming]
    return coming, past[::-1]


def _day(text: str) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return found if dt.date(2000, 1, 1) <= found <= dt.date(2199, 12, 1) else None


def _zone_of(person: Person) -> zoneinfo.ZoneInfo:
    return person.zone if person.clinic is None else zoneinfo.ZoneInfo(person.clinic.time_zone)


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def book(request: PersonRequest, person: Person) -> HttpResponse:
    """A person's appointments; their clinician books here."""
    zone = _zone_of(person)
    may_book = request.relation == Relation.CLINICIAN or person.self_managed
    if request.method == "POST" and not may_book:
        raise PermissionDenied("Your clinic books appointments. Ask them for a time.")
    day = _day(request.GET.get("day", "")) or clock.now().astimezone(zone).date() + dt.timedelta(days=1)
    initial = {"day": day, "time": request.GET.get("time", "") or None, "minutes": 30}
    form = AppointmentForm(request.POST if request.method == "POST" else None, initial=initial, zone=zone)
    overlaps: list[AppointmentLine] = []
    if request.method == "POST" and form.is_valid():
        overlaps = _overlaps(person, form, zone)
        if not overlaps and _booked(request, person, form):
            return redirect("people:book", person_id=person.pk)
    coming, past = _coming_and_past([_line(row, zone) for row in person.appointments.order_by("starts_at")])
    context = {
        "person": person,
        "form": form,
        "may_book": may_book,
        "overlaps": overlaps,
        "zone": zone.key,
        "coming": coming,
        "past": past,
        "day": day,
        "slots": free_morning_slots(person.clinic, day) if may_book and person.clinic else [],
        "states": Appointment.State.choices,
    }
    return render(request, "people/book.html", context)


def _overlaps(person: Person, form: AppointmentForm, zone: zoneinfo.ZoneInfo) -> list[AppointmentLine]:
    """What falls into that time, unless that is meant."""
    given = form.cleaned_data
    if given["overlap_is_meant"]:
        return []
    found = overlapping(person, given["starts_at"], given["minutes"])
    if found:
        form.ask_about_overlap()
    return [_line(row, zone) for row in found]


def _booked(request: SignedInRequest, person: Person, form: AppointmentForm) -> bool:
    given = form.cleaned_data
    try:
        book_appointment(
            person=person,
            starts_at=given["starts_at"],
            minutes=given["minutes"],
            kind=given["kind"],
            note=given["note"],
            by=request.user,
        )
    except BadInput as error:
        add_problems(form, error)
        return False
    messages.success(request, "Booked.")
    return True


@person_page(Relation.CLINICIAN, Relation.PATIENT)
@require_POST
def state(request: PersonRequest, person: Person, appointment_id: int) -> HttpResponse:
    """Set the state of an appointment. The person can only cancel."""
    row = Appointment.objects.filter(pk=appointment_id, person=person).first()
    if row is None:
        raise PermissionDenied(ACCESS_DENIED)
    wanted = request.POST.get("state", "")
    cancels = wanted == Appointment.State.CANCELLED
    if request.relation == Relation.PATIENT and not person.self_managed and not cancels:
        raise PermissionDenied("Your clinic says whether an appointment was kept; you can cancel it.")
    set_appointment_state(appointment=row, state=wanted, by=request.user)
    messages.success(request, "Saved.")
    back = request.POST.get("back", "")
    # A path and nothing else: `redirect` would take any other word for the name of a page.
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return redirect(back)
    return redirect("people:book", person_id=person.pk)
