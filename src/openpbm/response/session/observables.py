"""What instruments would show: changes from rest during and after one session."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.response.session.equations import MAX_EXTRACTION, free_site_share, saturation, turnover_per_s
from openpbm.response.session.physiology import Physiology, rest
from openpbm.response.session.run import SessionStates

__all__ = ["Instruments", "observed"]

Array = NDArray[np.float64]
# Oxygen of 1 kPa dissolves to this in tissue at 37 C.
_UM_PER_KPA = 10.1


@dataclass(frozen=True)
class Instruments:
    """How states show on instruments, one value a person, (people,).

    oxidase_um_per_share     oxidised oxidase gained when NO leaves all of it [uM]
    oxidase_um_per_flow      and when perfusion doubles [uM]
    crosstalk                share of a change of oxyhaemoglobin that a spectrometer takes for oxidase
    haemoglobin_um           of the tissue under the optodes [uM]
    atp_per_respiration      change of ATP flux for a change of respiration
    conduction_per_c         nerve conduction gained by warmth [m/s per C]
    conduction_per_block     and lost by a whole block of small fibres [m/s]
    """

    oxidase_um_per_share: Array
    oxidase_um_per_flow: Array
    crosstalk: Array
    haemoglobin_um: Array
    atp_per_respiration: Array
    conduction_per_c: Array
    conduction_per_block: Array


def observed(people: Physiology, states: SessionStates, instruments: Instruments) -> dict[str, Array]:
    """Changes from rest, by observable, each (people, times): exactly zero where nothing changed.

    oxcco_um hbo2_um flow_percent tcpo2_kpa atp_flux_percent temperature_c conduction_m_s block
    """

    def each(value: Array) -> Array:
        return value[:, None]

    at_rest = rest(people)
    free = free_site_share(states.oxygen_um, each(people.electron_per_s), each(people.oxygen_on_per_um_s))
    turnover = turnover_per_s(free, states.occupied, each(people.electron_per_s))
    respiration = (turnover / each(at_rest.turnover_per_s)) ** each(people.respiration_control)
    extraction = np.minimum(each(people.extraction) * respiration / states.perfusion, MAX_EXTRACTION)
    flow = states.perfusion - 1.0
    oxygenated = each(instruments.haemoglobin_um) * (saturation(extraction) - saturation(each(people.extraction)))
    redox = each(instruments.oxidase_um_per_share) * (each(at_rest.occupied) - states.occupied)
    redox += each(instruments.oxidase_um_per_flow) * flow + each(instruments.crosstalk) * oxygenated
    conduction = each(instruments.conduction_per_c) * states.warmth_c
    conduction -= each(instruments.conduction_per_block) * states.block
    return {
        "oxcco_um": redox,
        "hbo2_um": oxygenated,
        "flow_percent": 100.0 * flow,
        "tcpo2_kpa": (states.oxygen_um - each(people.resting_oxygen_um)) / _UM_PER_KPA,
        "atp_flux_percent": 100.0 * each(instruments.atp_per_respiration) * (respiration - 1.0),
        "temperature_c": states.warmth_c,
        "conduction_m_s": conduction,
        "block": states.block,
    }
