"""Rows that a worker claims: long work, reminders, and the worker's own heartbeat."""

from __future__ import annotations

import json
import uuid
from typing import TypeAlias

from django.conf import settings
from django.db import models

from openpbm.care import clock
from openpbm.care.audit.constraints import one_of
from openpbm.care.audit.models import DocumentField, canonical
from openpbm.care.people.models import Person
from openpbm.wording import date_in_words

__all__ = ["DAILY", "LETTER", "PUSH", "Heartbeat", "Job", "PushDevice", "Reminder"]

#: What a course asks for day by day: it stands on the page, and one letter a day is about it where that was asked for.
DAILY = frozenset({"diary", "scale", "session", "session_unwritten", "skin"})
#: That letter itself. It leads to the others, so it is no entry of the page.
LETTER = "letter"
#: The same word on the devices where it was switched on.
PUSH = "push"


class _JobState(models.TextChoices):
    """How far it is."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class Job(models.Model):
    """One piece of long work. Claimed by a conditional update; its progress is read while it runs."""

    State: TypeAlias = _JobState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=40)
    payload = DocumentField(default=dict)
    person_id = models.UUIDField(null=True, db_index=True)
    about = models.CharField(
        max_length=80, blank=True, help_text="What of the person, where that can be several things."
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_steps = models.PositiveIntegerField(default=0)
    all_steps = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    claimed_by = models.CharField(max_length=64, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = DocumentField(default=dict)
    fault = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=["state", "created_at"], name="jobs_waiting"),)
        constraints = (
            one_of("state", _JobState, name="job_state"),
            # Ordered twice at once it is made once; and no account fills the queue with one person's.
            models.UniqueConstraint(
                fields=["kind", "person_id", "about"],
                condition=models.Q(state__in=["queued", "running"]),
                name="one_open_job_of_a_kind",
            ),
        )


class _ReminderState(models.TextChoices):
    """How far it is."""

    DUE = "due", "Due"
    SENT = "sent", "Sent"
    SHOWN = "shown", "Shown"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"


class Reminder(models.Model):
    """Something to tell one account at one time: due, sent, shown, done; or cancelled, or escalated to the clinic."""

    State: TypeAlias = _ReminderState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminders")
    person_id = models.UUIDField(null=True, db_index=True)
    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=160, unique=True, help_text="What it is about: the same thing is told once.")
    text = models.CharField(max_length=300)
    link = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField()
    local_time = models.CharField(
        max_length=40, blank=True, help_text="The wall clock it was meant for, with its zone."
    )
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    claimed_by = models.CharField(max_length=64, blank=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    escalates_at = models.DateTimeField(null=True, help_text="When it goes on to the clinic unless it was done.")
    escalated_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = (models.Index(fields=["state", "due_at"], name="reminders_due"),)
        constraints = (one_of("state", _ReminderState, name="reminder_state"),)

    @property
    def when_in_words(self) -> str:
        """The wall clock it was meant for as people write it; "" where none was."""
        if not self.local_time:
            return ""
        day, wall_clock, zone = self.local_time.split(" ", 2)
        return f"{date_in_words(day)}, {wall_clock} ({zone.rpartition('/')[2].replace('_', ' ')} time)"


class Heartbeat(models.Model):
    """The worker's heartbeat: silent for too long, and every page says so."""

    name = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(default=clock.now)


class PushDevice(models.Model):
    """A browser of a person's that shows a word once a day; the row goes when it is switched off or ends.

    sealed_subscription : the address at the maker of the browser and the two keys, sealed; the same browser gives the
        same bytes, so one device is one row
    told : key of the reminder it was told last, so that nothing is told twice
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="push_devices")
    browser = models.CharField(max_length=60)
    sealed_subscription = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)
    told = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "sealed_subscription"], name="one_row_a_push_device"),)

    def subscribe(self, endpoint: str, p256dh: str, auth: str) -> None:
        """Seal what the browser gave; the caller saves."""
        content = canonical({"endpoint": endpoint, "p256dh": p256dh, "auth": auth})
        self.sealed_subscription = self.person.seal(content, self._place())

    def subscription(self) -> dict[str, str]:
        """What the browser gave, opened: `endpoint`, `p256dh`, `auth`."""
        opened: dict[str, str] = json.loads(self.person.open(self.sealed_subscription, self._place()))
        return opened

    def _place(self) -> str:
        return f"push device of {self.person_id}"
