"""The end of a session as the page's script sends it: at once, or when a phone has a network again."""

from __future__ import annotations

import uuid

from django import forms
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from openpbm.care.audit.ledger import Conflict
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.sessions.actions import SentLater, end_session, hold_all_the_same
from openpbm.care.sessions.finish_form import FinishForm, PhoneForm
from openpbm.care.sessions.models import SessionStart
from openpbm.care.sessions.time_passed import MoreThanPassed
from openpbm.care.sessions.views.run import minutes_at, why_light_stops

__all__ = ["arrived"]


@require_POST
@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def arrived(request: PersonRequest, person: Person, start_id: uuid.UUID) -> HttpResponse:
    """200: it is written down · 409: another device had done so · 422: something is to be mended on the page.

    Sore skin and a symptom hold the course, also where another device wrote the session down.
    """
    starts = SessionStart.objects.select_related("plan__screening", "plan__lamp", "lamp", "person")
    start = get_object_or_404(starts, person=person, pk=start_id)
    phone = PhoneForm(request.POST)
    late = phone.is_valid() and phone.cleaned_data["late"]
    form = FinishForm(
        request.POST, plan=start.plan.followed, places=list(minutes_at(start).items()),
        distance_mm=start.distance_mm, late=late,
    )  # fmt: skip
    if not phone.is_valid() or not form.is_valid():
        return JsonResponse({"problems": [*_problems(phone), *_problems(form)]}, status=422)
    try:
        _end(request, start, form, phone)
    except MoreThanPassed as error:
        return JsonResponse({"problems": [problem.text for problem in error.problems]}, status=422)
    except Conflict as error:
        return _written_by_another(request, start, form, error)
    return JsonResponse({"written": True, "reasons": why_light_stops(person)})


def _end(request: PersonRequest, start: SessionStart, form: FinishForm, phone: PhoneForm) -> None:
    later = None
    if phone.cleaned_data["late"]:
        later = SentLater(passed_min=phone.cleaned_data["passed_s"] / 60)
    end_session(
        start=start, lines=form.lines(), by=request.user, stopped=form.cleaned_data["stopped"],
        item=phone.cleaned_data["item"], later=later,
    )  # fmt: skip


@transaction.atomic
def _written_by_another(request: PersonRequest, start: SessionStart, form: FinishForm, error: Conflict) -> HttpResponse:
    hold_all_the_same(start=start, lines=form.lines(), stopped=form.cleaned_data["stopped"], by=request.user)
    minutes = [record.minutes for record in start.records.filter(newer__isnull=True).order_by("site", "side")]
    reasons = why_light_stops(start.person)
    return JsonResponse({"problems": [str(error)], "recorded_minutes": minutes, "reasons": reasons}, status=409)


def _problems(form: forms.Form) -> list[str]:
    return [f"{name}: {text}" for name, texts in form.errors.items() for text in texts]
