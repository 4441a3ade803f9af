"""Scattering and refraction: rival laws of how they fall with wavelength; anisotropy turns reduced into full."""

from __future__ import annotations

from openpbm.facts.tissue import law

__all__ = [
    "anisotropy",
    "law_reduced_scattering_per_mm",
    "reduced_scattering_per_mm",
    "refractive_index",
    "scattering_per_mm",
    "two_term_reduced_scattering_per_mm",
]

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
