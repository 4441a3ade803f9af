"""Pages on effects: report one and read what to do, look at one, review it."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from openpbm.care.events.actions import report_event, review_event
from openpbm.care.events.advice import NOBODY_WATCHES, advise
from openpbm.care.events.current import newest_events
from openpbm.care.events.forms import ReportForm, ReviewForm
from openpbm.care.events.holding import hold_of
from openpbm.care.events.models import AdverseEvent, EventReview
from openpbm.care.events.plain_kinds import shown_kind
from openpbm.care.people.access import CLINICIAN, HELPER, NOT_YOURS, PATIENT, person_page
from openpbm.care.people.models import Person
from openpbm.care.trust.ledger import Conflict
from openpbm.facts.crisis import crisis_message

__all__ = ["list_events", "report", "review", "show"]

_A_PAGE = 20


@person_page(PATIENT, HELPER, CLINICIAN)
def report(request: HttpRequest, person: Person) -> HttpResponse:
    """Report an effect. The advice can be read before anything is saved, and stands on the page after it."""
    sent = request.method == "POST"
    form = ReportForm(
        request.POST if sent else None,
        relation=request.relation,  # type: ignore[attr-defined]
        today=person.today(),
    )
    preview = sent and "preview" in request.POST
    valid = sent and form.is_valid()
    advice = _advice(form, person) if preview else None
    if preview and request.headers.get("HX-Request"):
        return render(request, "events/advice.html", {"advice": advice, "person": person, "nothing_yet": True})
    if valid and not preview:
        return redirect("events:show", person_id=person.pk, event_id=_saved(request, person, form.cleaned_data).pk)
    context = {
        "person": person,
        "form": form,
        "advice": advice,
        "nobody_watches": NOBODY_WATCHES,
        "crisis": crisis_message(),
        "any_before": person.adverse_events.exists(),
        "own": request.relation == PATIENT,  # type: ignore[attr-defined]
    }
    return render(request, "events/report.html", context, status=422 if sent and not valid and advice is None else 200)


@person_page(PATIENT, HELPER, CLINICIAN)
def list_events(request: HttpRequest, person: Person) -> HttpResponse:
    """The effects of one person, the newest first."""
    reviews = Prefetch("reviews", queryset=EventReview.objects.order_by("-created_at"))
    rows = newest_events(person).reverse().select_related("created_by").prefetch_related(reviews)
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
    events = [
        {"event": row, "name": shown_kind(row.kind), "review": next(iter(row.reviews.all()), None)} for row in page
    ]
    return render(request, "events/list.html", {"person": person, "page": page, "events": events})


@person_page(PATIENT, HELPER, CLINICIAN)
def show(request: HttpRequest, person: Person, event_id: uuid.UUID) -> HttpResponse:
    """One effect: what to do, whether sessions are on hold, and how it was reviewed."""
    event = _event(person, event_id)
    return render(request, "events/show.html", _shown(request, event))


@person_page(CLINICIAN)
def review(request: HttpRequest, person: Person, event_id: uuid.UUID) -> HttpResponse:
    """A clinician's signed review of an effect."""
    event = _event(person, event_id)
    context = _shown(request, event)
    held = context["hold"] is not None and not context["lifted"]
    sent = request.method == "POST"
    form = ReviewForm(request.POST if sent else None, signer=request.user, held=held)
    if sent and form.is_valid():
        given = {
            name: form.cleaned_data[name] for name in ("causality", "attributed_to", "serious", "outcome", "action")
        }
        review_event(
            id=form.cleaned_data["review_id"],
            event=event,
            by=request.user,  # type: ignore[arg-type]
            lift_hold=bool(form.cleaned_data.get("lift_hold")),
            **given,
        )
        return redirect("events:show", person_id=person.pk, event_id=event.pk)
    return render(request, "events/review.html", {**context, "form": form}, status=422 if sent else 200)


def _saved(request: HttpRequest, person: Person, given: dict[str, Any]) -> AdverseEvent:
    what = {name: given[name] for name in ("date", "kind", "detail", "grade")}
    by: Any = request.user
    try:
        return report_event(id=given["event_id"], person=person, by=by, **what)[0]
    except Conflict:
        # Somebody went back in the browser and changed the answers: a correction of their own earlier report.
        earlier = newest_events(person).filter(pk=given["event_id"]).first()
        return report_event(person=person, by=by, supersedes=earlier, **what)[0]


def _advice(form: ReportForm, person: Person) -> dict[str, Any] | None:
    """What to do by what is filled in so far; None as long as nothing says what happened."""
    given = form.cleaned_data
    if not given.get("kind"):
        return None
    return advise(given["kind"], given.get("detail", ""), given.get("grade"), given.get("date", person.today()))


def _event(person: Person, event_id: uuid.UUID) -> AdverseEvent:
    event = AdverseEvent.objects.filter(person=person, pk=event_id).select_related("created_by").first()
    if event is None:
        raise PermissionDenied(NOT_YOURS)
    event.person = person  # the key is read already
    return event


def _shown(request: HttpRequest, event: AdverseEvent) -> dict[str, Any]:
    held = hold_of(event)
    return {
        "person": event.person,
        "event": event,
        "name": shown_kind(event.kind),
        "detail": event.detail(),
        "advice": event.advice,
        "nobody_watches": NOBODY_WATCHES,
        "hold": held,
        "lifted": held is not None and hasattr(held, "lift"),
        "reviews": list(event.reviews.order_by("-created_at")),
        "newer": getattr(event, "newer", None),
        "clinician": request.relation == CLINICIAN,  # type: ignore[attr-defined]
    }
