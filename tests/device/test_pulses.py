"""Opened when a laser of 27 W peaks passed as class 1 by its time average. Pulses are described, or refused by name."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
from cases import make_case

from openpbm.device import check_lamp, settled_output
from openpbm.device.pulses import PULSE_KEYS
from openpbm.errors import BadInput
from openpbm.facts.lamps import Emitters, Lamp, lamp_catalogue
from openpbm.safety import screen
from openpbm.safety.laser_class import laser_class
from openpbm.safety.laser_limits import single_pulse_ratio

LASER = {"wavelength_nm": 904, "power_mw": 60, "spot_diameter_mm": 8}
PULSES = {"peak_power_w": 27, "pulse_width_ns": 200, "pulse_frequency_hz": 10000}
#: 10 W for 150 ns, 3000 times a second: 4.5 mW.
WEAK = {
    "wavelength_nm": 905,
    "spot_diameter_mm": 9,
    "peak_power_w": 10,
    "pulse_width_ns": 150,
    "pulse_frequency_hz": 3e3,
}
FIELD = {"wavelength_nm": 850, "irradiance_mw_cm2": 30, "at_distance_mm": 150}


def device(emitter: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"output_status": "claimed", "emitters": [emitter]} | more


def refused(tmp_path: Path, lamp: dict[str, Any]) -> str:
    with pytest.raises(BadInput) as caught:
        make_case(tmp_path, device=lamp)
    return str(caught.value)


@pytest.mark.parametrize(
    "lamp",
    [
        device(LASER, kind="laser", contact=True, laser_class="1"),
        device(LASER | {"wavelength_nm": 890.0}),
        device(LASER | {"wavelength_nm": 905}, laser_class="3B"),
        device({"wavelength_nm": 904, "irradiance_mw_cm2": 30, "at_distance_mm": 150}, kind="laser"),
        device(FIELD, name="super-pulsed cluster"),
        device(FIELD | {"duty": 0.5, "pulse_frequency_hz": 100}, name="super-pulsed cluster"),
        device(FIELD, notes="GaAs diodes, pulsed at 5 kHz"),
        device(FIELD, pulsed=True),
    ],
)
def test_pulses_that_are_not_described_are_asked_for_by_their_keys(tmp_path: Path, lamp: dict[str, Any]) -> None:
    text = refused(tmp_path, lamp)
    assert all(key in text for key in PULSE_KEYS)


@pytest.mark.parametrize(
    "emitter", [{"peak_power_mw": 20000}, {"duty_cycle": 0.1}, {"pulse_width_us": 1}, {"frequency_hz": 40}]
)
def test_a_pulse_in_another_unit_is_offered_the_keys_of_pulses(tmp_path: Path, emitter: dict[str, Any]) -> None:
    """`peak_power_mw` was answered with "did you mean power_mw?"."""
    for lamp in (device(LASER | {"wavelength_nm": 808} | emitter), device(LASER | {"wavelength_nm": 808}) | emitter):
        text = refused(tmp_path, lamp)
        assert "did you mean" not in text
        assert text.count("not described by this key") == 1
    assert "not a known key" not in text


@pytest.mark.parametrize("label", ["808 nm, 200 ns", "peak power 20 W", "10 kHz", "10-10000 Hz", "modulated beam"])
def test_what_only_pulses_have_refuses_a_laser_that_names_it(tmp_path: Path, label: str) -> None:
    laser = LASER | {"wavelength_nm": 808}
    with pytest.raises(BadInput, match=r'device.notes = ".*": said to be pulsed'):
        make_case(tmp_path, device=device(laser, notes=label, laser_class="1"))
    make_case(tmp_path, device=device(laser, notes="steady, 0 Hz, 230 V 50/60 Hz, 60 mW at its peak wavelength"))
    make_case(tmp_path, device=device(laser | {"duty": 0.5, "pulse_frequency_hz": 20}, notes=label))


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


def test_the_mean_power_follows_from_the_pulses(tmp_path: Path) -> None:
    """10 W x 150 ns x 3000 Hz is 4.5 mW."""
    laser = make_case(tmp_path, device=device(WEAK)).device.emitters[0]
    assert laser.power_mw == pytest.approx(4.5)
    by_share = Emitters(wavelength_nm=810.0, power_mw=200.0, spot_diameter_mm=9.0, duty=0.25, pulse_frequency_hz=50.0)
    assert by_share.pulse_seconds == pytest.approx(0.005)


@pytest.mark.parametrize(("power_mw", "agrees"), [(3.6, True), (5.4, True), (3.5, False), (5.5, False), (45.1, False)])
def test_a_mean_power_beside_pulses_agrees_within_a_fifth(tmp_path: Path, power_mw: float, agrees: bool) -> None:
    lamp = device(WEAK | {"power_mw": power_mw})
    if agrees:
        assert make_case(tmp_path, device=lamp).device.emitters[0].power_mw == power_mw
        return
    text = refused(tmp_path, lamp)
    assert f"device.emitters[0].power_mw = {power_mw}: not the mean of its pulses" in text
    assert "is 4.5 mW" in text
    assert "20%" in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("emitter", "text"),
    [
        (LASER | {"peak_power_w": 27, "pulse_width_ns": 200}, "peak_power_w = 27.0: pulses of a laser miss pulse_freq"),
        (WEAK | {"duty": 0.1}, "duty = 0.1: stands beside peak_power_w and pulse_width_ns, which say it"),
        (WEAK | {"pulse_width_ns": 1e6, "pulse_frequency_hz": 2e3}, "longer than the 5e+05 ns from one pulse"),
        (FIELD | {"peak_power_w": 5}, "peak_power_w = 5.0: describes pulses of a laser, whose spot_diameter_mm"),
        (FIELD | {"pulse_frequency_hz": 40}, "pulse_frequency_hz = 40.0: without duty"),
        (FIELD | {"duty": 50}, "duty = 50"),
        (FIELD | {"duty": 0}, "duty = 0"),
        (WEAK | {"peak_power_w": -1}, "peak_power_w = -1"),
    ],
)
def test_a_pulse_entered_wrongly_is_one_line(tmp_path: Path, emitter: dict[str, Any], text: str) -> None:
    said = refused(tmp_path, device(emitter))
    assert text in said
    assert "\n" not in said


def test_27_w_of_200_ns_is_class_3b_27_times_over_the_limit_of_a_pulse(tmp_path: Path) -> None:
    """5.4 uJ over 7.7e-8 J times 10^(0.002 204), 1.97e-7 J: IEC 60825-1:2014."""
    lamp = device(LASER | PULSES, kind="laser", contact=True, laser_class="1")
    case = make_case(tmp_path, device=lamp, course__supervision="clinician", placement__distance_mm=0)
    assert single_pulse_ratio(case.device.emitters[0]) == pytest.approx(27.4, abs=0.05)
    assert laser_class(case.device) == "3B"
    screening = screen(case)
    assert screening.verdict == "refused"
    (reason,) = (reason for reason in screening.reasons if reason.rule == "laser_pulse_limit")
    assert "27 times" in reason.message
    assert "class 3B" in reason.message
    assert screening.exposure is not None
    assert screening.exposure.eye.seconds_without_eyewear == 0.0


@pytest.mark.parametrize(
    ("label", "supervision", "rule"),
    [
        ("3B", "clinician", "laser_pulses"),
        ("3B", "self", "laser_pulse_limit"),
        ("3R", "clinician", "laser_pulse_limit"),
        ("1M", "clinician", "laser_pulse_limit"),
        (None, "clinician", "laser_pulse_limit"),
    ],
)
def test_only_a_label_that_warns_lets_a_clinician_use_such_pulses(
    tmp_path: Path, label: str | None, supervision: str, rule: str
) -> None:
    more = {} if label is None else {"laser_class": label}
    case = make_case(tmp_path, device=device(WEAK, **more), course__supervision=supervision, placement__distance_mm=0)
    screening = screen(case)
    assert rule in {reason.rule for reason in (*screening.reasons, *screening.cautions)}
    assert (screening.verdict == "refused") == (rule == "laser_pulse_limit")


def test_pulses_below_class_1_are_no_reason(tmp_path: Path) -> None:
    """0.7 W for 100 ns is 7e-8 J, under 0.4 (many pulses) times 1.97e-7 J; 7200 of them a second are 0.504 mW."""
    weak = WEAK | {"peak_power_w": 0.7, "pulse_width_ns": 100, "pulse_frequency_hz": 7200}
    screening = screen(make_case(tmp_path, device=device(weak, laser_class="1"), placement__distance_mm=0))
    assert not {"laser_pulse_limit", "laser_pulses"} & {one.rule for one in (*screening.reasons, *screening.cautions)}
    assert laser_class(screening.case.device) == "1"


def test_a_stronger_reading_raises_the_peak_and_a_weaker_one_lowers_none(tmp_path: Path) -> None:
    laser = make_case(tmp_path, device=device(WEAK)).device.emitters[0]

    def peak_w(read_mw: float) -> float | None:
        read = dataclasses.replace(laser, power_mw=read_mw, claimed_power_mw=4.5)
        lamp = Lamp(id="a", name="a", kind="laser", output_status="measured", emitters=(read,))
        return settled_output(lamp, supervised=True).emitters[0].peak_power_w

    assert peak_w(6.0) == pytest.approx(10.0 * 6.0 / 4.5)
    assert peak_w(3.0) == 10.0


def test_leds_of_unknown_frequency_are_looked_at_with_their_peak(tmp_path: Path) -> None:
    """Half of the time at twice the mean: 2 to the 4/3 sooner; at 300 Hz the mean counts as of steady light."""

    def seconds(**pulses: float) -> float:
        lamp = device(FIELD | {"irradiance_mw_cm2": 40} | pulses)
        exposure = screen(make_case(tmp_path, device=lamp, placement__distance_mm=150)).exposure
        assert exposure is not None
        return dict(exposure.eye.seconds_by_hazard)["ir_cornea"]

    steady = seconds()
    assert seconds(duty=0.5) == pytest.approx(steady / 2 ** (4 / 3))
    assert seconds(duty=0.5, pulse_frequency_hz=300) == steady
    # One of 500 s at twice the level is too long by itself.
    assert seconds(duty=0.5, pulse_frequency_hz=0.001) == 0.0


def test_a_laser_is_not_judged_as_diodes_for_want_of_its_spot(tmp_path: Path) -> None:
    """By an irradiance alone a laser of 30 mW/cm2 was allowed without supervision."""
    for words in ({"kind": "laser"}, {"name": "Laser cap, 272 diodes"}, {"notes": "class IV laser", "kind": "other"}):
        with pytest.raises(BadInput, match="a laser without the spot of its beam"):
            make_case(tmp_path, device=device(FIELD, **words), placement__distance_mm=150)
    make_case(tmp_path, device=device(FIELD, name="LEDs, no laser"), placement__distance_mm=150)


def test_our_own_lamps_are_not_refused() -> None:
    assert [lamp.id for lamp in lamp_catalogue if check_lamp(lamp)] == []


def test_the_catalogues_pulsed_pads_say_so(tmp_path: Path) -> None:
    """Their own notes say that they pulse, and they were let through as if they shone steadily."""
    screening = screen(make_case(tmp_path, device={"id": "nir_890_pads"}, placement__distance_mm=0))
    assert screening.verdict == "allowed"
    assert "lamp_pulsed" in {caution.rule for caution in screening.cautions}
    assert [lamp.id for lamp in lamp_catalogue if re.search(r"\bpulse", lamp.notes) and not lamp.pulsed] == []
    for lamp in lamp_catalogue:
        assert all(emitters.is_pulsed for emitters in lamp.emitters if lamp.pulsed)
