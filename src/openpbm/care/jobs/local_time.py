"""The moment at which a wall clock shows a time; also on the two nights a year when clocks change."""

from __future__ import annotations

import datetime as dt
import zoneinfo

__all__ = ["moment_at"]


def moment_at(date: dt.date, time: dt.time, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """When it is `time` on `date` in `zone`, in UTC.

    A time that the clock skips gives the first moment after the gap; one that it shows twice, the first.

    >>> berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    >>> moment_at(dt.date(2026, 3, 29), dt.time(2, 30), berlin).isoformat()
    '2026-03-29T01:00:00+00:00'
    >>> moment_at(dt.date(2026, 10, 25), dt.time(2, 30), berlin).isoformat()
    '2026-10-25T00:30:00+00:00'
    """
    wall = dt.datetime.combine(date, time.replace(tzinfo=None, fold=0))
    earlier = wall.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)
    if earlier.astimezone(zone).replace(tzinfo=None) == wall:
        return earlier
    # Skipped: the two readings of it lie on the two sides of the change.
    return _change_between(wall.replace(tzinfo=zone, fold=1).astimezone(dt.UTC), earlier, zone)


def _change_between(before: dt.datetime, after: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """The first second with the offset that holds at `after`."""
    offset = after.astimezone(zone).utcoffset()
    before, after = before.replace(microsecond=0), after.replace(microsecond=0)
    while after - before > dt.timedelta(seconds=1):
        middle = before + dt.timedelta(seconds=(after - before) // dt.timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
