"""Haemoglobin and whole blood: extinction tables to absorption."""

from __future__ import annotations

import math

from openpbm.facts.laws import law
from openpbm.facts.spectra import spectrum

__all__ = ["BLOOD_TABLES", "absorption_per_mm_from_extinction", "blood_absorption_per_mm", "whole_blood_molar"]

BLOOD_TABLES = ("bosschaart", "cope", "prahl")


def absorption_per_mm_from_extinction(extinction_per_cm_molar: float, *, concentration_molar: float) -> float:
    """Absorption [1/mm] from a base-10 molar extinction [1/(cm M)] and a concentration [M].

    ln 10 turns the decadic extinction into a natural absorption; 10 turns 1/cm into 1/mm.

    >>> round(absorption_per_mm_from_extinction(864.0, concentration_molar=2.326e-3), 3)
    0.463
    """
    return math.log(10.0) * extinction_per_cm_molar * concentration_molar / 10.0


def whole_blood_molar() -> float:
    """Haemoglobin in whole blood [M] by the usual 150 g/L and 64,500 g/mol. Source: `prahl_omlc`."""
    rows = law("haemoglobin_solution", "physiology")
    return rows["whole_blood_g_per_l"] / rows["molar_mass_g_per_mol"]


def blood_absorption_per_mm(wavelength_nm: float, *, table: str, oxygen_saturation: float) -> float:
    """Absorption of whole blood [1/mm] at a wavelength [nm] and an oxygen saturation [0-1].

    table: `prahl` or `cope` (solution tables at 150 g/L), or `bosschaart` (whole blood, packing of cells included);
    another raises BadInput. Valid 600-1000 nm.

    >>> round(blood_absorption_per_mm(810.0, table="prahl", oxygen_saturation=1.0), 3)
    0.463
    """
    # Measured on whole blood, so that it must not be multiplied by a concentration once more.
    if table == "bosschaart":
        oxygenated = float(spectrum("oxygenated_blood_absorption", table).at(wavelength_nm))
        deoxygenated = float(spectrum("deoxygenated_blood_absorption", table).at(wavelength_nm))
    else:
        molar = whole_blood_molar()
        oxygenated, deoxygenated = (
            absorption_per_mm_from_extinction(
                float(spectrum(quantity, table).at(wavelength_nm)), concentration_molar=molar
            )
            for quantity in ("oxyhaemoglobin_extinction", "deoxyhaemoglobin_extinction")
        )
    return oxygen_saturation * oxygenated + (1.0 - oxygen_saturation) * deoxygenated
