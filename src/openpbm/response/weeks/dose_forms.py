"""From a session's light to its stimulus: six forms of dose and response, none of them known to be true.

All of them say nothing without light. M0 to M4 read the effective dose, M5 that which the states of a session add up to
(`mechanistic_dose`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openpbm.response.weeks.regimen import LitSession

__all__ = ["FORMS", "FormShape", "Spectrum", "effective_dose_j_cm2", "stimulus"]

Array = NDArray[np.float64]
# Fluence rate at which a dose counts as what it is, whatever the exponent of reciprocity.
REFERENCE_MW_CM2 = 10.0


@dataclass(frozen=True)
class Spectrum:
    """Weights of wavelengths by three unknown knots; (people,) each, in straight lines between, flat beyond.

    The knots are where trials shone: 670 nm, 830 nm (810 to 850) and 960 nm (940 to 980).
    """

    at_670: Array
    at_830: Array
    at_960: Array

    def weights(self, wavelength_nm: Array) -> Array:
        """(people, wavelengths)."""
        knots = np.stack([self.at_670, self.at_830, self.at_960], axis=1)
        return np.stack([np.interp(wavelength_nm, [670.0, 830.0, 960.0], each) for each in knots])


def effective_dose_j_cm2(session: LitSession, *, weights: Array, reciprocity: Array) -> Array:
    """Dose of one session at the target, (people,) [J/cm2]: sum over wavelengths of W (Phi / Phi0)^p Phi0 t.

    weights : (people, wavelengths)   what each wavelength counts
    reciprocity : (people,)           p; 1 where only the product of brightness and time counts

    Two sessions of the same J/cm2 are the same dose where p is 1, and nowhere else.
    """
    bright = (session.fluence_rate_mw_cm2 / REFERENCE_MW_CM2) ** reciprocity[:, None]
    return np.asarray((weights * bright).sum(axis=1) * REFERENCE_MW_CM2 * session.seconds / 1000.0)


@dataclass(frozen=True)
class FormShape:
    """Parameters of the forms, (people,) each.

    half_j_cm2      dose of half the effect
    excess_j_cm2    dose at which more begins to undo it, above `half_j_cm2`
    steepness       exponent, above 1
    width           of the ridge, in e-folds of dose
    """

    half_j_cm2: Array
    excess_j_cm2: Array
    steepness: Array
    width: Array


def _hill(dose: Array, half: Array, steepness: Array) -> Array:
    powered = (dose / half) ** steepness
    return np.asarray(powered / (1.0 + powered))


def nothing(dose: Array, shape: FormShape) -> Array:
    """M0: no dose does anything."""
    return np.zeros_like(dose)


def saturating(dose: Array, shape: FormShape) -> Array:
    """M1: more light does more, up to a ceiling (Emax)."""
    return _hill(dose, shape.half_j_cm2, np.ones_like(dose))


def rise_and_fall(dose: Array, shape: FormShape) -> Array:
    """M2: a Hill curve less a later one, so that too much does nothing."""
    return _hill(dose, shape.half_j_cm2, shape.steepness) - _hill(dose, shape.excess_j_cm2, shape.steepness)


def hormesis(dose: Array, shape: FormShape) -> Array:
    """M3: Brain and Cousens: a little helps, and much is worse than nothing."""
    rise = dose / shape.half_j_cm2
    return np.asarray((1.0 + rise) / (1.0 + (dose / shape.excess_j_cm2) ** (1.0 + shape.steepness)) - 1.0)


def ridge(dose: Array, shape: FormShape) -> Array:
    """M4: a ridge along one dose in the plane of brightness and time, log-Gaussian across it."""
    lit = dose > 0.0
    away = np.log(np.where(lit, dose, 1.0) / shape.half_j_cm2) / shape.width
    return np.where(lit, np.exp(-0.5 * away**2), 0.0)


def of_states(dose: Array, shape: FormShape) -> Array:
    """M5: the more of what a session does to its states, up to a ceiling; what harms them harms."""
    return np.asarray(dose / (shape.half_j_cm2 + np.abs(dose)))


FORMS: dict[str, Callable[[Any, FormShape], Any]] = {
    "M0": nothing,
    "M1": saturating,
    "M2": rise_and_fall,
    "M3": hormesis,
    "M4": ridge,
    "M5": of_states,
}


def stimulus(dose_j_cm2: Array, shape: FormShape, form: NDArray[np.intp]) -> Array:
    """Stimulus u of one session, (people,) [-], each person by their own form: `form` (people,) counts into `FORMS`.

    dose_j_cm2 : (people,)   in people of M5 that of `mechanistic_dose`, in all others the effective dose
    """
    # Below 0 the dose of M5 alone can be, and a power of that is none.
    lit = np.maximum(dose_j_cm2, 0.0)
    answers = np.stack([respond(dose_j_cm2 if respond is of_states else lit, shape) for respond in FORMS.values()])
    return np.asarray(np.take_along_axis(answers, form[None, :], axis=0)[0])
