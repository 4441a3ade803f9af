"""The prescription: which protocol is followed, as it stands at the skin, and values chosen by hand instead."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from openpbm.errors import BadInput, Problem

if TYPE_CHECKING:
    from openpbm.device import Beam
    from openpbm.facts.conditions import Condition, Mode, Protocol
    from openpbm.facts.lamps import Lamp

__all__ = [
    "J_PER_MW_MIN",
    "NO_OVERRIDES",
    "PlanOverrides",
    "Prescription",
    "SessionLength",
    "fluence_j_cm2",
    "in_band_share",
    "is_point_lamp",
    "mode_of",
    "number_problem",
    "point_power_mw",
    "prescribe",
    "skin_fluence_range",
]

# A milliwatt held for a minute is 60 mJ.
J_PER_MW_MIN = 0.06
# The tables count joules on points of about a square centimetre. Over a spot of five and more they are another dose: a
# defocused or a scanned laser lights an area. A figure of ours.
_WIDEST_POINT_MM = 25.0
# A whole day, once a day, for a year: clock and calendar hold no more. The protocol says what is too much.
LONGEST_MINUTES = 1440
MOST_SESSIONS_PER_WEEK = 7
MOST_WEEKS = 52

Rate = TypeVar("Rate", float, NDArray[np.float64])


def fluence_j_cm2(irradiance_mw_cm2: Rate, minutes: Rate | float) -> Rate:
    """Fluence [J/cm2] of an irradiance or fluence rate [mW/cm2] held for minutes.

    >>> fluence_j_cm2(50.0, 30.0)
    90.0
    """
    return irradiance_mw_cm2 * minutes * J_PER_MW_MIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """A condition's protocol chosen for a lamp, and the trials' protocols its window at depth is derived from."""

    condition: Condition
    protocol: Protocol
    wavelength_matches: bool
    trial_protocols: tuple[Protocol, ...]

    @property
    def skin_fluence_j_cm2(self) -> tuple[float, float]:
        """Range of the fluence at the skin in one session [J/cm2]."""
        return skin_fluence_range(self.protocol)


def prescribe(condition: Condition, lamp: Lamp, own: Protocol | None = None) -> Prescription | None:
    """The protocol nearest to this lamp; None when there is none for this kind of lamp.

    own : that of the case, which is followed in place of the condition's, but where a specialist decides

    A lamp that lights an area is never planned on joules a point: spread over a bed they would be an invented J/cm2.
    What was written for pads or the whole body serves every lamp that lights no points, its own kind before others.

    First one that used a wavelength of the lamp, then one that trials or guidelines stand behind, then the same way of
    giving light, then the larger share of wavelengths; the order of the condition's file breaks ties.
    """
    mode = mode_of(lamp)
    offered = condition.protocols if own is None or condition.specialist_only else (own,)
    usable = [protocol for protocol in offered if mode == "point" or protocol.mode != "point"]
    if not usable:
        return None

    def nearness(protocol: Protocol) -> tuple[bool, bool, bool, float]:
        share = _share_inside(protocol, lamp)
        return share > 0.0, protocol.origin != "brief", protocol.mode == mode, share

    # max keeps the first of equals, which is how the order in the condition's file breaks ties.
    chosen = max(usable, key=nearness)
    return Prescription(
        condition=condition,
        protocol=chosen,
        wavelength_matches=any(_share_inside(protocol, lamp) > 0 for protocol in usable),
        # The brief's own ranges never make a window: it says what trials and guidelines delivered.
        trial_protocols=tuple(
            protocol for protocol in condition.protocols if protocol.origin != "brief" and not protocol.carried_over
        ),
    )


def mode_of(lamp: Lamp) -> Mode:
    """The kind of protocol that was written for lamps like this one."""
    if is_point_lamp(lamp):
        return "point"
    if lamp.kind == "whole_body":
        return "whole_body"
    return "contact" if lamp.contact else "area"


def is_point_lamp(lamp: Lamp) -> bool:
    """True for a lamp that treats spot by spot: a laser whose spot is a point, at most 25 mm wide."""
    spots = [emitters.spot_diameter_mm for emitters in lamp.emitters]
    return all(spot is not None and spot <= _WIDEST_POINT_MM for spot in spots)


def point_power_mw(lamp: Lamp, lit: Beam) -> float | None:
    """Power of all beams together of a lamp that treats spot by spot [mW]; None for one that lights the area.

    A probe with two beams fills a point's energy with both.
    """
    return math.fsum(part.total_power_mw or 0.0 for part in lit.components) if is_point_lamp(lamp) else None


def skin_fluence_range(protocol: Protocol) -> tuple[float, float]:
    """Fluence at the skin in one session [J/cm2]: as given, or irradiance times minutes, or a point's energy.

    10-50 mW/cm2 for 20-30 minutes is 12-90 J/cm2. A point protocol counts joules and rarely says over how much skin:
    one square centimetre is assumed.
    """
    if protocol.fluence_j_cm2 is not None:
        return protocol.fluence_j_cm2
    if protocol.energy_per_point_j is not None:
        return protocol.energy_per_point_j
    assert protocol.irradiance_mw_cm2 is not None
    lowest, highest = protocol.irradiance_mw_cm2
    return lowest * protocol.minutes[0] * J_PER_MW_MIN, highest * protocol.minutes[1] * J_PER_MW_MIN


def in_band_share(protocol: Protocol, bands: Iterable[tuple[float, float]]) -> float:
    """Share of the light at wavelengths that the protocol has [-].

    Where it has none of them, which is said apart, that of which a dose is computed at all.

    bands : (wavelength [nm], irradiance [mW/cm2])

    >>> from openpbm.facts.conditions import conditions
    >>> protocol = next(row for row in conditions["rls_primary"].protocols if row.wavelength_nm == (810.0, 850.0))
    >>> in_band_share(protocol, [(660.0, 15.0), (850.0, 5.0)])
    0.25
    """
    low, high = protocol.wavelength_nm
    levels = list(bands)
    inside = math.fsum(level for wavelength, level in levels if low <= wavelength <= high)
    if inside == 0.0:
        from openpbm.device import counts_for_dose

        inside = math.fsum(level for wavelength, level in levels if counts_for_dose(wavelength))
    return inside / math.fsum(level for _, level in levels)


def _share_inside(protocol: Protocol, lamp: Lamp) -> float:
    """Share of the lamp's wavelengths that lie in the protocol's range."""
    low, high = protocol.wavelength_nm
    inside = [low <= emitters.wavelength_nm <= high for emitters in lamp.emitters]
    return sum(inside) / len(inside)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLength:
    """How long one session lasts at one site.

    exposure_minutes : light on one spot of skin; the dose is computed with it
    points : spots that are lit one after the other (1 for a lamp that lights the area at once)
    within_protocol : False when nothing fits the protocol and these are its shortest minutes
    overridden : somebody chose these minutes; they stand, and what speaks against them is a reason
    instead_of_minutes : on one spot, what a conservative start was made from; None where it is none [min]
    session_minutes : over all spots of one site [min]
    """

    exposure_minutes: float
    points: int = 1
    within_protocol: bool = True
    overridden: bool = False
    instead_of_minutes: float | None = None
    session_minutes: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "session_minutes", round(self.exposure_minutes * self.points, 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOverrides:
    """Values chosen by hand; None leaves one to the plan. An override is refused or planned, never changed.

    minutes : light at one place in one session, over all its points [min]
    Raises BadInput for what no calendar or clock can hold; what is too much for a person is a reason of the plan.

    >>> PlanOverrides(minutes=20).or_none()
    PlanOverrides(minutes=20.0, sessions_per_week=None, weeks=None)
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    minutes: float | None = None
    sessions_per_week: int | None = None
    weeks: int | None = None

    def __post_init__(self) -> None:
        given = (
            ("minutes", self.minutes, LONGEST_MINUTES, False),
            ("sessions_per_week", self.sessions_per_week, MOST_SESSIONS_PER_WEEK, True),
            ("weeks", self.weeks, MOST_WEEKS, True),
        )
        problems = [
            problem
            for name, value, most, whole in given
            if value is not None and (problem := number_problem(f"overrides.{name}", value, most, whole=whole))
        ]
        # A value already refused is left alone: round() of a text would raise instead of saying what is wrong.
        if not problems and self.minutes is not None:
            problems = _finer_than_a_timer(self.minutes)
        if problems:
            raise BadInput(problems)
        # Written as a plan that is read back writes it, so that both give the same bytes.
        if self.minutes is not None:
            object.__setattr__(self, "minutes", float(self.minutes))

    def or_none(self) -> PlanOverrides | None:
        """None when nothing was chosen: a plan then says null in one place, not in three."""
        return None if self == NO_OVERRIDES else self


def number_problem(name: str, value: object, most: float, *, whole: bool = False) -> Problem | None:
    """What is wrong with a number that must be above 0 and at most `most`; None when it can be."""
    kind = int if whole else int | float
    # True is an int in Python and would be planned as one minute.
    if isinstance(value, bool) or not isinstance(value, kind):
        wanted = "whole number" if whole else "number"
        return Problem(key=name, value=value, message=f"must be a {wanted}", remedy="correct the value")
    if math.isfinite(value) and 0 < value <= most:
        return None
    least = "at least 1" if whole else "more than 0"
    return Problem(key=name, value=value, message=f"must be {least} and at most {most:g}", remedy="correct the value")


def _finer_than_a_timer(minutes: float) -> list[Problem]:
    """A session is timed and printed in hundredths; finer minutes would be rounded behind somebody's back."""
    written = round(minutes, 2)
    if written == minutes:
        return []
    remedy = f"write {max(0.01, written):g}"
    return [Problem(key="overrides.minutes", value=minutes, message="at most two decimals", remedy=remedy)]


NO_OVERRIDES = PlanOverrides()
