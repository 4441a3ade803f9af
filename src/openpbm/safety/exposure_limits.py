"""Exposure limits of eye and skin that need arithmetic, LEDs first; the coefficients are rows of facts/data/limits.

Every function cites its clause. The clauses of the paid standards were read as quoted by others; which rows are
verified stands in the data.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from openpbm.device import Beam, BeamComponent, FieldUnknown, LaserSpot, LedArray, lasers_of
from openpbm.device import beam as beam_at
from openpbm.facts.exposure import limit_value
from openpbm.facts.lamps import Emitters, Lamp, Stand
from openpbm.safety.laser_class import laser_class
from openpbm.safety.laser_limits import laser_seconds, laser_skin_limit_mw_cm2, seconds_of_both
from openpbm.safety.retina import Seen, bounded_angle, retinal_seconds

__all__ = [
    "W_M2_PER_MW_CM2",
    "EyeExposure",
    "cornea_seconds",
    "eye_exposure",
    "eye_safe_unsupervised",
    "incoherent_skin_seconds",
    "skin_exposure_ratio",
    "whole_seconds",
]

W_M2_PER_MW_CM2 = 10.0
_WIDE = ("pad", "panel", "wrap", "whole_body")


@dataclass(frozen=True, slots=True, kw_only=True)
class EyeExposure:
    """How long a bare eye may look at the lamp.

    seconds_without_eyewear : shortest of all hazards, and of lasers with the LEDs beside them, in whole seconds,
        rounded down, at most 30000 [s]
    limiting_hazard : ir_cornea, retinal_thermal, weak_visual_stimulus, blue_light, laser_eye; none when nothing limits
    eye_distance_mm : from the lamp [mm];  irradiance_w_m2 : at the eye, all wavelengths [W/m2]
    seconds_by_hazard : every hazard that was looked at, each by itself
    """

    seconds_without_eyewear: float
    limiting_hazard: str
    eye_distance_mm: float
    irradiance_w_m2: float
    seconds_by_hazard: tuple[tuple[str, float], ...]


def skin_exposure_ratio(lit: Iterable[tuple[BeamComponent, float]]) -> float:
    """Sum of irradiance over limit; above 1 the skin limit is exceeded [-].

    lit : each wavelength's light on the skin, with the highest irradiance it may come to [mW/cm2]

    Lasers: 200 C_A. Other light has a limit of irradiance up to 10 s alone, and the one of 10 s is held to here; what
    skin may get for longer is a matter of its temperature.
    """
    return math.fsum(level / _skin_limit_mw_cm2(part) for part, level in lit)


def _skin_limit_mw_cm2(part: BeamComponent) -> float:
    if isinstance(part.light, LaserSpot):
        return laser_skin_limit_mw_cm2(part.wavelength_nm)
    until_s = limit_value("skin_thermal_until_s")
    return float(limit_value("skin_thermal_coefficient") * until_s**-0.75 / W_M2_PER_MW_CM2)


def cornea_seconds(irradiance_w_m2: float) -> float:
    """Time until the infrared limit of cornea and lens is reached [s]; 30000 at 100 W/m2 and below.

    irradiance_w_m2 : 780-3000 nm at the eye [W/m2].  E <= 18000 t^-0.75 up to 1000 s, E <= 100 beyond.
    Source: `iec_62471_examples`, `icnirp2013`; IEC 62471:2006 4.3.7.

    >>> round(cornea_seconds(500.0))
    119
    """
    if irradiance_w_m2 <= limit_value("ir_cornea_long"):
        return limit_value("longest_time_base")
    seconds = (limit_value("ir_cornea_coefficient") / irradiance_w_m2) ** (4.0 / 3.0)
    return float(min(seconds, limit_value("ir_cornea_long_from_s")))


def whole_seconds(seconds: float) -> float:
    """An allowed time in whole seconds: rounded down, since a second more would not be allowed.

    >>> whole_seconds(118.87)
    118.0
    """
    return float(math.floor(seconds))


def incoherent_skin_seconds(irradiance_w_m2: float) -> float:
    """Time until the limit of skin under LEDs and lamps is reached [s]; 30000 where that takes 10 s or more.

    irradiance_w_m2 : 380-3000 nm [W/m2].   H <= 20000 t^0.25 up to 10 s, and no limit beyond: there warmth limits.
    Source: `icnirp2013`, unverified.

    >>> incoherent_skin_seconds(3500.0), round(incoherent_skin_seconds(7000.0), 1)
    (30000.0, 4.1)
    """
    seconds = (limit_value("skin_thermal_coefficient") / irradiance_w_m2) ** (4.0 / 3.0)
    return float(seconds if seconds < limit_value("skin_thermal_until_s") else limit_value("longest_time_base"))


def eye_exposure(lamp: Lamp, beam: Beam, distance_mm: float, output_factor: float) -> EyeExposure:
    """How long a bare eye may look into the lamp from where the skin is, on the axis and into the brightest spot.

    beam : Beam             of this lamp at distance_mm
    distance_mm : float     lamp to skin; below 10 mm the eye is taken 100 mm from the lifted lamp [mm]
    output_factor : float   on the stated output; safety uses the prior's `safety_factor` [-]
    A lamp in one of its modes is judged by all it can emit, and of several lamps each is looked into at once.
    """
    if lamp.whole_emitters:
        lamp = lamp.whole
        beam = beam_at(lamp, distance_mm)
    if any(emitters.stand is not None for emitters in lamp.emitters):
        eye_mm, lamp = _looked_into(lamp, distance_mm)
        at_eye = beam_at(lamp, eye_mm)
    else:
        eye_mm, at_eye = _beam_at_eye(lamp, beam, distance_mm)
    seconds = _seconds_by_hazard(lamp, at_eye, output_factor)
    hazard = min(seconds, key=lambda name: seconds[name])
    shortest = min(seconds[hazard], _beside_lasers(lamp, at_eye, output_factor))
    return EyeExposure(
        seconds_without_eyewear=whole_seconds(shortest),
        limiting_hazard=hazard if shortest < limit_value("longest_time_base") else "none",
        eye_distance_mm=eye_mm,
        irradiance_w_m2=math.fsum(_peaks_w_m2(lamp, at_eye, output_factor)),
        seconds_by_hazard=tuple(sorted(seconds.items())),
    )


def _beside_lasers(lamp: Lamp, at_eye: Beam, output_factor: float) -> float:
    """The time of lasers with the LEDs beside them [s]; the longest where a lamp has not both."""
    lasers = lasers_of(lamp)
    lit = [
        (emitters, part)
        for emitters, part in zip(lamp.emitters, at_eye.components, strict=True)
        if emitters.spot_diameter_mm is None
    ]
    if not lasers or not lit:
        return float(limit_value("longest_time_base"))
    leds = replace(lamp, emitters=tuple(emitters for emitters, _ in lit))
    of_leds = replace(at_eye, components=tuple(part for _, part in lit))
    return seconds_of_both(
        lambda over: laser_seconds(lasers, output_factor * over),
        lambda over: min(_seconds_by_hazard(leds, of_leds, output_factor * over).values()),
    )


def _peaks_w_m2(lamp: Lamp, at_eye: Beam, output_factor: float) -> list[float]:
    """The brightest light of each emitter that an eye may meet [W/m2]."""
    cell_mm = max((e.pitch_mm or 0.0 for e in lamp.emitters), default=0.0)
    # A field of one pitch holds the brightest spot, wherever the eye is in front of the grid.
    return [
        part.peak_mw_cm2(cell_mm, cell_mm) * output_factor * _counted_as_steady(emitters) * W_M2_PER_MW_CM2
        for emitters, part in zip(lamp.emitters, at_eye.components, strict=True)
    ]


def _seconds_by_hazard(lamp: Lamp, at_eye: Beam, output_factor: float) -> dict[str, float]:
    """How long each hazard by itself lets a bare eye look [s]."""
    irradiance_w_m2 = _peaks_w_m2(lamp, at_eye, output_factor)
    from_nm = limit_value("ir_cornea_from_nm")
    infrared_w_m2 = math.fsum(
        level
        for level, emitters in zip(irradiance_w_m2, lamp.emitters, strict=True)
        if emitters.wavelength_nm + (emitters.bandwidth_nm or 0.0) / 2.0 >= from_nm
    )
    peak_over_mean, pulse_s = _slow_pulses(lamp)
    # Too strong for the length of one pulse, it is too strong for any time.
    held = cornea_seconds(infrared_w_m2 * peak_over_mean) < pulse_s < math.inf
    seconds = {"ir_cornea": 0.0 if held else cornea_seconds(infrared_w_m2)}
    seconds.update(_retinal_seconds(lamp, at_eye, output_factor))
    lasers = lasers_of(lamp)
    if lasers:
        seconds["laser_eye"] = laser_seconds(lasers, output_factor)
    return seconds


def eye_safe_unsupervised(lamp: Lamp, exposure: EyeExposure) -> bool:
    """Whether the lamp may be used alone without eyewear going wrong at a glance.

    At least 100 s without eyewear (risk group 1 of IEC 62471 for the infrared hazard of the eye) and no laser of class
    3B or 4.
    """
    enough_time = exposure.seconds_without_eyewear >= limit_value("unsupervised_seconds")
    if not lasers_of(lamp) and lamp.laser_class is None:
        return enough_time
    return enough_time and laser_class(lamp) not in ("3B", "4")


def _looked_into(lamp: Lamp, distance_mm: float) -> tuple[float, Lamp]:
    """Where the eye is [mm], and each lamp straight in front of it, as far off as it stands or, lifted, 100 mm."""
    eye_mm = _eye_at_mm(distance_mm)

    def seen(emitters: Emitters) -> Emitters:
        own_mm = _eye_at_mm((emitters.stand or Stand()).at_mm(distance_mm))
        if emitters.rows is None and emitters.at_distance_mm is not None:
            # Known at one distance only, and taken as it is there.
            own_mm = emitters.at_distance_mm
        return replace(emitters, stand=Stand(beyond_mm=own_mm - eye_mm))

    return eye_mm, replace(lamp, emitters=tuple(seen(emitters) for emitters in lamp.emitters))


def _eye_at_mm(distance_mm: float) -> float:
    near = distance_mm < limit_value("near_use_below")
    return limit_value("eye_distance_in_contact") if near else distance_mm


def _beam_at_eye(lamp: Lamp, beam: Beam, distance_mm: float) -> tuple[float, Beam]:
    """Where the eye is [mm] and the beam there; a field known at one distance is taken as it is, which overstates."""
    eye_mm = _eye_at_mm(distance_mm)
    if eye_mm == distance_mm:
        return distance_mm, beam
    try:
        return eye_mm, beam_at(lamp, eye_mm)
    except FieldUnknown:
        return eye_mm, beam


def _retinal_seconds(lamp: Lamp, at_eye: Beam, output_factor: float) -> dict[str, float]:
    """Each limit of the retina at the worse of a single emitter and the array as a whole; none for a bare laser."""
    lit = [
        (emitters, part)
        for emitters, part in zip(lamp.emitters, at_eye.components, strict=True)
        if not isinstance(part.light, LaserSpot)
    ]
    if not lit:
        return {}
    angle = _unknown_angle(lamp)
    pulses = _slow_pulses(lamp)
    emitter, array = [], []
    for emitters, part in lit:
        factor = output_factor * _counted_as_steady(emitters)
        emitter.append(_seen(part, _emitter_angle(emitters, part, angle), factor))
        array.append(_seen(part, _array_angle(part, angle), factor))
    single, whole = (retinal_seconds(seen, peak_over_mean=pulses[0], pulse_s=pulses[1]) for seen in (emitter, array))
    return {hazard: min(seconds, whole[hazard]) for hazard, seconds in single.items()}


def _counted_as_steady(emitters: Emitters) -> float:
    """The irradiance that counts over the mean [-]: of LEDs pulsed nobody knows how often, that of the peak."""
    return 1.0 if emitters.duty is None or emitters.pulse_frequency_hz is not None else 1.0 / emitters.duty


def _slow_pulses(lamp: Lamp) -> tuple[float, float]:
    """Of its LEDs the highest peak over mean [-] and the longest pulse [s], infinite where none is known."""
    pulsed = [e for e in lamp.emitters if e.duty is not None and e.pulse_frequency_hz is not None]
    duties = [e.duty for e in pulsed if e.duty is not None]
    longest = max((e.pulse_seconds or 0.0 for e in pulsed), default=math.inf)
    return 1.0 / min(duties, default=1.0), longest


def _unknown_angle(lamp: Lamp) -> float:
    """Angular size of a source of which an irradiance alone is known [rad]."""
    # A panel or a pad fills what an eye in front of it sees. Whatever else shines may be a single bright spot.
    return limit_value("largest_angle" if lamp.kind in _WIDE else "acceptance_angle")


def _emitter_angle(emitters: Emitters, part: BeamComponent, unknown: float) -> float:
    """Angular size of one emitter, between the smallest averaging angle and the largest that counts [rad]."""
    if not isinstance(part.light, LedArray):
        return unknown
    return bounded_angle((emitters.emitter_diameter_mm or 0.0) / part.light.distance_mm)


def _array_angle(part: BeamComponent, unknown: float) -> float:
    """Angular size of the array, mean of its two sides, bounded likewise [rad]."""
    if not isinstance(part.light, LedArray):
        return unknown
    mean_side_mm = (part.light.rows + part.light.columns) / 2.0 * part.light.pitch_mm
    return bounded_angle(mean_side_mm / part.light.distance_mm)


def _seen(part: BeamComponent, angle: float, output_factor: float) -> Seen:
    """What arrives at the eye from within a cone of this full angle.

    For an array the cone holds as many emitters as its foot has cells, at least one and at most all. A field without
    geometry is taken to fill the cone.
    """
    light = part.light
    if isinstance(light, LedArray):
        in_cone = math.pi * (angle * light.distance_mm / 2.0) ** 2 / light.pitch_mm**2
        emitters_seen = min(max(1.0, in_cone), float(light.rows * light.columns))
        irradiance_mw_mm2 = emitters_seen * light.axial_intensity_mw_sr / light.distance_mm**2
    else:
        irradiance_mw_mm2 = float(part.irradiance_mw_cm2(0.0, 0.0)) / 100.0
    return Seen(
        wavelength_nm=part.wavelength_nm, irradiance_w_m2=irradiance_mw_mm2 * 1000.0 * output_factor, angle=angle
    )
