"""Signing: a plan, and a rule that only the plan found."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.people.selectors import agreement_waits
from openpbm.care.plans import actions
from openpbm.care.plans.access import is_clinician, must_work_on_plans, plan_of
from openpbm.care.plans.card import OWN_STATEMENT, card_context
from openpbm.care.plans.forms import ReleaseForm, ReleaseRuleForm
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.selectors import newest_release, open_holds
from openpbm.care.plans.side_by_side import side_by_side
from openpbm.care.screening.wording import reason_in_words
from openpbm.errors import BadInput
from openpbm.wording import MONTHS

__all__ = ["release", "release_rule"]

_CONSENT_TEXT = "I looked at this plan, its cautions and its limits, and release it for this person."


@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
def release(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> HttpResponse:
    """Sign a plan: somebody on their own at the foot of its card, a clinician on a page of its own."""
    must_work_on_plans(request, person)
    row, posted, by_clinician = plan_of(request, person, plan_id), request.method == "POST", is_clinician(request)
    if not posted and not by_clinician:
        return redirect("plans:workbench", person_id=person.pk, plan_id=row.pk)
    text = _CONSENT_TEXT if by_clinician else OWN_STATEMENT
    early = actions.begins_early(row)
    form = ReleaseForm(request.POST if posted else None, signer=request.user, early=early, initial={"statement": text})
    if posted and form.is_valid() and _is_released(request, row, form):
        messages.success(request, _released_words(person, row, by_clinician=by_clinician))
        if by_clinician:
            return redirect("plans:workbench", person_id=person.pk, plan_id=row.pk)
        return redirect("home:today", person.pk)
    status = 422 if posted else 200
    if not by_clinician:
        # The signature stands at the foot of the card: what is wrong with it comes into sight there.
        form.fields["password"].widget.attrs["autofocus"] = True
        return render(request, "plans/card.html", card_context(request, person, row) | {"form": form}, status=status)
    context = {"person": person, "plan": row, "form": form, "problems": actions.release_problems(row)}
    before = newest_release(person)
    if before is not None and before.plan_id != row.pk:
        context["found"] = side_by_side(before.plan, row)
    context |= {"before": before, "holds": open_holds(person), "agreement_waits": agreement_waits(person)}
    return render(request, "plans/release.html", context, status=status)


def _is_released(request: PersonRequest, row: PlanRow, form: ReleaseForm) -> bool:
    said = form.cleaned_data
    why = said.get("early_start", "")
    try:
        actions.release_plan(plan=row, statement=said["statement"], early_start=why, by=request.user, id=said["id"])
    except BadInput as error:
        for problem in error.problems:
            form.add_error(None, str(problem))
        return False
    return True


def _released_words(person: Person, row: PlanRow, *, by_clinician: bool) -> str:
    if by_clinician:
        return f"Version {row.version} was released. Sessions follow it from here on."
    start = row.followed.start_date
    if start <= person.today():
        return "Your course has started."
    return f"Your course is set. Light begins on {start.day} {MONTHS[start.month - 1]}; the diary begins today."


@person_page(Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
def release_rule(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> HttpResponse:
    """Sign under a rule that only the plan found (`?rule=`); the plan is made again."""
    row, posted = plan_of(request, person, plan_id), request.method == "POST"
    rule = request.POST.get("rule") or request.GET.get("rule") or ""
    form = ReleaseRuleForm(request.POST if posted else None, signer=request.user, initial={"rule": rule})
    if posted and form.is_valid():
        said = form.cleaned_data
        try:
            job = actions.release_plan_rule(plan=row, rule=said["rule"], reason=said["reason"], by=request.user)
        except BadInput as error:
            for problem in error.problems:
                form.add_error(None, str(problem))
        else:
            return redirect("jobs:job", job.pk)
    asked = [reason_in_words(reason) for reason in row.core.reasons if reason.rule == rule]
    context = {"person": person, "plan": row, "form": form, "asked": asked, "rule": rule}
    return render(request, "plans/release_rule.html", context, status=422 if posted else 200)
