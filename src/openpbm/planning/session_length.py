"""Minutes: the fewest that serve, inside the protocol and its dose at the skin."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.conditions import Protocol
from openpbm.planning.prescription import J_PER_MW_MIN, skin_fluence_range
from openpbm.planning.window import Window
from openpbm.reason import Reason

__all__ = [
    "CONSERVATIVE_START_RULES",
    "LOW_DOSE_TOLERANCE",
    "PointByPoint",
    "SessionLength",
    "begins_low",
    "chance_in_window",
    "chance_standard_error",
    "choose_minutes",
    "conservative_minutes",
    "fitting_minutes",
    "fluence_j_cm2",
    "minutes_within",
    "override_length",
    "point_by_point",
]

# Minutes are not stretched for a gain in chance smaller than this: the least dose that serves is the aim.
_MIN_CHANCE_GAIN = 0.05
# Below ten minutes half a minute is five per cent of the dose or more, so the grid is finer there.
_GRID_MINUTES = tuple(0.5 * n for n in range(1, 20)) + tuple(float(n) for n in range(10, 121))
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
# A dose within 5 % of the protocol's lowest is not called below it: no lamp is known that well.
LOW_DOSE_TOLERANCE = 1.05


def begins_low(cautions: Iterable[Reason]) -> bool:
    """Whether a course begins at its low end: the skin warms or reacts more, or cannot warn."""
    return any(caution.rule in CONSERVATIVE_START_RULES for caution in cautions)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLength:
    """How long one session lasts at one site.

    exposure_minutes : light on one spot of skin; the dose is computed with it
    points : spots that are lit one after the other (1 for a lamp that lights the area at once)
    within_protocol : False when nothing fits the protocol and these are its shortest minutes
    overridden : somebody chose these minutes; they stand, and what speaks against them is a reason
    instead_of_minutes : on one spot, what a conservative start was made from; None where it is none [min]
    """

    exposure_minutes: float
    points: int = 1
    within_protocol: bool = True
    overridden: bool = False
    instead_of_minutes: float | None = None

    @property
    def session_minutes(self) -> float:
        """Light over all spots of one site [min]."""
        return round(self.exposure_minutes * self.points, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointByPoint:
    """A session counted in joules a point.

    power_mw : of the lamp, all beams together; energy_j : lowest and highest of one point; points : the fewest
    in_band_share : of the light at the protocol's wavelengths [-]; it alone counts toward the lowest energy
    """

    power_mw: float
    energy_j: tuple[float, float]
    points: int
    in_band_share: float = 1.0

    def energy_of_j(self, minutes: float) -> float:
        """Energy of that many minutes on one point [J].

        >>> PointByPoint(power_mw=100.0, energy_j=(1.0, 4.0), points=2).energy_of_j(0.5)
        3.0
        """
        return self.power_mw * minutes * J_PER_MW_MIN

    def fitting_minutes(self) -> list[float]:
        """Minutes on one point for these energies, in steps of five seconds (upward)."""
        shortest, longest = (energy * 1000.0 / self.power_mw for energy in self.energy_j)
        first = math.ceil(shortest / self.in_band_share / _SECONDS_STEP)
        # All light counts toward the highest energy: what is lacking at the protocol's wavelengths stays lacking.
        first = min(first, max(math.ceil(shortest / _SECONDS_STEP), math.floor(longest / _SECONDS_STEP)))
        # A strong laser may pass the highest energy within its first step; it keeps that step, and the bounds know.
        last = max(first, math.floor(longest / _SECONDS_STEP))
        return [step * _SECONDS_STEP / 60.0 for step in range(first, last + 1)]


def point_by_point(protocol: Protocol, power_mw: float | None, in_band_share: float = 1.0) -> PointByPoint | None:
    """How a lamp of that power treats spot by spot on a protocol that does; None where the area is lit at once."""
    if power_mw is None or protocol.energy_per_point_j is None or protocol.points is None:
        return None
    return PointByPoint(
        power_mw=power_mw,
        energy_j=protocol.energy_per_point_j,
        points=protocol.points[0],
        in_band_share=in_band_share,
    )


Rate = TypeVar("Rate", float, NDArray[np.float64])


def fluence_j_cm2(irradiance_mw_cm2: Rate, minutes: float) -> Rate:
    """Fluence [J/cm2] of an irradiance or fluence rate [mW/cm2] held for minutes.

    >>> fluence_j_cm2(50.0, 30.0)
    90.0
    """
    return irradiance_mw_cm2 * minutes * J_PER_MW_MIN


def minutes_within(protocol: Protocol, irradiance_mw_cm2: float) -> list[float]:
    """Minutes inside the protocol whose dose at the skin does not pass the protocol's highest."""
    low, high = protocol.minutes
    candidates = [minutes for minutes in _GRID_MINUTES if low <= minutes <= high] or [low]
    highest = skin_fluence_range(protocol)[1]
    return [minutes for minutes in candidates if fluence_j_cm2(irradiance_mw_cm2, minutes) <= highest * 1.0001]


def choose_minutes(
    protocol: Protocol,
    irradiance_mw_cm2: float,
    power_mw: float | None,
    rates: NDArray[np.float64],
    window: Window | None,
    *,
    conservative_start: bool = False,
    in_band_share: float = 1.0,
) -> SessionLength:
    """The fewest minutes whose chance to be in the window comes within 5 % of the best.

    irradiance_mw_cm2 : peak at the skin, stated output
    power_mw : of a lamp that treats point by point; None for one that lights the area
    rates : (tissue, output) of the fluence rate at the target [mW/cm2]
    conservative_start : half the protocol's shortest session, whatever the chance: skin that warms more or cannot warn
    in_band_share : of the light at the protocol's wavelengths [-]; it alone counts toward the lowest dose
    Without a window: the fewest minutes that reach the protocol's lowest dose at the skin.
    """
    fitting = enough = fitting_minutes(protocol, irradiance_mw_cm2, power_mw, in_band_share)
    spots = point_by_point(protocol, power_mw, in_band_share)
    points = 1 if spots is None else spots.points
    if not fitting:
        # The shortest minutes stand in, so that the refusal can say how much even those would give.
        return SessionLength(exposure_minutes=protocol.minutes[0], within_protocol=False)
    if spots is None:
        lowest = skin_fluence_range(protocol)[0]
        in_band = irradiance_mw_cm2 * in_band_share
        enough = [m for m in fitting if fluence_j_cm2(in_band, m) * LOW_DOSE_TOLERANCE >= lowest]
    if conservative_start:
        low = conservative_minutes(fitting)
        return SessionLength(exposure_minutes=low, points=points, instead_of_minutes=fitting[0])
    if window is None:
        # A lamp too weak for the lowest dose shines as long as the protocol allows, and a caution says so.
        return SessionLength(exposure_minutes=(enough or fitting[-1:])[0], points=points)
    candidates = enough or fitting
    chances = [chance_in_window(rates, minutes, window) for minutes in candidates]
    serving = (m for m, chance in zip(candidates, chances, strict=True) if chance >= max(chances) - _MIN_CHANCE_GAIN)
    return SessionLength(exposure_minutes=next(serving), points=points)


def conservative_minutes(fitting: Sequence[float]) -> float:
    """Minutes on one spot with which a course begins at its low end, of those that fit the protocol.

    >>> conservative_minutes([20.0, 21.0])
    10.0
    """
    return fitting[0] * _CONSERVATIVE_SHARE


def override_length(protocol: Protocol, power_mw: float | None, session_minutes: float) -> SessionLength:
    """A session of minutes chosen by hand, shared out over the points of the protocol."""
    spots = point_by_point(protocol, power_mw)
    points = 1 if spots is None else spots.points
    return SessionLength(exposure_minutes=session_minutes / points, points=points, overridden=True)


def fitting_minutes(
    protocol: Protocol, irradiance_mw_cm2: float, power_mw: float | None, in_band_share: float = 1.0
) -> list[float]:
    """Minutes on one spot that fit the protocol, shortest first; none where even the shortest gives too much."""
    spots = point_by_point(protocol, power_mw, in_band_share)
    return minutes_within(protocol, irradiance_mw_cm2) if spots is None else spots.fitting_minutes()


def chance_in_window(rates: NDArray[np.float64], minutes: float, window: Window) -> float:
    """Share of the draws whose fluence in one session lies inside the window of the same optical make-up [-].

    rates : (tissue, output) fluence rate at the structure [mW/cm2]
    """
    return float(np.mean(_shares_inside(rates, minutes, window)))


def chance_standard_error(rates: NDArray[np.float64], minutes: float, window: Window) -> float:
    """Standard error of `chance_in_window` [-], as if the tissues were drawn one by one; they lie more evenly."""
    shares = _shares_inside(rates, minutes, window)
    return float(shares.std() / math.sqrt(len(shares)))


def _shares_inside(rates: NDArray[np.float64], minutes: float, window: Window) -> NDArray[np.float64]:
    """(tissue,) share of the outputs with which the fluence lies in the window."""
    fluences = fluence_j_cm2(rates, minutes)
    # Row by row: each tissue meets the window of its own optical make-up, so that an error of it cancels.
    inside = (fluences >= window.low_j_cm2[:, None]) & (fluences <= window.high_j_cm2[:, None])
    return np.asarray(inside.mean(axis=1))
