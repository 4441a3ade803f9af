"""Which lines of a day belong to one sitting, and which to a second one."""

from __future__ import annotations

from collections.abc import Iterable

from openpbm.course.records import RecordedSession
from openpbm.delivery.place import Place, own_places, places_covered
from openpbm.delivery.place_record import minutes_at_each_place
from openpbm.facts.delivery import tolerance
from openpbm.planning import AllowedPlan

__all__ = ["Sitting", "order_of", "sittings", "without_duplicates"]

Sitting = tuple[RecordedSession, ...]


def order_of(row: RecordedSession) -> tuple[object, ...]:
    """Sorts lines by what they say, never by where they stand in the file."""
    return (*_content(row), row.reason, row.skin_reaction or "", row.line)


def without_duplicates(rows: Iterable[RecordedSession]) -> tuple[Sitting, int]:
    """The lines in their order, those that say the same light only once, and how many were left out."""
    ordered = sorted(rows, key=order_of)
    # Reversed, because the last one written into a dict stays: of equal lines that is now the first.
    once = {_content(row): row for row in reversed(ordered)}
    kept = tuple(sorted(once.values(), key=order_of))
    return kept, len(ordered) - len(kept)


def sittings(plan: AllowedPlan, places: tuple[Place, ...], rows: Iterable[RecordedSession]) -> tuple[Sitting, ...]:
    """Share the lines of one day out among sittings.

    Lines of different places are one sitting. A second line of the same place joins only when one of the two was broken
    off and both together stay within the planned time: it was resumed. All else is another sitting.
    """
    found: list[list[RecordedSession]] = []
    for row in sorted(rows, key=order_of):
        for sitting in found:
            if _joins(plan, places, sitting, row):
                sitting.append(row)
                break
        else:
            found.append([row])
    return tuple(tuple(sitting) for sitting in found)


def _joins(plan: AllowedPlan, places: tuple[Place, ...], sitting: list[RecordedSession], row: RecordedSession) -> bool:
    mine = _places(row, places)
    same = [other for other in sitting if mine & _places(other, places)]
    if not same:
        return bool(mine & set(places)) == any(_places(other, places) & set(places) for other in sitting)
    if all(one.status != "partial" for one in (*same, row)):
        return False
    minutes = [minutes_at_each_place(plan, places, one)[0] or 0.0 for one in (*same, row)]
    return sum(minutes) <= tolerance("minutes_ratio_highest") * plan.session_minutes


def _places(row: RecordedSession, places: tuple[Place, ...]) -> set[Place]:
    return set(places_covered(row, places) or own_places(row))


def _content(row: RecordedSession) -> tuple[object, ...]:
    return (
        row.date,
        # The flag in front puts lines without a time last; "" alone would put them before midnight.
        (row.time is None, row.time.isoformat() if row.time else ""),
        row.status,
        row.site,
        row.side,
        (row.minutes is None, row.minutes or 0.0),
        (row.distance_mm is None, row.distance_mm or 0.0),
    )
