"""Pages of the scales."""

from __future__ import annotations

import datetime as dt
import functools
import uuid

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.audit.ledger import Conflict
from openpbm.care.form_page import posted, render_form
from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.scales.actions import record_score
from openpbm.care.scales.due import due_at
from openpbm.care.scales.fill_steps import FillStep, step_of
from openpbm.care.scales.forms import ScaleForm
from openpbm.care.scales.models import ScoreEntry
from openpbm.care.scales.programme import plan_of, programme_of
from openpbm.care.scales.score_words import headline, honest_words
from openpbm.care.scales.selectors import calendar_of, newest_scores
from openpbm.care.scales.trend import trends
from openpbm.care.scales.wording import has_words, is_retired
from openpbm.facts.scales import Scale, scales, speaks_of_self_harm
from openpbm.outcomes.measures import crisis_text, crisis_text_needed

__all__ = ["fill", "list_scales", "score_page"]

_SCORES_A_PAGE = 25
#: The daily rating is the diary's own question.
_ASKED_BY_THE_DIARY = frozenset({"daily_severity"})


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def list_scales(request: PersonRequest, person: Person) -> HttpResponse:
    """The forms that are due, those that can be filled, and the scores so far with their lines over time."""
    today = person.today()
    calendar = calendar_of(person, today)
    programme = programme_of(person, plan_of(person))
    rows = list(newest_scores(person))
    page = Paginator(list(reversed(rows)), _SCORES_A_PAGE).get_page(request.GET.get("page"))
    clinician = request.relation == Relation.CLINICIAN
    offered = [of for of in scales if _is_offered(of, programme, clinician=clinician) and _can_fill(person, of)]
    context = {
        "person": person,
        "due": [row for row in due_at(calendar, today) if not is_retired(row.scale.id)],
        "coming": next((row for row in calendar if row.state(today) == "coming"), None),
        "offered": sorted(offered, key=lambda of: of.plain_name),
        "page": page,
        "scores": [{"entry": row, "scale": scales.get(row.scale)} for row in page],
        "trends": trends(rows),
    }
    return render(request, "scales/list.html", context)


def _is_offered(of: Scale, programme: str | None, *, clinician: bool) -> bool:
    if of.id in _ASKED_BY_THE_DIARY or is_retired(of.id):
        return False
    if of.examined and not clinician:
        return False
    return programme is None or programme in of.programmes


def _can_fill(person: Person, of: Scale) -> bool:
    return not person.self_managed or has_words(of)


# `scale` is the name the address gives it.
@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def fill(request: PersonRequest, person: Person, scale: str) -> HttpResponse:
    """Fill one form, or write down the total the clinic gave."""
    if scale not in scales:
        raise Http404(f"There is no form called {scale}.")
    of = scales[scale]
    if is_retired(of.id):
        return render(request, "scales/retired.html", {"person": person, "scale": of}, status=410)
    relation = request.relation
    version = request.GET.get("version", "").strip() or _usual_version(of, relation)
    if version not in of.versions:
        raise Http404(f"There is no edition {version} of {of.id}.")
    step = _step(request, of, version, person.today())
    if step is not None:
        form, screen = step
        context = {"person": person, "scale": of, "form": form, "step": screen, "crisis": crisis_text()}
        return render(request, "scales/fill_step.html", context)
    form = ScaleForm(posted(request), of=of, version=version, today=person.today())
    if form.is_valid():
        entry = _save_score(request, person, form, _source(form, relation))
        return redirect("scales:score", person_id=person.pk, score_id=entry.pk)
    context = {
        "person": person,
        "scale": of,
        "edition": version,
        "form": form,
        "crisis": crisis_text() if crisis_text_needed(of) else "",
        "has_total": "value" in form.fields,
    }
    return render_form(request, "scales/fill.html", context)


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def score_page(request: PersonRequest, person: Person, score_id: uuid.UUID) -> HttpResponse:
    """One score with what it does and does not say."""
    entry = ScoreEntry.objects.filter(person=person, pk=score_id).first()
    if entry is None:
        raise PermissionDenied(ACCESS_DENIED)
    of = scales[entry.scale]
    before = newest_scores(person).filter(scale=entry.scale, version=entry.version, date__lt=entry.date).last()
    score = entry.score
    mood_is_low = bool(entry.items) and crisis_text_needed(of, entry.items)
    context = {
        "person": person,
        "entry": entry,
        "scale": of,
        "headline": headline(of, entry),
        "words": honest_words(of, entry, before),
        # A total copied from paper has no parts, so none is shown as "too few answers".
        "parts": [(part.label, score.subscales.get(part.id)) for part in of.subscales if score.subscales],
        "crisis": crisis_text() if mood_is_low else "",
        "self_harm": speaks_of_self_harm(of, entry.items),
        "missing": [item.label for item in of.items if item.id in score.missing],
    }
    return render(request, "scales/score.html", context)


def _step(request: PersonRequest, of: Scale, version: str, today: dt.date) -> tuple[ScaleForm, FillStep] | None:
    """For whoever fills it themselves, one question a screen; None for a clinician, for a form without its words,
    and for one that is sent to be saved."""
    form = ScaleForm(of=of, version=version, today=today)
    if request.relation == Relation.CLINICIAN or form.only_labels:
        return None
    screen = step_of(form, posted(request))
    return None if screen is None else (form, screen)


def _save_score(request: SignedInRequest, person: Person, form: ScaleForm, source: str) -> ScoreEntry:
    save = functools.partial(
        record_score,
        person=person,
        date=form.cleaned_data["date"],
        scale=form.of.id,
        version=form.version,
        items=form.items() or None,
        value=form.value(),
        source=source,
        by=request.user,
    )
    try:
        return save(id=form.cleaned_data["score_id"])[0]
    except Conflict:
        return save()[0]


def _usual_version(of: Scale, relation: str) -> str:
    """A person fills the edition made for filling alone, where there is one; a clinician the interview."""
    return "patient" if relation != Relation.CLINICIAN and "patient" in of.versions else of.version


def _source(form: ScaleForm, relation: str) -> str:
    if relation == Relation.CLINICIAN:
        return "clinician"
    return "paper" if form.only_labels else "app"
