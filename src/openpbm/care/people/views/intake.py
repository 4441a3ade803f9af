"""The intake: what was answered, and the pages on which it is answered."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.actions import record_intake
from openpbm.care.people.changed_answers import changed_answers
from openpbm.care.people.intake_draft import Draft
from openpbm.care.people.intake_steps import CHECK, FURTHER, Step, steps_for
from openpbm.care.people.models import Person
from openpbm.care.people.questions import complaint_of
from openpbm.care.people.selectors import latest_intake
from openpbm.care.people.step_form import StepForm
from openpbm.care.people.summary import summary_of
from openpbm.care.people.urgent import urgent_of
from openpbm.errors import BadInput, Problem
from openpbm.facts.crisis import crisis_message
from openpbm.files import JsonObject

__all__ = ["intake", "intake_step"]

_MOOD = {"suicidal_thoughts", "severe_depression"}
_OVERTAKEN = "Other answers were recorded since you began. Discard what you began, and start again from the newer ones."


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def intake(request: PersonRequest, person: Person) -> HttpResponse:
    """The newest answers, and the way to change them."""
    newest = latest_intake(person)
    draft = Draft(request.user, person)
    if request.method == "POST" and "discard" in request.POST:
        draft.forget()
        messages.info(request, "What you had begun to change is discarded.")
        return redirect("people:intake", person_id=person.pk)
    return render(
        request,
        "people/intake.html",
        {
            "person": person,
            "intake": newest,
            "summary": None if newest is None else summary_of(newest.document),
            "steps": steps_for(draft.document()),
            "draft": draft,
            "overtaken": draft.overtaken,
            "further": FURTHER,
            "earlier": person.intakes.count(),
            "may_screen": request.relation == Relation.CLINICIAN or person.self_managed,
            "urgent": [] if newest is None else urgent_of(newest.document),
        },
    )


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def intake_step(request: PersonRequest, person: Person, step: str) -> HttpResponse:
    """One page of the intake."""
    draft = Draft(request.user, person)
    if step == CHECK:
        return _check(request, person, draft)
    document = draft.document()
    steps = steps_for(document)
    if step in {one.id for one in FURTHER}:
        # After these only the last look at all answers is left.
        steps = (*steps, *FURTHER)
    here = next((one for one in steps if one.id == step), None)
    if here is None:
        raise Http404(f"no page {step} in the intake")
    sent = request.POST if request.method == "POST" else None
    form = here.form(sent, document=document, age_on_file=draft.age is not None)
    if request.method == "POST" and form.is_valid():
        draft.keep(form.document)
        if "more" in request.POST:
            return redirect("people:intake_step", person_id=person.pk, step=step)
        return _go_on(person, here, form)
    context = _page(person, here, steps, form) | {"overtaken": draft.overtaken}
    return render(request, "people/intake_step.html", context)


def _go_on(person: Person, here: Step, form: StepForm) -> HttpResponse:
    """To the next page that matters to what was just answered."""
    ids = [one.id for one in steps_for(form.document)]
    following = [] if here in FURTHER else ids[ids.index(here.id) + 1 :]
    return redirect("people:intake_step", person_id=person.pk, step=following[0] if following else CHECK)


def _page(person: Person, here: Step, steps: tuple[Step, ...], form: StepForm) -> dict[str, object]:
    number = steps.index(here) + 1
    return {
        "person": person,
        "step": here,
        "steps": steps,
        "number": number,
        "pages": _pages(form.document, here, steps),
        "before": steps[number - 2].id if number > 1 else "",
        "form": form,
        "extra": here in FURTHER,
        "urgent": urgent_of(form.document),
        "crisis": crisis_message() if _MOOD & form.fields.keys() else "",
        "suggestions": getattr(form, "suggestions", ()),
    }


def _pages(document: JsonObject, here: Step, steps: tuple[Step, ...]) -> int:
    """How many pages there are; 0 where that depends on an answer to come, and on the pages that are extra."""
    settled = complaint_of(document) is not None and here not in FURTHER
    return len(steps) if settled else 0


def _said_of(problem: Problem) -> str:
    text = problem.text.rstrip(".")
    return f"{text[:1].upper()}{text[1:]}." if problem.key == "reason" else str(problem)


def _check(request: SignedInRequest, person: Person, draft: Draft) -> HttpResponse:
    """All answers once more, then they are recorded."""
    if not draft.exists:
        return redirect("people:intake", person_id=person.pk)
    document = draft.document()
    problems: tuple[str, ...] = ()
    overtaken = draft.overtaken
    if request.method == "POST" and overtaken:
        problems = (_OVERTAKEN,)
    elif request.method == "POST":
        try:
            record_intake(
                id=draft.id,
                person=person,
                document=document,
                reason=request.POST.get("reason", ""),
                by=request.user,
            )
        except BadInput as error:
            # Of the reason the page says in words what is missing; the box below shows what was typed.
            problems = tuple(_said_of(problem) for problem in error.problems)
        else:
            draft.forget()
            messages.success(request, "Your answers are recorded.")
            return redirect("people:intake", person_id=person.pk)
    steps, newest = steps_for(document), latest_intake(person)
    return render(
        request,
        "people/intake_check.html",
        {
            "person": person,
            "steps": steps,
            "summary": summary_of(document),
            "problems": problems,
            "overtaken": overtaken,
            "urgent": urgent_of(document),
            "first": newest is None,
            "further": FURTHER,
            "changed": () if newest is None else changed_answers(newest.document, document),
            "before": steps[-1].id,
        },
        status=400 if problems else 200,
    )
