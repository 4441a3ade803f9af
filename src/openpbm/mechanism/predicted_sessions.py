"""What one session of a published study would show in virtual people, lit and under sham."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.data_sets import DataSet
from openpbm.mechanism.session_answer import lighting, switched_instruments, switched_physiology
from openpbm.mechanism.switches import Switches
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.response import lamp_on, observed, run_session, warmth_of_absorption

__all__ = ["LAMPS", "LampDoes", "assumed_rates_mw_cm2", "predicted_session"]

Array = NDArray[np.float64]
#: What the lamp of an arm does.
LampDoes = Literal["light", "warmth", "nothing"]
LAMPS: tuple[LampDoes, ...] = ("light", "warmth", "nothing")


def assumed_rates_mw_cm2(data_set: DataSet, people: VirtualPeople) -> Array:
    """Fluence rate at the target, which no study reports, (people, wavelengths); alike at each wavelength [mW/cm2]."""
    target = data_set.target
    whole = target.mw_cm2 * np.exp(target.log_spread * people.normal(f"target of {data_set.id}"))
    wavelengths = len(data_set.light.wavelength_nm)
    return np.repeat(whole[:, None] / wavelengths, wavelengths, axis=1)


def predicted_session(data_set: DataSet, people: VirtualPeople, times_s: Array, lamp: LampDoes) -> Mapping[str, Array]:
    """Observables as changes from rest, and the states `store_nm` and `reactive`, (people, times) each.

    times_s : (times,)   increasing from 0, the end of the light among them [s]
    lamp : light with its warmth; warmth, of a sham that warms as much; or nothing
    """
    switches = Switches.drawn(people, {})
    rates = assumed_rates_mw_cm2(data_set, people) * float(lamp != "nothing")
    wavelengths = np.array(data_set.light.wavelength_nm)
    place = data_set.compartment
    physiology = switched_physiology(place, people, switches)
    lit = lighting(wavelengths, rates, people, switches)
    on = lamp_on(times_s, 60.0 * data_set.light.minutes)
    absorption = np.full(rates.shape, data_set.target.absorption_per_cm)
    warmth = warmth_of_absorption(lit, absorption, on)
    if lamp == "warmth":
        lit = replace(lit, fluence_rate_mw_cm2=np.zeros_like(rates))
    states = run_session(physiology, lit, warmth, times_s=times_s, on=on)
    shown = observed(physiology, states, switched_instruments(place, people, switches))
    return shown | {"store_nm": states.store_nm, "reactive": states.reactive}
