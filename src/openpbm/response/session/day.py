"""What one session adds up to over the day that it begins, in light alone: flow, oxidase freed, reactive oxygen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.response.session.lighting import Lighting, Warmth
from openpbm.response.session.physiology import Physiology
from openpbm.response.session.run import integrated

__all__ = ["DAY_S", "DayTotals", "day_totals"]

Array = NDArray[np.float64]
DAY_S = 86_400.0
# An hour after the lamp everything but reactive oxygen rests again, and that has a closed form from there on.
_SETTLED_S = 3600.0
# Sums are small where little acts, and what follows from them is held to 1e-6.
_TOLERANCE = 1e-10


@dataclass(frozen=True)
class DayTotals:
    """Changes from rest added up over a day, (people,) each [s]; all 0 where no light acts.

    flow_s               perfusion over rest, relative to it
    freed_s              share of the oxidase that NO has left
    reactive_s           reactive oxygen over rest, relative to it
    reactive_squared_s   and its square
    """

    flow_s: Array
    freed_s: Array
    reactive_s: Array
    reactive_squared_s: Array


def day_totals(people: Physiology, lit: Lighting, session_s: float) -> DayTotals:
    """Add up a day from the start of a session, in people whom its light does not warm.

    Warmth is left out, so that a lamp that only warms adds up to nothing. The light that has run up counts against
    reactive oxygen for the whole day, as in equation 9.
    """
    from openpbm.response.session.kernel import DOSE, FLOW_SUM, REACTIVE, STATES_AND_SUMS

    times_s = np.array([0.0, session_s, session_s + _SETTLED_S])
    cold = Warmth(np.zeros((len(people.no_off_per_s), 2)), 0.0)
    states = integrated(
        people,
        lit,
        cold,
        times_s=times_s,
        on=np.array([True, False]),
        tolerance=_TOLERANCE,
        size=STATES_AND_SUMS,
    )[:, -1]
    flow_s, freed_s, reactive_s, squared_s = states[:, FLOW_SUM:].T
    left_s = max(DAY_S - times_s[-1], 0.0)
    kept = people.ros_dose * _hill(states[:, DOSE], people.ros_dose_half_j_cm2, people.ros_dose_exponent)
    fading = states[:, REACTIVE] - 1.0 - kept
    once = -np.expm1(-left_s * people.ros_per_s) / people.ros_per_s
    twice = -np.expm1(-2.0 * left_s * people.ros_per_s) / (2.0 * people.ros_per_s)
    return DayTotals(
        flow_s=flow_s,
        freed_s=freed_s,
        reactive_s=reactive_s + kept * left_s + fading * once,
        reactive_squared_s=squared_s + kept**2 * left_s + 2.0 * kept * fading * once + fading**2 * twice,
    )


def _hill(value: Array, half: Array, exponent: Array) -> Array:
    """Share of what there can be at most, as in the kernel."""
    powered = (value / half) ** exponent
    return np.asarray(powered / (1.0 + powered))
