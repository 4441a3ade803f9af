"""Minutes: the fewest that serve, inside the protocol and its dose at the skin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.conditions import Protocol
from openpbm.planning.prescription import skin_fluence_range
from openpbm.planning.window import Window

__all__ = ["SessionLength", "chance_in_window", "choose_minutes", "fluence_j_cm2", "minutes_within"]

# Minutes are not stretched for a gain in chance smaller than this: the least dose that serves is the aim.
_WORTH_IT = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLength:
    """Minutes of light at one place in one session; `within_protocol` False when none fits and these are the nearest."""

    minutes: float
    within_protocol: bool


def fluence_j_cm2(irradiance_mw_cm2: float, minutes: float) -> float:
    """Fluence [J/cm2] of an irradiance or fluence rate [mW/cm2] held for minutes.

    >>> fluence_j_cm2(50.0, 30.0)
    90.0
    """
    return irradiance_mw_cm2 * minutes * 60.0 / 1000.0


def minutes_within(protocol: Protocol, irradiance_mw_cm2: float) -> list[float]:
    """Minutes inside the protocol whose dose at the skin does not pass the protocol's highest."""
    low, high = protocol.minutes
    step = 0.25 if high - low < 5.0 else 1.0
    candidates = [float(m) for m in np.arange(low, high + step / 2.0, step)]
    fluence = skin_fluence_range(protocol)
    if fluence is None:
        return candidates
    return [minutes for minutes in candidates if fluence_j_cm2(irradiance_mw_cm2, minutes) <= fluence[1] * 1.0001]


def choose_minutes(
    protocol: Protocol, irradiance_mw_cm2: float, rates: NDArray[np.float64], window: Window | None
) -> SessionLength:
    """The fewest minutes whose chance to be in the window comes within 5 % of the best.

    irradiance_mw_cm2 : peak at the skin, stated output
    rates : (scenario, draws) of the fluence rate at the target [mW/cm2]
    Without a window: the fewest minutes that reach the protocol's lowest dose at the skin.
    """
    fitting = minutes_within(protocol, irradiance_mw_cm2)
    if not fitting:
        return SessionLength(minutes=protocol.minutes[0], within_protocol=False)
    fluence = skin_fluence_range(protocol)
    enough = [m for m in fitting if fluence is None or fluence_j_cm2(irradiance_mw_cm2, m) >= fluence[0]]
    if window is None:
        return SessionLength(minutes=(enough or fitting[-1:])[0], within_protocol=True)
    candidates = enough or fitting
    chances = [chance_in_window(rates, minutes, window) for minutes in candidates]
    serving = (m for m, chance in zip(candidates, chances, strict=True) if chance >= max(chances) - _WORTH_IT)
    return SessionLength(minutes=next(serving), within_protocol=True)


def chance_in_window(rates: NDArray[np.float64], minutes: float, window: Window) -> float:
    """Share of the draws whose fluence in one session lies inside the window of the same optical tables [-].

    rates : (scenario, draws) fluence rate at the structure [mW/cm2]
    """
    fluences = rates * minutes * 60.0 / 1000.0
    inside = (fluences >= window.low_j_cm2[:, None]) & (fluences <= window.high_j_cm2[:, None])
    return float(np.mean(inside))
