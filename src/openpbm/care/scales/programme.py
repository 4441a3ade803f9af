"""Which programme a person is treated in: the released plan's, else what the intake says."""

from __future__ import annotations

from openpbm.care.people.models import Person
from openpbm.care.people.selectors import latest_intake
from openpbm.care.plans.selectors import released_plan
from openpbm.errors import BadInput
from openpbm.facts.conditions import conditions
from openpbm.planning import AllowedPlan

__all__ = ["diagnosis_of", "plan_of", "programme_of"]


def plan_of(person: Person) -> AllowedPlan | None:
    """The released plan, None before the first release."""
    plan = released_plan(person)
    return None if plan is None else plan.followed


def programme_of(person: Person, plan: AllowedPlan | None) -> str | None:
    """The programme; None where neither the plan nor the intake names one."""
    if plan is not None:
        return plan.condition.programme
    intake = latest_intake(person)
    complaint = {} if intake is None else intake.document.get("condition") or {}
    if complaint.get("programme"):
        return str(complaint["programme"])
    try:
        return conditions[str(complaint["diagnosis"])].programme if complaint.get("diagnosis") else None
    except BadInput:
        return None


def diagnosis_of(person: Person, plan: AllowedPlan | None) -> str | None:
    """The diagnosis that the newest answers name, as the facts know it; None with a plan, which has its own."""
    intake = latest_intake(person) if plan is None else None
    complaint = {} if intake is None else intake.document.get("condition") or {}
    named = str(complaint.get("diagnosis") or "")
    return named if named in conditions else None
