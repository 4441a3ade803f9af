"""Lasers: single pulses, trains, skin and class, against worked check values of IEC 60825-1 and ICNIRP."""

from __future__ import annotations

import random

import pytest

from openpbm.facts.exposure import limit_value
from openpbm.facts.lamps import Emitters, Lamp
from openpbm.safety.laser_class import class_of_laser, laser_class
from openpbm.safety.laser_limits import (
    LaserLight,
    Pulses,
    correction_c5,
    correction_c_a,
    laser_eye_seconds,
    laser_skin_limit_mw_cm2,
    laser_skin_seconds,
    single_pulse_ael_j,
)

WIDTH_S, PEAK_W = 200e-9, 27.0
PULSE_J = PEAK_W * WIDTH_S


def superpulsed(frequency_hz: float) -> Pulses:
    return Pulses(frequency_hz=frequency_hz, width_s=WIDTH_S)


def test_one_pulse_of_a_superpulsed_laser() -> None:
    """Worked: 904 nm, 27 W, 200 ns is 5.40 uJ; class 1 has 1.97e-7 J (27 times over), 3R 9.85e-7 J (5.5 times): 3B."""
    assert pytest.approx(5.40e-6) == PULSE_J
    limit = single_pulse_ael_j(904.0, WIDTH_S)
    assert limit == pytest.approx(1.97e-7, rel=2e-3)
    assert PULSE_J / limit == pytest.approx(27.4, rel=2e-3)
    assert PULSE_J / (5.0 * limit) == pytest.approx(5.5, rel=5e-3)
    for frequency_hz in (0.01, 1.0, 1000.0, 10_000.0):
        assert class_of_laser(1e3 * PULSE_J * frequency_hz, 904.0, superpulsed(frequency_hz)) == "3B"


def light(irradiance_w_m2: float, wavelength_nm: float, pulses: Pulses | None = None) -> LaserLight:
    return LaserLight(wavelength_nm=wavelength_nm, irradiance_w_m2=irradiance_w_m2, pulses=pulses)


@pytest.mark.parametrize(
    ("frequency_hz", "c5", "over_pulse", "over_mean", "skin_w_m2"),
    [(1_000.0, 0.5, 55.0, 5.4, 561.0), (10_000.0, 0.4, 69.0, 54.0, 5613.0)],
)
def test_a_train_of_pulses(
    frequency_hz: float, c5: float, over_pulse: float, over_mean: float, skin_w_m2: float
) -> None:
    """Worked: over the pulse limit times C5 and the average one; on 3.5 mm of skin 561 and 5613 of 5117 W/m2."""
    found = correction_c5(10.0 * frequency_hz, 10.0)
    assert found == pytest.approx(c5)
    assert PULSE_J / (single_pulse_ael_j(904.0, WIDTH_S) * found) == pytest.approx(over_pulse, rel=0.01)
    mean_mw = 1e3 * PULSE_J * frequency_hz
    assert mean_mw / (limit_value("class_1_power") * correction_c_a(904.0)) == pytest.approx(over_mean, rel=0.01)
    on_skin = 1e-3 * mean_mw / (3.14159 * 1.75e-3**2)
    assert on_skin == pytest.approx(skin_w_m2, rel=2e-3)
    assert 10.0 * laser_skin_limit_mw_cm2(904.0) == pytest.approx(5117.0, rel=1e-3)
    seconds = laser_skin_seconds(light(on_skin, 904.0, superpulsed(frequency_hz)))
    assert (seconds == 30_000.0) is (skin_w_m2 < 5117.0)


def test_long_pulses_are_held_to_the_power_of_continuous_light() -> None:
    """IEC 60825-1 table 8: from 0.06 C_A s on class 3B has 0.5 W. 4 W for 0.5 s once a minute is 33 mW in the mean."""
    pulses = Pulses(frequency_hz=1.0 / 60.0, width_s=0.5)
    assert class_of_laser(4000.0 / pulses.peak_over_mean, 808.0, pulses) == "4"
    assert class_of_laser(400.0 / pulses.peak_over_mean, 808.0, pulses) == "3B"


def test_on_skin_the_average_decides_and_not_the_peak() -> None:
    """Worked: one pulse gives 0.56 of the 595 J/m2 that skin may get in 200 ns."""
    one = PULSE_J / (3.14159 * 1.75e-3**2)
    assert one == pytest.approx(0.56, rel=0.01)
    assert laser_skin_seconds(light(594.0, 904.0, superpulsed(1.0))) == 30_000.0
    assert laser_skin_seconds(light(597.0, 904.0, superpulsed(1.0))) == 0.0


def test_an_808_nm_probe() -> None:
    """Worked: 200 mW continuous is 3B; eye 16.4 W/m2; skin 3289 W/m2, 6.3 times over in 3.5 mm, which 0.83 s allow."""
    assert class_of_laser(200.0, 808.0) == "3B"
    assert 10.0 * correction_c_a(808.0) == pytest.approx(16.4, rel=3e-3)
    assert laser_skin_limit_mw_cm2(808.0) == pytest.approx(328.9, rel=1e-3)
    assert 20_788.0 / (10.0 * laser_skin_limit_mw_cm2(808.0)) == pytest.approx(6.3, rel=5e-3)
    assert laser_skin_seconds(light(20_788.0, 808.0)) == pytest.approx(0.83, abs=0.005)
    assert laser_skin_seconds(light(3_288.0, 808.0)) == 30_000.0
    assert laser_skin_seconds(light(3_300.0, 808.0)) < 10.0


@pytest.mark.parametrize(
    ("power_mw", "pulses", "expected"),
    [
        # A pulse of class 1 at a mean of class 1, then each beyond its own.
        (1e-4, Pulses(frequency_hz=1.0, width_s=1e-7), "1"),
        (0.5, Pulses(frequency_hz=1.0, width_s=1e-7), "3B"),
        (0.6e-3, Pulses(frequency_hz=1.0, width_s=1e-7), "3R"),
        (3.0, Pulses(frequency_hz=1e6, width_s=1e-7), "3R"),
        # 0.03 C_A J in a pulse is the end of class 3B.
        (60.0, Pulses(frequency_hz=1.0, width_s=1e-7), "4"),
        (60.0, Pulses(frequency_hz=1.0, width_s=0.5), "3B"),
    ],
)
def test_the_stricter_of_mean_and_pulse_gives_the_class(power_mw: float, pulses: Pulses, expected: str) -> None:
    assert class_of_laser(power_mw, 808.0, pulses) == expected


def test_pulses_only_shorten_and_only_raise_the_class() -> None:
    """Whatever the train: never longer than by the mean, never a lower class; more light never longer."""
    chance = random.Random(5)
    order = ("1", "2", "3R", "3B", "4")
    for _ in range(400):
        width_s = 10.0 ** chance.uniform(-9, -1)
        train = Pulses(frequency_hz=chance.random() / width_s, width_s=width_s)
        level, nm = 10.0 ** chance.uniform(-3, 5), chance.uniform(600, 1000)
        for seconds_of in (laser_eye_seconds, laser_skin_seconds):
            pulsed = seconds_of(light(level, nm, train))
            assert 0.0 <= pulsed <= seconds_of(light(level, nm))
            assert seconds_of(light(2.0 * level, nm, train)) <= pulsed
        assert order.index(class_of_laser(level, nm, train)) >= order.index(class_of_laser(level, nm))


def test_a_train_may_be_looked_at_until_its_pulses_add_up() -> None:
    """C5 = 5 N^-0.25: at 0.8 of the single pulse's limit N may be (5 / 0.8)^4 = 1526."""
    single = limit_value("laser_pulse_eye") * correction_c_a(904.0)
    weak = superpulsed(1_000.0)
    # So weak a mean would be allowed for long: only the pulses count.
    assert laser_eye_seconds(light(0.39 * single * 1_000.0, 904.0, weak)) == 30_000.0
    assert laser_eye_seconds(light(0.8 * single * 1_000.0, 904.0, weak)) == pytest.approx(1.526, rel=1e-3)
    assert laser_eye_seconds(light(1.01 * single * 1_000.0, 904.0, weak)) == 0.0


def beams(count: int, *, peak_w: float = 0.5, hz: float = 2000.0) -> Lamp:
    """0.5 W for 200 ns, 2000 times a second: 0.2 mW and 0.51 of what class 1 may emit in one pulse."""
    one = Emitters(
        wavelength_nm=904.0, spot_diameter_mm=6.0, peak_power_w=peak_w, pulse_width_ns=200.0, pulse_frequency_hz=hz
    )
    return Lamp(id="a", name="cluster", kind="laser", output_status="claimed", emitters=(one,) * count)


def test_the_pulses_of_several_lasers_meet() -> None:
    """Each by itself is 1.2 times the limit of its train, ten are 12 times and 2 mW, which class 3R would have."""
    assert laser_class(beams(1)) == "3R"
    assert laser_class(beams(10)) == "3B"
    # At a tenth of the peak all ten are as strong as the one.
    assert laser_class(beams(10, peak_w=0.05)) == "3R"
    # 0.03 C_A J, 77 mJ, end class 3B: two pulses of 50 mJ together are beyond it.
    assert [laser_class(beams(count, peak_w=250_000.0, hz=1.0)) for count in (1, 2)] == ["3B", "4"]
