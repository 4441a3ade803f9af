"""When a checkpoint comes: the worker judges the course once and notifies those who have to do with it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from openpbm.care.checkpoints.actions import JUDGE, order_judgement
from openpbm.care.checkpoints.models import Checkpoint
from openpbm.care.checkpoints.notifications import key_of, notify_of_checkpoint
from openpbm.care.jobs.models import Job, Reminder
from openpbm.care.jobs.registry import reminder_source
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.selectors import released_courses

__all__ = ["judge_what_is_due"]

#: A checkpoint that lies longer ago is judged, but nobody is notified any more.
_TOLD_FOR = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Come:
    """A checkpoint whose day has come, so many days ago."""

    person: Person
    plan: PlanRow
    week: int
    days_ago: dt.timedelta

    @property
    def id(self) -> tuple[uuid.UUID, int]:
        return (self.plan.pk, self.week)


@reminder_source
def judge_what_is_due(now: dt.datetime) -> None:
    """One job for each checkpoint of a released plan whose day has come, and its reminders. Harmless when repeated."""
    come = _all_that_have_come(now)
    judged, decided = _judged({one.plan.pk for one in come})
    unjudged = [one for one in come if one.id not in judged]
    ordered = _ordered(unjudged)
    for one in unjudged:
        if one.id not in ordered:
            order_judgement(one.plan, one.week, by=None)
    waiting = [one for one in come if one.id not in decided and one.days_ago <= _TOLD_FOR]
    notified = _notified(waiting)
    for one in waiting:
        if key_of(*one.id) not in notified:
            notify_of_checkpoint(one.person, one.plan.pk, one.week, now)


def _all_that_have_come(now: dt.datetime) -> list[_Come]:
    return [
        _Come(person=release.person, plan=release.plan, week=week, days_ago=today - day)
        for release in released_courses().values()
        if (today := now.astimezone(release.person.zone).date())
        for week, day in release.plan.followed.checkpoint_days.items()
        if day <= today
    ]


def _judged(plans: set[uuid.UUID]) -> tuple[set[tuple[uuid.UUID, int]], set[tuple[uuid.UUID, int]]]:
    """The checkpoints that were judged, and those among them that were decided."""
    rows = list(Checkpoint.objects.filter(plan__in=plans).values_list("plan_id", "week", "decisions__pk"))
    judged = {(plan, week) for plan, week, _ in rows}
    return judged, {(plan, week) for plan, week, decision in rows if decision is not None}


def _ordered(unjudged: Iterable[_Come]) -> set[tuple[uuid.UUID, int]]:
    """Those that somebody ordered already; a job that failed is not repeated here every minute."""
    jobs = Job.objects.filter(kind=JUDGE, person_id__in={one.person.pk for one in unjudged}).only("payload")
    return {(uuid.UUID(job.payload["plan"]), int(job.payload["week"])) for job in jobs}


def _notified(waiting: Iterable[_Come]) -> set[str]:
    people = {one.person.pk for one in waiting}
    sent = Reminder.objects.filter(kind="checkpoint", person_id__in=people).values_list("key", flat=True)
    # A key ends with the user it is for; what stands before names the checkpoint.
    return {key.rsplit(":", 1)[0] + ":" for key in sent}
