"""The clinician's people by what needs attention, worst first."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from openpbm.care import clock
from openpbm.care.accounts.models import Clinic, Role
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.audit.models import log_read_access
from openpbm.care.home.course_facts import Delivery
from openpbm.care.home.kept_facts import facts_of
from openpbm.care.home.worklist_items import FILTERS, Finding, delivery_of, worklist_items
from openpbm.care.home.worklist_signs import Status, signs_of, status_of
from openpbm.care.people.access import page
from openpbm.care.people.models import Person

__all__ = ["address_of", "worklist"]

_ON_A_PAGE = 25
_NOTHING = 99
_LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person of the list and everything that waits."""

    person: Person
    findings: list[Finding]
    delivery: Delivery | None

    @property
    def rank(self) -> int:
        """How pressing the worst of it is."""
        return self.findings[0].rank if self.findings else _NOTHING

    @property
    def status(self) -> Status:
        """How pressing it is, as the list shows it."""
        return status_of(self.findings)

    def links(self) -> list[tuple[Finding, str]]:
        """Each finding and where it is settled; the record where that page is not there."""
        return [(one, address_of(self.person, one)) for one in self.findings]


def address_of(person: Person, finding: Finding) -> str:
    """Where a finding is settled; the record where that page is not there."""
    if "lamp_id" in finding.arguments:
        return reverse(finding.route, kwargs=finding.arguments)
    try:
        return reverse(finding.route, kwargs={"person_id": person.pk} | finding.arguments)
    except NoReverseMatch:
        return reverse("home:record", kwargs={"person_id": person.pk})


@page(Role.CLINICIAN)
def worklist(request: SignedInRequest, clinic: Clinic) -> HttpResponse:
    """Everybody of the clinic. The name that is searched for is sent as a form, so that it is in no address or log."""
    wanted = request.GET.get("show", "")
    search = request.POST.get("q", "").strip()[:_LONGEST_SEARCH]
    people = list(Person.objects.filter(clinic=clinic, left_at=None).select_related("key").order_by("created_at", "pk"))
    # The whole clinic is read before the page is cut: who is worst is known only when all were judged.
    facts = facts_of(people, clock.now())
    lines = []
    for person in people:
        known = facts[person.pk]
        delivery = delivery_of(known)
        lines.append(Line(person=person, findings=worklist_items(known, delivery), delivery=delivery))
    lines.sort(key=lambda line: line.rank)
    chips = [
        (key, label, sum(any(one.group == key for one in line.findings) for line in lines)) for key, label in FILTERS
    ]
    if wanted in dict(FILTERS):
        lines = [line for line in lines if any(one.group == wanted for one in line.findings)]
    if search:
        lines = [line for line in lines if _matches(line.person, search)]
    shown: Page[Line] = Paginator(lines, _ON_A_PAGE).get_page(request.GET.get("page"))
    # Only those on this page were read by anybody; the rest was sorted unseen.
    log_read_access(request.user, [line.person.pk for line in shown], route="home:worklist")
    signs = signs_of([line.person for line in shown], facts)
    rows = [(line, signs[line.person.pk]) for line in shown]
    context = {
        "clinic": clinic, "page": shown, "rows": rows, "chips": chips, "show": wanted, "q": search,
        "everybody": len(people), "query": f"show={wanted}&" if wanted in dict(FILTERS) else "",
    }  # fmt: skip
    return render(request, "home/worklist.html", context)


def _matches(person: Person, search: str) -> bool:
    """Names are sealed, so the database cannot look for them: they are opened here, this clinic's alone."""
    words = search.casefold()
    return words in person.code.casefold() or words in person.shown_name().casefold()
