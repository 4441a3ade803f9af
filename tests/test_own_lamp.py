"""A lamp in the words of its label: one irradiance for all wavelengths, a full beam angle, inches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cases import make_case

from openpbm.errors import BadInput
from openpbm.facts.lamps import Lamp

ARRAY = {"half_angle_deg": 30, "rows": 10, "columns": 6, "pitch_mm": 25}


def panel(*emitters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"output_status": "claimed", "kind": "panel", "emitters": list(emitters)} | more


def two(red: Any = 0.4, infrared: Any = 0.6) -> list[dict[str, Any]]:
    return [{"wavelength_nm": 660, "share": red}, {"wavelength_nm": 850, "share": infrared}]


def read(tmp_path: Path, lamp: dict[str, Any], **changes: Any) -> Lamp:
    return make_case(tmp_path, device=lamp, **changes).device


def refused(tmp_path: Path, lamp: dict[str, Any], **changes: Any) -> str:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, lamp, **changes)
    return str(caught.value)


def test_one_irradiance_of_all_wavelengths_is_shared_out(tmp_path: Path) -> None:
    lamp = read(tmp_path, panel(*two(), irradiance_mw_cm2=90, at_distance_mm=152.4))
    assert [e.irradiance_mw_cm2 for e in lamp.emitters] == pytest.approx([36.0, 54.0])
    assert {e.at_distance_mm for e in lamp.emitters} == {152.4}


def test_a_reading_of_all_wavelengths_is_held_against_the_claim_of_all(tmp_path: Path) -> None:
    whole = {
        "irradiance_mw_cm2": 40,
        "claimed_irradiance_mw_cm2": 50,
        "at_distance_mm": 150,
        "output_status": "measured",
    }
    lamp = read(tmp_path, panel(*two()) | whole)
    assert lamp.output_status == "measured"
    assert [e.irradiance_mw_cm2 for e in lamp.emitters] == pytest.approx([16.0, 24.0])


@pytest.mark.parametrize(
    ("lamp", "text"),
    [
        (
            panel(two()[0], {"wavelength_nm": 850}, irradiance_mw_cm2=90, at_distance_mm=150),
            "emitters[1].share: missing",
        ),
        (panel(*two(50, 50), irradiance_mw_cm2=90, at_distance_mm=150), "device.emitters.share: the shares together"),
        (panel(*two(infrared=-1), irradiance_mw_cm2=90, at_distance_mm=150), "emitters[1].share = -1: must be more"),
        (panel(*two(), irradiance_mw_cm2=90), "device.irradiance_mw_cm2 = 90: without the distance"),
        (panel(*two(), irradiance_mw_cm2=-9, at_distance_mm=150), "device.irradiance_mw_cm2 = -9: must be more than 0"),
        (
            panel(ARRAY | {"wavelength_nm": 850, "power_mw": 9, "share": 1}),
            "emitters[0].share = 1: is of an irradiance",
        ),
        (panel(ARRAY | {"wavelength_nm": 850, "power_mw": 9}, at_distance_mm=9), "device.at_distance_mm = 9: without"),
        (
            panel({"wavelength_nm": 850, "power_mw": 9, "share": 1}, irradiance_mw_cm2=30, at_distance_mm=150),
            "emitters[0].power_mw = 9: stands beside irradiance_mw_cm2 of the whole lamp",
        ),
    ],
)
def test_shares_that_cannot_be_are_one_line(tmp_path: Path, lamp: dict[str, Any], text: str) -> None:
    said = refused(tmp_path, lamp)
    assert text in said
    assert "; " in said


def test_a_full_beam_angle_is_halved(tmp_path: Path) -> None:
    """A 60 degree lens has its half intensity 30 degrees off the axis."""
    array = ARRAY | {"wavelength_nm": 850, "power_mw": 90, "beam_angle_deg": 60}
    lens = {key: value for key, value in array.items() if key != "half_angle_deg"}
    assert read(tmp_path, panel(lens)).emitters[0].half_angle_deg == 30
    assert read(tmp_path, panel(array)).emitters[0].half_angle_deg == 30
    assert "its half is 60, and half_angle_deg beside it is 30" in refused(
        tmp_path, panel(array | {"beam_angle_deg": 120})
    )
    assert "beam_angle_deg = 200: must be a number from 2" in refused(tmp_path, panel(lens | {"beam_angle_deg": 200}))


def test_inches_are_read_under_their_own_keys_and_answered_under_those_in_mm(tmp_path: Path) -> None:
    """6 inches are 152.4 mm."""
    field = {"wavelength_nm": 850, "irradiance_mw_cm2": 40}
    lamp = panel(field | {"at_distance_in": 6}, default_distance_in=6)
    case = make_case(tmp_path, device=lamp, placement={"distance_in": 6})
    assert case.device.emitters[0].at_distance_mm == case.device.default_distance_mm == 152.4
    assert case.placement.distance_mm == 152.4
    said = refused(tmp_path, panel(field | {"at_distance_mm": "6 in"}))
    assert 'at_distance_mm = "6 in": is in inches, and this key is in mm; write at_distance_mm = 152.4' in said
    assert "\n" not in said
    both = refused(tmp_path, panel(field | {"at_distance_mm": 150, "at_distance_in": 6}))
    assert "at_distance_in = 6: stands beside at_distance_mm" in both
