"""Which plan counts for a person, and what holds their sessions."""

from __future__ import annotations

from openpbm.care.people.models import Person
from openpbm.care.plans.models import Hold, PlanRelease, PlanRow

__all__ = ["newest_plan", "newest_release", "open_holds", "released_plan"]


def newest_release(person: Person) -> PlanRelease | None:
    """The last signature under a plan, None before the first."""
    rows = person.plan_releases.select_related("plan__lamp", "plan__screening", "plan__person", "created_by")
    # By version where two were signed in the same moment: the later plan replaces the earlier one.
    return rows.order_by("-audit_number", "-plan__version").first()


def released_plan(person: Person) -> PlanRow | None:
    """The plan whose sessions may start, None where none was ever released. Holds are asked for apart."""
    release = newest_release(person)
    return None if release is None else release.plan


def newest_plan(person: Person) -> PlanRow | None:
    """The last version, released or not."""
    return person.plans.select_related("lamp", "screening").order_by("-version").first()


def open_holds(person: Person) -> list[Hold]:
    """What keeps sessions from starting, the oldest first."""
    return list(person.holds.filter(lift=None).order_by("audit_number"))
