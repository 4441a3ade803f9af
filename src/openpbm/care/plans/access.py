"""Who sees which plan, and who works on plans."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied

from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRow
from openpbm.care.prepared import Prepared

__all__ = ["is_clinician", "must_work_on_plans", "plan_of"]

_PLAN = Prepared(
    lambda person, id: PlanRow.objects.filter(person=person, pk=id).select_related(
        "lamp", "screening__lamp", "screening__intake", "release"
    )
)


def is_clinician(request: PersonRequest) -> bool:
    """Whether the reader is a clinician of the person's clinic."""
    return request.relation == Relation.CLINICIAN


def plan_of(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> PlanRow:
    """The plan, for a clinician; for the person where there is no clinic, or once it was released to them."""
    row = _PLAN.first(person=person, id=plan_id)
    # Somebody else's plan and one not released yet get the same refusal: an answer must not tell which it was.
    if row is None or not (is_clinician(request) or person.self_managed or hasattr(row, "release")):
        raise PermissionDenied(ACCESS_DENIED)
    row.person = row.screening.person = person
    return row


def must_work_on_plans(request: PersonRequest, person: Person) -> None:
    """PermissionDenied where a clinic works on the person's plans, and the reader is no clinician of it."""
    if not (is_clinician(request) or person.self_managed):
        raise PermissionDenied("Plans are worked on by the clinic.")
