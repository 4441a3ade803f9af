"""The prescription: which protocol is followed, and how one lamp at one distance follows it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from openpbm.device import Beam
    from openpbm.facts.conditions import Condition, Mode, Protocol
    from openpbm.facts.lamps import Lamp
    from openpbm.reason import Reason
    from openpbm.safety.lamp_check import Exposure

__all__ = [
    "CONSERVATIVE_START_RULES",
    "GRID_MINUTES",
    "J_PER_MW_MIN",
    "ROUNDING_SLACK",
    "PointByPoint",
    "Prescription",
    "SessionLength",
    "Setting",
    "begins_low",
    "can_follow",
    "fluence_j_cm2",
    "in_band_share",
    "is_point_lamp",
    "mode_of",
    "point_power_mw",
    "points_at_once",
    "prescribe",
    "skin_fluence_range",
]

# A milliwatt held for a minute is 60 mJ.
J_PER_MW_MIN = 0.06
# Below ten minutes half a minute is five per cent of the dose or more, so the grid is finer there.
GRID_MINUTES = np.array([0.5 * n for n in range(1, 20)] + [float(n) for n in range(10, 121)])
# A laser's point takes seconds, which no grid of minutes could hold.
_SECONDS_STEP = 5
# Cautions and released rules with which a course begins at its low end.
CONSERVATIVE_START_RULES = frozenset(
    {
        "dark_skin",
        "loss_of_protective_sensation",
        "photosensitiser_other_band",
        "photosensitiser_strong",
        "pigmented_or_tanned_skin_in_field",
        # Any type may be the darkest: unknown is not no.
        "skin_type_unknown",
    }
)
# Of the protocol's shortest session. A figure of ours, so that "begin with less" is a number and not a wish.
_CONSERVATIVE_SHARE = 0.5
# A plan's own minutes must not break its own limit over the last digits of a product.
ROUNDING_SLACK = 1.0001
# The tables count joules on points of about a square centimetre. Over a spot of five and more they are another dose: a
# defocused or a scanned laser lights an area. A figure of ours.
_WIDEST_POINT_MM = 25.0
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


def prescribe(condition: Condition, lamp: Lamp, own: Protocol | None = None) -> Prescription | None:
    """The protocol nearest to this lamp; None when there is none for this kind of lamp.

    own : that of the case, which is followed in place of the condition's, but where a specialist decides

    What was written for pads or the whole body serves every lamp that lights no points, its own kind before others.

    First one that used a wavelength of the lamp, then one that trials or guidelines stand behind, then the same way of
    giving light, then the larger share of wavelengths; the order of the condition's file breaks ties.
    """
    mode = mode_of(lamp)
    offered = condition.protocols if own is None or condition.specialist_only else (own,)
    usable = [protocol for protocol in offered if can_follow(lamp, protocol)]
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


def can_follow(lamp: Lamp, protocol: Protocol) -> bool:
    """Whether a lamp gives its light as a protocol counts it.

    A lamp that lights an area is never planned on joules a point: spread over a bed they would be an invented J/cm2.
    """
    return protocol.mode != "point" or is_point_lamp(lamp)


def mode_of(lamp: Lamp) -> Mode:
    """The kind of protocol that was written for lamps like this one."""
    if is_point_lamp(lamp):
        return "point"
    if lamp.kind == "whole_body":
        return "whole_body"
    return "contact" if lamp.contact else "area"


def is_point_lamp(lamp: Lamp) -> bool:
    """True for a lamp that treats spot by spot: a laser whose spot is a point, at most 25 mm wide, and stands there."""
    if any(emitters.stand and emitters.stand.scanned_area_cm2 for emitters in lamp.emitters):
        return False
    spots = [emitters.spot_diameter_mm for emitters in lamp.emitters]
    return all(spot is not None and spot <= _WIDEST_POINT_MM for spot in spots)


def point_power_mw(lamp: Lamp, lit: Beam) -> float | None:
    """Power on one point of a lamp that treats spot by spot [mW]; None for one that lights the area.

    A probe with two beams fills a point's energy with both; each diode of a cluster has a point of its own.
    """
    if not is_point_lamp(lamp):
        return None
    return math.fsum(part.total_power_mw or 0.0 for part in lit.components) / points_at_once(lamp)


def points_at_once(lamp: Lamp) -> int:
    """Points that the lamp lights at the same time: the diodes of a cluster probe, else one."""
    return max((emitters.diodes or 1 for emitters in lamp.emitters), default=1)


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


def begins_low(cautions: Iterable[Reason]) -> bool:
    """Whether a course begins at its low end: the skin warms or reacts more, or cannot warn."""
    return any(caution.rule in CONSERVATIVE_START_RULES for caution in cautions)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointByPoint:
    """A session counted in joules a point.

    power_mw : on one point; energy_j : lowest and highest of one point; points : the fewest;  at_once : lit together
    in_band_share : of the light at the protocol's wavelengths [-]; it alone counts toward the lowest energy
    """

    power_mw: float
    energy_j: tuple[float, float]
    points: int
    in_band_share: float = 1.0
    at_once: int = 1

    @property
    def applications(self) -> int:
        """How often the lamp is set down until every point had its light."""
        return math.ceil(self.points / self.at_once)

    def energy_of_j(self, minutes: Rate) -> Rate:
        """Energy of that many minutes on one point [J].

        >>> PointByPoint(power_mw=100.0, energy_j=(1.0, 4.0), points=2).energy_of_j(0.5)
        3.0
        """
        return minutes * self.power_mw * J_PER_MW_MIN

    def fitting_minutes(self) -> list[float]:
        """Minutes on one point for these energies, in steps of five seconds (upward)."""
        shortest, longest = (energy * 1000.0 / self.power_mw for energy in self.energy_j)
        first = math.ceil(shortest / self.in_band_share / _SECONDS_STEP)
        # All light counts toward the highest energy: what is lacking at the protocol's wavelengths stays lacking.
        first = min(first, max(math.ceil(shortest / _SECONDS_STEP), math.floor(longest / _SECONDS_STEP)))
        # A strong laser may pass the highest energy within its first step; it keeps that step, and the bounds know.
        last = max(first, math.floor(longest / _SECONDS_STEP))
        return [step * _SECONDS_STEP / 60.0 for step in range(first, last + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What all sessions of one lamp at one distance have in common, as the protocol counts it.

    irradiance_mw_cm2 : peak at the skin, stated output
    in_band_share : of the light at the protocol's wavelengths [-]; it alone counts toward the lowest dose
    power_mw : of a lamp that treats point by point; None for one that lights the area
    conservative_start : the course begins at its low end, for skin that warms more or cannot warn
    skin_range_j_cm2 : the protocol's lowest and highest fluence at the skin in one session
    spots : how the lamp treats spot by spot on a protocol that does; None where the area is lit at once
    points_at_once : that a cluster probe lights together
    points : how often the lamp is set down, spot after spot; 1 where the area is lit at once
    fitting_minutes : on one spot, those that fit the protocol, shortest first; none where the shortest gives too much
    start_minutes : on one spot, with which a course begins at its low end; None where it does not, or nothing fits
    """

    protocol: Protocol
    irradiance_mw_cm2: float
    in_band_share: float = 1.0
    power_mw: float | None = None
    conservative_start: bool = False
    points_at_once: int = 1
    skin_range_j_cm2: tuple[float, float] = field(init=False)
    spots: PointByPoint | None = field(init=False)
    points: int = field(init=False)
    fitting_minutes: tuple[float, ...] = field(init=False)
    start_minutes: float | None = field(init=False)

    def __post_init__(self) -> None:
        # Told once, so that whoever reads a session reads values and asks no protocol again.
        spots = self._spots()
        object.__setattr__(self, "skin_range_j_cm2", skin_fluence_range(self.protocol))
        object.__setattr__(self, "spots", spots)
        object.__setattr__(self, "points", 1 if spots is None else spots.applications)
        fitting = tuple(self._area_minutes() if spots is None else spots.fitting_minutes())
        object.__setattr__(self, "fitting_minutes", fitting)
        low = fitting[0] * _CONSERVATIVE_SHARE if self.conservative_start and fitting else None
        object.__setattr__(self, "start_minutes", low)

    @classmethod
    def of(cls, protocol: Protocol, lamp: Lamp, exposure: Exposure, cautions: Iterable[Reason] = ()) -> Setting:
        """The setting of a lamp with that exposure; its course begins low where one of the cautions says so."""
        return cls(
            protocol=protocol,
            irradiance_mw_cm2=exposure.irradiance_mw_cm2,
            in_band_share=in_band_share(protocol, exposure.bands),
            power_mw=point_power_mw(lamp, exposure.beam),
            points_at_once=points_at_once(lamp),
            conservative_start=begins_low(cautions),
        )

    def skin_j_cm2(self, minutes: Rate) -> Rate:
        """Fluence at the skin of so many minutes, stated output [J/cm2]."""
        return fluence_j_cm2(minutes, self.irradiance_mw_cm2)

    def _spots(self) -> PointByPoint | None:
        protocol = self.protocol
        if self.power_mw is None or protocol.energy_per_point_j is None or protocol.points is None:
            return None
        return PointByPoint(
            power_mw=self.power_mw,
            energy_j=protocol.energy_per_point_j,
            points=protocol.points[0],
            at_once=self.points_at_once,
            in_band_share=self.in_band_share,
        )

    def _area_minutes(self) -> list[float]:
        low, high = self.protocol.minutes
        inside = [minutes for minutes in GRID_MINUTES.tolist() if low <= minutes <= high] or [low]
        highest = self.skin_range_j_cm2[1] * ROUNDING_SLACK
        return [minutes for minutes in inside if self.skin_j_cm2(minutes) <= highest]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLength:
    """How long one session lasts at one site.

    exposure_minutes : light on one spot of skin; the dose is computed with it
    points : how often the lamp is set down, spot after spot (1 for a lamp that lights the area at once)
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
