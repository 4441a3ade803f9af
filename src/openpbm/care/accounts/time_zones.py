"""Time zones as people write them."""

from __future__ import annotations

from openpbm.errors import Problem
from openpbm.files.time_zone import zone_names

__all__ = ["problems_of_zone"]


def problems_of_zone(name: str) -> list[Problem]:
    """What is wrong with it as a time zone; nothing where it is one of those that a form offers.

    >>> problems_of_zone("Europe/Berlin")
    []
    >>> print(problems_of_zone("Berlin")[0])
    time zone 'Berlin': is not known; write one such as Europe/Berlin or America/Chicago
    """
    if name in zone_names():
        return []
    return [
        Problem(
            key=f"time zone {name[:40]!r}",
            message="is not known" if "/" not in name else "is no time zone of a place",
            remedy="write one such as Europe/Berlin or America/Chicago",
        )
    ]
