"""Pages on effects: report one and read what to do, look at one, review it."""

from __future__ import annotations

import functools
import uuid

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.audit.ledger import Conflict
from openpbm.care.events.actions import report_event, review_event
from openpbm.care.events.advice import NOBODY_WATCHES, Advice, advise
from openpbm.care.events.forms import ReportForm, ReviewForm
from openpbm.care.events.holding import hold_of, reports_of
from openpbm.care.events.models import AdverseEvent, EventReview
from openpbm.care.events.plain_kinds import shown_kind
from openpbm.care.events.selectors import newest_events
from openpbm.care.form_page import posted, render_form
from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, person_page
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.models import Person
from openpbm.care.plans.models import Hold
from openpbm.errors import BadInput
from openpbm.facts.crisis import crisis_message

__all__ = ["list_events", "report", "review", "show"]

_A_PAGE = 20
_REVIEWED = ("causality", "attributed_to", "serious", "outcome", "action")


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def report(request: PersonRequest, person: Person) -> HttpResponse:
    """Report an effect. The advice can be read before anything is saved, and stands on the page after it."""
    relation = request.relation
    form = ReportForm(posted(request), relation=relation, today=person.today())
    valid, preview, advice = form.is_valid(), "preview" in request.POST, None
    if valid and not preview:
        return redirect("events:show", person_id=person.pk, event_id=_save_report(request, person, form).pk)
    if preview:
        advice = _advice(form, person)
    context: dict[str, object] = {"person": person, "advice": advice, "clinician": relation == Relation.CLINICIAN}
    if preview and request.headers.get("HX-Request"):
        return render(request, "events/advice.html", context | {"nothing_yet": True})
    context |= {
        "form": form,
        "nobody_watches": NOBODY_WATCHES,
        "crisis": crisis_message(),
        "any_before": person.adverse_events.exists(),
        "own": relation == Relation.PATIENT,
    }
    if valid or advice is not None:
        # Advice that was asked for is an answer, even where the rest of the form is not filled in yet.
        return render(request, "events/report.html", context)
    return render_form(request, "events/report.html", context)


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def list_events(request: PersonRequest, person: Person) -> HttpResponse:
    """The effects of one person, the newest first."""
    reviews = Prefetch("reviews", queryset=EventReview.objects.order_by("-audit_number"))
    # Reviews are prefetched: as many queries for fifty effects as for ten.
    rows = newest_events(person).reverse().select_related("created_by").prefetch_related(reviews)
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
    events = [
        {"event": row, "name": shown_kind(row.kind), "review": next(iter(row.reviews.all()), None)} for row in page
    ]
    return render(request, "events/list.html", {"person": person, "page": page, "events": events})


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def show(request: PersonRequest, person: Person, event_id: uuid.UUID) -> HttpResponse:
    """One effect: what to do, whether sessions are on hold, and how it was reviewed."""
    event = _event(person, event_id)
    return render(request, "events/show.html", _context(request, event, hold_of(event)))


@person_page(Relation.CLINICIAN)
def review(request: PersonRequest, person: Person, event_id: uuid.UUID) -> HttpResponse:
    """A clinician's signed review of an effect."""
    event = _event(person, event_id)
    newest = reports_of(event)[0]
    if newest.pk != event.pk:
        # A review is of what was reported last.
        return redirect("events:review", person_id=person.pk, event_id=newest.pk)
    hold = hold_of(event)
    form = ReviewForm(posted(request), signer=request.user, held=hold is not None and not hasattr(hold, "lift"))
    if form.is_valid() and _reviewed(request, event, form):
        return redirect("events:show", person_id=person.pk, event_id=event.pk)
    return render_form(request, "events/review.html", {**_context(request, event, hold), "form": form})


def _reviewed(request: PersonRequest, event: AdverseEvent, form: ReviewForm) -> bool:
    """Sign the review; False with the problems on the form."""
    try:
        review_event(
            id=form.cleaned_data["review_id"],
            event=event,
            by=request.user,
            lift_hold=bool(form.cleaned_data.get("lift_hold")),
            **{name: form.cleaned_data[name] for name in _REVIEWED},
        )
    except BadInput as error:
        add_problems(form, error)
        return False
    return True


def _save_report(request: SignedInRequest, person: Person, form: ReportForm) -> AdverseEvent:
    save = functools.partial(
        report_event,
        person=person,
        by=request.user,
        **{name: form.cleaned_data[name] for name in ("date", "kind", "detail", "grade")},
    )
    event_id = form.cleaned_data["event_id"]
    try:
        return save(id=event_id)[0]
    except Conflict:
        # Somebody went back in the browser and changed the answers: a correction of their own earlier report.
        return save(supersedes=newest_events(person).filter(pk=event_id).first())[0]


def _advice(form: ReportForm, person: Person) -> Advice | None:
    """What to do by what is filled in so far; None as long as nothing says what happened."""
    # What failed its check is missing here: advice on the rest is better than none.
    answers = form.cleaned_data
    if not answers.get("kind"):
        return None
    return advise(answers["kind"], answers.get("detail", ""), answers.get("grade"), answers.get("date", person.today()))


def _event(person: Person, event_id: uuid.UUID) -> AdverseEvent:
    event = AdverseEvent.objects.filter(person=person, pk=event_id).select_related("created_by").first()
    if event is None:
        raise PermissionDenied(ACCESS_DENIED)
    # The key is read already.
    event.person = person
    return event


def _context(request: PersonRequest, event: AdverseEvent, hold: Hold | None) -> dict[str, object]:
    return {
        "person": event.person,
        "event": event,
        "name": shown_kind(event.kind),
        "advice": event.advice,
        "nobody_watches": NOBODY_WATCHES,
        "hold": hold,
        "lifted": hasattr(hold, "lift"),
        "reports": reports_of(event),
        "reviews": [review for one in reports_of(event) for review in one.reviews.order_by("-audit_number")],
        "newer": getattr(event, "newer", None),
        "clinician": request.relation == Relation.CLINICIAN,
    }
