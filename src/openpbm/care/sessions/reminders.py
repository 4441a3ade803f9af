"""What the worker reminds of: today's session, the skin on the day after, and once a day with nothing written.

All by the person's own clock. A missed session is asked about gently and once; nobody is told to make up for it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.urls import reverse

from openpbm.care.accounts.models import User
from openpbm.care.jobs.actions import mark, remind_all
from openpbm.care.jobs.local_time import moment_at
from openpbm.care.jobs.models import Reminder
from openpbm.care.jobs.registry import reminder_source
from openpbm.care.jobs.selectors import known_keys
from openpbm.care.people.models import Person
from openpbm.care.plans.models import Hold, PlanRelease
from openpbm.care.plans.selectors import released_courses
from openpbm.care.sessions.models import SessionRecord
from openpbm.care.sessions.selectors import last_lit, lines_of, missing_check
from openpbm.course import Course
from openpbm.delivery import match_sessions
from openpbm.planning import PlannedSession

__all__ = ["EVENING", "complete_session_reminder", "complete_skin_reminder", "remind_of_sessions"]

#: Wall clock where the plan names none: the evening before symptoms usually come.
EVENING = dt.time(19, 30)
_MORNING = dt.time(9, 0)
#: Yesterday's session may be filled by light of another day of its plan week, and by none farther away.
_LOOKED_BACK = dt.timedelta(days=9)
#: A course is followed so long after its last day: light that was given then is asked about too.
_AFTER_THE_END = dt.timedelta(days=28)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    kind: str
    key: str
    text: str
    page: str
    on: dt.date
    clock: dt.time


@reminder_source
def remind_of_sessions(now: dt.datetime) -> None:
    """Everything due about sessions today, for everybody with a released plan. Harmless when called twice."""
    releases = released_courses(not_over_before=now.date() - _AFTER_THE_END)
    # Read for everybody at once: this runs every minute, for all who are in a course.
    records = _records_of(releases, now.date() - _LOOKED_BACK)
    held = set(Hold.objects.filter(person__in=list(releases), lift=None).values_list("person_id", flat=True))
    wanted = [
        (release.person, one)
        for person_id, release in releases.items()
        for one in _wanted(release, records[person_id], now, held=person_id in held)
    ]
    known = known_keys(one.key for _, one in wanted)
    remind_all(
        Reminder(
            user=person.user,
            person_id=person.pk,
            kind=one.kind,
            key=one.key,
            text=one.text,
            due_at=moment_at(one.on, one.clock, person.zone),
            link=reverse(one.page, kwargs={"person_id": person.pk}),
            local_time=f"{one.on} {one.clock:%H:%M} {person.zone.key}",
        )
        for person, one in wanted
        if one.key not in known and person.user is not None
    )


def complete_session_reminder(*, person: Person, day: dt.date, by: User) -> None:
    """Something was written about that day: its reminders are done."""
    for kind in ("session", "session_unwritten"):
        _settle(_key(kind, person, day), by)


def complete_skin_reminder(*, person: Person, day: dt.date, by: User) -> None:
    """The skin was looked at a day after that session."""
    _settle(_key("skin", person, day), by)


def _settle(key: str, by: User) -> None:
    for reminder in Reminder.objects.filter(key=key).exclude(state__in=(Reminder.State.DONE, Reminder.State.CANCELLED)):
        mark(reminder=reminder, state=Reminder.State.DONE, by=by)


def _wanted(release: PlanRelease, records: list[SessionRecord], now: dt.datetime, *, held: bool) -> Iterator[_Wanted]:
    person, plan = release.person, release.plan.followed
    local = now.astimezone(person.zone)
    today, yesterday = local.date(), local.date() - dt.timedelta(days=1)
    matched = match_sessions(Course(plan=plan, sessions=lines_of(records)), today + dt.timedelta(days=1))
    open_days = {one.planned.date: one.planned for one in matched if one.planned is not None and not one.rows}
    # Nobody is called to light on hold (hazard R3); the start checks again, since a hold may come after the reminder.
    if today in open_days and not held and not any(one.date == today and one.lit for one in matched):
        yield _session_of(person, open_days[today])
    released = release.created_at.astimezone(person.zone).date()
    # Not about a day before the release, when no session could take place.
    if yesterday in open_days and yesterday >= released and not held:
        yield _Wanted(
            kind="session_unwritten",
            key=_key("session_unwritten", person, yesterday),
            text="Nothing is written about yesterday's session. Did it take place? If not, just say so.",
            page="sessions:record",
            on=today,
            clock=_MORNING,
        )
    last = last_lit(records)
    if not last or last[0].date != yesterday:
        return
    if missing_check(records, dt.datetime.combine(today, dt.time.max)) is not None:
        yield _Wanted(
            kind="skin",
            key=_key("skin", person, yesterday),
            text="One question about the skin that had light yesterday.",
            page="sessions:skin",
            on=today,
            clock=_MORNING,
        )


def _session_of(person: Person, session: PlannedSession) -> _Wanted:
    return _Wanted(
        kind="session",
        key=_key("session", person, session.date),
        text="Your session is due this evening." if session.start_time is None else "It is time for your session.",
        page="sessions:guide",
        on=session.date,
        clock=session.start_time or EVENING,
    )


def _key(kind: str, person: Person, day: dt.date) -> str:
    return f"{kind}:{person.pk}:{day.isoformat()}"


def _records_of(releases: dict[uuid.UUID, PlanRelease], since: dt.date) -> dict[uuid.UUID, list[SessionRecord]]:
    found: dict[uuid.UUID, list[SessionRecord]] = defaultdict(list)
    rows = SessionRecord.objects.filter(person__in=list(releases), date__gte=since, newer=None)
    records = list(rows.defer("findings", "pauses").order_by("date", "time", "audit_number"))
    for record in records:
        found[record.person_id].append(record)
    # The skin is asked about the day after light alone, and everybody's yesterday is one of the last two days.
    last = max((record.date for record in records), default=since) - dt.timedelta(days=3)
    prefetch_related_objects([record for record in records if record.date >= last], "skin_checks")
    return found
