"""People under the switches of a course: what a session is to each of them, and how they answer to it over weeks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from openpbm.mechanism.day_dose import day_dose_j_cm2
from openpbm.mechanism.switches import Switches
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.response import FORMS, Answer, LitSession, effective_dose_j_cm2, stimulus

__all__ = ["session_stimulus", "switched_answer"]

Array = NDArray[np.float64]


def session_stimulus(
    session: LitSession, wavelength_nm: Array, compartment: str, people: VirtualPeople, switches: Switches
) -> Array:
    """What one session is to each person, (people,) [-]; `wavelength_nm` (wavelengths,) of its light there."""
    weights, shape, forms = people.spectrum().weights(wavelength_nm), people.form_shape(), people.forms()
    dose = effective_dose_j_cm2(session, weights=weights, reciprocity=people.reciprocity())
    # Without the arrow by which much undoes, more is never less: the form that only saturates.
    falls = np.isin(forms, [list(FORMS).index(name) for name in ("M2", "M3", "M4")])
    forms = np.where(falls & (switches.strength("much_undoes") == 0.0), list(FORMS).index("M1"), forms)
    eases, of_states = switches.strength("light_eases"), forms == list(FORMS).index("M5")
    day = day_dose_j_cm2(session, wavelength_nm, compartment, people, switches, of_states & (eases > 0.0))
    return stimulus(np.where(of_states, day, dose), shape, forms) * eases


def switched_answer(answer: Answer, switches: Switches) -> Answer:
    """Mediators whose arrows are off carry nothing; what they would have carried is not given to the others."""
    calmed = switches.strength("light_calms_inflammation")
    grown = switches.strength("light_grows_vessels", "vegf_makes_capillaries")
    return replace(
        answer,
        tolerance=answer.tolerance * switches.strength("sessions_dull"),
        antioxidant_gain=answer.antioxidant_gain
        * switches.strength("light_raises_antioxidants", "antioxidants_calm_inflammation"),
        inflammation_most=answer.inflammation_most * calmed,
        vegf_gain=answer.vegf_gain * grown,
        conduction_direct=answer.conduction_direct * switches.strength("light_speeds_conduction"),
        conduction_capillary=answer.conduction_capillary * switches.strength("capillaries_feed_nerves"),
        conduction_inflammation=answer.conduction_inflammation * switches.strength("inflammation_slows_nerves"),
        share_inflammation=answer.share_inflammation * switches.strength("inflammation_hurts"),
        share_capillaries=answer.share_capillaries * switches.strength("capillaries_ease"),
        share_conduction=answer.share_conduction * switches.strength("conduction_eases"),
    )
