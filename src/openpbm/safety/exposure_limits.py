"""Exposure limits of eye and skin that need arithmetic, LEDs first; the coefficients are rows of facts/data/limits.

Every function cites its clause. The clauses of the paid standards were read as quoted by others; which rows are
verified stands in the data.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from openpbm.device import Beam, BeamComponent, FieldUnknown, LaserSpot, LedArray
from openpbm.device import beam as beam_at
from openpbm.facts.exposure import limit_value
from openpbm.facts.lamps import Emitters, Lamp
from openpbm.safety.laser_limits import laser_class, laser_eye_seconds, laser_skin_limit_mw_cm2, lasers_of

__all__ = [
    "EyeExposure",
    "blue_light_seconds",
    "bounded_angle",
    "cornea_seconds",
    "eye_exposure",
    "eye_safe_unsupervised",
    "incoherent_skin_seconds",
    "retinal_seconds",
    "retinal_thermal_seconds",
    "retinal_weight",
    "skin_exposure_ratio",
    "weak_visual_stimulus_seconds",
    "whole_seconds",
]

_W_M2_PER_MW_CM2 = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EyeExposure:
    """How long a bare eye may look at the lamp.

    seconds_without_eyewear : shortest of all hazards in whole seconds, rounded down, at most 30000 [s]
    limiting_hazard : ir_cornea, retinal_thermal, weak_visual_stimulus, laser_eye, or none when nothing limits
    eye_distance_mm : from the lamp [mm];  irradiance_w_m2 : at the eye, all wavelengths [W/m2]
    seconds_by_hazard : every hazard that was looked at
    """

    seconds_without_eyewear: float
    limiting_hazard: str
    eye_distance_mm: float
    irradiance_w_m2: float
    seconds_by_hazard: tuple[tuple[str, float], ...]


def skin_exposure_ratio(components: Iterable[tuple[float, float]]) -> float:
    """Sum of irradiance over limit; above 1 the skin limit is exceeded [-].

    components : pairs of wavelength [nm] and the highest irradiance on the skin [mW/cm2]

    For LEDs too: beyond 10 s no limit for incoherent light on the skin exists (discomfort is held to protect), so the
    laser limit, the most conservative candidate, stands in for it, unverified for this use.
    """
    return math.fsum(
        irradiance_mw_cm2 / laser_skin_limit_mw_cm2(wavelength_nm) for wavelength_nm, irradiance_mw_cm2 in components
    )


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


def retinal_weight(wavelength_nm: float) -> float:
    """Retinal thermal weighting R [-], 600-1050 nm: 1 up to 700 nm, then 10^((700 - wavelength) / 500).

    Source: `iec_62471` table 4.2, unverified.
    """
    excess_nm = max(0.0, wavelength_nm - limit_value("retinal_weight_from_nm"))
    return float(10.0 ** (-excess_nm / limit_value("retinal_weight_scale_nm")))


def retinal_thermal_seconds(radiance_times_angle: float) -> float:
    """Time until the retinal thermal limit is reached [s].

    radiance_times_angle : weighted radiance x angular size of the source [W/m2/sr rad].
    Source: `icnirp2013`, unverified.
    """
    if radiance_times_angle <= limit_value("retinal_thermal_long"):
        return limit_value("longest_time_base")
    return float((limit_value("retinal_thermal_short") / radiance_times_angle) ** 4)


def weak_visual_stimulus_seconds(radiance_times_angle: float) -> float:
    """Time until the limit for an infrared lamp the eye does not see is reached [s].

    radiance_times_angle : weighted radiance x angular size of the source [W/m2/sr rad].
    The long limit is the stricter one of IEC 62471:2006 4.3.6 (6000), the short branch that of ICNIRP 2013.
    Source: `iec_62471_osram_example`, `icnirp2013`.
    """
    if radiance_times_angle <= limit_value("weak_stimulus_long"):
        return limit_value("longest_time_base")
    seconds = (limit_value("weak_stimulus_short") / radiance_times_angle) ** 4
    return float(min(seconds, limit_value("weak_stimulus_short_until_s")))


def retinal_seconds(radiance_times_angle: float, *, unseen: bool) -> dict[str, float]:
    """Time until each retinal limit [s]; `unseen`: no light of the lamp is visible, so that no glare warns."""
    found = {"retinal_thermal": retinal_thermal_seconds(radiance_times_angle)}
    if unseen:
        found["weak_visual_stimulus"] = weak_visual_stimulus_seconds(radiance_times_angle)
    return found


def blue_light_seconds(radiance_w_m2_sr: float) -> float:
    """Time until the blue-light limit of the retina is reached [s]: L_B t <= 10^6 up to 10000 s, L_B <= 100 beyond.

    radiance_w_m2_sr : weighted by B [W/m2/sr].   Source: `iec_62471` 4.3.3, unverified.

    >>> round(blue_light_seconds(141.0))
    7092
    """
    if radiance_w_m2_sr <= limit_value("blue_long"):
        return limit_value("longest_time_base")
    return float(min(limit_value("blue_dose") / radiance_w_m2_sr, limit_value("blue_long_from_s")))


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
    """
    eye_mm, at_eye = _beam_at_eye(lamp, beam, distance_mm)
    cell_mm = max((e.pitch_mm or 0.0 for e in lamp.emitters), default=0.0)
    # A field of one pitch holds the brightest spot, wherever the eye is in front of the grid.
    irradiance_w_m2 = [
        part.peak_mw_cm2(cell_mm, cell_mm) * output_factor * _W_M2_PER_MW_CM2 for part in at_eye.components
    ]
    from_nm = limit_value("ir_cornea_from_nm")
    infrared_w_m2 = math.fsum(
        level for level, part in zip(irradiance_w_m2, at_eye.components, strict=True) if part.wavelength_nm >= from_nm
    )
    seconds = {"ir_cornea": cornea_seconds(infrared_w_m2)}
    seconds.update(_retinal_seconds(lamp, at_eye, output_factor))
    lasers = [_laser_seconds(emitters, output_factor) for emitters in lasers_of(lamp)]
    if lasers:
        seconds["laser_eye"] = min(lasers)
    hazard = min(seconds, key=lambda name: seconds[name])
    shortest = seconds[hazard]
    return EyeExposure(
        seconds_without_eyewear=whole_seconds(shortest),
        limiting_hazard=hazard if shortest < limit_value("longest_time_base") else "none",
        eye_distance_mm=eye_mm,
        irradiance_w_m2=math.fsum(irradiance_w_m2),
        seconds_by_hazard=tuple(sorted(seconds.items())),
    )


def eye_safe_unsupervised(lamp: Lamp, exposure: EyeExposure) -> bool:
    """Whether the lamp may be used alone without eyewear going wrong at a glance.

    At least 100 s without eyewear (risk group 1 of IEC 62471 for the infrared hazard of the eye) and no laser of class
    3B or 4.
    """
    enough_time = exposure.seconds_without_eyewear >= limit_value("unsupervised_seconds")
    return enough_time and laser_class(lamp) not in ("3B", "4")


def _beam_at_eye(lamp: Lamp, beam: Beam, distance_mm: float) -> tuple[float, Beam]:
    """Where the eye is [mm] and the beam there; a field known at one distance is taken as it is, which overstates."""
    if distance_mm >= limit_value("near_use_below"):
        return distance_mm, beam
    eye_mm = limit_value("eye_distance_in_contact")
    try:
        return eye_mm, beam_at(lamp, eye_mm)
    except FieldUnknown:
        return eye_mm, beam


def _laser_seconds(emitters: Emitters, output_factor: float) -> float:
    """Collimated to the spot at any distance; the pupil takes the centre of the spot."""
    pupil_mm = limit_value("pupil_diameter")
    # A laser of unknown power or spot cannot be judged, and then not a moment is allowed.
    if emitters.power_mw is None or emitters.spot_diameter_mm is None:
        return 0.0
    through_pupil_mw = emitters.power_mw * -math.expm1(-2.0 * (pupil_mm / emitters.spot_diameter_mm) ** 2)
    irradiance_mw_mm2 = through_pupil_mw * output_factor / (math.pi * pupil_mm**2 / 4.0)
    return laser_eye_seconds(irradiance_mw_mm2 * 1000.0, emitters.wavelength_nm)


def _retinal_seconds(lamp: Lamp, at_eye: Beam, output_factor: float) -> dict[str, float]:
    """Both retinal limits, each at the worse of a single emitter and the array as a whole; none for a bare laser."""
    lit = [
        (emitters, part)
        for emitters, part in zip(lamp.emitters, at_eye.components, strict=True)
        if not isinstance(part.light, LaserSpot)
    ]
    if not lit:
        return {}
    single = sum(_radiance_times_angle(part, _emitter_angle(emitters, part)) for emitters, part in lit) * output_factor
    whole = sum(_radiance_times_angle(part, _array_angle(part)) for _, part in lit) * output_factor
    unseen = all(emitters.wavelength_nm >= limit_value("ir_cornea_from_nm") for emitters in lamp.emitters)
    return retinal_seconds(max(single, whole), unseen=unseen)


def _emitter_angle(emitters: Emitters, part: BeamComponent) -> float:
    """Angular size of one emitter, between the smallest averaging angle and the largest that counts [rad]."""
    if not isinstance(part.light, LedArray):
        return limit_value("largest_angle")
    return bounded_angle((emitters.emitter_diameter_mm or 0.0) / part.light.distance_mm)


def _array_angle(part: BeamComponent) -> float:
    """Angular size of the array, mean of its two sides, bounded likewise [rad]."""
    if not isinstance(part.light, LedArray):
        return limit_value("largest_angle")
    mean_side_mm = (part.light.rows + part.light.columns) / 2.0 * part.light.pitch_mm
    return bounded_angle(mean_side_mm / part.light.distance_mm)


def bounded_angle(angle: float) -> float:
    """An angular size between the smallest averaging angle and the largest that counts [rad]."""
    return min(max(angle, limit_value("acceptance_angle")), limit_value("largest_angle"))


def _radiance_times_angle(part: BeamComponent, angle: float) -> float:
    """Weighted radiance averaged over a cone of this full angle, times the angle [W/m2/sr rad].

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
    radiance_w_m2_sr = irradiance_mw_mm2 * 1000.0 / (math.pi * angle**2 / 4.0)
    return radiance_w_m2_sr * angle * retinal_weight(part.wavelength_nm)
