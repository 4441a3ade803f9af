"""Time zones as people write them."""

from __future__ import annotations

import zoneinfo

from openpbm.errors import Problem

__all__ = ["problems_of_zone"]


def problems_of_zone(name: str) -> list[Problem]:
    """What is wrong with it as a time zone; nothing where it is one.

    >>> problems_of_zone("Europe/Berlin")
    []
    >>> print(problems_of_zone("Berlin")[0])
    time zone 'Berlin': is not known; write one such as Europe/Berlin or America/Chicago
    """
    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return [
            Problem(
                key=f"time zone {name[:40]!r}",
                message="is not known",
                remedy="write one such as Europe/Berlin or America/Chicago",
            )
        ]
    return []
