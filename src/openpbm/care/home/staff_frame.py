"""What stands around every page that staff read about one person: who it is, what to watch for, the other pages."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest

from openpbm.care.addresses import address
from openpbm.care.events.models import AdverseEvent
from openpbm.care.people.access import Relation
from openpbm.care.people.intake_forms import SEXES
from openpbm.care.people.models import Intake, Person
from openpbm.care.people.selectors import age_on_file, latest_intake
from openpbm.care.plans.models import PlanRelease, PlanRow
from openpbm.care.plans.selectors import open_holds
from openpbm.care.prepared import Prepared
from openpbm.care.screening.models import ScreeningRow
from openpbm.errors import BadInput
from openpbm.facts.conditions import conditions
from openpbm.facts.medicine_text import medicines_in

__all__ = ["PersonFrame", "condition_of", "person_frame"]

_HOLDS_SHOWN = 3
_SIGNED = Prepared(
    lambda person: (
        PlanRelease.objects.filter(person=person)
        .select_related("plan__screening__lamp")
        .defer("plan__document", "plan__outline", "plan__screening__case", "plan__screening__result")
        .order_by("-audit_number", "-plan__version")[:1]
    )
)
_NOT_REVIEWED = Prepared(
    lambda person: (
        AdverseEvent.objects.filter(person=person, newer=None, reviews=None)
        .exclude(kind="none")
        .order_by("date", "audit_number")
        .values_list("pk", "advice")
    )
)
_NEWEST_PLAN = Prepared(
    lambda person: PlanRow.objects.filter(person=person).order_by("-version").values_list("pk", flat=True)[:1]
)
_NEWEST_SCREENING = Prepared(
    lambda person: (
        ScreeningRow.objects.filter(person=person, later=None)
        .order_by("-audit_number")
        .values_list("pk", flat=True)[:1]
    )
)
_GRAVE = ("red_flag", "stop_everywhere")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """One page of the person."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageGroup:
    """Pages that belong together."""

    title: str
    pages: tuple[PageLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something to know before anything is decided. kind : the colour of its badge;  word : the badge's word"""

    kind: str
    word: str
    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFrame:
    """The banner and the menu.

    about : age, sex and condition, as far as the newest answers say
    lamp : of the plan in force;  medicines : those that the rules speak about, as a sentence
    """

    person: Person
    about: tuple[str, ...]
    lamp: str
    medicines: str
    alerts: tuple[Alert, ...]
    groups: tuple[PageGroup, ...]


def person_frame(request: HttpRequest) -> PersonFrame | None:
    """The frame of a page that a clinician reads about a person; None on every other page."""
    person: Person | None = getattr(request, "person", None)
    if person is None or getattr(request, "relation", "") != Relation.CLINICIAN:
        return None
    intake = latest_intake(person)
    signed = _SIGNED.first(person=person)
    return PersonFrame(
        person=person,
        about=tuple(_about(person, intake)),
        lamp="" if signed is None else signed.plan.screening.lamps_in_short,
        medicines=_medicines(intake),
        alerts=tuple(_alerts(person)),
        groups=tuple(_groups(request.path, person)),
    )


def condition_of(intake: Intake | None) -> str:
    """The name of what is treated, "" where the answers do not say; in its own words what no list knows."""
    said = {} if intake is None else intake.document.get("condition") or {}
    try:
        return conditions[str(said["diagnosis"])].name if said.get("diagnosis") else ""
    except BadInput:
        return str(said["diagnosis"])


def _about(person: Person, intake: Intake | None) -> Iterator[str]:
    said = {} if intake is None else intake.document.get("person") or {}
    age = age_on_file(person)
    if age is not None:
        yield f"{age} years"
    elif said.get("age_years"):
        yield f"{said['age_years']:g} years"
    else:
        yield "age not known"
    yield dict(SEXES).get(said.get("sex") or "", "sex not known").lower()
    yield condition_of(intake) or "condition not known"


def _medicines(intake: Intake | None) -> str:
    said = None if intake is None else (intake.document.get("person") or {}).get("medications")
    if said is None:
        return "Nobody asked about medicines yet"
    if not said:
        return "Takes no medicines, as far as was said"
    named = ", ".join(str(name) for name in said if _matters(str(name)))
    return f"Medicines that matter: {named}" if named else "No rule speaks about the medicines named"


@functools.lru_cache(maxsize=1000)
def _matters(name: str) -> bool:
    """Whether a rule speaks of it; what nobody knows matters too, until somebody has looked."""
    found = medicines_in(name)
    return not found or any(one.tier is not None or one.roles for one in found)


def _alerts(person: Person) -> Iterator[Alert]:
    holds = open_holds(person)
    for hold in holds[:_HOLDS_SHOWN]:
        href = address("plans:lift_hold", person_id=person.pk, hold_id=hold.pk)
        yield Alert(kind="stop", word="On hold", text=hold.message, href=href)
    if len(holds) > _HOLDS_SHOWN:
        href = address("home:record", person_id=person.pk)
        yield Alert(kind="stop", word="On hold", text=f"and {len(holds) - _HOLDS_SHOWN} more", href=href)
    rows = _NOT_REVIEWED.rows(person=person)
    if not rows:
        return
    grave = [row for row in rows if row[1].get("cause", "") in _GRAVE]
    first, _ = (grave or rows)[0]
    href = address("events:show", person_id=person.pk, event_id=first)
    text = f"{len(rows)} effect{'s' * (len(rows) > 1)} not reviewed"
    if grave:
        yield Alert(kind="stop", word="Warning sign", text=text, href=href)
    else:
        yield Alert(kind="caution", word="Effects", text=text, href=href)


def _groups(path: str, person: Person) -> Iterator[PageGroup]:
    newest = _NEWEST_PLAN.first(person=person)
    for title, pages in _PAGES:
        links = tuple(_link(path, person.pk, label, route) for label, route in pages)
        if title == "Light":
            links = (_screening_link(path, person), *links)
            if newest is not None:
                links += (_plan_link(path, person.pk, newest),)
        yield PageGroup(title=title, pages=links)


def _link(path: str, person_id: uuid.UUID, label: str, route: str) -> PageLink:
    href = address(route, person_id=person_id)
    return PageLink(label=label, href=href, current=path == href)


def _screening_link(path: str, person: Person) -> PageLink:
    """What the last check said, which offers to screen again; the empty form only where there is none."""
    form = address("screening:new", person_id=person.pk)
    newest = _NEWEST_SCREENING.first(person=person)
    if newest is None:
        return PageLink(label="Screening", href=form, current=path == form)
    href = address("screening:show", person_id=person.pk, screening_id=newest)
    return PageLink(label="Screening", href=href, current=path in (href, form))


def _plan_link(path: str, person_id: uuid.UUID, plan_id: uuid.UUID) -> PageLink:
    href = address("plans:workbench", person_id=person_id, plan_id=plan_id)
    return PageLink(label="Plan", href=href, current=path == href)


_PAGES = (
    ("Overview", (("Record", "home:record"), ("What they see today", "home:today"))),
    (
        "Light",
        (
            ("Sessions", "sessions:list"),
            ("Course and checkpoints", "checkpoints:my_course"), ("After the course", "checkpoints:after"),
            ("Compare plans", "plans:compare"),
        ),
    ),
    (
        "Symptoms",
        (
            ("Diary", "scales:diary"), ("Scales", "scales:list"), ("Progress", "checkpoints:progress"),
            ("Side effects", "events:list"), ("Blinded test", "n_of_1:show"),
        ),
    ),
    (
        "Care",
        (
            ("Answers", "people:intake"), ("Beside the light", "people:timeline"),
            ("Care plan", "checkpoints:care_plan"), ("Appointments", "people:book"), ("Referral", "screening:referral"),
        ),
    ),
    ("Papers", (("Case report", "checkpoints:case_report"), ("Export", "checkpoints:export"))),
    (
        "Person",
        (
            ("Consent", "people:consent"), ("Helpers", "people:helpers"), ("Name and contact", "people:details"),
            ("Erasure", "people:erasure"),
        ),
    ),
)  # fmt: skip
