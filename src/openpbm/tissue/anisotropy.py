"""How far forward each layer scatters."""

from __future__ import annotations

from openpbm.facts.tissue import law

__all__ = ["anisotropy"]

# van Gemert's line was fitted to both layers of the skin.
_TABLES = {"epidermis": "van_gemert", "dermis": "van_gemert", "subcutis": "simpa", "muscle": "bashkatov"}


def anisotropy(wavelength_nm: float, *, layer: str) -> float:
    """Mean cosine of the scattering angle [-] in a layer at a wavelength [nm], 600-1000.

    Sources: `van_gemert1989`, `bashkatov2011`, `simpa`. Light at depth hardly depends on it once the reduced scattering
    is given.

    >>> round(anisotropy(810.0, layer="dermis"), 3)
    0.855
    """
    rows = law(f"{layer}_anisotropy", _TABLES[layer])
    return rows["constant"] + rows.get("slope_per_nm", 0.0) * wavelength_nm
