"""The equations of one session: oxidase, nitric oxide, vessels, oxygen. Plain functions of numbers or arrays.

Each is written once and used twice: by NumPy for what rests, and compiled for the integration. Concentrations of NO, of
oxidase and of the store in nM, of oxygen in uM, times in seconds, fluence rate in mW/cm2.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "ABSORPTION_PER_EXTINCTION",
    "AFFINITY_UM",
    "absorption_per_s",
    "capillary_oxygen_um",
    "free_no_nm",
    "free_site_share",
    "half_inhibition_nm",
    "nos_activity",
    "resting_occupancy",
    "saturation",
    "turnover_per_s",
]

# Excitations a second of a chromophore of 1/(mM cm) in 1 mW/cm2 at 1,000 nm: ln(10) x 1e-3 W x wavelength / (h c N_A).
ABSORPTION_PER_EXTINCTION = 0.0192
# Oxygen at which eNOS makes half of what it can.
AFFINITY_UM = 4.0
# Haemoglobin of an adult: half saturation and Hill's exponent; oxygen dissolved in plasma at 37 C.
_HALF_SATURATION_MMHG, _HILL, _SOLUBILITY_UM_PER_MMHG = 26.8, 2.7, 1.35
ARTERIAL_SATURATION = 0.97
# Above this extraction blood leaves empty and the balance of a capillary by its mean no longer holds.
MAX_EXTRACTION = 0.98


def absorption_per_s(wavelength_nm: Any, extinction_per_mm_cm: Any, fluence_rate_mw_cm2: Any) -> Any:
    """Excitations of one chromophore a second [1/s], from its decadic extinction [1/(mM cm)] and the fluence rate.

    >>> round(absorption_per_s(810.0, 1.0, 1.0), 4)
    0.0156
    """
    return ABSORPTION_PER_EXTINCTION * (wavelength_nm / 1000.0) * extinction_per_mm_cm * fluence_rate_mw_cm2


def free_site_share(oxygen_um: Any, electron_per_s: Any, oxygen_on_per_um_s: Any) -> Any:
    """Share of the oxidase without NO whose site is reduced and free, equation 1 [0-1]."""
    return electron_per_s / (electron_per_s + oxygen_on_per_um_s * oxygen_um)


def turnover_per_s(free_share: Any, occupied: Any, electron_per_s: Any) -> Any:
    """Oxygen reduced by one oxidase, equation 1 [1/s]."""
    return electron_per_s * (1.0 - free_share) * (1.0 - occupied)


def half_inhibition_nm(free_share: Any, no_off_per_s: Any, no_on_per_nm_s: Any) -> Any:
    """NO at which half of the oxidase is occupied in the dark [nM].

    >>> round(half_inhibition_nm(free_site_share(30.0, 90.0, 140.0), 0.13, 0.1))
    62
    >>> round(half_inhibition_nm(free_site_share(145.0, 90.0, 140.0), 0.13, 0.1))
    295
    """
    return no_off_per_s / (no_on_per_nm_s * free_share)


def resting_occupancy(no_nm: Any, free_share: Any, no_off_per_s: Any, no_on_per_nm_s: Any) -> Any:
    """Share of the oxidase that NO occupies in the dark, equation 2 at rest [0-1]."""
    ratio = no_nm / half_inhibition_nm(free_share, no_off_per_s, no_on_per_nm_s)
    return ratio / (1.0 + ratio)


def nos_activity(oxygen_um: Any, resting_oxygen_um: Any) -> Any:
    """NO synthase's output by its oxygen, 1 at rest (Michaelis and Menten)."""
    at_rest = resting_oxygen_um / (resting_oxygen_um + AFFINITY_UM)
    return oxygen_um / (oxygen_um + AFFINITY_UM) / at_rest


def free_no_nm(made_nm_per_s: Any, set_free_nm_per_s: Any, scavenged_per_s: Any, bound_per_s: Any) -> Any:
    """Free NO where what arrives is what leaves, equation 3 [nM]: it turns over faster than anything else here."""
    return (made_nm_per_s + set_free_nm_per_s) / (scavenged_per_s + bound_per_s)


def saturation(extraction: Any) -> Any:
    """Mean saturation of a capillary from the share of its oxygen that is taken out [0-1]."""
    return ARTERIAL_SATURATION * (1.0 - 0.5 * extraction)


def capillary_oxygen_um(mean_saturation: Any) -> Any:
    """Oxygen dissolved beside haemoglobin of that saturation, Hill's curve read backwards [uM]."""
    pressure = _HALF_SATURATION_MMHG * (mean_saturation / (1.0 - mean_saturation)) ** (1.0 / _HILL)
    return _SOLUBILITY_UM_PER_MMHG * pressure
