"""Have a plan made out of a screening, and keep it as it was made."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Max

from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.jobs.actions import enqueue
from openpbm.care.jobs.models import Job
from openpbm.care.people.access import require, require_unless_system
from openpbm.care.people.models import lock_person
from openpbm.care.plans.models import PlanRow
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.screening.selectors import changes_since, eye_safe_as_screened
from openpbm.errors import BadInput, Problem
from openpbm.facts.table import digest
from openpbm.planning import Plan, PlanOverrides
from openpbm.version import __version__

__all__ = ["MAKE_PLAN", "ask_a_clinician", "order_plan", "overrides_of", "store_plan"]

MAKE_PLAN = "make_plan"
_OVERRIDES = ("minutes", "sessions_per_week", "weeks")


@transaction.atomic
def order_plan(*, screening: ScreeningRow, by: User, overrides: Mapping[str, Any] | None, seed: int = 1) -> Job:
    """Have a plan made from a screening; the worker does it.

    overrides : minutes, sessions_per_week, weeks, each optional

    Raises BadInput for a choice no clock or calendar can hold, for a screening that no longer holds, and for somebody
    on their own whose screening is not `allowed` with an eye-safe lamp.
    """
    person = screening.person
    require(by, person)
    wanted = overrides_of(overrides).or_none()
    choice = None if wanted is None else asdict(wanted)
    problems = changes_since(screening)
    if person.self_managed:
        problems += ask_a_clinician(screening)
    if problems:
        raise BadInput(problems)
    payload = {"screening": str(screening.pk), "overrides": choice, "seed": int(seed)}
    return enqueue(kind=MAKE_PLAN, payload=payload, by=by, person_id=person.pk)


def overrides_of(overrides: Mapping[str, Any] | None) -> PlanOverrides:
    """A choice out of a form or JSON; BadInput for what cannot be one."""
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    if unknown := sorted(given.keys() - set(_OVERRIDES)):
        raise BadInput(
            Problem(key=f"overrides.{name}", message="not known", remedy=f"use {', '.join(_OVERRIDES)}")
            for name in unknown
        )
    return PlanOverrides(**given)


def ask_a_clinician(screening: ScreeningRow) -> list[Problem]:
    """Why somebody on their own cannot go on from this screening; empty when they can."""
    problems = []
    if screening.verdict != "allowed":
        message, remedy = "a clinician has to look at this first", "print the request and take it to one"
        problems.append(Problem(key="screening", message=message, remedy=remedy))
    if not eye_safe_as_screened(screening):
        names = " and ".join(lamp.name for lamp in screening.lamps)
        problems.append(
            Problem(
                key="lamp",
                message=f"{names}: not safe for the eyes without supervision",
                remedy="choose another lamp or print the request for a clinician",
            )
        )
    return problems


@transaction.atomic
def store_plan(*, screening: ScreeningRow, plan: Plan, by: User | None, id: uuid.UUID | None = None) -> PlanRow:
    """Keep a plan as it was made: a new version, whatever its verdict. The same id again gives the same row."""
    require_unless_system(by, screening.person)
    # Under the lock: two plans that end at the same time would both take the next version number.
    person = lock_person(screening.person_id)
    if id is not None and (there := PlanRow.objects.filter(pk=id, screening=screening).first()) is not None:
        return there
    before = person.plans.order_by("-version").first()
    highest = person.plans.aggregate(highest=Max("version"))["highest"] or 0
    row = PlanRow(person=person, screening=screening, lamp=screening.lamp, version=highest + 1, supersedes=before)
    row.id = id or row.id
    assert plan.provenance is not None, "a plan that was made here says how"
    row.document = plan.to_json_dict()
    row.seed = plan.provenance.seed
    row.package_version, row.facts_digest = __version__, digest()
    detail = {"version": row.version, "verdict": row.verdict}
    written, _ = ledger.append(
        row, by=by, action="plan_made", person_id=person.pk, clinic_id=person.clinic_id, detail=detail
    )
    return written
