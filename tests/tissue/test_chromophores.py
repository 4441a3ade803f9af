"""What absorbs: blood decadic against natural, rivals mixed, water by its temperature."""

from __future__ import annotations

import numpy as np
import pytest

from openpbm.tissue.chromophores import (
    haemoglobin_absorption_per_mm,
    melanosome_absorption_by_share_per_mm,
    water_absorption_per_mm,
)


def test_extinction_is_base_ten() -> None:
    """Whole oxygenated blood (2.326 mM) at 810 nm is 4.63 /cm (published); without ln 10 it would be 2.01."""
    absorption = haemoglobin_absorption_per_mm(np.array([810.0]), haem_um=2326.0, saturation=1.0, share=0.0)
    assert 10 * absorption[0, 0] == pytest.approx(4.63, abs=0.01)


def test_oxygen_darkens_blood_above_and_clears_it_below_the_crossing() -> None:
    """Deoxygenated blood is darker at 660 nm, oxygenated blood at 940 nm."""
    bare, full = haemoglobin_absorption_per_mm(
        np.array([660.0, 940.0]), haem_um=[100.0, 100.0], saturation=[0.0, 1.0], share=0.5
    )
    assert bare[0] > 5 * full[0]
    assert full[1] > 1.3 * bare[1]


def test_half_of_each_table_of_blood_lies_four_percent_above_the_first() -> None:
    """The second table is 4-18 % above the first; below 660 nm it has no rows."""
    wavelengths = np.array([640.0, 850.0])
    first, mixed = (
        haemoglobin_absorption_per_mm(wavelengths, haem_um=100.0, saturation=0.65, share=share)[0]
        for share in (0.0, 0.5)
    )
    assert mixed[0] == first[0]
    assert 1.02 < mixed[1] / first[1] < 1.09


def test_water_is_that_of_37_c_and_warms_as_measured() -> None:
    """Matcher 1994 at 940 nm: 0.2027 /cm; 1.39e-3 /cm more for each kelvin (Hollis)."""
    cold, warm = water_absorption_per_mm(np.array([940.0]), temperature_c=[35.0, 37.0], share=0.0)[:, 0]
    assert 10 * warm == pytest.approx(0.2027, abs=1e-3)
    assert 10 * (warm - cold) == pytest.approx(2 * 1.39e-3, rel=1e-6)


def test_both_melanosome_laws_give_their_published_values() -> None:
    """6.6e11 wavelength^-3.33 and 519 (wavelength/500)^-3, in 1/cm."""
    first, second = 10 * melanosome_absorption_by_share_per_mm(np.array([630.0, 940.0, 980.0]), share=[0.0, 1.0])
    assert first[:2] == pytest.approx([314.6, 83.0], rel=3e-3)
    assert second[[0, 2]] == pytest.approx([259.5, 68.9], rel=3e-3)
