"""Scattering: the Rayleigh exponent, published values, and the step from reduced to full."""

from __future__ import annotations

import pytest

from openpbm.tissue.optical_properties import (
    anisotropy,
    law_reduced_scattering_per_mm,
    scattering_per_mm,
    two_term_reduced_scattering_per_mm,
)


def test_rayleigh_part_falls_with_the_fourth_power() -> None:
    """A public toolkit shipped the exponent as +1e-4: muscle came out 0.93 instead of 0.64 /mm at 830 nm."""
    pure = {"scatter_500_per_mm": 1.0, "rayleigh_fraction": 1.0, "mie_exponent": 1.0}
    assert two_term_reduced_scattering_per_mm(1000.0, **pure) == pytest.approx(1 / 16)
    for wavelength, published in ((830.0, 0.64), (980.0, 0.49)):
        assert law_reduced_scattering_per_mm(wavelength, layer="muscle", table="simpa") == pytest.approx(
            published, abs=0.006
        )


def test_power_law_and_two_term_law_of_fat_agree() -> None:
    """The two published laws of fatty tissue agree within 3 % over 630-980 nm."""
    for wavelength in (630.0, 700.0, 800.0, 900.0, 980.0):
        one = law_reduced_scattering_per_mm(wavelength, layer="subcutis", table="jacques2013")
        other = law_reduced_scattering_per_mm(wavelength, layer="subcutis", table="simpa")
        assert one == pytest.approx(other, rel=0.032)


def test_muscle_rivals_near_800_nm_span_a_factor_two() -> None:
    """Published muscle scattering near 800 nm: 1.03 (soft tissue law) against 0.47 /mm (Bashkatov)."""
    assert law_reduced_scattering_per_mm(800.0, layer="muscle", table="jacques2013") == pytest.approx(1.03, abs=0.01)


@pytest.mark.parametrize(("wavelength_nm", "g"), [(630.0, 0.803), (810.0, 0.855), (980.0, 0.904)])
def test_skin_anisotropy_is_van_gemerts(wavelength_nm: float, g: float) -> None:
    """van Gemert 1989: 0.803, 0.855, 0.904 at 630, 810, 980 nm."""
    assert anisotropy(wavelength_nm, layer="dermis") == pytest.approx(g, abs=6e-4)


def test_full_scattering_gives_the_reduced_one_back() -> None:
    """Closed form: mu_s (1 - g) = mu_s'."""
    assert scattering_per_mm(2.0, g=0.9) * (1 - 0.9) == pytest.approx(2.0)
