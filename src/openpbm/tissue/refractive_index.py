"""How strongly each layer refracts."""

from __future__ import annotations

from openpbm.facts.tissue import law

__all__ = ["refractive_index"]

# Nobody measured muscle alone in the infrared.
_TABLES = {"epidermis": "ding", "dermis": "ding", "subcutis": "matiatou", "muscle": "openpbm_prior"}


def refractive_index(wavelength_nm: float, *, layer: str) -> float:
    """Refractive index [-] at a wavelength [nm], 600-1000: Cauchy's form A + B/wavelength^2 + C/wavelength^4.

    Sources: `ding2006`, `matiatou2021`; muscle is a remembered constant (unverified).

    >>> round(refractive_index(630.0, layer="epidermis"), 4)
    1.4333
    """
    rows = law(f"{layer}_refractive_index", _TABLES[layer])
    squared = wavelength_nm**2
    return rows["cauchy_a"] + rows.get("cauchy_b_nm2", 0.0) / squared + rows.get("cauchy_c_nm4", 0.0) / squared**2
