"""What the worker reminds of: the diary in the evening, and a form that is due, by the person's own clock.

Whoever has a released plan is in a course; nobody else is asked for anything.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import Q
from django.urls import reverse

from openpbm.care.accounts.models import User
from openpbm.care.jobs.actions import mark, remind_all
from openpbm.care.jobs.local_time import moment_at
from openpbm.care.jobs.models import Reminder
from openpbm.care.jobs.notify_clinic import notify_clinic, review_within
from openpbm.care.jobs.registry import reminder_source
from openpbm.care.jobs.selectors import known_keys
from openpbm.care.people.models import Person
from openpbm.care.plans.selectors import released_courses
from openpbm.care.scales.due import DueScale, due_at, scale_calendar
from openpbm.care.scales.models import DiaryEntry, ScoreEntry
from openpbm.care.scales.wording import is_retired

__all__ = [
    "DIARY_AT",
    "SCALE_AT",
    "complete_diary_reminder",
    "complete_scale_reminder",
    "notify_of_self_harm",
    "remind_of_diaries",
    "remind_of_scales",
]

#: Wall clock of the reminders: the day is nearly over; the form can still be filled before the evening.
DIARY_AT = dt.time(20, 0)
SCALE_AT = dt.time(17, 0)
#: A course is followed so long after its last checkpoint.
_AFTER_THE_END = dt.timedelta(days=28)
_A_DAY = dt.timedelta(days=1)
#: Longer than a form's window is open.
_WINDOW = dt.timedelta(days=21)


def notify_of_self_harm(entry: ScoreEntry, now: dt.datetime) -> None:
    """Tell every clinician of the clinic at once of an answer about self-harm, whatever the score; harmless again."""
    person = entry.person
    notify_clinic(
        key=f"self_harm:{entry.pk}:",
        kind="self_harm",
        person_id=person.pk,
        staff_text=f"{person.code}: an answer on a form needs you to speak with the person today, whatever the score.",
        own=person.user,
        own_text="You answered a form about your mood. Read again where help is; nobody watches this at once.",
        link=reverse("scales:score", kwargs={"person_id": person.pk, "score_id": entry.pk}),
        now=now,
        escalates_at=now + review_within("same_day"),
    )


@reminder_source
def remind_of_diaries(now: dt.datetime) -> None:
    """This evening's diary for everybody in a course who has not written today down."""
    newest = released_courses(not_over_before=now.date() - _AFTER_THE_END - _A_DAY)
    recent = DiaryEntry.objects.filter(person__in=list(newest), date__gte=now.date() - _A_DAY)
    written = set(recent.values_list("person_id", "date"))
    wanted = []
    for release in newest.values():
        person, plan = release.person, release.plan.followed
        today = now.astimezone(person.zone).date()
        last = max([plan.start_date, *plan.checkpoint_days.values()]) + _AFTER_THE_END
        if today <= last and (person.pk, today) not in written:
            wanted.append((person, today))
    known = known_keys(_diary_key(person, today) for person, today in wanted)
    remind_all(
        Reminder(
            user=person.user,
            person_id=person.pk,
            kind="diary",
            key=_diary_key(person, today),
            text="Your diary of today: one minute.",
            due_at=moment_at(today, DIARY_AT, person.zone),
            link=reverse("scales:diary", kwargs={"person_id": person.pk}),
            local_time=f"{today} {DIARY_AT:%H:%M} {person.zone.key}",
        )
        for person, today in wanted
        if _diary_key(person, today) not in known and person.user is not None
    )


@reminder_source
def remind_of_scales(now: dt.datetime) -> None:
    """The forms whose window is open and that a person fills alone, once a window."""
    newest = released_courses(not_over_before=now.date() - _WINDOW)
    filled: dict[object, list[tuple[str, dt.date]]] = defaultdict(list)
    # A window that is open now opened within so many days: a form filled before that stands in none of them.
    recent = ScoreEntry.objects.filter(person__in=list(newest), newer=None, date__gte=now.date() - _WINDOW)
    for person_id, scale, date in recent.values_list("person_id", "scale", "date"):
        filled[person_id].append((scale, date))
    wanted: list[tuple[Person, DueScale]] = []
    for release in newest.values():
        plan, person = release.plan.followed, release.person
        today = now.astimezone(person.zone).date()
        calendar = scale_calendar(plan, plan.condition.programme, filled[person.pk], today)
        due = (row for row in due_at(calendar, today) if not row.examined and not is_retired(row.scale.id))
        wanted += [(person, row) for row in due]
    known = known_keys(_scale_key(person, row.scale.id, row.opens_on) for person, row in wanted)
    remind_all(
        _of_scale(person, row, now)
        for person, row in wanted
        if _scale_key(person, row.scale.id, row.opens_on) not in known and person.user is not None
    )


def _of_scale(person: Person, row: DueScale, now: dt.datetime) -> Reminder:
    on = max(row.due_on, now.astimezone(person.zone).date())
    return Reminder(
        user=person.user,
        person_id=person.pk,
        kind="scale",
        key=_scale_key(person, row.scale.id, row.opens_on),
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


def _done(which: Q, by: User) -> None:
    ended = [Reminder.State.DONE, Reminder.State.CANCELLED]
    for reminder in Reminder.objects.filter(which).exclude(state__in=ended):
        mark(reminder=reminder, state=Reminder.State.DONE, by=by)


def _diary_key(person: Person, date: dt.date) -> str:
    return f"diary:{person.pk}:{date}"


def _scale_key(person: Person, scale: str, opens_on: dt.date) -> str:
    return f"scale:{person.pk}:{scale}:{opens_on}"
