"""The worker's part: a course is judged and drawn as expected, a case report built. The statistics load here alone."""

from __future__ import annotations

from django.urls import reverse

from openpbm.care.checkpoints.actions import CASE_REPORT, JUDGE, build_case_report, propose
from openpbm.care.checkpoints.expected_course import EXPECT, expect_beside, order_expectation
from openpbm.care.checkpoints.models import AuthorsPart, Checkpoint
from openpbm.care.jobs.models import Job
from openpbm.care.jobs.registry import Progress, handler
from openpbm.care.people.models import Person

__all__ = ["expect_job", "judge_job", "report_job"]


@handler(JUDGE)
def judge_job(job: Job, progress: Progress) -> dict[str, str]:
    """Judge a course at one week; taken up twice, there is still one judgement."""
    person = Person.objects.select_related("key").get(pk=job.person_id)  # type: ignore[misc]
    row = propose(person=person, week=int(job.payload["week"]), by=job.asked_by)
    # By itself and afterwards: whatever becomes of it, the judgement stands.
    order_expectation(row)
    progress(1, 1)
    href = reverse("checkpoints:show", kwargs={"person_id": person.pk, "week": row.week})
    return {"checkpoint": str(row.pk), "href": href}


@handler(EXPECT)
def expect_job(job: Job, progress: Progress) -> dict[str, str]:
    """Draw what a judged course would be; taken up twice, it is there once."""
    judged = Checkpoint.objects.select_related("plan__screening", "person__key").get(pk=job.payload["checkpoint"])
    row = expect_beside(judged, by=job.asked_by)
    progress(1, 1)
    href = reverse("checkpoints:show", kwargs={"person_id": judged.person_id, "week": judged.week})
    return {"expected_course": str(row.pk), "href": href}


@handler(CASE_REPORT)
def report_job(job: Job, progress: Progress) -> dict[str, str]:
    """Build a case report; taken up twice, there is still one."""
    part = AuthorsPart.objects.select_related("person__key").get(pk=job.payload["authors_part"])
    report = build_case_report(part=part, by=job.asked_by)
    progress(1, 1)
    href = reverse("checkpoints:case_report", kwargs={"person_id": part.person_id})
    return {"report": str(report.pk), "href": href}
