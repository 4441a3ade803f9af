"""The clinician's overview of one person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from openpbm.care.people.access import person_page
from openpbm.care.people.models import Person

__all__ = ["record"]


@person_page("clinician")
def record(request: HttpRequest, person: Person) -> HttpResponse:
    """One person's record."""
    return redirect("home:today", person.pk)
