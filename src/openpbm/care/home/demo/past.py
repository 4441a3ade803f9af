"""The demo's past: every act at the moment at which it is said to have happened, one after the other."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
from collections.abc import Callable
from typing import Any

__all__ = ["Past"]

_TICK = dt.timedelta(milliseconds=1)


class Past:
    """Acts waiting for their moment. The clock they see only goes forward, so the audit chain does too.

    now : no act happens later than that
    """

    def __init__(self, *, begins: dt.datetime, now: dt.datetime) -> None:
        self._time, self._now = begins, now
        self._numbers = itertools.count()
        self._waiting: list[tuple[dt.datetime, int, Callable[[], Any]]] = []

    def at(self, moment: dt.datetime, act: Callable[[], Any]) -> None:
        """Let something happen then; acts of one moment in the order in which they were said."""
        heapq.heappush(self._waiting, (min(moment, self._now), next(self._numbers), act))

    def happen(self) -> None:
        """Everything that waits, and what comes of it, in the order of time."""
        while self._waiting:
            moment, _, act = heapq.heappop(self._waiting)
            self._time = max(self._time, moment)
            act()

    def clock(self) -> dt.datetime:
        """The moment that is told of; it goes on each time it is asked, so that of two rows the newer one is known."""
        self._time += _TICK
        return self._time
