"""Time zones as people write them."""

from __future__ import annotations

import zoneinfo

__all__ = ["faults_of_zone"]


def faults_of_zone(name: str) -> list[str]:
    """What is wrong with it as a time zone; nothing where it is one.

    >>> faults_of_zone("Europe/Berlin"), faults_of_zone("Berlin")
    ([], ["time zone 'Berlin': is not known; write one such as Europe/Berlin or America/Chicago"])
    """
    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return [f"time zone {name[:40]!r}: is not known; write one such as Europe/Berlin or America/Chicago"]
    return []
