"""Reminders that are due: claimed, shown on the page, and sent by e-mail or to devices where somebody asked for it."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable

from django.core.mail import send_mail
from django.db.models import F, Q

from openpbm.care.jobs.account_mail import letter_of
from openpbm.care.jobs.models import PUSH, Reminder
from openpbm.care.jobs.send_push import push_to_devices
from openpbm.care.people.access import address_of
from openpbm.errors import OpenPBMError

__all__ = ["MOST_ATTEMPTS", "pause_after", "send_due"]

_log = logging.getLogger(__name__)

MOST_ATTEMPTS = 6
_AT_ONCE = 200

_SUBJECT = "OpenPBM"


def pause_after(attempts: int) -> dt.timedelta:
    """How long to wait after so many attempts: 1, 2, 4, ... minutes, an hour at most."""
    return dt.timedelta(minutes=min(60, 2 ** max(0, attempts - 1)))


def send_due(now: dt.datetime, worker: str, alive: Callable[[], None] = lambda: None) -> int:
    """Send what is due; returns how many this worker sent. `alive` is called between two."""
    due = Reminder.objects.filter(state=Reminder.State.DUE, due_at__lte=now).select_related("user")
    sent = 0
    for reminder in due.order_by("due_at")[:_AT_ONCE]:
        if _claim(reminder, now, worker):
            sent += _send(reminder, now)
            alive()
    return sent


def _claim(reminder: Reminder, now: dt.datetime, worker: str) -> bool:
    """Whether this worker may send it: one row changed. A worker that died with it in hand leaves it to the next."""
    rested = Q(claimed_at=None) | Q(claimed_at__lte=now - pause_after(reminder.attempts))
    free = Reminder.objects.filter(rested, pk=reminder.pk, state=Reminder.State.DUE, attempts=reminder.attempts)
    claim = f"{worker[:31]} {uuid.uuid4().hex}"
    if not free.update(claimed_by=claim, claimed_at=now, attempts=F("attempts") + 1):
        return False
    reminder.claimed_by, reminder.attempts = claim, reminder.attempts + 1
    return True


def _send(reminder: Reminder, now: dt.datetime) -> int:
    way = {PUSH: push_to_devices}.get(reminder.kind, _e_mail)
    fault = way(reminder)
    ours = Reminder.objects.filter(pk=reminder.pk, state=Reminder.State.DUE, claimed_by=reminder.claimed_by)
    if fault and reminder.attempts < MOST_ATTEMPTS:
        ours.update(fault=fault)
        return 0
    # Given up by e-mail it still stands on the page, with the fault beside it.
    return ours.update(state=Reminder.State.SENT, sent_at=now, fault=fault)


def _e_mail(reminder: Reminder) -> str:
    """Send one; returns what went wrong, "" for nothing."""
    try:
        address = address_of(reminder.user)
        text = letter_of(reminder, address) if address else ""
        if text:
            send_mail(_SUBJECT, text, None, [address])
    except OpenPBMError as error:
        return f"E-mail was not sent: {error}"[:300]
    except Exception as error:
        # Whatever a mail server or its library comes up with: the other reminders must still go out.
        _log.warning("reminder %s: e-mail was not sent: %s", reminder.pk, type(error).__name__)
        return f"E-mail was not sent ({type(error).__name__}); this page is the only place that tells you"
    return ""
