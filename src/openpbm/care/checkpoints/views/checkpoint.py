"""One checkpoint: what the engine proposes and why, what was decided, and the decision's signature."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.checkpoints.actions import order_proposal, sign_decision
from openpbm.care.checkpoints.aftercare import courses_so_far, suggested_next
from openpbm.care.checkpoints.care_stages import care_lines
from openpbm.care.checkpoints.course import course_digest
from openpbm.care.checkpoints.expected_view import present_expected
from openpbm.care.checkpoints.forms import DecisionForm
from openpbm.care.checkpoints.judgement_view import present_judgement
from openpbm.care.checkpoints.models import Checkpoint, CheckpointDecision, ExpectedCourse
from openpbm.care.checkpoints.now import adherence_sentence
from openpbm.care.checkpoints.plain_words import PLAIN_DECISIONS, plain_judgement
from openpbm.care.checkpoints.selectors import newest_judgement_at
from openpbm.care.form_page import posted, render_form
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.selectors import released_plan

__all__ = ["decide", "judge", "show"]

#: Decisions after which a course with fewer sessions is offered.
_STEPS_DOWN = ("maintain", "taper")


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_GET
def show(request: PersonRequest, person: Person, week: int) -> HttpResponse:
    """What the engine found at one week; the person reads the plain version."""
    plan = released_plan(person)
    if plan is None:
        return redirect("checkpoints:my_course", person_id=person.pk)
    return render(request, "checkpoints/show.html", _context(request, person, plan, week))


@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_POST
def judge(request: PersonRequest, person: Person, week: int) -> HttpResponse:
    """Have the course judged (again); without a clinic the person may ask for it alone."""
    if request.relation == Relation.PATIENT and not person.self_managed:
        raise PermissionDenied("Your clinic judges your course; ask your clinic to judge it again.")
    job = order_proposal(person=person, week=week, by=request.user)
    return redirect("jobs:job", job_id=job.pk)


@person_page(Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
def decide(request: PersonRequest, person: Person, week: int) -> HttpResponse:
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
    initial = {"id": uuid.uuid4(), "judgement": newest.pk}
    form = DecisionForm(posted(request), initial=initial, signer=request.user, proposed=proposed)
    if form.is_valid() and _signed(request, newest, form):
        return redirect("checkpoints:show", person_id=person.pk, week=week)
    context = {**_context(request, person, plan, week), "form": form}
    return render_form(request, "checkpoints/decide.html", context)


def _signed(request: SignedInRequest, newest: Checkpoint, form: DecisionForm) -> bool:
    """Sign the decision; False where another judgement was read than the newest."""
    signature = form.cleaned_data
    # The worker may have judged again while the page lay open; nobody signs what they did not read.
    if signature["judgement"] != newest.pk:
        form.add_error(None, "The course was judged again meanwhile. Read the newer judgement, then sign.")
        return False
    sign_decision(
        id=signature["id"],
        checkpoint=newest,
        decision=signature["decision"],
        reason=signature["reason"],
        by=request.user,
    )
    messages.success(request, "Your decision is signed.")
    return True


def _context(request: PersonRequest, person: Person, plan: PlanRow, week: int) -> dict[str, object]:
    days = plan.followed.checkpoint_days
    if week not in days:
        raise Http404(f"the plan has no checkpoint in week {week}")
    history = _history(plan, week)
    clinician = request.relation == Relation.CLINICIAN
    context: dict[str, object] = {
        "person": person,
        "week": week,
        "day": days[week],
        "has_come": days[week] <= person.today(),
        "newest": None,
        "history": history,
        "decided": None,
        "clinician": clinician,
        "may_judge": clinician or person.self_managed,
        "own": request.relation == Relation.PATIENT,
    }
    newest = newest_judgement_at(plan, week)
    if newest is not None:
        context |= _judgement_context(newest, person, clinician=clinician)
    if history:
        context |= {"decided": history[0], "decided_words": PLAIN_DECISIONS[history[0].decision]}
        if clinician and history[0].decision in _STEPS_DOWN:
            context |= {"following": suggested_next(person, courses_so_far(person)), "following_id": uuid.uuid4()}
    return context


def _judgement_context(newest: Checkpoint, person: Person, *, clinician: bool) -> dict[str, object]:
    context: dict[str, object] = {
        "newest": newest,
        "plain": plain_judgement(newest.judgement),
        "stale": newest.course_digest != course_digest(person, newest.plan),
        "adherence": adherence_sentence(newest.judgement["adherence"], "until then"),
    }
    if clinician:
        drawn = ExpectedCourse.objects.filter(checkpoint=newest).first()
        context |= {"view": present_judgement(newest.judgement), "expected": drawn and present_expected(drawn.document)}
        context["stages"] = care_lines(person, newest.judgement["care_plan"])
    return context


def _history(plan: PlanRow, week: int) -> list[CheckpointDecision]:
    rows = CheckpointDecision.objects.filter(checkpoint__plan=plan, checkpoint__week=week)
    return list(rows.select_related("checkpoint", "created_by").order_by("-audit_number"))
