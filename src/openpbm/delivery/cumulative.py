"""Light added up over the sessions: fluence at the skin of each place, as an interval, and how much is unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openpbm.delivery.place import Interval, Place
from openpbm.delivery.session_record import SessionRecord
from openpbm.wording import quantity

__all__ = ["CumulativeFluence", "PlaceFluence", "cumulative_fluence", "fluence_in_words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFluence:
    """What one place got in all sessions whose dose is known.

    fluence_j_cm2 : (lower, planned, upper) at the skin [J/cm2], as the lamp's output is trusted
    sessions_known : sessions with light there whose dose is known; one written as missed adds none and counts nowhere
    sessions_unknown : sessions whose dose there is unknown, so that the sum is "at least"
    """

    place: Place
    fluence_j_cm2: Interval
    sessions_known: int
    sessions_unknown: int

    @property
    def at_least(self) -> bool:
        """Whether the true sum may be higher because some sessions are unknown."""
        return self.sessions_unknown > 0

    def to_dict(self) -> dict[str, Any]:
        """The sum as JSON."""
        lower, planned, upper = self.fluence_j_cm2
        return {
            "site": self.place[0],
            "side": self.place[1],
            "fluence_j_cm2": {"lower": lower, "planned": planned, "upper": upper},
            "sessions_known": self.sessions_known,
            "sessions_unknown": self.sessions_unknown,
            "at_least": self.at_least,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CumulativeFluence:
    """Every place by itself, and the course.

    course_j_cm2 : (lower, planned, upper), each at the place that got most [J/cm2]; fluences of two places never add up
    sessions_unknown : sessions whose dose is unknown at any place
    """

    places: tuple[PlaceFluence, ...]
    course_j_cm2: Interval
    sessions_unknown: int

    @property
    def statement(self) -> str:
        """The course's sum in a sentence.

        >>> CumulativeFluence(places=(), course_j_cm2=(4.0, 7.2, 13.0), sessions_unknown=2).statement
        'at least 7.2 J/cm2 at the skin (4 to 13 as the lamp is trusted); the dose of 2 sessions is unknown'
        """
        return fluence_in_words(self.course_j_cm2, self.sessions_unknown)

    def to_dict(self) -> dict[str, Any]:
        """The sums as JSON."""
        lower, planned, upper = self.course_j_cm2
        return {
            "course_j_cm2": {"lower": lower, "planned": planned, "upper": upper},
            "sessions_unknown": self.sessions_unknown,
            "statement": self.statement,
            "places": [place.to_dict() for place in self.places],
        }


def fluence_in_words(course_j_cm2: Interval, sessions_unknown: int, *, unit: str = "J/cm2", joint: str = "; ") -> str:
    """The light of a course, lower, planned and upper, in a sentence.

    unit : as it is written where the sentence stands; joint : what stands before what is unknown

    >>> fluence_in_words((1728.4, 2160.0, 2591.7), 0)
    '2160 J/cm2 at the skin (1730 to 2590 as the lamp is trusted)'
    """
    lower, planned, upper = (quantity(value, 3) for value in course_j_cm2)
    known = f"{planned} {unit} at the skin ({lower} to {upper} as the lamp is trusted)"
    if not sessions_unknown:
        return known
    sessions = "1 session" if sessions_unknown == 1 else f"{sessions_unknown} sessions"
    # "At least 0" would read as if something were known.
    if course_j_cm2[2] == 0:
        return f"unknown at the skin: the dose of {sessions} is unknown"
    return f"at least {known}{joint}the dose of {sessions} is unknown"


def cumulative_fluence(records: Iterable[SessionRecord]) -> CumulativeFluence:
    """Add up the light of all sessions, the extra ones too: the skin does not ask whether they were planned."""
    sums: dict[Place, PlaceFluence] = {}
    unknown = 0
    for record in records:
        unknown += any(place.fluence_j_cm2 is None for place in record.places)
        for place in record.places:
            before = sums.get(place.place) or _nothing(place.place)
            sums[place.place] = _with(before, place.fluence_j_cm2)
    ordered = tuple(sums[place] for place in sorted(sums))
    return CumulativeFluence(
        places=ordered,
        course_j_cm2=_highest([place.fluence_j_cm2 for place in ordered]),
        sessions_unknown=unknown,
    )


def _nothing(place: Place) -> PlaceFluence:
    return PlaceFluence(place=place, fluence_j_cm2=(0.0, 0.0, 0.0), sessions_known=0, sessions_unknown=0)


def _with(before: PlaceFluence, fluence: Interval | None) -> PlaceFluence:
    if fluence is None:
        return PlaceFluence(
            place=before.place,
            fluence_j_cm2=before.fluence_j_cm2,
            sessions_known=before.sessions_known,
            sessions_unknown=before.sessions_unknown + 1,
        )
    lower, planned, upper = (sum(pair) for pair in zip(before.fluence_j_cm2, fluence, strict=True))
    return PlaceFluence(
        place=before.place,
        fluence_j_cm2=(lower, planned, upper),
        sessions_known=before.sessions_known + (fluence[1] > 0),
        sessions_unknown=before.sessions_unknown,
    )


def _highest(intervals: list[Interval]) -> Interval:
    if not intervals:
        return (0.0, 0.0, 0.0)
    lower, planned, upper = zip(*intervals, strict=True)
    return (max(lower), max(planned), max(upper))
