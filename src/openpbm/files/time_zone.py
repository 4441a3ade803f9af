"""The time zones that can be chosen: names of places, since those alone know when summer time begins there."""

from __future__ import annotations

import functools
import zoneinfo

__all__ = ["zone_names"]


@functools.cache
def zone_names() -> tuple[str, ...]:
    """Every zone of a place in the order of names, UTC first.

    `Etc/GMT+5` lies five hours behind and not ahead, `EST` knows no summer time, and `Factory` is no place.

    >>> [name in zone_names() for name in ("Europe/Berlin", "UTC", "EST", "Etc/GMT+2", "Factory", "posixrules")]
    [True, True, False, False, False, False]
    """
    not_places = ("Etc/", "System", "posix/", "right/")
    places = (name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(not_places))
    return ("UTC", *sorted(places))
