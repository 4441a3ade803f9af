"""Lasers by IEC 60825-1 and ICNIRP: limits for eye and skin, and of pulses; all taken as point sources.

The coefficients are rows of facts/data/limits. A larger source would be allowed more, so a point is the cautious one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from openpbm.facts.exposure import limit_value
from openpbm.facts.lamps import Emitters

__all__ = [
    "LaserLight",
    "Pulses",
    "correction_c5",
    "correction_c_a",
    "laser_eye_seconds",
    "laser_seconds",
    "laser_seconds_at",
    "laser_skin_limit_mw_cm2",
    "laser_skin_pulse_ratio",
    "laser_skin_seconds",
    "pulsed_power_mw",
    "pulses_of",
    "seconds_of_both",
    "single_pulse_ael_j",
    "single_pulse_ratio",
]


#: Of what an eye may get, what lasers use up beside LEDs [%].
_SHARES_PERCENT = (1, *range(5, 100, 5), 99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulses:
    """A train of even pulses: how often [1/s] and how long each [s]."""

    frequency_hz: float
    width_s: float

    @property
    def peak_over_mean(self) -> float:
        """Power in a pulse over the mean power [-]."""
        return 1.0 / (self.frequency_hz * self.width_s)


def pulses_of(emitters: Emitters) -> Pulses | None:
    """The pulses of a laser; None where it shines steadily."""
    if emitters.pulse_frequency_hz is None or (width_s := emitters.pulse_seconds) is None:
        return None
    return Pulses(frequency_hz=emitters.pulse_frequency_hz, width_s=width_s)


def pulsed_power_mw(emitters: Emitters) -> float | None:
    """Mean power of a laser [mW], the larger where that stated and that of its pulses differ; None where unknown.

    Of a cluster all diodes together, as if their beams met: nothing tells that they do not.
    """
    known = [power for power in (emitters.power_mw, emitters.mean_of_pulses_mw) if power is not None]
    return max(known) * (emitters.diodes or 1) if known else None


def single_pulse_ratio(emitters: Emitters) -> float | None:
    """Energy of one pulse over what class 1 may emit in one [-]; None for a laser without pulses.

    >>> pulses = {"peak_power_w": 27.0, "pulse_width_ns": 200.0, "pulse_frequency_hz": 10_000.0}
    >>> round(single_pulse_ratio(Emitters(wavelength_nm=904.0, power_mw=54.0, spot_diameter_mm=8.0, **pulses)), 1)
    27.4
    """
    pulses, power_mw = pulses_of(emitters), emitters.mean_of_pulses_mw or emitters.power_mw
    if pulses is None or power_mw is None:
        return None
    energy_j = power_mw * (emitters.diodes or 1) * 1e-3 / pulses.frequency_hz
    return energy_j / single_pulse_ael_j(emitters.wavelength_nm, pulses.width_s)


def correction_c_a(wavelength_nm: float) -> float:
    """Correction C_A for the lower absorption of melanin in the near infrared [-], 400-1400 nm.

    Source: `norway_2006_25_ec`, 2006/25/EC annex II table 2.5.

    >>> round(correction_c_a(850.0), 3)
    1.995
    """
    excess_nm = max(0.0, wavelength_nm - limit_value("c_a_from_nm"))
    return min(float(10.0 ** (limit_value("c_a_slope_per_nm") * excess_nm)), limit_value("c_a_most"))


def correction_c5(pulses: float, seconds: float) -> float:
    """Correction C5 of a single pulse's limit for a train of them, from a point source and pulses below 5 us [-].

    pulses : how many within `seconds`, the exposure or T2.   Source: `iec_60825_1` 4.3, unverified.

    >>> round(correction_c5(1e4, 10.0), 3), correction_c5(1e5, 10.0), correction_c5(500, 10.0)
    (0.5, 0.4, 1.0)
    """
    if seconds <= limit_value("laser_c5_until_s") or pulses <= limit_value("laser_c5_few_pulses"):
        return 1.0
    return max(limit_value("laser_c5_least"), limit_value("laser_c5_coefficient") * float(pulses**-0.25))


def single_pulse_ael_j(wavelength_nm: float, width_s: float) -> float:
    """Accessible emission limit of class 1 for one pulse [J], up to 10 s, 400-1050 nm.

    Source: `iec_60825_1` table 3, unverified.

    >>> f"{single_pulse_ael_j(904.0, 200e-9):.3g}"
    '1.97e-07'
    """
    correction = correction_c_a(wavelength_nm)
    if width_s < limit_value("laser_short_pulse_until_s"):
        return limit_value("laser_pulse_ael") * correction
    return limit_value("laser_ael_coefficient") * correction * float(width_s**0.75)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaserLight:
    """A laser's light. irradiance_w_m2 : mean over time and over the aperture that a limit names [W/m2]"""

    wavelength_nm: float
    irradiance_w_m2: float
    pulses: Pulses | None = None


def laser_eye_seconds(*lights: LaserLight) -> float:
    """Time until the limit for looking into lasers is reached [s]; 0 when shorter than the formula holds (18 us).

    lights : averaged over the 7 mm pupil, all as if on one spot of the retina, their pulses as if they met
    H <= 18 C_A t^0.75 up to 10 s, E <= 10 C_A beyond; of pulses each one as well, times C5.
    Source: `iec_60825_examples`, `iec_60825_1`; IEC 60825-1:2014 table A.1.

    >>> laser_eye_seconds(LaserLight(wavelength_nm=633.0, irradiance_w_m2=9.0))
    30000.0
    """
    # Every limit of the mean is a multiple of C_A, so that over C_A the lights of all wavelengths add up.
    mean = _mean_eye_seconds(math.fsum(one.irradiance_w_m2 / correction_c_a(one.wavelength_nm) for one in lights))
    trains = [(_share_of_pulse_limit(one, one.pulses), one.pulses) for one in lights if one.pulses is not None]
    used = math.fsum(share for share, _ in trains)
    return min([mean, *(_pulsed_eye_seconds(used, pulses) for _, pulses in trains)])


def _mean_eye_seconds(over_c_a_w_m2: float) -> float:
    if over_c_a_w_m2 <= limit_value("laser_eye_long"):
        return limit_value("longest_time_base")
    seconds = (limit_value("laser_eye_coefficient") / over_c_a_w_m2) ** 4
    if seconds < limit_value("laser_eye_shortest_s"):
        return 0.0
    return float(min(seconds, limit_value("laser_eye_short_until_s")))


def _share_of_pulse_limit(light: LaserLight, pulses: Pulses) -> float:
    """A pulse over the limit of a single one [-]."""
    return light.irradiance_w_m2 / pulses.frequency_hz / _single_pulse_eye_j_m2(light.wavelength_nm, pulses.width_s)


def _pulsed_eye_seconds(used: float, pulses: Pulses) -> float:
    """How long pulses may be looked at until each exceeds the limit of one times C5, which falls as they add up [s].

    used : a pulse over the limit of a single one [-]
    """
    if used > 1.0:
        return 0.0
    # Of longer pulses from a point source each counts for itself.
    short = pulses.width_s < limit_value("laser_short_pulse_until_s")
    if not short or used <= limit_value("laser_c5_least"):
        return limit_value("longest_time_base")
    most = max(limit_value("laser_c5_few_pulses"), (limit_value("laser_c5_coefficient") / used) ** 4)
    seconds = max(limit_value("laser_c5_until_s"), most / pulses.frequency_hz)
    # No more pulses are counted than fall within T2.
    return limit_value("longest_time_base") if seconds >= limit_value("laser_t2") else float(seconds)


def _single_pulse_eye_j_m2(wavelength_nm: float, width_s: float) -> float:
    correction = correction_c_a(wavelength_nm)
    if width_s < limit_value("laser_short_pulse_until_s"):
        return limit_value("laser_pulse_eye") * correction
    return limit_value("laser_eye_coefficient") * correction * float(width_s**0.75)


def laser_seconds(lasers: Sequence[Emitters], output_factor: float) -> float:
    """How long a bare eye may look into lasers [s]; 0 where the power or the spot of one is not known.

    Collimated to the spot at any distance; the pupil takes the centre of every spot.
    """
    lights = [_through_pupil(emitters, output_factor) for emitters in lasers]
    # A laser of unknown power or spot cannot be judged, and then not a moment is allowed.
    known = [light for light in lights if light is not None]
    return laser_eye_seconds(*known) if len(known) == len(lights) else 0.0


def laser_seconds_at(lasers: Sequence[Emitters], distance_mm: float, output_factor: float) -> float:
    """How long a bare eye may look into lasers whose divergence is stated from that far [s]; 0 for what is not known.

    Each spot has widened by its full angle times the distance.

    >>> probe = Emitters(wavelength_nm=850.0, power_mw=1.0, spot_diameter_mm=2.0, divergence_mrad=50.0)
    >>> round(laser_seconds_at([probe], 100.0, 1.0), 1), laser_seconds_at([probe], 1000.0, 1.0)
    (6.5, 30000.0)
    """
    return laser_seconds([_widened(emitters, distance_mm) for emitters in lasers], output_factor)


def _widened(emitters: Emitters, distance_mm: float) -> Emitters:
    wider_mm = 2.0 * distance_mm * math.tan((emitters.divergence_mrad or 0.0) * 1e-3 / 2.0)
    long, short = emitters.spot_diameter_mm, emitters.spot_short_mm
    return replace(
        emitters,
        spot_diameter_mm=None if long is None else long + wider_mm,
        spot_short_mm=None if short is None else short + wider_mm,
    )


def _through_pupil(emitters: Emitters, output_factor: float) -> LaserLight | None:
    pupil_mm, power_mw = limit_value("pupil_diameter"), pulsed_power_mw(emitters)
    if power_mw is None or emitters.spot_diameter_mm is None:
        return None
    # As of a round spot of the shorter axis, of which more meets the pupil than of an oval one.
    pupil_over_spot = (pupil_mm / (emitters.spot_short_mm or emitters.spot_diameter_mm)) ** 2
    share = -math.expm1(-2.0 * pupil_over_spot)
    if emitters.spot_profile == "flat_top":
        # A Gaussian has more in its middle, but an even spot that fits the pupil leaves nothing outside of it.
        share = max(share, min(1.0, pupil_over_spot))
    irradiance_mw_mm2 = share * power_mw * output_factor / (math.pi * pupil_mm**2 / 4.0)
    return LaserLight(
        wavelength_nm=emitters.wavelength_nm,
        irradiance_w_m2=irradiance_mw_mm2 * 1000.0,
        pulses=pulses_of(emitters),
    )


def seconds_of_both(of_lasers: Callable[[float], float], of_leds: Callable[[float], float]) -> float:
    """How long a bare eye may look into lasers and the LEDs beside them [s].

    of_lasers, of_leds : the time of each by itself [s] at so many times its light [-]
    Of what an eye may get the lasers take a share and the LEDs the rest, the best so, since each uses up some of it.

    >>> round(seconds_of_both(lambda over: 100.0 / over, lambda over: 100.0 / over))
    50
    """
    return max(min(of_lasers(100.0 / share), of_leds(100.0 / (100.0 - share))) for share in _SHARES_PERCENT)


def laser_skin_limit_mw_cm2(wavelength_nm: float) -> float:
    """Skin limit for continuous laser light beyond 10 s [mW/cm2]: 200 C_A, 400-1050 nm.

    Source: `bs_en_60825_1_2014`.

    >>> round(laser_skin_limit_mw_cm2(850.0))
    399
    """
    return limit_value("laser_skin_long") * correction_c_a(wavelength_nm)


def laser_skin_seconds(light: LaserLight) -> float:
    """Time until the limit of skin under a laser is reached [s]; 30000 at 2000 C_A W/m2 and below.

    light : averaged over 3.5 mm.   H <= 11000 C_A t^0.25 up to 10 s; of pulses each one as well.
    Source: `icnirp2013_laser` table 7, unverified.

    >>> round(laser_skin_seconds(LaserLight(wavelength_nm=808.0, irradiance_w_m2=20788.0)), 2)
    0.83
    """
    nm, mean_w_m2, pulses = light.wavelength_nm, light.irradiance_w_m2, light.pulses
    if pulses is not None and mean_w_m2 / pulses.frequency_hz > _single_pulse_skin_j_m2(nm, pulses.width_s):
        return 0.0
    if mean_w_m2 <= 10.0 * laser_skin_limit_mw_cm2(nm):
        return limit_value("longest_time_base")
    seconds = (limit_value("laser_skin_coefficient") * correction_c_a(nm) / mean_w_m2) ** (4.0 / 3.0)
    return float(min(seconds, limit_value("laser_skin_long_from_s")))


def laser_skin_pulse_ratio(irradiance_w_m2: float, emitters: Emitters) -> float:
    """Exposure of skin in one pulse over its limit [-]; 0 for a laser without pulses.

    irradiance_w_m2 : mean over time [W/m2].   Source: `icnirp2013_laser` table 7, unverified.
    """
    pulses = pulses_of(emitters)
    if pulses is None:
        return 0.0
    return irradiance_w_m2 / pulses.frequency_hz / _single_pulse_skin_j_m2(emitters.wavelength_nm, pulses.width_s)


def _single_pulse_skin_j_m2(wavelength_nm: float, width_s: float) -> float:
    correction = correction_c_a(wavelength_nm)
    if width_s < limit_value("laser_skin_pulse_until_s"):
        return limit_value("laser_skin_pulse") * correction
    return limit_value("laser_skin_coefficient") * correction * float(width_s**0.25)
