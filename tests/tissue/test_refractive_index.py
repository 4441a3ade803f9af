"""Refractive index against the printed tables."""

from __future__ import annotations

import pytest

from openpbm.tissue.optics import refractive_index


@pytest.mark.parametrize(
    ("layer", "wavelength_nm", "n"),
    [("epidermis", 810, 1.4255), ("dermis", 660, 1.3786), ("subcutis", 980, 1.4544), ("subcutis", 630, 1.4619)],
)
def test_cauchy_forms_give_the_printed_index(layer: str, wavelength_nm: int, n: float) -> None:
    """Ding 2006 and Matiatou 2021."""
    assert refractive_index(wavelength_nm, layer=layer) == pytest.approx(n, abs=1e-4)
