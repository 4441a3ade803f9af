"""A session as it was planned and as it was given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openpbm.course.mark import Mark
from openpbm.course.records import RecordedSession
from openpbm.delivery.place import Place
from openpbm.facts.delivery import tolerance
from openpbm.planning import PlannedSession

__all__ = [
    "DistanceState",
    "Interval",
    "PlaceRecord",
    "PlaceState",
    "SessionRecord",
    "SessionState",
    "with_light",
    "worst_distance",
]

SessionState = Literal["done", "partial", "missed", "unknown", "extra"]
PlaceState = Literal["done", "partial", "missed", "unknown"]
DistanceState = Literal["as planned", "nearer", "farther", "unknown"]
Interval = tuple[float, float, float]
"""(lower, planned, upper) as far as the lamp's output is trusted."""

_ROUNDING = 1e-9
# Nearer is more light than planned, which can harm; farther is only less.
_WORST_DISTANCE: tuple[DistanceState, ...] = ("nearer", "farther", "unknown", "as planned")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRecord:
    """What one place on the skin was given in one session.

    minutes : light there [min]; None is unknown, 0 only where it was written that there was none
    minutes_ratio : minutes over planned minutes [-], None where unknown
    minutes_ratio_range : at least and at most that [-], two ends apart where the minutes of a line can be read as those
        of each place or as their total; None where no minutes were written
    distance_state : the worst of the lines; "unknown" where no distance was written or planned
    fluence_j_cm2 : (lower, planned, upper) at the skin [J/cm2]; None where minutes or distance leave it unknown
    """

    place: Place
    state: PlaceState
    minutes: float | None
    minutes_ratio: float | None
    minutes_ratio_range: tuple[float, float] | None
    distance_state: DistanceState
    fluence_j_cm2: Interval | None

    @property
    def short(self) -> bool:
        """Whether it counts as done with fewer minutes than the planned ones and their band."""
        least = tolerance("minutes_ratio_lowest") - _ROUNDING
        return self.state == "done" and self.minutes_ratio is not None and self.minutes_ratio < least


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    """One session: planned, given, or both.

    planned : None for an extra session and for a missed one that fits no planned day
    date : the day it was given, else the day it was planned or written as missed
    due : planned before the checkpoint
    rows : the lines of sessions.csv that it rests on
    minutes_planned : at each place [min]
    """

    planned: PlannedSession | None
    date: dt.date
    due: bool
    rows: tuple[RecordedSession, ...]
    state: SessionState
    minutes_planned: float
    places: tuple[PlaceRecord, ...]
    marks: tuple[Mark, ...] = ()

    @property
    def lit(self) -> bool:
        """Whether light was given, as far as is written."""
        # Given "for 0 minutes" is no light; minutes that nobody wrote may well be some.
        return any(row.status != "missed" and row.minutes != 0 for row in self.rows)

    @property
    def minutes_delivered(self) -> float | None:
        """Minutes summed over the places [min]; None where those of any place are unknown."""
        known = [place.minutes for place in self.places if place.minutes is not None]
        return sum(known) if len(known) == len(self.places) else None

    @property
    def minutes_ratio(self) -> float | None:
        """Minutes given over minutes planned, all places together [-]; None where unknown."""
        given = self.minutes_delivered
        return None if given is None else given / (self.minutes_planned * len(self.places))

    @property
    def known_share(self) -> float:
        """Share of the planned minutes known to be given, in [0, 1]; more at one place does not make up for another."""
        known = [(place.minutes_ratio_range or (0.0, 0.0))[0] for place in self.places]
        return sum(min(1.0, least) for least in known) / len(self.places)

    @property
    def short(self) -> bool:
        """Whether a planned session counts as done, but was short at some place."""
        return self.state == "done" and any(place.short for place in self.places)

    @property
    def distance_state(self) -> DistanceState:
        """The worst over the places: nearer, farther, unknown, as planned."""
        return worst_distance([place.distance_state for place in self.places])

    @property
    def fluence_j_cm2(self) -> Interval | None:
        """(lowest lower, mean planned, highest upper) over the places [J/cm2]; None where any is unknown."""
        known = [place.fluence_j_cm2 for place in self.places if place.fluence_j_cm2 is not None]
        if len(known) < len(self.places):
            return None
        lower, planned, upper = zip(*known, strict=True)
        return (min(lower), sum(planned) / len(planned), max(upper))


def worst_distance(states: Sequence[DistanceState]) -> DistanceState:
    """Nearer before farther before unknown before as planned."""
    return min(states, key=_WORST_DISTANCE.index)


def with_light(records: tuple[SessionRecord, ...]) -> tuple[SessionRecord, ...]:
    """The sessions in which light was given, in the order of days."""
    return tuple(sorted((record for record in records if record.lit), key=lambda record: record.date))
