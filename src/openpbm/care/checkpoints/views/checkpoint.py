"""One checkpoint: what the engine proposes and why, what was decided, and the decision's signature."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openpbm.care.checkpoints.actions import decide as sign_decision
from openpbm.care.checkpoints.actions import order_proposal
from openpbm.care.checkpoints.course import course_digest
from openpbm.care.checkpoints.current import newest_judgement_at
from openpbm.care.checkpoints.forms import DecisionForm
from openpbm.care.checkpoints.look import look_at
from openpbm.care.checkpoints.models import CheckpointDecision
from openpbm.care.checkpoints.now import adherence_sentence
from openpbm.care.checkpoints.plain_words import PLAIN_DECISIONS, plain_judgement
from openpbm.care.people.access import CLINICIAN, HELPER, PATIENT, person_page
from openpbm.care.people.models import Person
from openpbm.care.plans.current import released_plan
from openpbm.care.plans.models import PlanRow

__all__ = ["decide", "judge", "show"]


@person_page(PATIENT, HELPER, CLINICIAN)
@require_GET
def show(request: HttpRequest, person: Person, week: int) -> HttpResponse:
    """What the engine found at one week; the person reads the plain version."""
    plan = released_plan(person)
    if plan is None:
        return redirect("checkpoints:my_course", person_id=person.pk)
    return render(request, "checkpoints/show.html", _shown(request, person, plan, week))


@person_page(PATIENT, CLINICIAN)
@require_POST
def judge(request: HttpRequest, person: Person, week: int) -> HttpResponse:
    """Have the course judged (again); without a clinic the person may ask for it alone."""
    if request.relation == PATIENT and not person.self_managed:  # type: ignore[attr-defined]
        raise PermissionDenied("Your clinic looks at your course; ask them to look again.")
    job = order_proposal(person=person, week=week, by=request.user)  # type: ignore[arg-type]
    return redirect("jobs:job", job_id=job.pk)


@person_page(CLINICIAN)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, person: Person, week: int) -> HttpResponse:
    """Sign what follows from the newest judgement of that week."""
    plan = released_plan(person)
    if plan is None:
        return redirect("checkpoints:my_course", person_id=person.pk)
    newest = newest_judgement_at(plan, week)
    if newest is None:
        messages.info(request, "This week was not judged yet. Have it judged first.")
        return redirect("checkpoints:show", person_id=person.pk, week=week)
    newest.person = person
    proposed = newest.judgement["decision"]
    sent = request.method == "POST"
    initial = {"id": uuid.uuid4(), "judgement": newest.pk}
    form = DecisionForm(request.POST if sent else None, initial=initial, signer=request.user, proposed=proposed)
    if sent and form.is_valid():
        given = form.cleaned_data
        if given["judgement"] != newest.pk:
            form.add_error(None, "The course was judged again meanwhile. Read the newer judgement, then sign.")
        else:
            sign_decision(
                id=given["id"],
                checkpoint=newest,
                decision=given["decision"],
                reason=given["reason"],
                by=request.user,  # type: ignore[arg-type]
            )
            messages.success(request, "Your decision is signed.")
            return redirect("checkpoints:show", person_id=person.pk, week=week)
    context = {**_shown(request, person, plan, week), "form": form}
    return render(request, "checkpoints/decide.html", context, status=422 if sent else 200)


def _shown(request: HttpRequest, person: Person, plan: PlanRow, week: int) -> dict[str, Any]:
    days = dict(plan.to_core().checkpoints)
    if week not in days:
        raise Http404(f"the plan has no checkpoint in week {week}")
    newest = newest_judgement_at(plan, week)
    history = _history(plan, week)
    clinician = request.relation == CLINICIAN  # type: ignore[attr-defined]
    return {
        "person": person,
        "week": week,
        "day": days[week],
        "has_come": days[week] <= person.today(),
        "newest": newest,
        "said": None if newest is None else plain_judgement(newest.judgement),
        "look": look_at(newest.judgement) if newest is not None and clinician else None,
        "stale": newest is not None and newest.course_digest != course_digest(person, plan),
        "history": history,
        "decided": history[0] if history else None,
        "decided_words": PLAIN_DECISIONS[history[0].decision] if history else "",
        "adherence": "" if newest is None else adherence_sentence(newest.judgement["adherence"], "until then"),
        "clinician": clinician,
        "may_judge": clinician or person.self_managed,
        "own": request.relation == PATIENT,  # type: ignore[attr-defined]
    }


def _history(plan: PlanRow, week: int) -> list[CheckpointDecision]:
    rows = CheckpointDecision.objects.filter(checkpoint__plan=plan, checkpoint__week=week)
    return list(rows.select_related("checkpoint", "created_by").order_by("-created_at"))
