"""The care plan: three goals, and the eight stages as the record shows them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from openpbm.care.checkpoints.care_stages import care_now
from openpbm.care.checkpoints.care_team import care_team, set_team_member, team_line
from openpbm.care.checkpoints.forms import TeamMemberForm
from openpbm.care.form_page import posted, render_form
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.actions import set_goal, set_stage
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.forms import GoalForm, StageForm
from openpbm.care.people.models import Person, goal_numbers
from openpbm.care.people.selectors import goals_of, stages_of
from openpbm.errors import BadInput

__all__ = ["care_plan", "goal", "stage", "team_member"]


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def care_plan(request: PersonRequest, person: Person) -> HttpResponse:
    """What we want to reach, and who does what by when."""
    return _show(request, person)


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_POST
def goal(request: PersonRequest, person: Person) -> HttpResponse:
    """Keep one goal."""
    number = request.POST.get("number", "")
    form = GoalForm(request.POST, number=int(number) if number in ("1", "2", "3") else None)
    if not form.is_valid():
        return _show(request, person, wrong_goal=form)
    given = form.cleaned_data
    set_goal(
        id=given["id"],
        person=person,
        number=given["number"],
        text=given["text"],
        by=request.user,
    )
    messages.success(request, "Goal saved.")
    return redirect("checkpoints:care_plan", person_id=person.pk)


@person_page(Relation.CLINICIAN)
def stage(request: PersonRequest, person: Person, stage: str) -> HttpResponse:
    """Change one stage."""
    here = next((one for one in stages_of(person) if one.stage.id == stage), None)
    if here is None:
        raise Http404(f"no stage {stage}")
    row = here.row
    initial = {} if row is None else {
        "owner": row.owner_id, "due": row.due, "done": row.done_at is not None, "note": row.note
    }  # fmt: skip
    form = StageForm(request.POST if request.method == "POST" else None, initial=initial, person=person)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        set_stage(person=person, stage=stage, by=request.user, **given)
        messages.success(request, f"{here.stage.name}: saved.")
        return redirect("checkpoints:care_plan", person_id=person.pk)
    return render(request, "checkpoints/stage.html", {"person": person, "here": here, "form": form})


@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
def team_member(request: PersonRequest, person: Person, role: str) -> HttpResponse:
    """Who has one role around the person."""
    line = team_line(person, role)
    if line is None:
        raise Http404(f"no role {role}")
    initial = {"id": uuid.uuid4(), "name": line.name, "contact": line.contact}
    form = TeamMemberForm(posted(request), initial=initial)
    if form.is_valid():
        try:
            set_team_member(person=person, role=role, by=request.user, **form.cleaned_data)
        except BadInput as error:
            add_problems(form, error)
        else:
            messages.success(request, f"{line.role.name}: saved.")
            return redirect("checkpoints:care_plan", person_id=person.pk)
    return render_form(request, "checkpoints/team_member.html", {"person": person, "line": line, "form": form})


def _show(request: PersonRequest, person: Person, wrong_goal: GoalForm | None = None) -> HttpResponse:
    goals = {row.number: row.text() for row in goals_of(person)}
    forms = [_goal_form(number, goals.get(number, "")) for number in goal_numbers()]
    if wrong_goal is not None:
        sent = wrong_goal.data.get("number")
        forms = [wrong_goal if str(number) == sent else form for number, form in enumerate(forms, start=1)]
    context = {
        "person": person,
        "goal_forms": forms,
        "goals": [goals[number] for number in sorted(goals)],
        "stages": care_now(person),
        "team": care_team(person),
        "may_name": request.relation != Relation.HELPER,
        "may_plan": request.relation == Relation.CLINICIAN,
    }
    return render(request, "checkpoints/care_plan.html", context, status=400 if wrong_goal is not None else 200)


def _goal_form(number: int, text: str) -> GoalForm:
    return GoalForm(number=number, initial={"id": uuid.uuid4(), "number": number, "text": text})
