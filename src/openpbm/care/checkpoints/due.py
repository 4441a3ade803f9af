"""When a checkpoint comes: the worker judges the course once and notifies those who have to do with it."""

from __future__ import annotations

import datetime as dt
import uuid

from openpbm.care.checkpoints.actions import JUDGE, judge_payload
from openpbm.care.checkpoints.models import Checkpoint
from openpbm.care.checkpoints.notifications import key_of, notify_of_checkpoint
from openpbm.care.jobs.actions import enqueue
from openpbm.care.jobs.models import Job, Reminder
from openpbm.care.jobs.registry import reminder_source
from openpbm.care.plans.models import PlanRelease, PlanRow

__all__ = ["judge_what_is_due"]

#: A checkpoint that lies longer ago is judged, but nobody is notified any more.
_TOLD_FOR = dt.timedelta(days=14)


@reminder_source
def judge_what_is_due(now: dt.datetime) -> None:
    """One job for each checkpoint of a released plan whose day has come, and its reminders. Harmless when repeated."""
    due = [
        (release.person, release.plan, week, day, today)
        for release in _newest_releases()
        if (today := now.astimezone(release.person.zone).date())
        for week, day in release.plan.to_core().checkpoint_days.items()
        if day <= today
    ]
    known, decided = _judged_or_ordered([plan for _, plan, *_ in due])
    notified = _notified([person.pk for person, *_ in due], [key_of(plan.pk, week) for _, plan, week, *_ in due])
    for person, plan, week, day, today in due:
        if (str(plan.pk), week) not in known:
            enqueue(kind=JUDGE, payload=judge_payload(plan, week), by=None, person_id=person.pk)
        open_still = (str(plan.pk), week) not in decided and today - day <= _TOLD_FOR
        if open_still and key_of(plan.pk, week) not in notified:
            notify_of_checkpoint(person, plan.pk, week, now)


def _newest_releases() -> list[PlanRelease]:
    """The released plan of everybody who has not left."""
    rows = (
        PlanRelease.objects.filter(person__left_at=None)
        .select_related("plan", "person", "person__user")
        .order_by("audit_number", "plan__version")
    )
    return list({row.person_id: row for row in rows}.values())


def _judged_or_ordered(plans: list[PlanRow]) -> tuple[set[tuple[str, int]], set[tuple[str, int]]]:
    """The checkpoints that need no job any more, and those among them that were decided."""
    judged = list(Checkpoint.objects.filter(plan__in=plans).values_list("plan_id", "week", "decisions__pk"))
    people = [plan.person_id for plan in plans]
    ordered = Job.objects.filter(kind=JUDGE, person_id__in=people).only("payload")
    decided = {(str(plan), week) for plan, week, decision in judged if decision is not None}
    known = {(str(plan), week) for plan, week, _ in judged} | {
        (str(job.payload["plan"]), int(job.payload["week"])) for job in ordered
    }
    return known, decided


def _notified(people: list[uuid.UUID], keys: list[str]) -> set[str]:
    sent = Reminder.objects.filter(kind="checkpoint", person_id__in=people).values_list("key", flat=True)
    # A key ends with the user it is for; what stands before names the checkpoint.
    return {key.rsplit(":", 1)[0] + ":" for key in sent} & set(keys)
