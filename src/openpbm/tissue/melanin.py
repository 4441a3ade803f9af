"""Melanin: how strongly melanosomes absorb, and how much of the epidermis they fill."""

from __future__ import annotations

import math

from openpbm.facts.laws import law

__all__ = [
    "baseline_absorption_per_mm",
    "epidermis_absorption_per_mm",
    "melanin_fraction",
    "melanosome_absorption_per_mm",
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
