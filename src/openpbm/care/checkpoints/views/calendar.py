"""The calendar: a file to load once, and a secret address that a telephone can follow."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_GET, require_http_methods

from openpbm.care.accounts.middleware import Allowance
from openpbm.care.audit.models import log_calendar_access
from openpbm.care.checkpoints.actions import close_feed, open_feed
from openpbm.care.checkpoints.feed import calendar_of, person_of_token, token_of
from openpbm.care.checkpoints.selectors import feed_of
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.plans.selectors import released_plan

__all__ = ["calendar", "calendar_file", "feed"]

_FEEDS = Allowance()


@person_page(Relation.PATIENT, Relation.HELPER)
@require_http_methods(["GET", "POST"])
def calendar(request: PersonRequest, person: Person) -> HttpResponse:
    """Make the address, show it, end it."""
    by: Any = request.user
    if request.method == "POST":
        if "end" in request.POST:
            close_feed(person=person, by=by)
            messages.success(request, "The address was ended. A calendar that follows it gets nothing any more.")
        elif request.relation != Relation.PATIENT:
            messages.error(request, "Only the person whose dates they are can make an address.")
        else:
            open_feed(person=person, by=by)
            messages.success(request, "Here is your address. Whoever has it can see the dates.")
        return redirect("checkpoints:calendar", person_id=person.pk)
    # The address cannot tell who asks: only the person it belongs to sees it. A helper loads the dates.
    row = feed_of(person) if request.relation == Relation.PATIENT else None
    address = "" if row is None else request.build_absolute_uri(_path(token_of(row)))
    context = {"person": person, "feed": row, "address": address, "plan": released_plan(person)}
    return render(request, "checkpoints/calendar.html", context)


@person_page(Relation.PATIENT, Relation.HELPER)
@require_GET
def calendar_file(request: PersonRequest, person: Person) -> HttpResponse:
    """The dates as one file."""
    return _file(person)


@login_not_required
@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The dates for whoever has the secret address; nothing else of the record is reached by it."""
    person = person_of_token(token)
    # A calendar asks a few times a day. Whoever asks all the time has been given the address by mistake, or found it.
    _FEEDS.take(token, at_once=30.0, a_second=1 / 60, of_what="this calendar very often")
    log_calendar_access(person.pk, route="checkpoints:feed")
    answer = _file(person)
    # One that asks again is told that nothing has changed; that calendar alone keeps it, and asks each time.
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["ETag"] = quote_etag(hashlib.sha256(answer.content).hexdigest())
    return get_conditional_response(request, etag=answer.headers["ETag"], response=answer) or answer


def _file(person: Person) -> HttpResponse:
    answer = HttpResponse(calendar_of(person), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="openpbm.ics"'
    # The address is the secret: no cache keeps the file, no link from it passes the address on.
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _path(token: str) -> str:
    return reverse("checkpoints:feed", kwargs={"token": token})
