"""Where somebody lands by what they are, what a patient has to do today, and what is asked without signing in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required, login_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from openpbm.care import clock
from openpbm.care.accounts.first_password import first_password_suffices
from openpbm.care.accounts.models import Role
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.audit.ledger import clock_is_behind
from openpbm.care.audit.models import log_read_access
from openpbm.care.home.today import today_of
from openpbm.care.jobs.actions import mark
from openpbm.care.jobs.heartbeat import worker_is_silent
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.access import PersonRequest, Relation, people_of, person_page
from openpbm.care.people.models import Person
from openpbm.care.people.selectors import agreement_waits
from openpbm.version import __version__

__all__ = ["favicon", "healthz", "start", "today"]

_PLACE_OF_ROLE = (
    (Role.CLINICIAN, "home:worklist"),
    (Role.ADMIN, "accounts:staff"),
    (Role.AUDITOR, "home:audit"),
    (Role.UNCONFIRMED, "people:colleagues"),
)


# Nobody types the address of a page to sign in: a stranger is told first what this is.
@login_required(redirect_field_name=None, login_url="home:front")
def start(request: SignedInRequest) -> HttpResponse:
    """Lead everybody to their own first page, a stranger to the public one."""
    user = request.user
    roles = {row.role for row in user.member_of()}
    for role, place in _PLACE_OF_ROLE:
        if role in roles:
            return redirect(place)
    own = Person.objects.filter(user=user).first()
    if own is not None:
        # Who was never asked is led to what they agree to first; from there everything else is open as well.
        return redirect("people:consent" if agreement_waits(own) == "never" else "home:today", own.pk)
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
    now = clock.now()
    user = request.user
    seen = today_of(person, user, now)
    for row in seen.reminders:
        if row.state != Reminder.State.SHOWN:
            mark(reminder=row, state=Reminder.State.SHOWN, by=user)
    return render(request, "home/today.html", {"person": person, "seen": seen, "relation": request.relation})


@login_not_required
@first_password_suffices
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, the worker's heartbeat is young and the clock goes forward, else 503."""
    try:
        # A query and not a connection alone: an open one may belong to a server that has gone away.
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        silent, behind = worker_is_silent(), clock_is_behind()
    except DatabaseError:
        return JsonResponse({"database": "silent", "worker": "unknown", "version": __version__}, status=503)
    state = {
        "database": "answers",
        "worker": "silent" if silent else "runs",
        "clock": "lies before the last entry" if behind else "runs",
        "version": __version__,
    }
    return JsonResponse(state, status=503 if silent or behind else 200)


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Leads to the picture that every page names; some browsers ask for it at this address all the same."""
    return redirect(static("care/mark.svg"))
