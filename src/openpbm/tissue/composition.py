"""Absorption of a tissue built from what it is made of: the rival to tables measured on excised tissue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Le

from openpbm.facts.laws import law
from openpbm.facts.spectra import spectrum
from openpbm.tissue.haemoglobin import blood_absorption_per_mm
from openpbm.tissue.melanin import baseline_absorption_per_mm

__all__ = ["COMPOSED_LAYERS", "Composition", "composed_absorption_per_mm", "nominal_composition"]

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
