"""The page where a session's page would be, while no plan is released."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openpbm.care.people.models import Person
from openpbm.care.screening.wording import no_light

__all__ = ["no_plan"]


def no_plan(request: HttpRequest, person: Person) -> HttpResponse:
    """Why there is no session yet."""
    context = {"person": person, "no_light": no_light(person, has_plan=False)}
    return render(request, "sessions/no_plan.html", context)
