"""The workbench: what a plan gives, what limits it, what it gives at other values, and two plans side by side."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.plans import actions
from openpbm.care.plans.access import is_clinician, must_work_on_plans, plan_of
from openpbm.care.plans.card import card_context
from openpbm.care.plans.forms import ComparisonForm, WhatIfForm
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.overlay import curves, overlay
from openpbm.care.plans.selectors import open_holds, released_plan
from openpbm.care.plans.side_by_side import side_by_side
from openpbm.care.plans.what_if import LightChoice, with_kept_plan
from openpbm.care.plans.workbench import (
    LimitRow,
    Tried,
    dose_table,
    limit_rows,
    session_rows,
    tried_out,
    warmth_of,
)
from openpbm.care.screening.session_lamps import placed_lamps
from openpbm.care.screening.wording import reason_in_words
from openpbm.planning import Plan, RescaledPlan
from openpbm.report.clinical_report import STANDARD_ERROR_WORDS, measurements_in_words, wide_windows_in_words
from openpbm.wording import verdict_words

__all__ = ["compare", "linear", "workbench"]

_VERSIONS = 12


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_GET
def workbench(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> HttpResponse:
    """The plan: for a clinician what it gives, what limits it and what can be changed; else the card to follow."""
    must_work_on_plans(request, person)
    if not is_clinician(request):
        return render(request, "plans/card.html", card_context(request, person, plan_of(request, person, plan_id)))
    row = with_kept_plan(plan_of(request, person, plan_id))
    tried = tried_out(row, LightChoice())
    context = _workbench_context(
        request, person, row, WhatIfForm(plan=row.core, modes=_modes(row)), tried, changed=False
    )
    return render(request, "plans/workbench.html", context)


@person_page(Relation.CLINICIAN)
@require_GET
def linear(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> HttpResponse:
    """The plan at other values: the part of the page alone for htmx, else the whole page."""
    row = with_kept_plan(plan_of(request, person, plan_id))
    form = WhatIfForm(request.GET, plan=row.core, modes=_modes(row))
    changes, choice = (_changes(form), form.choice()) if form.is_valid() else ({}, LightChoice())
    changed = choice.any or any(value is not None for value in changes.values())
    tried = tried_out(row, choice, **changes)
    alone = request.headers.get("HX-Request") == "true"
    wrong = bool(form.errors) or (changed and tried.numbers is None)
    status = 422 if wrong and alone else 200
    context = _workbench_context(request, person, row, form, tried, changed=changed, alone=alone)
    return render(request, "plans/linear.html" if alone else "plans/workbench.html", context, status=status)


def _changes(form: WhatIfForm) -> dict[str, Any]:
    said = form.cleaned_data
    percent = said["output_percent"]
    kept = {key: said[key] for key in ("minutes", "sessions_per_week", "weeks")}
    return kept | {"output_factor": None if percent is None else percent / 100.0}


def _modes(row: PlanRow) -> list[str]:
    """The settings of the plan's lamp, as it was screened with; of several lamps none is set otherwise alone."""
    first, *beside = placed_lamps(row.screening.case)
    return [] if beside else [mode["name"] for mode in first["device"].get("modes") or ()]


def _workbench_context(
    request: PersonRequest,
    person: Person,
    row: PlanRow,
    form: WhatIfForm,
    tried: Tried,
    *,
    changed: bool,
    alone: bool = False,
) -> dict[str, Any]:
    plan = row.core
    found = tried.numbers
    clinician = is_clinician(request)
    shown = found or plan
    limits = limit_rows(found) if found else []
    released = released_plan(person)
    minutes = found.minutes if found else plan.session_minutes
    positions = 0 if plan.schedule is None else plan.schedule.positions_per_session
    broken = [limit for limit in limits if not limit.reason.passed]
    # A care to take was signed for with the plan; with other numbers nobody has looked at it yet.
    against = [limit for limit in broken if changed or limit.reason.level not in ("caution", "note")]
    against += [
        LimitRow(label=reason.message, unit="", reason=reason)
        for reason in tried.new_reasons
        if reason.level not in ("caution", "note")
    ]
    return {
        "person": person,
        "plan": row,
        "core": plan,
        "view": {"verdict": row.verdict, "words": verdict_words(row.verdict)},
        "verdict": row.verdict,
        "reasons": [reason_in_words(reason) for reason in plan.reasons],
        "cautions": [reason_in_words(reason) for reason in plan.cautions],
        "releasable": [r for r in plan.reasons if clinician and r.level == "relative"],
        "form": form,
        "changed": changed,
        "found": found,
        **_skin_and_eye(plan, found, changed=changed),
        "why_not": () if plan.placement.apart and not changed else tried.problems,
        "light": tried.light,
        "new_reasons": [reason_in_words(reason) for reason in tried.new_reasons],
        "broken": broken,
        "against": against,
        "part_alone": alone,
        "kept": [limit for limit in limits if limit.reason.passed],
        "warmth": warmth_of(limits),
        "sessions": session_rows(plan),
        "measurements": measurements_in_words(plan),
        "dose": dose_table(plan, tried),
        "wide_windows": wide_windows_in_words(plan),
        "standard_error_words": STANDARD_ERROR_WORDS,
        "curves": curves(shown.curves, plan.curves if changed else ()),
        "clinician": clinician,
        "positions": positions,
        "minutes_at_a_place": minutes,
        "minutes_in_all": None if minutes is None else minutes * max(1, positions),
        # Somebody on their own reads minutes only where a plan allows them.
        "minutes_shown": clinician or row.verdict == "allowed",
        "problems": actions.release_problems(row),
        "is_released": released == row,
        "in_force": released and released.pk,
        "release": getattr(row, "release", None),
        "versions": _versions(person),
        "holds": open_holds(person),
        "may_sign": clinician or (person.self_managed and request.relation == Relation.PATIENT),
    }


def _skin_and_eye(plan: Plan, found: RescaledPlan | None, *, changed: bool) -> dict[str, object]:
    # Of lamps at different places nothing is computed again: what the plan itself says of skin and eyes stands.
    told = plan if found is None and not changed else found
    return {} if told is None else {"skin": told.skin, "eye": told.eye}


def _versions(person: Person) -> QuerySet[PlanRow]:
    # Asked for where the page lists them, which the part alone does not, and without the tables of each.
    rows = person.plans.select_related("release", "screening__lamp")
    rows = rows.defer("document", "outline", "screening__case", "screening__result")
    return rows.order_by("-version")[:_VERSIONS]


@person_page(Relation.CLINICIAN)
@require_GET
def compare(request: PersonRequest, person: Person) -> HttpResponse:
    """Two versions side by side (`?first=&second=`)."""
    versions = person.plans.select_related("lamp", "screening__lamp").order_by("-version")
    chosen = list(versions[:2])
    initial = {"first": chosen[1], "second": chosen[0]} if len(chosen) == 2 else {}
    form = ComparisonForm(request.GET or None, versions=versions, initial=initial)
    pair = (form.cleaned_data["first"], form.cleaned_data["second"]) if form.is_valid() else None
    if pair is None and not form.is_bound and len(chosen) == 2:
        pair = (chosen[1], chosen[0])
    found = side_by_side(*pair) if pair else None
    context = {
        "person": person,
        "form": form,
        "pair": pair,
        "found": found,
        "enough": len(chosen) == 2,
        "only": chosen[0] if len(chosen) == 1 else None,
        "chart": overlay(pair[0].core, pair[1].core, _names(pair)) if pair else None,
        "in_force": released_plan(person),
        "releasable": [row for row in pair or () if not actions.release_problems(row)],
    }
    return render(request, "plans/compare.html", context, status=422 if form.errors else 200)


def _names(pair: tuple[PlanRow, PlanRow]) -> tuple[str, str]:
    first, second = (f"Version {row.version}, {row.screening.lamps_in_short}" for row in pair)
    return first, second
