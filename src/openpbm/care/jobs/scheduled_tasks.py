"""What the worker does once a minute, and once a day. One part that fails does not keep the others from running."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.db import connections

from openpbm.care.accounts.counters import forget_expired
from openpbm.care.audit.ledger import seal_reads
from openpbm.care.audit.noted_heads import note_head
from openpbm.care.jobs.escalate import escalate_due
from openpbm.care.jobs.registry import reminder_sources
from openpbm.care.jobs.send import send_due

__all__ = ["each_day", "each_minute"]

_log = logging.getLogger(__name__)


def each_minute(now: dt.datetime, worker: str, alive: Callable[[], None] = lambda: None) -> int:
    """Do every part of the worker's minute; returns how many parts failed."""
    parts: list[Callable[[], object]] = [lambda make=make: make(now) for make in reminder_sources()]  # type: ignore[misc]
    parts += [lambda: escalate_due(now), lambda: send_due(now, worker, alive), seal_reads, note_head, forget_expired]
    return sum(_failed(part, alive) for part in parts)


def each_day() -> int:
    """Forget the sign-ins that have run out; 1 when it failed."""
    return _failed(import_module(settings.SESSION_ENGINE).SessionStore.clear_expired, lambda: None)


def _failed(part: Callable[[], object], alive: Callable[[], None]) -> int:
    try:
        part()
        alive()
    except Exception:
        _log.exception("a part of the worker's minute failed; it is tried again in a minute")
        # On a dead connection every part after this one would fail as well; the next one opens its own.
        connections.close_all()
        return 1
    return 0
