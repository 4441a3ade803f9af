"""Anisotropy against its published values."""

from __future__ import annotations

import pytest

from openpbm.tissue.optics import anisotropy


@pytest.mark.parametrize(("wavelength_nm", "g"), [(630.0, 0.803), (810.0, 0.855), (980.0, 0.904)])
def test_skin_anisotropy_is_van_gemerts(wavelength_nm: float, g: float) -> None:
    """van Gemert 1989: 0.803, 0.855, 0.904 at 630, 810, 980 nm, in both layers of the skin."""
    for layer in ("epidermis", "dermis"):
        assert anisotropy(wavelength_nm, layer=layer) == pytest.approx(g, abs=6e-4)


def test_fat_and_muscle_scatter_forward_alike_at_every_wavelength() -> None:
    """0.9 and 0.93, as their authors took them."""
    assert [anisotropy(w, layer="subcutis") for w in (600.0, 1000.0)] == [0.9, 0.9]
    assert [anisotropy(w, layer="muscle") for w in (600.0, 1000.0)] == [0.93, 0.93]
