"""What is prescribed at the skin, and when: the two sections that only an allowed plan has."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, MinLen

from openpbm.facts.conditions import Mode, Origin
from openpbm.planning.document.dose import NotNegative, Range, Side
from openpbm.planning.document.section import SECTION

__all__ = [
    "ConfoundedWeeks",
    "DerivedWindow",
    "PlannedCheckpoint",
    "PlannedSession",
    "ProtocolSummary",
    "Schedule",
    "SkinFluence",
    "SkinPrescription",
    "tells_lamps_apart",
    "window_fold",
]

Positive = Annotated[float, Gt(0)]
Number = Annotated[int, Ge(1)]
Place = tuple[str, str]
_SIDES = ("left", "right", "both")
# From here on a window holds lamps of nearly any strength that is sold. A figure of ours.
_WIDE_FOLD = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinFluence:
    """Fluence at the skin in one session."""

    __pydantic_config__: ClassVar = SECTION

    planned: NotNegative
    """At the stated output [J/cm2]."""
    lower: NotNegative
    """At the lower bound of the output [J/cm2]."""
    upper: NotNegative
    """At the upper bound of the output [J/cm2]."""
    range: Range | None
    """Of the protocol [J/cm2]; null without a protocol."""
    in_band: NotNegative | None = None
    """Of the planned, at the protocol's wavelengths: what is held against its lowest [J/cm2]; null: not known."""

    def __post_init__(self) -> None:
        if not self.lower <= self.planned <= self.upper:
            raise ValueError("needs lower, planned and upper in this order of size")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolSummary:
    """One protocol of the condition."""

    __pydantic_config__: ClassVar = SECTION

    id: str
    origin: Origin
    wavelength_nm: Range
    """Lowest and highest [nm]."""
    source: str
    verified: bool
    note: str


def window_fold(window_j_cm2: Range) -> float:
    """How many times its low edge the high edge of a window is [-].

    >>> window_fold((0.5, 6.0)), window_fold((0.0, 6.0))
    (12.0, inf)
    """
    low, high = window_j_cm2
    return high / low if low > 0.0 else math.inf


def tells_lamps_apart(window_j_cm2: Range) -> bool:
    """Whether a lamp can lie outside by its strength: a very wide window holds nearly every lamp sold."""
    return window_fold(window_j_cm2) < _WIDE_FOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedWindow:
    """The dose that trials delivered at a structure, by our own model. No trial measured it."""

    __pydantic_config__: ClassVar = SECTION

    site: str
    side: Side
    structure: str
    fluence_j_cm2: Range
    """Lowest and highest in one session, median over the optical make-ups drawn [J/cm2]."""
    derived: Literal[True]
    basis: str
    """How it was derived, in words."""
    protocols: tuple[str, ...]
    """The protocols whose doses it was derived from."""

    @property
    def place(self) -> tuple[str, str, str]:
        """Site, side and structure."""
        return (self.site, self.side, self.structure)

    @property
    def fold(self) -> float:
        """How many times its low edge the high one is [-]."""
        return window_fold(self.fluence_j_cm2)

    @property
    def tells_lamps_apart(self) -> bool:
        """Whether a lamp can lie outside by its strength: a very wide window holds nearly every lamp sold."""
        return tells_lamps_apart(self.fluence_j_cm2)


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinPrescription:
    """The prescription as it stands at the skin; a dose at depth is never prescribed.

    A plan that was written down from a publication has null for everything the publication does not give.
    """

    __pydantic_config__: ClassVar = SECTION

    condition: str
    protocol: str | None
    """The protocol that is followed."""
    origin: Origin | None
    """Who stands behind the protocol."""
    mode: Mode | None
    """`area`, `contact`, `whole_body`: the whole site at once; `point`: one spot after the other."""
    minutes: Positive
    """Light at one place in one session, over all its points [min]."""
    minutes_per_point: Positive
    """Light on one spot [min]."""
    points_planned: Number
    """How often the lamp is set down, spot after spot; 1 for an area."""
    points_at_once: Number = 1
    """Spots that a cluster probe lights together; points in all are these times `points_planned`."""
    probe_spacing_mm: Positive | None = None
    """From one spot of a cluster probe to the next [mm]; null for one spot."""
    distance_mm: NotNegative | None
    """Lamp to skin [mm]."""
    skin_fluence_j_cm2: SkinFluence | None
    """At the skin in one session [J/cm2]."""
    energy_per_point_j: Range | None
    """The protocol's range [J]."""
    points: tuple[Number, Number] | None
    """The protocol's range."""
    spacing_mm: Range | None = None
    """From one point to the next, the protocol's range [mm]; null where it gives none."""
    irradiance_range_mw_cm2: Range | None
    """The protocol's range [mW/cm2]."""
    wavelength_range_nm: Range | None
    """The protocol's range [nm]."""
    minutes_range: Range | None
    """The protocol's range [min]."""
    protocols: tuple[ProtocolSummary, ...]
    """Every protocol of the condition, those of the brief and of the trials apart."""
    window: tuple[DerivedWindow, ...]
    """One for each structure; empty where no trial or guideline gives a dose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSession:
    """One session of the schedule."""

    __pydantic_config__: ClassVar = SECTION

    number: Number
    date: dt.date
    weekday: str
    start_time: dt.time | None
    """Time of day; null where the plan gives none."""
    week: Number
    """Week of the course, from 1."""
    placements: tuple[str, ...]
    """One for each position of the lamp, as "posterior_calf left"; empty where the plan gives none."""

    @property
    def places(self) -> tuple[Place, ...]:
        """(site, side) of each position of the lamp; one without names where the plan gives none.

        >>> PlannedSession(number=1, date=dt.date(2026, 12, 1), weekday="Tuesday", start_time=None, week=1,
        ...                placements=("posterior_calf left", "neck")).places
        (('posterior_calf', 'left'), ('neck', ''))
        """
        return tuple(_site_and_side(placement) for placement in self.placements) or (("", ""),)


def _site_and_side(placement: str) -> Place:
    site, _, side = placement.strip().rpartition(" ")
    return (site.strip(), side) if side in _SIDES and site else (placement.strip(), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCheckpoint:
    """One look at how the course goes."""

    __pydantic_config__: ClassVar = SECTION

    week: Number
    """Week of the course, from 1."""
    date: dt.date
    about: str
    """What is looked at, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfoundedWeeks:
    """Weeks whose result cannot be laid to the light."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    from_week: Annotated[int, Ge(0)]
    to_week: Annotated[int, Ge(0)]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The dated course: minutes at each place, and when."""

    __pydantic_config__: ClassVar = SECTION

    minutes_per_session: Positive
    """Light at one place: minutes per point times points [min]."""
    minutes_per_point: Positive
    """A laser treats point by point, and the dose at the target is that of one point [min]."""
    points: Number
    """How often the lamp is set down; lamps that light an area have one."""
    sessions_per_week: Number
    weeks: Number
    positions_per_session: Number
    """How often the lamp is set down in one session: places over heads, rounded up."""
    total_minutes_per_session: Positive
    """Minutes times positions [min]."""
    sessions: Annotated[tuple[PlannedSession, ...], MinLen(1)]
    """In the order of their dates."""
    checkpoints: tuple[PlannedCheckpoint, ...]
    confounded_weeks: tuple[ConfoundedWeeks, ...]

    def __post_init__(self) -> None:
        days = [session.date for session in self.sessions]
        if days != sorted(days):
            raise ValueError("sessions must stand in the order of their dates")
