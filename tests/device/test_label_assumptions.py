"""What a label leaves open is said as an assumption, and no LED that it counts is lost."""

from __future__ import annotations

from typing import Any

import pytest

from openpbm.case.read_lamp import as_claimed, lamp_of_section
from openpbm.device.label_assumptions import label_assumptions
from openpbm.device.lamp_label import LampLabel, section_from_label

FACE = {"width_mm": 200.0, "height_mm": 300.0, "viewing_angle_deg": 60.0}


def label(**more: Any) -> LampLabel:
    return LampLabel(**({"name": "Panel", "kind": "panel", "wavelengths_nm": (660.0, 850.0)} | more))


@pytest.mark.parametrize("leds", [2, 7, 60, 61, 97, 128, 300])
@pytest.mark.parametrize("waves", [(850.0,), (660.0, 850.0), (630.0, 660.0, 850.0)])
def test_all_leds_give_their_light_whatever_grid_holds_them(leds: int, waves: tuple[float, ...]) -> None:
    """Conservation: LEDs times the light of one is the light of the lamp."""
    section = section_from_label(label(wavelengths_nm=waves, leds=leds, led_power_mw=300.0, **FACE))
    watts = sum(one["rows"] * one["columns"] * one["power_mw"] for one in section["emitters"])
    assert watts == pytest.approx(300.0 * leds)


def test_places_that_are_not_the_leds_are_said() -> None:
    said = label_assumptions(label(wavelengths_nm=(850.0,), leds=97, led_power_mw=300.0, **FACE))
    assert any("for 97 LEDs: each place gives" in sentence for sentence in said)
    exact = label_assumptions(label(leds=60, led_power_mw=300.0, **FACE))
    assert exact == (
        "Assumed: its 60 LEDs are spread evenly over the face, as many of each of 2 wavelengths, in 6 rows of 5.",
    )


def test_even_shares_are_an_assumption_and_given_ones_are_none() -> None:
    whole = {"irradiance_mw_cm2": 50.0, "at_distance_mm": 150.0}
    assert label_assumptions(label(**whole))[0].startswith("Assumed: the 50 mW/cm2 of its page are shared evenly")
    assert label_assumptions(label(**whole, shares_percent=(40.0, 60.0))) == ()


@pytest.mark.parametrize(("level", "words"), [(150.0, "meters show at most"), (900.0, "more than such lamps claim")])
def test_a_page_beyond_such_lamps_is_said(level: float, words: str) -> None:
    said = label_assumptions(label(wavelengths_nm=(850.0,), irradiance_mw_cm2=level, at_distance_mm=150.0))
    assert [words in sentence for sentence in said] == [True]


def test_a_claim_of_all_wavelengths_together_comes_back() -> None:
    """Read at 40, claimed at 80: what new readings are held against is the claim."""
    section = {
        "name": "panel", "kind": "panel", "output_status": "measured", "at_distance_mm": 150.0,
        "irradiance_mw_cm2": 40.0, "claimed_irradiance_mw_cm2": 80.0,
        "emitters": [{"wavelength_nm": 660.0, "share": 0.5}, {"wavelength_nm": 850.0, "share": 0.5}],
    }  # fmt: skip
    lamp = lamp_of_section(as_claimed(section), "lamp.toml")
    assert [one.irradiance_mw_cm2 for one in lamp.emitters] == [40.0, 40.0]
    assert lamp.output_status == "claimed"
