"""One session in virtual people: what instruments would show, and how much of it warmth alone would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openpbm.mechanism.compartments import Compartment
from openpbm.mechanism.switches import Switches
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.response import (
    Instruments,
    Lighting,
    Physiology,
    Warmth,
    lamp_on,
    observed,
    run_session,
    warmth_along,
)

__all__ = [
    "OBSERVABLES",
    "WORDS",
    "Observable",
    "answer_to_session",
    "lighting",
    "session_changes",
    "switched_instruments",
    "switched_physiology",
]

Array = NDArray[np.float64]
Changes = dict[str, Array]
#: What is shown of each compartment.
OBSERVABLES: Mapping[str, tuple[str, ...]] = {
    "skin": ("flow_percent", "tcpo2_kpa", "hbo2_um", "temperature_c"),
    "muscle": ("oxcco_um", "hbo2_um", "flow_percent", "atp_flux_percent", "temperature_c"),
    "nerve": ("conduction_m_s", "block", "temperature_c"),
}
#: The same in words.
WORDS: Mapping[str, str] = {
    "oxcco_um": "oxidised oxidase",
    "hbo2_um": "oxyhaemoglobin",
    "flow_percent": "flow",
    "tcpo2_kpa": "oxygen through the skin",
    "atp_flux_percent": "ATP flux",
    "temperature_c": "temperature",
    "conduction_m_s": "conduction",
    "block": "small fibres silent",
}
_UNITS: Mapping[str, str] = {
    "oxcco_um": "uM",
    "hbo2_um": "uM",
    "flow_percent": "%",
    "tcpo2_kpa": "kPa",
    "atp_flux_percent": "%",
    "temperature_c": "C",
    "conduction_m_s": "m/s",
    "block": "share",
}


@dataclass(frozen=True)
class Observable:
    """A change from rest over the times of a session, (times,) each.

    thermal_median   median of the same people under a lamp that only warms as much
    """

    name: str
    compartment: str
    unit: str
    p5: Array
    median: Array
    p95: Array
    thermal_median: Array


def answer_to_session(
    compartments: tuple[Compartment, ...],
    people: VirtualPeople,
    switches: Switches,
    times_s: Array,
    session_s: float,
) -> tuple[Observable, ...]:
    """Every observable of every compartment; switches act on each person's light, warmth and instruments."""
    on = lamp_on(times_s, session_s)
    shown = []
    for compartment in compartments:
        lit = _changes(compartment, people, switches, times_s, on)
        warm = _changes(compartment.without_light(warm=True), people, switches, times_s, on)
        for name in OBSERVABLES[compartment.name]:
            p5, median, p95 = np.percentile(lit[name], [5, 50, 95], axis=0)
            thermal = np.median(warm[name], axis=0)
            shown.append(Observable(name, compartment.name, _UNITS[name], p5, median, p95, thermal))
    return tuple(shown)


def _changes(
    compartment: Compartment, people: VirtualPeople, switches: Switches, times_s: Array, on: NDArray[np.bool_]
) -> Changes:
    lit = lighting(compartment.wavelength_nm, compartment.fluence_rate_mw_cm2, people, switches)
    return session_changes(
        compartment.name, lit, warmth_along(compartment.rise_c, times_s), people, switches, times_s=times_s, on=on
    )


def session_changes(
    compartment: str,
    lit: Lighting,
    warmth: Warmth,
    people: VirtualPeople,
    switches: Switches,
    *,
    times_s: Array,
    on: NDArray[np.bool_],
) -> Changes:
    """Every observable of each person at all times, as changes from rest, (people, times).

    lit : from `lighting`; warmth : as the lamp warms, whether or not the arrow is on
    """
    warmed = replace(warmth, rate_c_per_s=warmth.rate_c_per_s * switches.strength("light_warms")[:, None])
    physiology = switched_physiology(compartment, people, switches)
    states = run_session(physiology, lit, warmed, times_s=times_s, on=on)
    return observed(physiology, states, switched_instruments(compartment, people, switches))


def switched_physiology(compartment: str, people: VirtualPeople, switches: Switches) -> Physiology:
    """Cells and vessels in which an arrow that is off does nothing."""
    whole = people.physiology(compartment)
    reactive = switches.strength("light_makes_reactive_oxygen")
    return replace(
        whole,
        heat_gain_per_c=whole.heat_gain_per_c * switches.strength("warmth_opens_vessels"),
        tone_gain=whole.tone_gain * switches.strength("no_relaxes_vessels", "tone_sets_perfusion"),
        ros_light=whole.ros_light * reactive,
        ros_dose=whole.ros_dose * reactive,
    )


def lighting(wavelength_nm: Array, fluence_rate_mw_cm2: Array, people: VirtualPeople, switches: Switches) -> Lighting:
    """Light, (people, wavelengths), whose arrows are off opens nothing and frees nothing."""
    stores = people.store_spectrum(wavelength_nm) * switches.strength("light_opens_no_stores")[:, None]
    freed = people.oxidase_yield() * switches.strength("light_frees_no_at_oxidase")
    return Lighting(
        wavelength_nm=wavelength_nm,
        fluence_rate_mw_cm2=fluence_rate_mw_cm2,
        oxidase_yield=np.repeat(freed[:, None], wavelength_nm.size, axis=1),
        store_spectrum=stores,
        blocks=switches.strength("light_blocks_small_fibres") > 0.0,
    )


def switched_instruments(compartment: str, people: VirtualPeople, switches: Switches) -> Instruments:
    """Instruments that see nothing of an arrow that is off."""
    whole = people.instruments(compartment)
    return replace(
        whole,
        oxidase_um_per_share=whole.oxidase_um_per_share * switches.strength("light_shifts_oxidase"),
        conduction_per_c=whole.conduction_per_c * switches.strength("warmth_speeds_conduction"),
    )
