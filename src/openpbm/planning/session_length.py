"""Minutes: the fewest that serve, inside the protocol and its dose at the skin."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.conditions import Protocol
from openpbm.planning.prescription import skin_fluence_range
from openpbm.planning.window import Window

__all__ = [
    "CLOSE_ENOUGH",
    "GENTLE_RULES",
    "SessionLength",
    "chance_in_window",
    "choose_minutes",
    "fluence_j_cm2",
    "minutes_within",
]

# Minutes are not stretched for a gain in chance smaller than this: the least dose that serves is the aim.
_WORTH_IT = 0.05
_GRID_MINUTES = tuple(0.5 * n for n in range(1, 20)) + tuple(float(n) for n in range(10, 121))
_SECONDS_STEP = 5
# Cautions and released rules with which a course begins at its low end.
GENTLE_RULES = frozenset(
    {"dark_skin", "loss_of_protective_sensation", "photosensitiser_strong", "photosensitiser_other_band"}
)
# A dose within 5 % of the protocol's lowest is not called below it: no lamp is known that well.
CLOSE_ENOUGH = 1.05


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLength:
    """How long one session lasts at one site.

    exposure_minutes : light on one spot of skin; the dose is reckoned with it
    points : spots that are lit one after the other (1 for a lamp that lights the area at once)
    within_protocol : False when nothing fits the protocol and these are its shortest minutes
    """

    exposure_minutes: float
    points: int = 1
    within_protocol: bool = True

    @property
    def session_minutes(self) -> float:
        """Light over all spots of one site [min]."""
        return round(self.exposure_minutes * self.points, 2)


def fluence_j_cm2(irradiance_mw_cm2: float, minutes: float) -> float:
    """Fluence [J/cm2] of an irradiance or fluence rate [mW/cm2] held for minutes.

    >>> fluence_j_cm2(50.0, 30.0)
    90.0
    """
    return irradiance_mw_cm2 * minutes * 60.0 / 1000.0


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
    gentle: bool = False,
) -> SessionLength:
    """The fewest minutes whose chance to be in the window comes within 5 % of the best.

    irradiance_mw_cm2 : peak at the skin, stated output
    power_mw : of a lamp that treats point by point; None for one that lights the area
    rates : (scenario, draws) of the fluence rate at the target [mW/cm2]
    gentle : take the protocol's shortest session, whatever the chance: skin that warms more or cannot warn
    Without a window: the fewest minutes that reach the protocol's lowest dose at the skin.
    """
    lowest = skin_fluence_range(protocol)[0]
    points = 1
    if power_mw is not None and protocol.energy_per_point_j is not None and protocol.points is not None:
        points = protocol.points[0]
        fitting = enough = _point_minutes(protocol.energy_per_point_j, power_mw)
    else:
        fitting = minutes_within(protocol, irradiance_mw_cm2)
        if not fitting:
            return SessionLength(exposure_minutes=protocol.minutes[0], within_protocol=False)
        enough = [m for m in fitting if fluence_j_cm2(irradiance_mw_cm2, m) * CLOSE_ENOUGH >= lowest]
    if gentle:
        return SessionLength(exposure_minutes=fitting[0], points=points)
    if window is None:
        return SessionLength(exposure_minutes=(enough or fitting[-1:])[0], points=points)
    candidates = enough or fitting
    chances = [chance_in_window(rates, minutes, window) for minutes in candidates]
    serving = (m for m, chance in zip(candidates, chances, strict=True) if chance >= max(chances) - _WORTH_IT)
    return SessionLength(exposure_minutes=next(serving), points=points)


def _point_minutes(energy_j: tuple[float, float], power_mw: float) -> list[float]:
    """Minutes on one point for the energies of a point protocol, in steps of five seconds (upward)."""
    shortest, longest = (energy * 1000.0 / power_mw for energy in energy_j)
    first = math.ceil(shortest / _SECONDS_STEP)
    last = max(first, math.floor(longest / _SECONDS_STEP))
    return [step * _SECONDS_STEP / 60.0 for step in range(first, last + 1)]


def chance_in_window(rates: NDArray[np.float64], minutes: float, window: Window) -> float:
    """Share of the draws whose fluence in one session lies inside the window of the same optical tables [-].

    rates : (scenario, draws) fluence rate at the structure [mW/cm2]
    """
    fluences = rates * minutes * 60.0 / 1000.0
    inside = (fluences >= window.low_j_cm2[:, None]) & (fluences <= window.high_j_cm2[:, None])
    return float(np.mean(inside))
