"""How people answer over weeks: parameters of equations 11-19, one value a person."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

__all__ = ["Answer", "packed"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Answer:
    """Parameters of the course, (people,) each; a share or an arrow that is off is 0.

    carry_over_d                  time in which the effect of a session leaves
    tolerance tolerance_d         how a session dulls the next ones, and how long
    gain                          specific effect on the score's logit when all mediators are full; below 0 it harms
    share_direct share_inflammation share_capillaries share_conduction
                                  how the gain is split over mediators, together 1
    antioxidant_gain antioxidant_d                      antioxidant capacity (13)
    vegf_gain vegf_hypoxia vegf_d hypoxia               VEGF (14); hypoxia is max(0, 1 - O2 / O2 of reference)
    capillary_most vegf_half capillary_d                capillaries (15)
    inflammation_most effect_half antioxidant_power inflammation_d   inflammation (16), relative to rest
    conduction_capillary conduction_inflammation conduction_direct conduction_d
                                  nerve deficit (17), relative to rest
    placebo placebo_d             expectation on the logit, and its time (18)
    regression regression_d       regression to the mean on the logit, and its time
    start_share                   score at the start, of its maximum (0 to 1)
    """

    carry_over_d: Array
    tolerance: Array
    tolerance_d: Array
    gain: Array
    share_direct: Array
    share_inflammation: Array
    share_capillaries: Array
    share_conduction: Array
    antioxidant_gain: Array
    antioxidant_d: Array
    vegf_gain: Array
    vegf_hypoxia: Array
    vegf_d: Array
    hypoxia: Array
    capillary_most: Array
    vegf_half: Array
    capillary_d: Array
    inflammation_most: Array
    effect_half: Array
    antioxidant_power: Array
    inflammation_d: Array
    conduction_capillary: Array
    conduction_inflammation: Array
    conduction_direct: Array
    conduction_d: Array
    placebo: Array
    placebo_d: Array
    regression: Array
    regression_d: Array
    start_share: Array


def packed(people: Answer) -> NDArray[np.void]:
    """One record a person, as the compiled kernel reads it."""
    parts = {field.name: getattr(people, field.name) for field in fields(people)}
    parts["rest_capillaries"] = rest_capillaries(people)
    records = np.empty(len(people.gain), dtype=[(name, np.float64) for name in parts])
    for name, values in parts.items():
        records[name] = values
    return records


def rest_capillaries(people: Answer) -> Array:
    """Capillaries where VEGF is as hypoxia alone holds it, (people,)."""
    grown = people.vegf_hypoxia * people.hypoxia
    return np.asarray(1.0 + (people.capillary_most - 1.0) * grown / (people.vegf_half + grown))
