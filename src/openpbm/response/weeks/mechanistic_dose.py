"""Form M5: the dose that the states of a session add up to, in place of J/cm2."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.response.session.day import DayTotals

__all__ = ["DayWeights", "mechanistic_dose_j_cm2"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class DayWeights:
    """What each state counts in a person, (people,) each.

    flow, freed, reactive                     shares, together 1
    flow_unit_s freed_unit_s reactive_unit_s  what 1 J/cm2 adds up to in the middle person (850 nm, 1 mW/cm2, 1000 s)
    reactive_most                             rise of reactive oxygen beyond which more harms; infinite, it never does
    """

    flow: Array
    freed: Array
    reactive: Array
    flow_unit_s: Array
    freed_unit_s: Array
    reactive_unit_s: Array
    reactive_most: Array


def mechanistic_dose_j_cm2(day: DayTotals, weights: DayWeights) -> Array:
    """What a day's states are worth, (people,): as many J/cm2 as would do it in the middle person, below 0 it harms.

    Perfusion and freed oxidase count as they are, reactive oxygen inside a window: r (1 - r / most) added up. No light
    adds up to 0, and so does a lamp that only warms.
    """
    within = day.reactive_s - day.reactive_squared_s / weights.reactive_most
    return np.asarray(
        weights.flow * day.flow_s / weights.flow_unit_s
        + weights.freed * day.freed_s / weights.freed_unit_s
        + weights.reactive * within / weights.reactive_unit_s
    )
