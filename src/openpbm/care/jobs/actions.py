"""Asking for long work, and for something to be remembered."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from openpbm.care import clock
from openpbm.care.accounts.limits import MOST_JOBS_AN_HOUR, MOST_OPEN_JOBS, TooMany
from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.jobs.models import Job, Reminder
from openpbm.care.jobs.registry import handler_of
from openpbm.care.people.access import ACCESS_DENIED, require, require_unless_system
from openpbm.care.people.models import Person
from openpbm.errors import BadInput, Problem

__all__ = ["enqueue", "mark", "remind", "remind_all"]

_OPEN = (Job.State.QUEUED, Job.State.RUNNING)
_AN_HOUR = dt.timedelta(hours=1)


@transaction.atomic
def enqueue(
    *, kind: str, payload: dict[str, Any], by: User | None, person_id: uuid.UUID | None = None, about: str = ""
) -> Job:
    """Put a piece of long work in the queue; the worker takes it up within a second or two.

    Of one kind a person has one piece open, for each `about`: ordered again it is the one that is there. BadInput where
    that one was ordered otherwise or by somebody else; TooMany where the account has ordered more than its share.
    """
    if person_id is not None:
        require_unless_system(by, Person.objects.get(pk=person_id))
    handler_of(kind)
    there = Job.objects.filter(kind=kind, person_id=person_id, about=about, state__in=_OPEN).first()
    if person_id is not None and there is not None:
        if there.payload == payload and there.asked_by in (None, by):
            return there
        raise _one_at_a_time(kind)
    if by is not None:
        _check_share(by, person_id)
    job = Job(kind=kind, payload=payload, asked_by=by, person_id=person_id, about=about)
    try:
        # By itself: of two orders in one moment the database takes one, and what else was written may stay.
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        raise _one_at_a_time(kind) from None
    ledger.record_event("job_asked", by=by, person_id=person_id, row=job, detail={"kind": kind})
    return job


def _one_at_a_time(kind: str) -> BadInput:
    what = kind.replace("_", " ")
    message = "is under way for this person already, as somebody ordered it a moment ago"
    return BadInput(Problem(key=what, message=message, remedy="wait until that is done, then order again"))


def _check_share(by: User, person_id: uuid.UUID | None) -> None:
    """TooMany where everybody else would wait for what this account ordered."""
    mine = Job.objects.filter(asked_by=by)
    if mine.filter(state__in=_OPEN).count() >= MOST_OPEN_JOBS:
        raise TooMany(f"{MOST_OPEN_JOBS} pieces of long work that you ordered are not done yet")
    lately = mine.filter(person_id=person_id, created_at__gt=clock.now() - _AN_HOUR)
    if lately.count() >= MOST_JOBS_AN_HOUR:
        error = TooMany(f"you have ordered {MOST_JOBS_AN_HOUR} pieces of long work in an hour")
        error.retry_after_s = 600
        raise error


def remind(
    *,
    user: User,
    person_id: uuid.UUID | None,
    kind: str,
    key: str,
    text: str,
    due_at: dt.datetime,
    link: str = "",
    local_time: str = "",
    escalates_at: dt.datetime | None = None,
) -> Reminder:
    """Have somebody reminded; the same key gives the reminder that is there, unchanged.

    text : shown on the page, so it may name what it is about; an e-mail never carries it
    """
    row, _ = Reminder.objects.get_or_create(
        key=key,
        defaults={
            "user": user,
            "person_id": person_id,
            "kind": kind,
            "text": text,
            "link": link,
            "due_at": due_at,
            "local_time": local_time,
            "escalates_at": escalates_at,
        },
    )
    return row


def remind_all(reminders: Iterable[Reminder]) -> None:
    """`remind` for many at once; one whose key is taken by now is there already, and stays as it is."""
    # Shortly after midnight they are due for everybody: one by one, each would wait for the disk.
    Reminder.objects.bulk_create(list(reminders), batch_size=200, ignore_conflicts=True)


_FROM: dict[str, tuple[str, ...]] = {
    Reminder.State.SHOWN: (Reminder.State.DUE, Reminder.State.SENT),
    Reminder.State.DONE: (Reminder.State.DUE, Reminder.State.SENT, Reminder.State.SHOWN),
    Reminder.State.CANCELLED: (Reminder.State.DUE, Reminder.State.SENT, Reminder.State.SHOWN),
}


@transaction.atomic
def mark(*, reminder: Reminder, state: str, by: User | None) -> Reminder:
    """Take a reminder on to `shown`, `done` or `cancelled`; one that is further already stays there."""
    if by is not None:
        _must_mark(by, reminder)
    if state not in _FROM:
        raise BadInput(
            Problem(key="reminder", message=f"{state} is not a state one sets", remedy=f"use {', '.join(_FROM)}")
        )
    now = clock.now()
    times = {"shown_at": now} if state == Reminder.State.SHOWN else {"done_at": now}
    changed = Reminder.objects.filter(pk=reminder.pk, state__in=_FROM[state]).update(state=state, **times)
    if changed and state != Reminder.State.SHOWN:
        ledger.record_event(f"reminder_{state}", by=by, person_id=reminder.person_id, row=reminder)
    reminder.refresh_from_db()
    return reminder


def _must_mark(by: User, reminder: Reminder) -> None:
    """PermissionDenied unless it is their own, or about somebody whose record they may open.

    A clinician who writes down a patient's day completes the patient's reminder, and the other way round.
    """
    if by.pk == reminder.user_id:
        return
    if reminder.person_id is None:
        raise PermissionDenied(ACCESS_DENIED)
    require(by, Person.objects.get(pk=reminder.person_id))
