"""Where a patient, or whoever helps them, finds every page of the record."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.plans.selectors import newest_plan

__all__ = ["my_record"]


@dataclass(frozen=True, slots=True)
class _Way:
    """One page: its name, what stands there, its route, and whether a helper may open it."""

    title: str
    text: str
    route: str
    helper: bool = True


_WRITTEN = (
    _Way("Answers", "What is known about your health, and where to change it.", "people:intake"),
    _Way("Beside the light", "Medicines, exercise, sleep: what began, stopped or changed.", "people:timeline"),
    _Way("Diary", "Every day that was written down.", "scales:days"),
    _Way("Cramps", "Each cramp or spasm as it came: muscle, length, pain, what set it off.", "scales:spasms"),
    _Way("Forms and scores", "The questions that come up during a course, and how they were answered.", "scales:list"),
    _Way("Sessions", "Each session, planned and given.", "sessions:list"),
    _Way("Blinded test", "Weeks with light and without, in an order nobody sees.", "n_of_1:show"),
    _Way("Side effects", "What was reported, and what was said about it.", "events:list"),
)
_COURSE = (
    _Way("Care plan", "The goals, and who sees to what.", "checkpoints:care_plan"),
    _Way("Appointments", "What is agreed on.", "people:book"),
    _Way("Everything in one file", "All that is kept here, to take along.", "checkpoints:export"),
)
_DECIDED = (
    _Way("Consent", "What you agree to. You can withdraw it there.", "people:consent", helper=False),
    _Way("Helpers", "Who else may open this record. Let somebody in, or end it.", "people:helpers", helper=False),
    _Way("Name and contact", "Your name, your e-mail, your time zone.", "people:details", helper=False),
    _Way("Erasure", "Have everything with your name on it forgotten.", "people:erasure", helper=False),
)
_GROUPS = (
    ("written", "Written down", _WRITTEN),
    ("course", "The course", _COURSE),
    ("yours", "What is yours to decide", _DECIDED),
)


@person_page(Relation.PATIENT, Relation.HELPER)
@require_GET
def my_record(request: PersonRequest, person: Person) -> HttpResponse:
    """Every page of the record that the reader may open."""
    # Consent, helpers and identity stay with the patient: a helper who could change them could make themselves stay.
    own = request.relation == Relation.PATIENT
    groups = [
        {"id": id, "title": title, "ways": [_shown(way, person) for way in ways if own or way.helper]}
        for id, title, ways in _GROUPS
    ]
    # What somebody alone has to see to is the course itself, so it stands before what goes with it.
    groups[1]["ways"] = _alone(person, own=own) + groups[1]["ways"]  # type: ignore[operator]
    context = {"person": person, "own": own, "groups": [group for group in groups if group["ways"]]}
    return render(request, "home/my_record.html", context)


def _shown(way: _Way, person: Person) -> dict[str, str]:
    return {"title": way.title, "text": way.text, "href": reverse(way.route, kwargs={"person_id": person.pk})}


def _alone(person: Person, *, own: bool) -> list[dict[str, str]]:
    """What somebody has to see to who has no clinic."""
    if not person.self_managed:
        return []
    kwargs = {"person_id": person.pk}
    ways = [{"title": "Is light an option?", "text": "Check it, or check it again.",
             "href": reverse("screening:new", kwargs=kwargs)}]  # fmt: skip
    plan = newest_plan(person) if own else None
    if plan is not None:
        ways.append(
            {"title": "Plan", "text": f"Version {plan.version}, the newest.",
             "href": reverse("plans:workbench", kwargs=kwargs | {"plan_id": plan.pk})}
        )  # fmt: skip
    ways.append(
        {"title": "Lamps", "text": "What you light with, and how it was measured.", "href": reverse("devices:list")}
    )
    return ways
