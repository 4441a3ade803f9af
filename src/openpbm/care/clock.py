"""The time, as every part of the application reads it.

Moments of the rows, of the audit's links and of every decision that depends on the day come from `now`. What lives
through a past of its own, as the demo does, gives the time for what it does; nothing of Django's is exchanged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

__all__ = ["now", "told_by"]

# One for each thread and each task: a past that is told in one of them is no other's time. An argument `now` of every
# action would have to go through each hold, reminder and audit link it writes, and only the demo would ever give it.
_clock: ContextVar[Callable[[], dt.datetime] | None] = ContextVar("clock", default=None)


def now() -> dt.datetime:
    """This moment, with its time zone; also the default of every column that keeps when its row was made."""
    clock = _clock.get()
    return timezone.now() if clock is None else clock()


@contextmanager
def told_by(clock: Callable[[], dt.datetime]) -> Iterator[None]:
    """Within it `now` is what that clock says."""
    token = _clock.set(clock)
    try:
        yield
    finally:
        _clock.reset(token)
