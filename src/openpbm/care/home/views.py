"""Where somebody lands by what they are, and what a patient has to do today."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from openpbm.care.accounts.models import Role
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.audit.read_log import log_read_access
from openpbm.care.home.today import today_of
from openpbm.care.jobs.actions import mark
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.access import PersonRequest, Relation, people_of, person_page
from openpbm.care.people.models import Person

__all__ = ["start", "today"]

_PLACE_OF_ROLE = ((Role.CLINICIAN, "home:worklist"), (Role.ADMIN, "accounts:staff"), (Role.AUDITOR, "home:audit"))


def start(request: SignedInRequest) -> HttpResponse:
    """Lead everybody to their own first page."""
    user = request.user
    roles = {row.role for row in user.member_of()}
    for role, place in _PLACE_OF_ROLE:
        if role in roles:
            return redirect(place)
    own = Person.objects.filter(user=user).first()
    if own is not None:
        return redirect("home:today", own.pk)
    helped = list(people_of(user).select_related("key"))
    if not helped:
        return redirect("people:welcome")
    if len(helped) == 1:
        return redirect("home:today", helped[0].pk)
    log_read_access(user, [person.pk for person in helped], route="home:start")
    return render(request, "home/helped.html", {"people": helped})


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def today(request: PersonRequest, person: Person) -> HttpResponse:
    """What is due now, one card each; a reminder that stands here counts as shown to whom it was for."""
    now = timezone.now()
    user = request.user
    seen = today_of(person, user, now)
    for row in seen.reminders:
        if row.state != Reminder.State.SHOWN:
            mark(reminder=row, state=Reminder.State.SHOWN, by=user)
    return render(request, "home/today.html", {"person": person, "seen": seen, "relation": request.relation})
