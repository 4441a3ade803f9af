"""The demo's past: every act at the moment at which it is said to have happened, one after the other."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Model
from django.db.models.signals import pre_save
from django.utils import timezone

__all__ = ["Past"]

_REAL_NOW = timezone.now
_TICK = dt.timedelta(milliseconds=1)


class Past:
    """Acts waiting for their moment. The clock they see only goes forward, so the audit chain does too.

    now : no act happens later than that
    """

    def __init__(self, *, begins: dt.datetime, now: dt.datetime) -> None:
        self._clock, self._now = begins, now
        self._numbers = itertools.count()
        self._waiting: list[tuple[dt.datetime, int, Callable[[], Any]]] = []

    def at(self, moment: dt.datetime, act: Callable[[], Any]) -> None:
        """Let something happen then; acts of one moment in the order in which they were said."""
        heapq.heappush(self._waiting, (min(moment, self._now), next(self._numbers), act))

    def happen(self) -> None:
        """Everything that waits, and what comes of it, in the order of time."""
        while self._waiting:
            moment, _, act = heapq.heappop(self._waiting)
            self._clock = max(self._clock, moment)
            act()

    def _read(self) -> dt.datetime:
        # No two rows of one moment: the newer one is always known.
        self._clock += _TICK
        return self._clock

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Within it this is the time, for everything that asks and for every row that is written.

        A column's default was bound to the real clock when its model was made: such columns are set as a row is saved,
        before the audit takes its digest.
        """

        def set_moment(sender: type[Model], instance: Model, **_: object) -> None:
            if instance._state.adding:
                for field in sender._meta.concrete_fields:
                    if field.default is _REAL_NOW:
                        setattr(instance, field.attname, self._read())

        timezone.now = self._read
        pre_save.connect(set_moment, weak=False, dispatch_uid="demo past")
        try:
            yield
        finally:
            timezone.now = _REAL_NOW
            pre_save.disconnect(dispatch_uid="demo past")
