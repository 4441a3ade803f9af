"""A lamp in the words of its label: one irradiance for all wavelengths, a full beam angle, inches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cases import make_case

from openpbm.device import beam
from openpbm.errors import BadInput
from openpbm.facts.conditions import conditions
from openpbm.facts.lamps import Lamp
from openpbm.planning.prescription import in_band_share
from openpbm.planning.site_light import wavelengths_of
from openpbm.safety import screen
from openpbm.safety.exposure_limits import eye_exposure
from openpbm.safety.laser_class import laser_class
from openpbm.safety.skin_temperature import skin_temperature

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


def colours(**outputs: float) -> list[dict[str, Any]]:
    """LEDs of several wavelengths, each its irradiance at 150 mm."""
    return [
        {"wavelength_nm": float(nm[1:]), "irradiance_mw_cm2": level, "at_distance_mm": 150}
        for nm, level in outputs.items()
    ]


def eye_seconds(lamp: Lamp) -> dict[str, float]:
    return dict(eye_exposure(lamp, beam(lamp, 150.0), 150.0, 1.0).seconds_by_hazard)


def test_light_beside_the_tissue_tables_is_counted_for_heat_and_eye_and_never_for_dose(tmp_path: Path) -> None:
    """A panel with 480 and 1060 nm was refused whole; without them it would have looked cooler than it is."""
    case = make_case(tmp_path, device=panel(*colours(n480=8, n660=10, n850=10, n1060=12)))
    assert wavelengths_of(beam(case.device, 150.0)) == [660.0, 850.0]
    screening = screen(case)
    assert "light_beside_dose" in {caution.rule for caution in screening.cautions}
    assert screening.exposure is not None
    assert [nm for nm, _ in screening.exposure.bands] == [480.0, 660.0, 850.0, 1060.0]
    assert screening.exposure.irradiance_mw_cm2 == pytest.approx(40.0)
    all_of_it, bare = eye_seconds(case.device), eye_seconds(read(tmp_path, panel(*colours(n660=10, n850=10))))
    assert all_of_it["ir_cornea"] < bare["ir_cornea"]
    assert all_of_it["blue_light"] < bare["blue_light"]


def test_light_of_no_protocol_counts_only_where_a_dose_is_computed() -> None:
    protocol = next(row for row in conditions["carpal_tunnel"].protocols if row.wavelength_nm == (904.0, 904.0))
    assert in_band_share(protocol, [(480.0, 5.0), (660.0, 15.0)]) == 0.75


def test_light_of_no_table_warms_more_than_any_that_has_one() -> None:
    """All of it ends in the outermost cell, which no light of a table does."""
    inside = [skin_temperature([(nm, 40.0)], minutes=20).p95 for nm in (600.0, 850.0, 1000.0)]
    beside = {skin_temperature([(nm, 40.0)], minutes=20).p95 for nm in (480.0, 1060.0)}
    assert len(beside) == 1
    assert beside.pop() > max(inside)


@pytest.mark.parametrize(
    ("lamp", "text"),
    [
        (panel(*colours(n365=8)), "wavelength_nm = 365.0: must be at least 400"),
        (panel(*colours(n1450=8)), "wavelength_nm = 1450.0: must be at most 1100"),
        (panel(*colours(n480=8)), "wavelength_nm = 480.0: no wavelength within 600-1000 nm"),
        (
            {"output_status": "claimed", "emitters": [{"wavelength_nm": 1064, "power_mw": 99, "spot_diameter_mm": 9}]},
            "wavelength_nm = 1064.0: a laser outside of 600-1000 nm",
        ),
    ],
)
def test_light_that_cannot_be_judged_is_refused(tmp_path: Path, lamp: dict[str, Any], text: str) -> None:
    assert text in refused(tmp_path, lamp)


def test_a_wing_that_reaches_the_infrared_counts_for_the_eye(tmp_path: Path) -> None:
    """770 nm is seen; 40 nm wide it reaches 790, and the cornea's limit begins at 780."""

    def seconds(**more: float) -> float:
        return eye_seconds(read(tmp_path, panel(colours(n770=60)[0] | more)))["ir_cornea"]

    assert seconds() == 30000.0
    assert seconds(bandwidth_nm=40) == pytest.approx((18000 / 600) ** (4 / 3))


MODES: list[dict[str, Any]] = [
    {"name": "red only", "wavelengths_nm": [660]},
    {"name": "half", "output": 0.5},
    {"name": "blue only", "wavelengths_nm": [480]},
]


def test_a_mode_leaves_channels_out_and_dims_the_others(tmp_path: Path) -> None:
    lamp = panel(*colours(n480=8, n660=10, n850=12), modes=MODES)
    whole = make_case(tmp_path, device=lamp).device
    assert len(whole.emitters) == 3
    red = read(tmp_path, lamp, placement={"distance_mm": 150, "mode": "red only"})
    assert [(e.wavelength_nm, e.irradiance_mw_cm2) for e in red.emitters] == [(660.0, 10.0)]
    assert red.name.endswith(", red only")
    half = read(tmp_path, lamp, placement={"distance_mm": 150, "mode": "half"})
    assert [e.irradiance_mw_cm2 for e in half.emitters] == [4.0, 5.0, 6.0]


@pytest.mark.parametrize(
    ("modes", "mode", "text"),
    [
        (MODES, "red olny", 'placement.mode = "red olny": no mode of this lamp; did you mean red only?'),
        ([], "red only", "describe it under [[device.modes]]"),
        (MODES, "blue only", 'placement.mode = "blue only": shines at nothing within 600-1000 nm'),
        ([{"name": "a", "wavelengths_nm": [633]}], None, "modes[0].wavelengths_nm = 633.0: this lamp has 480, 660"),
        ([{"name": "a"}, {"name": "a"}], None, 'modes[1].name = "a": names two modes'),
        ([{"name": "a", "output": 1.5}], None, "output = 1.5: must be at most 1"),
        ([{"name": "a", "power": 0.5}], None, "power"),
    ],
)
def test_a_mode_that_cannot_be_is_one_line(tmp_path: Path, modes: list[Any], mode: str | None, text: str) -> None:
    lamp = panel(*colours(n480=8, n660=10, n850=12), modes=modes)
    placement = {"distance_mm": 150} | ({} if mode is None else {"mode": mode})
    said = refused(tmp_path, lamp, placement=placement)
    assert text in said
    assert "\n" not in said


PROBE = {"wavelength_nm": 830, "power_mw": 150, "spot_diameter_mm": 12}


@pytest.mark.parametrize("mode", [{"output": 0.01}, {"wavelengths_nm": [850]}])
@pytest.mark.parametrize("label", [{}, {"laser_class": "3B"}])
def test_a_mode_makes_no_laser_weaker_nor_go_away(tmp_path: Path, mode: dict[str, Any], label: dict[str, str]) -> None:
    """150 mW dimmed to 1.5, or left out beside diodes, once was a lamp for use alone."""
    lamp = panel(PROBE, *colours(n850=100), modes=[{"name": "low"} | mode], kind="other", **label)
    case = make_case(tmp_path, device=lamp, placement={"distance_mm": 150, "mode": "low"})
    assert laser_class(case.device) == "3B"
    verdict = screen(case)
    assert verdict.verdict != "allowed"
    assert "lamp_not_eye_safe" in {reason.rule for reason in verdict.reasons}
    lit = beam(case.device, 150.0)
    assert eye_exposure(case.device, lit, 150.0, 1.0) == eye_exposure(
        case.device.whole, beam(case.device.whole, 150.0), 150.0, 1.0
    )


def test_the_output_of_a_mode_must_be_plausible(tmp_path: Path) -> None:
    lamp = panel(PROBE, modes=[{"name": "low", "output": 0.002}], kind="laser")
    text = refused(tmp_path, lamp, placement={"mode": "low"})
    assert "device.modes[0].power_mw = 0.3: outside of 0.5 to 60000 mW" in text
    assert read(tmp_path, lamp).name == "own lamp"


def test_what_a_mode_leaves_out_is_no_key_of_a_case(tmp_path: Path) -> None:
    lamp = panel(*colours(n850=12), whole_emitters=[PROBE])
    assert "device.whole_emitters = 1: is written by openpbm" in refused(tmp_path, lamp)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ({"name": "HairLasers 120"}, "device.name"),
        ({"id": "diodelaser_helmet"}, "device.id"),
        ({"name": "LLLT helmet"}, "device.name"),
        ({"notes": "Laserdioden, 650 nm"}, "device.notes"),
        ({"source": "page of the maker: 40 laser diodes"}, "device.source"),
    ],
)
def test_a_laser_is_told_by_any_of_its_words(tmp_path: Path, words: dict[str, str], key: str) -> None:
    text = refused(tmp_path, panel(*colours(n660=9)) | words)
    assert text.startswith(f"case.toml: {key} =")
    assert "a laser without the spot of its beam" in text


@pytest.mark.parametrize("name", ["non-laser pad", "no laser: LED pad", "laser-free pad", "nonlaser", "LED pad"])
def test_what_is_said_to_be_no_laser_is_none(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, panel(*colours(n660=9), name=name)).name == name


HUGE = 7 * 10**399


@pytest.mark.parametrize(
    ("lamp", "text"),
    [
        (panel(ARRAY | {"wavelength_nm": 850, "power_mw": 9, "pitch_mm": HUGE}), "pitch_mm: 700000... has 400 digits"),
        (panel(*two(HUGE), irradiance_mw_cm2=9, at_distance_mm=90), "emitters[0].share: 700000... has 400 digits"),
        (panel(PROBE | {"peak_power_w": HUGE}), "emitters[0].peak_power_w: 700000... has 400 digits"),
        (panel(ARRAY | {"wavelength_nm": 850, "power_mw": 9, "beam_angle_deg": 50, "half_angle_deg": "25"}), '= "25"'),
        (panel(*two(1.5e308, 1.5e308), irradiance_mw_cm2=9, at_distance_mm=90), "the shares together are inf, not 1"),
    ],
)
def test_no_number_of_a_lamp_ends_in_a_traceback(tmp_path: Path, lamp: dict[str, Any], text: str) -> None:
    assert text in refused(tmp_path, lamp)


def test_a_distance_in_both_units_is_said_to_be_twice_there(tmp_path: Path) -> None:
    text = refused(tmp_path, panel(*colours(n850=12)), placement={"distance_mm": 100, "distance_in": 4})
    assert (
        text
        == "case.toml: placement.distance_in = 4: stands beside distance_mm, which says it; leave one of the two out"
    )


def test_joules_that_cannot_be_are_named_once(tmp_path: Path) -> None:
    """The power that did not follow from them was missed in a second line."""
    probe = {"wavelength_nm": 810, "spot_diameter_mm": 8, "energy_per_point_j": -3, "seconds_per_point": 30}
    lamp = {"output_status": "claimed", "kind": "laser", "contact": True, "emitters": [probe]}
    said = refused(tmp_path, lamp)
    assert "energy_per_point_j = -3: must be more than 0" in said
    assert "\n" not in said
