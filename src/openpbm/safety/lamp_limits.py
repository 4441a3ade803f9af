"""How long bare eyes and skin may be lit by a lamp, or by an irradiance of which nothing else is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from openpbm.device import Beam, FieldUnknown, LaserSpot, beam, output_prior
from openpbm.facts.exposure import exposure_limits, limit_value
from openpbm.facts.lamps import Lamp, LaserClass
from openpbm.facts.sites import sites
from openpbm.safety.exposure_limits import (
    blue_light_seconds,
    bounded_angle,
    cornea_seconds,
    eye_exposure,
    incoherent_skin_seconds,
    retinal_seconds,
    retinal_thermal_seconds,
    retinal_weight,
    whole_seconds,
)
from openpbm.safety.laser_limits import (
    Pulses,
    class_of_laser,
    laser_class,
    laser_eye_seconds,
    laser_skin_limit_mw_cm2,
    laser_skin_seconds,
)
from openpbm.safety.skin_temperature import LIT_SITE, SkinTemperature, lamp_warmth, skin_temperature, upper_bands
from openpbm.tissue import unverified_heat_inputs, unverified_inputs

__all__ = [
    "EyeLimit",
    "Irradiance",
    "LampLimits",
    "SkinLimit",
    "eye_seconds_by_hazard",
    "irradiance_limits",
    "lamp_limits",
]

_W_M2_PER_MW_CM2 = 10.0
_MM2_PER_CM2 = 100.0
_STEP_MM, _FARTHEST_MM = 10, 10_000

_RETINAL_ROWS = ("retinal", "weak_stimulus", "blue", "acceptance_angle", "largest_angle", "assessment_distance")
_LED_ROWS = ("ir_cornea", "skin_thermal", *_RETINAL_ROWS)
_LASER_ROWS = ("laser", "class", "pupil", "skin_aperture", "skin_least")


@dataclass(frozen=True, slots=True, kw_only=True)
class Irradiance:
    """Light on an eye and on skin, of which only the irradiance is known.

    irradiance_mw_cm2 : mean over time, at that eye or skin; over the spot for a laser [mW/cm2]
    pulses : None for light that does not pulse
    radius_mm : of the lit area; None for a broad field [mm]
    spot_mm : diameter of a laser's beam, taken as even; None for light that is not a laser's [mm]
    source_mm : size of what shines; None where it is not known [mm]
    distance_mm : from the eye to it [mm]
    """

    wavelength_nm: float
    irradiance_mw_cm2: float
    pulses: Pulses | None = None
    radius_mm: float | None = None
    spot_mm: float | None = None
    source_mm: float | None = None
    distance_mm: float | None = None
    contact: bool = False

    @property
    def w_m2(self) -> float:
        """Irradiance [W/m2]."""
        return self.irradiance_mw_cm2 * _W_M2_PER_MW_CM2

    @property
    def power_mw(self) -> float:
        """Mean power of a laser of that spot [mW]."""
        return self.irradiance_mw_cm2 * math.pi * ((self.spot_mm or 0.0) / 2.0) ** 2 / _MM2_PER_CM2


@dataclass(frozen=True, slots=True, kw_only=True)
class EyeLimit:
    """What a bare eye may see.

    seconds_without_eyewear : whole seconds, rounded down, at most 30000; 0 where no limit could be looked at [s]
    binding : the hazard that limits, or none
    eyewear_needed : the light lasts longer, is a laser of class 3B or 4, or a limit that was not looked at, for want of
        a source's size, would be passed by the smallest source
    hazard_distance_mm : from there on a bare eye may stay as long as the light lasts; None where it is not known [mm]
    """

    seconds_without_eyewear: int
    binding: str
    eyewear_needed: bool
    hazard_distance_mm: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinLimit:
    """What skin may get.

    limit_mw_cm2 : of lasers beyond 10 s; None for other light, which is limited by temperature [mW/cm2]
    seconds : whole seconds, rounded down, until that limit or the highest temperature is reached [s]
    """

    limit_mw_cm2: float | None
    seconds: int
    temperature: SkinTemperature


@dataclass(frozen=True, slots=True, kw_only=True)
class LampLimits:
    """Limits for eye and skin, and the laser's class (None for other light).

    not_looked_at : what was left out of them, in words
    unverified : numbers behind them that nobody has checked, a line each
    """

    eye: EyeLimit
    skin: SkinLimit
    laser_class: LaserClass | None
    not_looked_at: tuple[str, ...] = ()
    unverified: tuple[str, ...]


def lamp_limits(lamp: Lamp, distance_mm: float, *, minutes: float) -> LampLimits:
    """Limits of a lamp at a distance [mm] from eye and skin, at the upper end of its output.

    Raises BadInput for a lamp that is not described well enough; FieldUnknown where its light is not known there.
    """
    lit = beam(lamp, distance_mm)
    factor = output_prior(lamp).safety_factor
    exposure = eye_exposure(lamp, lit, distance_mm, factor)
    found = laser_class(lamp)
    needed = exposure.seconds_without_eyewear < 60.0 * minutes or found in ("3B", "4")
    pulses = (f"{lamp.id}: its pulses are not described; their average was taken",) if lamp.pulsed else ()
    return LampLimits(
        eye=EyeLimit(
            seconds_without_eyewear=int(exposure.seconds_without_eyewear),
            binding=exposure.limiting_hazard,
            eyewear_needed=needed,
            hazard_distance_mm=_hazard_distance_mm(lamp, factor, 60.0 * minutes),
        ),
        skin=_skin_of_lamp(lamp, lit, factor, minutes),
        laser_class=found,
        not_looked_at=pulses,
        unverified=_unverified(_LED_ROWS if found is None else (*_LED_ROWS, *_LASER_ROWS)),
    )


def irradiance_limits(light: Irradiance, *, minutes: float) -> LampLimits:
    """Limits of light of which only an irradiance is known: a laser's where it has a spot, else a broad lamp's."""
    if light.spot_mm is not None:
        return _limits_of_laser(light, minutes)
    seconds = eye_seconds_by_hazard(light)
    binding = min(seconds, key=lambda hazard: seconds[hazard]) if seconds else "none"
    # Where nothing can be judged, not a moment is allowed.
    shortest = min(seconds.values(), default=0.0)
    warmth = _warmth(light, minutes, light.radius_mm)
    skin = min(_allowed(incoherent_skin_seconds, light), warmth.seconds)
    # The smaller a source, the brighter on the retina: what the smallest one may not, one of unknown size may not.
    worst = seconds if light.source_mm is not None else eye_seconds_by_hazard(replace(light, source_mm=0.0))
    return LampLimits(
        eye=EyeLimit(
            seconds_without_eyewear=int(whole_seconds(shortest)),
            binding=binding if shortest < limit_value("longest_time_base") else "none",
            eyewear_needed=min(shortest, *worst.values()) < 60.0 * minutes,
            hazard_distance_mm=None,
        ),
        skin=SkinLimit(limit_mw_cm2=None, seconds=int(whole_seconds(skin)), temperature=warmth),
        laser_class=None,
        not_looked_at=() if light.source_mm is not None else (_source_not_given(light),),
        unverified=_unverified(_LED_ROWS),
    )


def _source_not_given(light: Irradiance) -> str:
    unseen = light.wavelength_nm >= limit_value("ir_cornea_from_nm")
    hazards = "retinal_thermal, weak_visual_stimulus" if unseen else "retinal_thermal, blue_light"
    return f"{hazards}: not looked at, since the size of the source is not given (--source-mm)"


def _allowed(rule: Callable[[float], float], light: Irradiance) -> float:
    """The time a rule allows by the mean irradiance, or none where by the same rule a single pulse is too much [s]."""
    if light.pulses is not None and rule(light.w_m2 * light.pulses.peak_over_mean) < light.pulses.width_s:
        return 0.0
    return rule(light.w_m2)


def eye_seconds_by_hazard(light: Irradiance) -> dict[str, float]:
    """Time until each hazard that can be looked at [s]."""
    found: dict[str, float] = {}
    unseen = light.wavelength_nm >= limit_value("ir_cornea_from_nm")
    if unseen:
        found["ir_cornea"] = _allowed(cornea_seconds, light)
    if light.source_mm is None:
        return found
    angle = bounded_angle(light.source_mm / (light.distance_mm or limit_value("assessment_distance")))
    radiance = light.w_m2 / (math.pi * angle**2 / 4.0)
    weighted = radiance * angle * retinal_weight(light.wavelength_nm)
    retinal = retinal_seconds(weighted, unseen=unseen)
    if light.pulses is not None:
        # A pulse is short, so that the rule for a moment holds each to its peak.
        peak = retinal_thermal_seconds(weighted * light.pulses.peak_over_mean)
        if peak < light.pulses.width_s:
            retinal["retinal_thermal"] = 0.0
    if light.wavelength_nm < limit_value("blue_until_nm"):
        retinal["blue_light"] = blue_light_seconds(radiance * limit_value("blue_weight"))
    return found | retinal


def _limits_of_laser(light: Irradiance, minutes: float) -> LampLimits:
    spot_mm, nm = light.spot_mm or 0.0, light.wavelength_nm
    pupil = min(1.0, spot_mm / limit_value("pupil_diameter")) ** 2
    seconds = laser_eye_seconds(light.w_m2 * pupil, nm, light.pulses)
    found = class_of_laser(light.power_mw, nm, light.pulses)
    skin = laser_skin_seconds(light.w_m2 * _share_in_skin_aperture(spot_mm), nm, light.pulses)
    warmth = _warmth(light, minutes, spot_mm / 2.0)
    return LampLimits(
        eye=EyeLimit(
            seconds_without_eyewear=int(whole_seconds(seconds)),
            binding="laser_eye" if seconds < limit_value("longest_time_base") else "none",
            eyewear_needed=seconds < 60.0 * minutes or found in ("3B", "4"),
            hazard_distance_mm=None,
        ),
        skin=SkinLimit(
            limit_mw_cm2=laser_skin_limit_mw_cm2(nm),
            seconds=int(whole_seconds(min(skin, warmth.seconds))),
            temperature=warmth,
        ),
        laser_class=found,
        unverified=_unverified(_LASER_ROWS),
    )


def _share_in_skin_aperture(spot_mm: float) -> float:
    """Mean over the aperture over that of an even spot [-]; a very narrow beam is not averaged."""
    if spot_mm < limit_value("skin_least_averaged"):
        return 1.0
    return min(1.0, spot_mm / limit_value("skin_aperture")) ** 2


def _warmth(light: Irradiance, minutes: float, radius_mm: float | None) -> SkinTemperature:
    bands = [(light.wavelength_nm, light.irradiance_mw_cm2)]
    return skin_temperature(bands, minutes=minutes, radius_mm=radius_mm, contact=light.contact)


def _skin_of_lamp(lamp: Lamp, lit: Beam, factor: float, minutes: float) -> SkinLimit:
    site = sites[LIT_SITE]
    bands = upper_bands(lit, site.treatment_width_mm, site.treatment_height_mm, factor)
    total_w_m2 = sum(level for _, level in bands) * _W_M2_PER_MW_CM2
    warmth = lamp_warmth(lamp, lit, bands, minutes=minutes)
    spots = [part.light for part in lit.components if isinstance(part.light, LaserSpot)]
    if not spots:
        seconds = min(incoherent_skin_seconds(total_w_m2), warmth.seconds)
        return SkinLimit(limit_mw_cm2=None, seconds=int(whole_seconds(seconds)), temperature=warmth)
    # The shortest wavelength has the lowest limit; all is held to that.
    shortest_nm = min(nm for nm, _ in bands)
    only_lasers = len(spots) == len(lit.components)
    averaged = max(_share_of_gaussian(spot.spot_diameter_mm) for spot in spots) if only_lasers else 1.0
    seconds = min(laser_skin_seconds(total_w_m2 * averaged, shortest_nm), warmth.seconds)
    return SkinLimit(
        limit_mw_cm2=laser_skin_limit_mw_cm2(shortest_nm), seconds=int(whole_seconds(seconds)), temperature=warmth
    )


def _share_of_gaussian(spot_mm: float) -> float:
    """Mean over the aperture for skin over the peak of a spot of that 1/e2 diameter [-]."""
    if spot_mm < limit_value("skin_least_averaged"):
        return 1.0
    ratio = 2.0 * (limit_value("skin_aperture") / spot_mm) ** 2
    return -math.expm1(-ratio) / ratio


def _hazard_distance_mm(lamp: Lamp, factor: float, seconds: float) -> float | None:
    """The nearest distance, in steps of 10 mm, from which a bare eye may look so long; None where it is not known."""
    # How fast a laser's beam widens, nothing tells.
    if any(emitters.spot_diameter_mm is not None for emitters in lamp.emitters):
        return None

    def safe(steps: int) -> bool:
        at_mm = float(steps * _STEP_MM)
        return eye_exposure(lamp, beam(lamp, at_mm), at_mm, factor).seconds_without_eyewear >= min(
            seconds, limit_value("longest_time_base")
        )

    try:
        low, high = 1, _FARTHEST_MM // _STEP_MM
        if not safe(high):
            return None
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if safe(middle) else (middle + 1, high)
    except FieldUnknown:
        return None
    return float(low * _STEP_MM)


def _unverified(prefixes: tuple[str, ...]) -> tuple[str, ...]:
    """One plain line for each unverified number behind the limits: coefficients, then skin and its optics."""
    wanted = (*prefixes, "skin_temperature", "room_temperature")
    rows = [row for row in exposure_limits if row.id.startswith(wanted) and not row.verified]
    lines = [f"{row.id}: {row.note} ({row.source})" for row in rows]
    return (*lines, *unverified_heat_inputs(), *unverified_inputs(sites[LIT_SITE]))
