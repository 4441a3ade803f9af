"""Which programme a person is treated in: the released plan's, else what the intake says."""

from __future__ import annotations

from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRelease
from openpbm.course import ReleasedPlan
from openpbm.errors import BadInput
from openpbm.facts.conditions import condition

__all__ = ["plan_of", "programme_of"]


def plan_of(person: Person) -> ReleasedPlan | None:
    """The released plan, None before the first release."""
    newest = PlanRelease.objects.filter(person=person).select_related("plan").order_by("-created_at").first()
    return None if newest is None else newest.plan.to_core()


def programme_of(person: Person, plan: ReleasedPlan | None) -> str | None:
    """The programme; None where neither the plan nor the intake names one."""
    if plan is not None and plan.programme is not None:
        return plan.programme
    intake = person.intakes.filter(newer=None).order_by("-created_at").first()
    said = {} if intake is None else intake.document.get("condition") or {}
    if said.get("programme"):
        return str(said["programme"])
    try:
        return condition(str(said["diagnosis"])).programme if said.get("diagnosis") else None
    except BadInput:
        return None
