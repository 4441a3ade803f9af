"""Which plan counts for a person, and what holds their sessions."""

from __future__ import annotations

import datetime as dt
import uuid

from openpbm.care.people.models import Person
from openpbm.care.plans.models import Hold, PlanRelease, PlanRow
from openpbm.care.prepared import Prepared

__all__ = ["newest_plan", "newest_release", "open_holds", "released_courses", "released_plan"]

_RELEASE = Prepared(
    lambda person: (
        PlanRelease.objects.filter(person=person)
        .select_related("plan__lamp", "plan__screening")
        # Whoever follows a course reads the plan's outline; the tables of light are fetched where a page shows them.
        .defer("plan__document", "plan__screening__result")
        # By version where two were signed in the same moment: the later plan replaces the earlier one.
        .order_by("-audit_number", "-plan__version")[:1]
    )
)
_HOLDS = Prepared(lambda person: Hold.objects.filter(person=person, lift=None).order_by("audit_number"))
# As many rows as are in memory at once: each brings its outline.
_AT_ONCE = 500


def newest_release(person: Person) -> PlanRelease | None:
    """The last signature under a plan, None before the first."""
    newest = _RELEASE.first(person=person)
    if newest is not None:
        # Known already: no join for the person in what nearly every page asks.
        newest.plan.person = newest.plan.screening.person = person
    return newest


def released_plan(person: Person) -> PlanRow | None:
    """The plan whose sessions may start, None where none was ever released. Holds are asked for apart."""
    release = newest_release(person)
    return None if release is None else release.plan


def newest_plan(person: Person) -> PlanRow | None:
    """The last version, released or not."""
    return person.plans.select_related("lamp", "screening").order_by("-version").first()


def released_courses(*, not_over_before: dt.date | None = None) -> dict[uuid.UUID, PlanRelease]:
    """The last signature under a plan of everybody who has not left, by person; the plan's document is not read.

    not_over_before : only plans with a session or checkpoint on that day or later
    """
    signed = PlanRelease.objects.filter(person__left_at=None).order_by("audit_number", "plan__version")
    # Later rows take the place of earlier ones, and only then is asked which are over: under a newer plan that has
    # ended an older one does not begin again.
    newest = {person: (pk, last) for person, pk, last in signed.values_list("person_id", "pk", "plan__last_day")}
    first = not_over_before or dt.date.min
    wanted = [pk for pk, last in newest.values() if last is not None and last >= first]
    rows = PlanRelease.objects.filter(pk__in=wanted).select_related("plan", "person__user").defer("plan__document")
    return {row.person_id: row for row in rows.iterator(chunk_size=_AT_ONCE)}


def open_holds(person: Person) -> list[Hold]:
    """What keeps sessions from starting, the oldest first."""
    return _HOLDS.rows(person=person)
