"""How many days of a stretch were written down, and the longest silence in it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable

__all__ = ["expected_days", "longest_gap", "observed_days"]


def expected_days(first: dt.date, before: dt.date) -> int:
    """Days from `first`, included, to `before`, not included; none where that is backwards.

    >>> expected_days(dt.date(2026, 12, 1), dt.date(2026, 12, 15))
    14
    """
    return max(0, (before - first).days)


def observed_days(days: Iterable[dt.date], first: dt.date, before: dt.date) -> int:
    """How many different days of the stretch are among `days`; those outside do not count.

    >>> observed_days([dt.date(2026, 12, 1), dt.date(2026, 12, 1)], dt.date(2026, 12, 1), dt.date(2026, 12, 15))
    1
    """
    return len(_inside(days, first, before))


def longest_gap(days: Iterable[dt.date], first: dt.date, before: dt.date) -> int:
    """The most days in a row of the stretch that are not among `days`, its two ends included.

    >>> longest_gap([dt.date(2026, 12, 4)], dt.date(2026, 12, 1), dt.date(2026, 12, 8))
    3
    """
    if before <= first:
        return 0
    day = dt.timedelta(days=1)
    edges = [first - day, *sorted(_inside(days, first, before)), before]
    return max((later - earlier).days - 1 for earlier, later in itertools.pairwise(edges))


def _inside(days: Iterable[dt.date], first: dt.date, before: dt.date) -> set[dt.date]:
    return {day for day in days if first <= day < before}
