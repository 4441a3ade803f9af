"""The clinician's people, worst first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openpbm.care.people.access import page
from openpbm.care.people.models import Person
from openpbm.care.trust.models import Clinic, Role

__all__ = ["worklist"]


@page(Role.CLINICIAN)
def worklist(request: HttpRequest, clinic: Clinic) -> HttpResponse:
    """Everybody of the clinic."""
    people = Person.objects.filter(clinic=clinic).select_related("key")
    return render(request, "home/helped.html", {"people": people})
