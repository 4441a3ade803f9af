"""What the worker reminds of: the diary in the evening, and a form that is due, by the person's own clock.

Whoever has a released plan is in a course; nobody else is asked for anything.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from openpbm.care.accounts.models import User
from openpbm.care.jobs.actions import mark, remind
from openpbm.care.jobs.local_time import moment_at
from openpbm.care.jobs.models import Reminder
from openpbm.care.jobs.registry import reminder_source
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRelease
from openpbm.care.scales.due import DueScale, due_at, scale_calendar
from openpbm.care.scales.models import DiaryEntry, ScoreEntry
from openpbm.care.scales.wording import is_retired

__all__ = [
    "DIARY_AT",
    "SCALE_AT",
    "complete_diary_reminder",
    "complete_scale_reminder",
    "remind_of_diaries",
    "remind_of_scales",
]

#: Wall clock of the reminders: the day is nearly over; the form can still be filled before the evening.
DIARY_AT = dt.time(20, 0)
SCALE_AT = dt.time(17, 0)
#: A course is followed so long after its last checkpoint.
_AFTER_THE_END = dt.timedelta(days=28)


@reminder_source
def remind_of_diaries(now: dt.datetime) -> None:
    """This evening's diary for everybody in a course who has not written today down."""
    newest = _newest_plans()
    recent = DiaryEntry.objects.filter(person__in=list(newest), date__gte=now.date() - dt.timedelta(days=1))
    written = set(recent.values_list("person_id", "date"))
    wanted = []
    for release in newest.values():
        person, plan = release.person, release.plan.to_core()
        today = now.astimezone(person.zone).date()
        last = max([plan.start_date, *plan.checkpoint_days.values()]) + _AFTER_THE_END
        if today <= last and (person.pk, today) not in written:
            wanted.append((person, today))
    known = _known(_diary_key(person, today) for person, today in wanted)
    for person, today in wanted:
        if _diary_key(person, today) not in known and person.user is not None:
            remind(
                user=person.user,
                person_id=person.pk,
                kind="diary",
                key=_diary_key(person, today),
                text="Your diary of today: one minute.",
                due_at=moment_at(today, DIARY_AT, person.zone),
                link=reverse("scales:diary", kwargs={"person_id": person.pk}),
                local_time=f"{today} {DIARY_AT:%H:%M} {person.zone.key}",
            )


@reminder_source
def remind_of_scales(now: dt.datetime) -> None:
    """The forms whose window is open and that a person fills alone, once a window."""
    newest = _newest_plans()
    filled: dict[object, list[tuple[str, dt.date]]] = defaultdict(list)
    for person_id, scale, date in ScoreEntry.objects.filter(person__in=list(newest), newer=None).values_list(
        "person_id", "scale", "date"
    ):
        filled[person_id].append((scale, date))
    wanted: list[tuple[Person, DueScale]] = []
    for release in newest.values():
        plan, person = release.plan.to_core(), release.person
        today = now.astimezone(person.zone).date()
        calendar = scale_calendar(plan, plan.condition.programme, filled[person.pk], today)
        due = (row for row in due_at(calendar, today) if not row.examined and not is_retired(row.scale.id))
        wanted += [(person, row) for row in due]
    known = _known(_scale_key(person, row.scale.id, row.opens_on) for person, row in wanted)
    for person, row in wanted:
        key = _scale_key(person, row.scale.id, row.opens_on)
        if key not in known and person.user is not None:
            on = max(row.due_on, now.astimezone(person.zone).date())
            remind(
                user=person.user,
                person_id=person.pk,
                kind="scale",
                key=key,
                text=f"A form is due by {row.closes_on.day} {row.closes_on:%B}: {row.scale.plain_name}.",
                due_at=moment_at(on, SCALE_AT, person.zone),
                link=reverse("scales:fill", kwargs={"person_id": person.pk, "scale": row.scale.id}),
                local_time=f"{on} {SCALE_AT:%H:%M} {person.zone.key}",
            )


def complete_diary_reminder(person: Person, date: dt.date, by: User) -> None:
    """The day is written down: nobody needs to be reminded of it."""
    _done(Q(key=_diary_key(person, date)), by)


def complete_scale_reminder(person: Person, scale: str, date: dt.date, by: User) -> None:
    """The form is filled: the reminders of windows that are open on that day are done."""
    starts = [date - dt.timedelta(days=n) for n in range(7)]
    _done(Q(key__in=[_scale_key(person, scale, day) for day in starts]), by)


def _newest_plans() -> dict[object, PlanRelease]:
    """The released plan of everybody with an account who has not left, by person."""
    rows = (
        PlanRelease.objects.filter(person__user__isnull=False, person__left_at=None)
        .select_related("plan", "person", "person__user")
        .order_by("audit_number")
    )
    return {row.person_id: row for row in rows}


def _known(keys: Iterable[str]) -> set[str]:
    return set(Reminder.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def _done(which: Q, by: User) -> None:
    ended = [Reminder.State.DONE, Reminder.State.CANCELLED]
    for reminder in Reminder.objects.filter(which).exclude(state__in=ended):
        mark(reminder=reminder, state=Reminder.State.DONE, by=by)


def _diary_key(person: Person, date: dt.date) -> str:
    return f"diary:{person.pk}:{date}"


def _scale_key(person: Person, scale: str, opens_on: dt.date) -> str:
    return f"scale:{person.pk}:{scale}:{opens_on}"
