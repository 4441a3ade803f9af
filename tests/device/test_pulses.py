"""Opened when a laser of 27 W peaks passed as class 1 by its time average. Until then pulses are refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from cases import make_case

from openpbm.device import PULSE_KEYS, check_lamp
from openpbm.errors import BadInput
from openpbm.facts.lamps import lamp_catalogue
from openpbm.safety import screen

LASER = {"wavelength_nm": 904, "power_mw": 60, "spot_diameter_mm": 8}
PULSES = {"peak_power_w": 27, "pulse_width_ns": 200, "pulse_frequency_hz": 10000}
FIELD = {"wavelength_nm": 850, "irradiance_mw_cm2": 30, "at_distance_mm": 150}


def device(emitter: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"output_status": "claimed", "emitters": [emitter]} | more


@pytest.mark.parametrize(
    "lamp",
    [
        device(LASER | PULSES, kind="laser", contact=True, laser_class="1"),
        device(LASER, kind="laser", contact=True, laser_class="1"),
        device(LASER | {"wavelength_nm": 890.0}),
        device(LASER | {"wavelength_nm": 905}, laser_class="3B"),
        device({"wavelength_nm": 904, "irradiance_mw_cm2": 30, "at_distance_mm": 150}, kind="laser"),
        device(FIELD, name="super-pulsed cluster"),
        device(FIELD, notes="GaAs diodes, pulsed at 5 kHz"),
        device(FIELD | {"pulse_frequency_hz": 40}),
    ],
)
def test_pulses_are_refused_and_their_keys_are_named(tmp_path: Path, lamp: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as caught:
        make_case(tmp_path, device=lamp)
    text = str(caught.value)
    given = [key for key in PULSE_KEYS if key in lamp["emitters"][0]]
    assert all(key in text for key in given or PULSE_KEYS)
    assert "not a known key" not in text


@pytest.mark.parametrize(
    "emitter", [{"peak_power_mw": 20000}, {"duty_cycle": 0.1}, {"pulse_width_us": 1}, {"frequency_hz": 40}]
)
def test_a_pulse_in_another_unit_is_offered_no_other_key(tmp_path: Path, emitter: dict[str, Any]) -> None:
    """`peak_power_mw` was answered with "did you mean power_mw?"."""
    for lamp in (device(LASER | {"wavelength_nm": 808} | emitter), device(LASER | {"wavelength_nm": 808}) | emitter):
        with pytest.raises(BadInput, match="pulses cannot be described yet") as caught:
            make_case(tmp_path, device=lamp)
        assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize("label", ["808 nm, 200 ns", "peak power 20 W", "10 kHz", "10-10000 Hz", "modulated beam"])
def test_what_only_pulses_have_refuses_a_laser_that_names_it(tmp_path: Path, label: str) -> None:
    laser = LASER | {"wavelength_nm": 808}
    with pytest.raises(BadInput, match=r'device.notes = ".*": said to be pulsed'):
        make_case(tmp_path, device=device(laser, notes=label, laser_class="1"))
    make_case(tmp_path, device=device(laser, notes="steady, 0 Hz, 230 V 50/60 Hz, 60 mW at its peak wavelength"))


@pytest.mark.parametrize(
    "lamp",
    [
        device(LASER | {"wavelength_nm": 830}, kind="laser", laser_class="3B"),
        device(FIELD | {"wavelength_nm": 905}, name="infrared pad, not pulsed"),
        device(FIELD, name="impulse buy"),
    ],
)
def test_steady_lamps_are_read(tmp_path: Path, lamp: dict[str, Any]) -> None:
    make_case(tmp_path, device=lamp)


def test_a_laser_is_not_judged_as_diodes_for_want_of_its_spot(tmp_path: Path) -> None:
    """By an irradiance alone a laser of 30 mW/cm2 was allowed without supervision."""
    for words in ({"kind": "laser"}, {"name": "Laser cap, 272 diodes"}, {"notes": "class IV laser", "kind": "other"}):
        with pytest.raises(BadInput, match="a laser without the spot of its beam"):
            make_case(tmp_path, device=device(FIELD, **words), placement__distance_mm=150)
    make_case(tmp_path, device=device(FIELD, name="LEDs, no laser"), placement__distance_mm=150)


def test_our_own_lamps_are_not_refused() -> None:
    assert [lamp.id for lamp in lamp_catalogue if check_lamp(lamp)] == []


def test_the_catalogues_pulsed_pads_go_to_a_clinician(tmp_path: Path) -> None:
    """Their own notes say that they pulse, and they were let through as if they shone steadily."""
    screening = screen(make_case(tmp_path, device={"id": "nir_890_pads"}, placement__distance_mm=0))
    assert screening.verdict == "needs_clinician"
    assert "lamp_pulsed" in {reason.rule for reason in screening.reasons}
    assert [lamp.id for lamp in lamp_catalogue if re.search(r"\bpulse", lamp.notes) and not lamp.pulsed] == []


def test_ones_own_lamp_said_to_be_pulsed_by_its_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"device\.pulsed = true: said to be pulsed"):
        make_case(tmp_path, device=device(FIELD, pulsed=True))
