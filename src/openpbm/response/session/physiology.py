"""People's cells and vessels in one compartment, and the state in which they rest."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from openpbm.response.session.equations import (
    capillary_oxygen_um,
    free_site_share,
    resting_occupancy,
    saturation,
    turnover_per_s,
)

__all__ = ["Physiology", "Rest", "packed"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Physiology:
    """Parameters of equations 1-10, one value a person; every field is (people,).

    no_off_per_s no_on_per_nm_s     NO leaving and joining oxidase in the dark
    electron_per_s                  electrons reaching the oxygen site
    oxygen_on_per_um_s              oxygen joining it
    resting_no_nm resting_oxygen_um free NO and oxygen of the tissue at rest
    oxidase_nm                      oxidase of the tissue
    no_scavenged_per_s              loss of free NO
    store_nm store_refill_s         NO stores that light can open, and the time in which they fill again
    store_yield_cm2_per_mw_s        share of the store opened by 1 mW/cm2 in a second, at 670 nm
    cyclase_half_nm tone_s          NO that raises the tone to half, and its time
    tone_gain heat_gain_per_c demand_gain perfusion_s
                                    perfusion by tone, by warmth [1/C], by respiration; its time
    respiration_control             share of respiration that oxidase decides (control coefficient)
    oxygen_use_um_per_s extraction  consumption at rest, and the share taken out of the blood
    thermal_s                       time in which warmth leaves
    ros_per_s ros_light ros_light_half_per_s ros_dose ros_dose_half_j_cm2 ros_dose_exponent
                                    reactive oxygen: turnover, its rise by absorption and by dose
    block_per_s block_half_mw_cm2 block_exponent block_s
                                    block of small fibres: rate, fluence rate of half of it, recovery
    """

    no_off_per_s: Array
    no_on_per_nm_s: Array
    electron_per_s: Array
    oxygen_on_per_um_s: Array
    resting_no_nm: Array
    resting_oxygen_um: Array
    oxidase_nm: Array
    no_scavenged_per_s: Array
    store_nm: Array
    store_refill_s: Array
    store_yield_cm2_per_mw_s: Array
    cyclase_half_nm: Array
    tone_s: Array
    tone_gain: Array
    heat_gain_per_c: Array
    demand_gain: Array
    perfusion_s: Array
    respiration_control: Array
    oxygen_use_um_per_s: Array
    extraction: Array
    thermal_s: Array
    ros_per_s: Array
    ros_light: Array
    ros_light_half_per_s: Array
    ros_dose: Array
    ros_dose_half_j_cm2: Array
    ros_dose_exponent: Array
    block_per_s: Array
    block_half_mw_cm2: Array
    block_exponent: Array
    block_s: Array


@dataclass(frozen=True)
class Rest:
    """What follows from a physiology in the dark; every field is (people,)."""

    occupied: Array
    tone: Array
    turnover_per_s: Array
    made_nm_per_s: Array
    oxygen_in_per_s: Array


def rest(people: Physiology) -> Rest:
    """The dark steady state: all rates of equations 1-10 are zero in it."""
    free = free_site_share(people.resting_oxygen_um, people.electron_per_s, people.oxygen_on_per_um_s)
    occupied = resting_occupancy(people.resting_no_nm, free, people.no_off_per_s, people.no_on_per_nm_s)
    above = capillary_oxygen_um(saturation(people.extraction)) - people.resting_oxygen_um
    return Rest(
        occupied=occupied,
        tone=people.resting_no_nm / (people.resting_no_nm + people.cyclase_half_nm),
        turnover_per_s=turnover_per_s(free, occupied, people.electron_per_s),
        made_nm_per_s=people.no_scavenged_per_s * people.resting_no_nm,
        oxygen_in_per_s=people.oxygen_use_um_per_s / above,
    )


def packed(people: Physiology) -> NDArray[np.void]:
    """One record a person with all of the physiology and its rest, as the compiled kernel reads it."""
    parts = {field.name: getattr(people, field.name) for field in fields(people)}
    at_rest = rest(people)
    parts |= {f"rest_{field.name}": getattr(at_rest, field.name) for field in fields(at_rest)}
    records = np.empty(len(people.no_off_per_s), dtype=[(name, np.float64) for name in parts])
    for name, values in parts.items():
        records[name] = values
    return records
