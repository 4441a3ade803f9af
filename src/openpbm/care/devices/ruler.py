"""Distances between a ruler and the record: people measure in cm, every record and the API hold mm."""

from __future__ import annotations

from typing import overload

from openpbm.care.audit.constraints import Within
from openpbm.care.devices.models import DISTANCE_MM

__all__ = ["DISTANCE_CM", "cm_of", "mm_of"]

DISTANCE_CM = Within(DISTANCE_MM.least // 10, DISTANCE_MM.most // 10)


@overload
def cm_of(distance_mm: float) -> str: ...
@overload
def cm_of(distance_mm: float | None) -> str | None: ...
def cm_of(distance_mm: float | None) -> str | None:
    """What stands in a field or a cell [cm]; nothing of a distance is rounded away.

    >>> cm_of(25.0), cm_of(300.0), cm_of(1234.567), cm_of(None)
    ('2.5', '30', '123.4567', None)
    """
    return None if distance_mm is None else f"{round(distance_mm / 10, 4):.10g}"


@overload
def mm_of(distance_cm: float) -> float: ...
@overload
def mm_of(distance_cm: float | None) -> float | None: ...
def mm_of(distance_cm: float | None) -> float | None:
    """What is recorded [mm] of what was filled in.

    >>> mm_of(2.5), mm_of(33.3), mm_of(None)
    (25.0, 333.0, None)
    """
    return None if distance_cm is None else round(distance_cm * 10, 3)
