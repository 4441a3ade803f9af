"""How much one account may ask for: beyond it the answer is "later", and when."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable

from openpbm.errors import OpenPBMError

__all__ = ["MOST_JOBS_AN_HOUR", "MOST_OPEN_JOBS", "Allowance", "TooMany"]

#: Long work that one account has waiting or running, for everybody whose record is open to it.
MOST_OPEN_JOBS = 10
#: Long work that one account orders about one person.
MOST_JOBS_AN_HOUR = 20


class TooMany(OpenPBMError):
    """One account has asked for more than its share; `retry_after_s` says when there is room again."""

    retry_after_s: int = 60


class Allowance:
    """So much at once and so much for long, for each who asks.

    Counted in each web process by itself, without a query: a limit that asks the database is one more thing to flood.
    """

    _MOST_KEPT = 10_000

    def __init__(self) -> None:
        #: What each has left, and when that was so.
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._counting = threading.Lock()

    def take(self, who: Hashable, *, at_once: float, a_second: float, of_what: str) -> None:
        """Count one; TooMany, in words of `of_what`, where none is left."""
        wait_s = self._wait(who, time.monotonic(), at_once, a_second)
        if wait_s > 0:
            error = TooMany(f"you have asked for {of_what} in a short time")
            error.retry_after_s = math.ceil(wait_s)
            raise error

    def _wait(self, who: Hashable, now: float, at_once: float, a_second: float) -> float:
        """How long until one more may be asked for [s]; 0 where it may be now, which is counted."""
        with self._counting:
            left, then = self._left.pop(who, (at_once, now))
            left = min(at_once, left + (now - then) * a_second)
            may = left >= 1.0
            self._left[who] = (left - may, now)
            while len(self._left) > self._MOST_KEPT:
                self._left.popitem(last=False)
        return 0.0 if may else (1.0 - left) / a_second
