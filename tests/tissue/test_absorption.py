"""What absorbs: the published melanosome laws and their order over skin types, blood decadic against natural."""

from __future__ import annotations

from typing import Any

import pytest

from openpbm.facts.tissue import laws
from openpbm.tissue.optical_properties import (
    absorption_per_mm_from_extinction,
    baseline_absorption_per_mm,
    blood_absorption_per_mm,
    melanin_fraction,
    melanosome_absorption_per_mm,
    whole_blood_molar,
)


@pytest.mark.parametrize(
    ("table", "wavelength_nm", "per_cm"),
    [("jacques1998", 630, 314.6), ("jacques1998", 940, 83.0), ("jacques2013", 630, 259.5), ("jacques2013", 980, 68.9)],
)
def test_melanosome_laws_give_their_published_values(table: str, wavelength_nm: int, per_cm: float) -> None:
    """6.6e11 wavelength^-3.33 and 519 (wavelength/500)^-3, in 1/cm."""
    assert 10 * melanosome_absorption_per_mm(wavelength_nm, table=table) == pytest.approx(per_cm, rel=3e-3)


def test_bloodless_skin() -> None:
    """0.244 + 85.3 exp(-(wavelength - 154)/66.2): 0.308 at 630, 0.248 /cm at 810 nm."""
    assert [10 * baseline_absorption_per_mm(w) for w in (630, 810)] == pytest.approx([0.308, 0.248], abs=1e-3)


@pytest.mark.parametrize("table", laws("melanin_fraction"))
def test_fraction_never_falls_with_skin_type(table: Any) -> None:
    fractions = [melanin_fraction(skin_type, table=table) for skin_type in range(1, 7)]
    assert fractions == sorted(fractions)
    assert fractions[-1] > 5 * fractions[0]


def test_a_type_keeps_its_published_range() -> None:
    """Dark skin 0.18-0.43: p5 of type 5 and p95 of type 6 are its ends."""
    assert melanin_fraction(5, table="jacques1998", standard_normal=-1.645) == pytest.approx(0.18, rel=0.02)
    assert melanin_fraction(6, table="jacques1998", standard_normal=1.645) == pytest.approx(0.43, rel=0.02)


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
