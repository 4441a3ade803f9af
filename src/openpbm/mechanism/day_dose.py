"""What the states of one session are worth to each person of form M5, under the arrows that they have."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from openpbm.mechanism.session_answer import lighting, switched_physiology
from openpbm.mechanism.switches import Switches
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.response import Lighting, LitSession, Physiology, day_totals, mechanistic_dose_j_cm2

__all__ = ["day_dose_j_cm2"]

Array = NDArray[np.float64]


def day_dose_j_cm2(
    session: LitSession,
    wavelength_nm: Array,
    compartment: str,
    people: VirtualPeople,
    switches: Switches,
    wanted: NDArray[np.bool_],
) -> Array:
    """Dose of form M5, (people,) [J/cm2 of the middle person]; 0 in those who are not `wanted`, (people,).

    A day of the compartment without its warmth, so that a lamp that only warms is worth nothing.
    """
    physiology = switched_physiology(compartment, people, switches)
    lit = lighting(wavelength_nm, session.fluence_rate_mw_cm2, people, switches)
    weights = people.day_weights()
    # Without the arrow by which much undoes, the window of reactive oxygen has no upper end.
    endless = np.where(switches.strength("much_undoes") > 0.0, weights.reactive_most, np.inf)
    weights = replace(weights, reactive_most=endless)
    dose = np.zeros(people.count)
    if wanted.any():
        day = day_totals(_some(physiology, wanted), _lit(lit, wanted), session.seconds)
        named = {field.name: getattr(weights, field.name)[wanted] for field in fields(weights)}
        dose[wanted] = mechanistic_dose_j_cm2(day, replace(weights, **named))
    return dose


def _some(physiology: Physiology, wanted: NDArray[np.bool_]) -> Physiology:
    return Physiology(**{field.name: getattr(physiology, field.name)[wanted] for field in fields(physiology)})


def _lit(lit: Lighting, wanted: NDArray[np.bool_]) -> Lighting:
    return replace(
        lit,
        fluence_rate_mw_cm2=lit.fluence_rate_mw_cm2[wanted],
        oxidase_yield=lit.oxidase_yield[wanted],
        store_spectrum=lit.store_spectrum[wanted],
        blocks=lit.blocks[wanted],
    )
