"""The clinician's overview of one person: how things stand, where everything is, and one timeline of all of it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from openpbm.care import clock
from openpbm.care.checkpoints.models import Checkpoint
from openpbm.care.home.clinic_facts import add_the_day, read_facts
from openpbm.care.home.history import history_of
from openpbm.care.home.worklist_items import delivery_of, worklist_items
from openpbm.care.home.worklist_page import address_of
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.plans.selectors import newest_plan, newest_release
from openpbm.care.scales.programme import programme_of
from openpbm.care.screening.selectors import newest_screening
from openpbm.care.screening.wording import words_of
from openpbm.care.sessions.selectors import next_due
from openpbm.wording import PROGRAMMES

__all__ = ["record"]

_ON_A_PAGE = 30
_VERDICT_BADGES = {"allowed": "ok", "ask": "info", "needs_clinician": "caution", "refused": "stop", "refer": "stop"}


@person_page(Relation.CLINICIAN)
def record(request: PersonRequest, person: Person) -> HttpResponse:
    """One person's record."""
    now = clock.now()
    today = now.astimezone(person.zone).date()
    # Computed as the worklist's facts are, so that the two pages never say different things of one person.
    known = read_facts([person], now)
    add_the_day(known)
    facts = known[person.pk]
    delivery = delivery_of(facts)
    screening, plan, release = newest_screening(person), newest_plan(person), newest_release(person)
    judged = Checkpoint.objects.filter(person=person).order_by("-audit_number").first()
    context = {
        "person": person,
        "findings": [(one, address_of(person, one)) for one in worklist_items(facts, delivery)],
        "delivery": delivery,
        "programme": PROGRAMMES.get(programme_of(person, None if release is None else release.plan.followed) or "", ""),
        "screening": screening,
        "verdict": "" if screening is None else words_of(screening).title,
        "verdict_badge": "plain" if screening is None else _VERDICT_BADGES.get(screening.verdict, "plain"),
        "plan": plan,
        "release": release,
        "next": next_due(person=person, today=today) if release is not None else None,
        "held": bool(facts.holds),
        "judged": judged,
        "page": Paginator(history_of(person), _ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "home/record.html", context)
