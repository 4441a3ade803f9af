"""What light does to each person's compartment while the lamp is on: rates of photochemistry, and warmth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.response.session.equations import absorption_per_s

__all__ = ["Lighting", "Warmth", "warmth_along", "warmth_of_absorption"]

Array = NDArray[np.float64]
# A cubic centimetre of tissue takes 3.6 J for a degree.
_J_PER_CM3_C = 3.6


@dataclass(frozen=True)
class Lighting:
    """Light of the lamp when it is on; arrays are (people, wavelengths), zero where an arrow is off.

    fluence_rate_mw_cm2   in the compartment, averaged over pulses
    oxidase_yield         excitations that free NO from oxidase, quantum yield x extinction [1/(mM cm)]
    store_spectrum        opening of NO stores by these wavelengths, 1 as at 670 nm
    blocks                (people,) whether light can block small fibres
    """

    wavelength_nm: Array
    fluence_rate_mw_cm2: Array
    oxidase_yield: Array
    store_spectrum: Array
    blocks: NDArray[np.bool_]

    @property
    def total_mw_cm2(self) -> Array:
        """Fluence rate of all wavelengths together, (people,)."""
        return np.asarray(self.fluence_rate_mw_cm2.sum(axis=1))

    @property
    def freed_per_s(self) -> Array:
        """NO leaving oxidase by light, k_hv of equation 2, (people,) [1/s]."""
        return np.asarray(
            absorption_per_s(self.wavelength_nm, self.oxidase_yield, self.fluence_rate_mw_cm2).sum(axis=1)
        )

    @property
    def store_light_mw_cm2(self) -> Array:
        """Fluence rate as the stores see it, (people,)."""
        return np.asarray((self.store_spectrum * self.fluence_rate_mw_cm2).sum(axis=1))

    @property
    def absorbed_per_s(self) -> Array:
        """Excitations of oxidase at an extinction of 1/(mM cm), for equation 9, (people,) [1/s]."""
        return np.asarray(absorption_per_s(self.wavelength_nm, 1.0, self.fluence_rate_mw_cm2).sum(axis=1))


@dataclass(frozen=True)
class Warmth:
    """How a compartment warms over the intervals of a run: d(dT)/dt = rate - leaves x dT (1 + q)/2 / thermal time.

    rate_c_per_s   (people, intervals)
    leaves         1 where warmth leaves by equation 7; 0 where the rates follow temperatures that were computed before
    """

    rate_c_per_s: Array
    leaves: float


def warmth_of_absorption(lit: Lighting, mu_a_per_cm: Array, on: NDArray[np.bool_]) -> Warmth:
    """Equation 7: absorbed light warms, blood carries away. `mu_a_per_cm` (people, wavelengths), `on` (intervals,)."""
    absorbed_w_cm3 = (mu_a_per_cm * lit.fluence_rate_mw_cm2).sum(axis=1) / 1000.0
    return Warmth(np.outer(absorbed_w_cm3 / _J_PER_CM3_C, on), 1.0)


def warmth_along(rise_c: Array, edges_s: Array) -> Warmth:
    """Rises over rest that were computed before, (people, edges) [C], followed in straight lines between the edges."""
    return Warmth(np.diff(rise_c, axis=1) / np.diff(edges_s), 0.0)
