"""Optical properties of tissue: what absorbs, how it scatters, how it refracts.

Melanin absorbs in the epidermis, blood and the rest of a layer by what it is composed of; rival laws say how scattering
falls with wavelength; anisotropy turns reduced scattering into full.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Le

from openpbm.facts.tissue import law, spectrum

__all__ = [
    "BLOOD_TABLES",
    "COMPOSED_LAYERS",
    "Composition",
    "absorption_per_mm_from_extinction",
    "anisotropy",
    "baseline_absorption_per_mm",
    "blood_absorption_per_mm",
    "composed_absorption_per_mm",
    "epidermis_absorption_per_mm",
    "law_reduced_scattering_per_mm",
    "melanin_fraction",
    "melanosome_absorption_per_mm",
    "nominal_composition",
    "reduced_scattering_per_mm",
    "refractive_index",
    "scattering_per_mm",
    "two_term_reduced_scattering_per_mm",
    "whole_blood_molar",
]


def melanosome_absorption_per_mm(wavelength_nm: float, *, table: str) -> float:
    """Absorption inside a melanosome [1/mm], a falling power law of the wavelength [nm].

    table: jacques1998 or jacques2013 (rival exponents 3.33 and 3); another raises BadInput.
    Valid 600-1000 nm. Source: `jacques1998`, `jacques2013`.

    >>> round(melanosome_absorption_per_mm(660.0, table="jacques1998"), 1)
    26.9
    """
    rows = law("melanosome_absorption", table)
    return float(rows["amplitude_per_mm"] * (wavelength_nm / rows["reference_nm"]) ** -rows["exponent"])


def baseline_absorption_per_mm(wavelength_nm: float) -> float:
    """Absorption of skin without blood and melanin [1/mm] at a wavelength [nm]. Source: `jacques1998`.

    >>> round(baseline_absorption_per_mm(630.0), 4)
    0.0308
    """
    rows = law("baseline_absorption", "jacques1998")
    falling = rows["amplitude_per_mm"] * math.exp(-(wavelength_nm - rows["offset_nm"]) / rows["decay_nm"])
    return rows["constant_per_mm"] + falling


def epidermis_absorption_per_mm(wavelength_nm: float, *, melanin_fraction: float, table: str) -> float:
    """Absorption of the epidermis [1/mm]: melanosomes filling `melanin_fraction` [-], bloodless skin the rest.

    table: rival melanosome law. Source: `jacques1998`.

    >>> round(epidermis_absorption_per_mm(660.0, melanin_fraction=0.04, table="jacques1998"), 2)
    1.11
    """
    melanosomes = melanosome_absorption_per_mm(wavelength_nm, table=table)
    return melanin_fraction * melanosomes + (1.0 - melanin_fraction) * baseline_absorption_per_mm(wavelength_nm)


def melanin_fraction(skin_type: int, *, table: str, standard_normal: float = 0.0) -> float:
    """Volume fraction of melanosomes in the epidermis [-] for a Fitzpatrick type 1-6.

    standard_normal: where in the type's lognormal spread (0 its middle). Rival sets: `oct_readme`, `jacques1998`.

    >>> melanin_fraction(3, table="oct_readme")
    0.08
    """
    rows = law("melanin_fraction", table)
    middle = rows[f"type_{skin_type}"]
    spread = math.sqrt(math.log1p((rows.standard_deviation(f"type_{skin_type}") / middle) ** 2))
    # An epidermis that is mostly melanosomes does not exist; the tail of the lognormal would draw one.
    return min(middle * math.exp(spread * standard_normal), 0.6)


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


COMPOSED_LAYERS = ("dermis", "subcutis", "muscle")

Fraction = Annotated[float, Ge(0), Le(1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """Volume fractions [-] of blood, water and lipid, and the oxygen saturation [0-1] of that blood."""

    blood_fraction: Fraction
    oxygen_saturation: Fraction
    water_fraction: Fraction
    lipid_fraction: Fraction


def nominal_composition(layer: str) -> Composition:
    """Central make-up of a layer: a working prior, unverified (`openpbm_prior`)."""
    rows = law(f"{layer}_composition", "openpbm_prior")
    return Composition(**{row.parameter: row.value for row in rows.rows})


def composed_absorption_per_mm(
    wavelength_nm: float, *, layer: str, composition: Composition, blood_table: str, water_table: str
) -> float:
    """Absorption [1/mm] of dermis, subcutis or muscle from its blood, water and lipid; 600-1000 nm.

    The dermis also carries the bloodless baseline of skin. Sources: the named tables, `van_veen2005`, `jacques1998`.

    >>> muscle = nominal_composition("muscle")
    >>> round(composed_absorption_per_mm(810.0, layer="muscle", composition=muscle, blood_table="prahl",
    ...                                  water_table="matcher"), 4)
    0.0147
    """
    blood = blood_absorption_per_mm(wavelength_nm, table=blood_table, oxygen_saturation=composition.oxygen_saturation)
    water = float(spectrum("water_absorption", water_table).at(wavelength_nm))
    lipid = float(spectrum("lipid_absorption", "van_veen").at(wavelength_nm))
    # This term was fitted to bloodless skin; fat and muscle have none.
    baseline = baseline_absorption_per_mm(wavelength_nm) if layer == "dermis" else 0.0
    return (
        composition.blood_fraction * blood
        + composition.water_fraction * water
        + composition.lipid_fraction * lipid
        + baseline
    )


# Ding's skin tables hold for both its layers; nobody measured muscle alone in the infrared.
_REFRACTION_TABLES = {"epidermis": "ding", "dermis": "ding", "subcutis": "matiatou", "muscle": "openpbm_prior"}


def reduced_scattering_per_mm(wavelength_nm: float, *, scatter_500_per_mm: float, scatter_exponent: float) -> float:
    """Reduced scattering [1/mm], power law a (wavelength/500 nm)^-b. Source: `jacques2013`.

    wavelength_nm 600-1000 [nm]; scatter_500_per_mm a [1/mm]; scatter_exponent b [-].

    >>> round(reduced_scattering_per_mm(500.0, scatter_500_per_mm=4.0, scatter_exponent=1.4), 2)
    4.0
    """
    return float(scatter_500_per_mm * (wavelength_nm / 500.0) ** -scatter_exponent)


def two_term_reduced_scattering_per_mm(
    wavelength_nm: float, *, scatter_500_per_mm: float, rayleigh_fraction: float, mie_exponent: float
) -> float:
    """Reduced scattering [1/mm] as a Rayleigh part, falling with the fourth power, and a Mie part. Source: `simpa`.

    A public toolkit once shipped the Rayleigh exponent as +1e-4; our test keeps it at -4.

    >>> round(two_term_reduced_scattering_per_mm(830.0, scatter_500_per_mm=1.61, rayleigh_fraction=0.21,
    ...                                          mie_exponent=1.5), 2)
    0.64
    """
    ratio = wavelength_nm / 500.0
    return float(
        scatter_500_per_mm * (rayleigh_fraction * ratio**-4 + (1.0 - rayleigh_fraction) * ratio**-mie_exponent)
    )


def law_reduced_scattering_per_mm(wavelength_nm: float, *, layer: str, table: str) -> float:
    """Reduced scattering [1/mm] of a layer by an author's law, of whichever of the two forms the author gives.

    >>> round(law_reduced_scattering_per_mm(800.0, layer="muscle", table="jacques2013"), 2)
    1.03
    """
    rows = law(f"{layer}_reduced_scattering", table)
    if rows.has("rayleigh_fraction"):
        return two_term_reduced_scattering_per_mm(
            wavelength_nm,
            scatter_500_per_mm=rows["scatter_500_per_mm"],
            rayleigh_fraction=rows["rayleigh_fraction"],
            mie_exponent=rows["mie_exponent"],
        )
    return reduced_scattering_per_mm(
        wavelength_nm, scatter_500_per_mm=rows["scatter_500_per_mm"], scatter_exponent=rows["scatter_exponent"]
    )


def anisotropy(wavelength_nm: float, *, layer: str) -> float:
    """Mean cosine of the scattering angle [-] in a layer. Sources: `van_gemert1989`, `bashkatov2011`, `simpa`.

    >>> round(anisotropy(810.0, layer="dermis"), 3)
    0.855
    """
    table = {"epidermis": "van_gemert", "dermis": "van_gemert", "subcutis": "simpa", "muscle": "bashkatov"}[layer]
    rows = law(f"{layer}_anisotropy", table)
    return rows["constant"] + rows.get("slope_per_nm", 0.0) * wavelength_nm


def scattering_per_mm(reduced_per_mm: float, *, g: float) -> float:
    """Full scattering [1/mm] from the reduced one [1/mm]: mu_s = mu_s' / (1 - g).

    >>> scattering_per_mm(1.0, g=0.75)
    4.0
    """
    return reduced_per_mm / (1.0 - g)


def refractive_index(wavelength_nm: float, *, layer: str) -> float:
    """Refractive index [-] at a wavelength [nm], Cauchy form A + B/wavelength^2 + C/wavelength^4.

    Sources: `ding2006`, `matiatou2021`; muscle is a remembered constant (unverified).

    >>> round(refractive_index(630.0, layer="epidermis"), 4)
    1.4333
    """
    rows = law(f"{layer}_refractive_index", _REFRACTION_TABLES[layer])
    squared = wavelength_nm**2
    return rows["cauchy_a"] + rows.get("cauchy_b_nm2", 0.0) / squared + rows.get("cauchy_c_nm4", 0.0) / squared**2
