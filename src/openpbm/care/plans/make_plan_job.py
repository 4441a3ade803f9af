"""The worker's part of a plan: the case is read from the screening, the light computed, the plan kept."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse

from openpbm.care import clock
from openpbm.care.jobs.models import Job
from openpbm.care.jobs.registry import Progress
from openpbm.care.plans.actions import overrides_of, store_plan
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.quality import amount_computed
from openpbm.care.screening.models import ScreeningRow
from openpbm.case import case_of

__all__ = ["make_plan_job"]


def make_plan_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Make and keep the plan of a job; taken up twice, the plan is there once."""
    screening = ScreeningRow.objects.select_related("person", "lamp").get(pk=job.payload["screening"])
    # Made out of the job: where a worker dies after the plan was kept, the next one finds it and does not make a
    # second version.
    plan_id = uuid.uuid5(job.pk, "plan")
    row = PlanRow.objects.filter(pk=plan_id).first()
    if row is None:
        row = _made(job, screening, plan_id, progress)
    href = reverse("plans:workbench", kwargs={"person_id": screening.person_id, "plan_id": row.pk})
    return {"plan": str(row.pk), "version": row.version, "verdict": row.verdict, "href": href}


def _made(job: Job, screening: ScreeningRow, plan_id: uuid.UUID, progress: Progress) -> PlanRow:
    from openpbm.planning import Quality, make_plan
    from openpbm.safety import screen

    amount = amount_computed()
    plan = make_plan(
        screen(case_of(screening.case, "screening", today=clock.now().date())),
        overrides=overrides_of(job.payload.get("overrides")),
        seed=job.payload.get("seed", 1),
        quality=Quality(**amount.light),
        progress=progress,
    )
    return store_plan(screening=screening, plan=plan, by=job.asked_by, id=plan_id)
