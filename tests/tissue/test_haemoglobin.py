"""Haemoglobin: decadic against natural, and whole blood as published."""

from __future__ import annotations

import pytest

from openpbm.tissue.haemoglobin import absorption_per_mm_from_extinction, blood_absorption_per_mm, whole_blood_molar


def test_extinction_is_base_ten() -> None:
    """Whole oxygenated blood at 810 nm is 4.63 /cm (published); without ln 10 it would be 2.01."""
    assert 10 * blood_absorption_per_mm(810.0, table="prahl", oxygen_saturation=1.0) == pytest.approx(4.63, abs=0.01)
    assert absorption_per_mm_from_extinction(1.0, concentration_molar=1.0) == pytest.approx(0.2302585)


def test_whole_blood_holds_2_326_millimolar() -> None:
    """150 g/L over 64,500 g/mol."""
    assert whole_blood_molar() == pytest.approx(2.326e-3, rel=1e-3)


def test_packed_cells_absorb_less_than_the_solution() -> None:
    """Bosschaart 2014 is 14 % below the solution table at 810 nm."""
    packed = blood_absorption_per_mm(810.0, table="bosschaart", oxygen_saturation=1.0)
    assert packed / blood_absorption_per_mm(810.0, table="prahl", oxygen_saturation=1.0) == pytest.approx(
        0.86, abs=0.01
    )


@pytest.mark.parametrize("table", ["bosschaart", "cope", "prahl"])
def test_oxygen_darkens_blood_above_and_clears_it_below_the_crossing(table: str) -> None:
    """Deoxygenated blood is darker at 660 nm, oxygenated blood at 940 nm."""
    dark, red = (blood_absorption_per_mm(660.0, table=table, oxygen_saturation=s) for s in (0.0, 1.0))
    assert dark > 5 * red
    dark, red = (blood_absorption_per_mm(940.0, table=table, oxygen_saturation=s) for s in (0.0, 1.0))
    assert red > 1.3 * dark
