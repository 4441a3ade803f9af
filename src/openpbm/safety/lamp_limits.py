"""How long bare eyes and skin may be lit by a lamp, or by an irradiance of which nothing else is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from openpbm.device import Beam, FieldUnknown, LaserSpot, beam, lasers_of, output_prior
from openpbm.facts.exposure import exposure_limits, limit_value
from openpbm.facts.lamps import Lamp, LaserClass
from openpbm.facts.sites import sites
from openpbm.safety.exposure_limits import (
    W_M2_PER_MW_CM2,
    cornea_seconds,
    eye_exposure,
    incoherent_skin_seconds,
    whole_seconds,
)
from openpbm.safety.laser_class import class_of_laser, laser_class
from openpbm.safety.laser_limits import (
    LaserLight,
    Pulses,
    laser_eye_seconds,
    laser_seconds_at,
    laser_skin_limit_mw_cm2,
    laser_skin_pulse_ratio,
    laser_skin_seconds,
    seconds_of_both,
)
from openpbm.safety.retina import Seen, bounded_angle, retinal_seconds
from openpbm.safety.skin_temperature import LIT_SITE, SkinTemperature, lamp_warmth, skin_temperature, upper_bands
from openpbm.tissue import unverified_heat_inputs, unverified_inputs

__all__ = [
    "EyeLimit",
    "Irradiance",
    "LampLimits",
    "Onlooker",
    "SkinLimit",
    "eye_seconds_by_hazard",
    "irradiance_limits",
    "lamp_limits",
]

_MM2_PER_CM2 = 100.0
_STEP_MM, _FARTHEST_MM = 10, 10_000
# A narrow beam stays dangerous to the end of any room, and beyond it.
_FARTHEST_OF_LASER_MM = 1_000_000
_NO_DIVERGENCE = (
    "hazard_distance_mm: not known, since divergence_mrad, the full angle by which a laser's beam widens, is not"
    " stated; it stands in the laser's manual"
)
_OTHERS = ("helper", "bystander")
#: Classes whose light no eye may meet bare, however short the light.
_STRONG = ("3B", "4")
_MOST_TENTHS = 99

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
        return self.irradiance_mw_cm2 * W_M2_PER_MW_CM2

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
    optical_density : the least of eyewear behind which the light may last, in tenths [-]; None where 9.9 is too little
    others : whoever else is in the room; empty where nothing but an irradiance is known
    """

    seconds_without_eyewear: int
    binding: str
    eyewear_needed: bool
    hazard_distance_mm: float | None
    optical_density: float | None
    others: tuple[Onlooker, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Onlooker:
    """Somebody beside the one treated, who looks into the lamp from farther away.

    seconds_without_eyewear : as of EyeLimit; None where the lamp's light is not known there [s]
    """

    who: str
    distance_mm: float
    seconds_without_eyewear: int | None
    binding: str
    eyewear_needed: bool


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

    distance_mm : from the lamp to eye and skin; None where nothing depends on it [mm]
    not_looked_at : what was left out of them, in words
    unverified : numbers behind them that nobody has checked, a line each
    """

    eye: EyeLimit
    skin: SkinLimit
    laser_class: LaserClass | None
    distance_mm: float | None = None
    not_looked_at: tuple[str, ...] = ()
    unverified: tuple[str, ...]


def lamp_limits(lamp: Lamp, distance_mm: float, *, minutes: float) -> LampLimits:
    """Limits of a lamp at a distance [mm] from eye and skin, at the upper end of its output.

    Raises BadInput for a lamp that is not described well enough; FieldUnknown where its light is not known there.
    """
    lit = beam(lamp, distance_mm).at_worst
    factor = output_prior(lamp).safety_factor
    exposure = eye_exposure(lamp, lit, distance_mm, factor)
    found = laser_class(lamp)
    strong = found in _STRONG
    return LampLimits(
        eye=EyeLimit(
            seconds_without_eyewear=int(exposure.seconds_without_eyewear),
            binding=exposure.limiting_hazard,
            eyewear_needed=strong or exposure.seconds_without_eyewear < 60.0 * minutes,
            hazard_distance_mm=_hazard_distance_mm(lamp, factor, 60.0 * minutes),
            optical_density=_optical_density(
                lambda passed: eye_exposure(lamp, lit, distance_mm, factor * passed).seconds_without_eyewear, minutes
            ),
            others=tuple(_onlooker(who, lamp, distance_mm, factor, minutes) for who in _OTHERS),
        ),
        skin=_skin_of_lamp(lamp, lit, factor, minutes),
        laser_class=found,
        distance_mm=distance_mm,
        not_looked_at=(_NO_DIVERGENCE,) if _divergence_missing(lamp) else (),
        unverified=_unverified(_LED_ROWS if found is None else (*_LED_ROWS, *_LASER_ROWS)),
    )


def irradiance_limits(light: Irradiance, *, minutes: float) -> LampLimits:
    """Limits of light of which only an irradiance is known: a laser's where it has a spot, else a broad lamp's."""
    if light.spot_mm is not None:
        return _limits_of_laser(light, minutes)
    seconds = eye_seconds_by_hazard(light)
    binding = min(seconds, key=lambda hazard: seconds[hazard]) if seconds else "none"
    shortest = _shortest(light)
    warmth = _warmth(light, minutes, light.radius_mm)
    skin = min(_allowed(incoherent_skin_seconds, light), warmth.seconds)
    # The smaller a source, the brighter on the retina: what the smallest one may not, one of unknown size may not.
    smallest = light if light.source_mm is not None else replace(light, source_mm=0.0)
    return LampLimits(
        eye=EyeLimit(
            seconds_without_eyewear=int(whole_seconds(shortest)),
            binding=binding if shortest < limit_value("longest_time_base") else "none",
            eyewear_needed=_shortest(smallest) < 60.0 * minutes,
            hazard_distance_mm=None,
            optical_density=_optical_density(
                lambda passed: _shortest(replace(smallest, irradiance_mw_cm2=light.irradiance_mw_cm2 * passed)), minutes
            ),
        ),
        skin=SkinLimit(limit_mw_cm2=None, seconds=int(whole_seconds(skin)), temperature=warmth),
        laser_class=None,
        distance_mm=None if light.source_mm is None else _viewing_mm(light),
        not_looked_at=_not_used_by_lamp(light),
        unverified=_unverified(_LED_ROWS),
    )


def _shortest(light: Irradiance) -> float:
    # Where nothing can be judged, not a moment is allowed.
    return min(eye_seconds_by_hazard(light).values(), default=0.0)


def _optical_density(seconds_behind: Callable[[float], float], minutes: float) -> float | None:
    """The least optical density, in tenths, of eyewear that lets through 10^-density of the light."""
    wanted = min(60.0 * minutes, limit_value("longest_time_base"))

    def enough(tenths: int) -> bool:
        return whole_seconds(seconds_behind(10.0 ** (-tenths / 10.0))) >= math.floor(wanted)

    return next((tenths / 10.0 for tenths in range(_MOST_TENTHS + 1) if enough(tenths)), None)


def _onlooker(who: str, lamp: Lamp, nearest_mm: float, factor: float, minutes: float) -> Onlooker:
    """Never taken to be nearer than the one treated: a lamp may stand that far off."""
    at_mm = max(limit_value(f"{who}_distance"), nearest_mm)
    try:
        if _widens(lamp):
            # By the same beam that tells the hazard distance: judged as narrow all the way, the two contradict.
            seconds, hazard = _seconds_in_room(lamp, at_mm, factor)
        else:
            exposure = eye_exposure(lamp, beam(lamp, at_mm), at_mm, factor)
            seconds, hazard = exposure.seconds_without_eyewear, exposure.limiting_hazard
    except FieldUnknown:
        return Onlooker(who=who, distance_mm=at_mm, seconds_without_eyewear=None, binding="none", eyewear_needed=True)
    return Onlooker(
        who=who,
        distance_mm=at_mm,
        seconds_without_eyewear=int(whole_seconds(seconds)),
        binding=hazard if seconds < limit_value("longest_time_base") else "none",
        eyewear_needed=laser_class(lamp) in _STRONG or seconds < 60.0 * minutes,
    )


def _not_used_by_lamp(light: Irradiance) -> tuple[str, ...]:
    if light.source_mm is not None:
        return ()
    unseen = light.wavelength_nm >= limit_value("ir_cornea_from_nm")
    hazards = "retinal_thermal, weak_visual_stimulus" if unseen else "retinal_thermal, blue_light"
    found = (f"{hazards}: not looked at, since the size of the source is not given (--source-mm)",)
    if light.distance_mm is None:
        return found
    return (*found, "--distance-mm: not used, since the irradiance is that at the eye, unless a --source-mm is seen")


def _not_used_by_laser(light: Irradiance) -> tuple[str, ...]:
    given = {"--source-mm": light.source_mm, "--distance-mm": light.distance_mm}
    return tuple(
        f"{option}: not used, since a laser is taken as a point, which is allowed least"
        for option, value in given.items()
        if value is not None
    )


def _allowed(rule: Callable[[float], float], light: Irradiance) -> float:
    """The time a rule allows by the mean irradiance, or none where by the same rule a single pulse is too much [s]."""
    if light.pulses is not None and rule(light.w_m2 * light.pulses.peak_over_mean) < light.pulses.width_s:
        return 0.0
    return rule(light.w_m2)


def _viewing_mm(light: Irradiance) -> float:
    return limit_value("assessment_distance") if light.distance_mm is None else light.distance_mm


def eye_seconds_by_hazard(light: Irradiance) -> dict[str, float]:
    """Time until each hazard that can be looked at [s]."""
    found: dict[str, float] = {}
    if light.wavelength_nm >= limit_value("ir_cornea_from_nm"):
        found["ir_cornea"] = _allowed(cornea_seconds, light)
    if light.source_mm is None:
        return found
    distance_mm = _viewing_mm(light)
    # From 0 mm whatever shines fills the eye.
    angle = bounded_angle(light.source_mm / distance_mm if distance_mm else math.inf)
    source = Seen(wavelength_nm=light.wavelength_nm, irradiance_w_m2=light.w_m2, angle=angle)
    if light.pulses is None:
        return found | retinal_seconds([source])
    pulses = light.pulses
    return found | retinal_seconds([source], peak_over_mean=pulses.peak_over_mean, pulse_s=pulses.width_s)


def _limits_of_laser(light: Irradiance, minutes: float) -> LampLimits:
    spot_mm, nm = light.spot_mm or 0.0, light.wavelength_nm
    pupil = min(1.0, spot_mm / limit_value("pupil_diameter")) ** 2
    at_eye = LaserLight(wavelength_nm=nm, irradiance_w_m2=light.w_m2 * pupil, pulses=light.pulses)
    seconds = laser_eye_seconds(at_eye)
    found = class_of_laser(light.power_mw, nm, light.pulses)
    skin = laser_skin_seconds(replace(at_eye, irradiance_w_m2=light.w_m2 * _share_in_skin_aperture(spot_mm)))
    warmth = _warmth(light, minutes, spot_mm / 2.0)
    return LampLimits(
        eye=EyeLimit(
            seconds_without_eyewear=int(whole_seconds(seconds)),
            binding="laser_eye" if seconds < limit_value("longest_time_base") else "none",
            eyewear_needed=seconds < 60.0 * minutes or found in _STRONG,
            hazard_distance_mm=None,
            optical_density=_optical_density(
                lambda passed: laser_eye_seconds(replace(at_eye, irradiance_w_m2=at_eye.irradiance_w_m2 * passed)),
                minutes,
            ),
        ),
        skin=SkinLimit(
            limit_mw_cm2=laser_skin_limit_mw_cm2(nm),
            seconds=int(whole_seconds(min(skin, warmth.seconds))),
            temperature=warmth,
        ),
        laser_class=found,
        not_looked_at=_not_used_by_laser(light),
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
    total_w_m2 = sum(level for _, level in bands) * W_M2_PER_MW_CM2
    warmth = lamp_warmth(lamp, lit, bands, minutes=minutes)
    spots = [part.light for part in lit.components if isinstance(part.light, LaserSpot)]
    if not spots:
        seconds = min(incoherent_skin_seconds(total_w_m2), warmth.seconds)
        return SkinLimit(limit_mw_cm2=None, seconds=int(whole_seconds(seconds)), temperature=warmth)
    # The shortest wavelength has the lowest limit; all is held to that.
    shortest_nm = min(nm for nm, _ in bands)
    only_lasers = len(spots) == len(lit.components)
    shares = [1.0 if spot.even else _share_of_gaussian(spot.spot_diameter_mm) for spot in spots]
    averaged = max(shares) if only_lasers else 1.0
    held = LaserLight(wavelength_nm=shortest_nm, irradiance_w_m2=total_w_m2 * averaged)
    seconds = min(laser_skin_seconds(held), warmth.seconds)
    if any(laser_skin_pulse_ratio(held.irradiance_w_m2, laser) > 1.0 for laser in lasers_of(lamp)):
        seconds = 0.0
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
    lasers, wanted = lasers_of(lamp), min(seconds, limit_value("longest_time_base"))
    if not lasers:

        def seen(at_mm: float) -> float:
            return eye_exposure(lamp, beam(lamp, at_mm), at_mm, factor).seconds_without_eyewear

        return _nearest_safe_mm(lambda at_mm: seen(at_mm) >= wanted, _FARTHEST_MM)
    if not _widens(lamp):
        return None
    alone = len(lasers) == len(lamp.whole.emitters)
    farthest_mm = _FARTHEST_OF_LASER_MM if alone else _FARTHEST_MM
    return _nearest_safe_mm(lambda at_mm: _seconds_in_room(lamp, at_mm, factor)[0] >= wanted, farthest_mm)


def _seconds_in_room(lamp: Lamp, at_mm: float, factor: float) -> tuple[float, str]:
    """How long a bare eye may look from that far into lasers that widen and the LEDs beside them [s], and what binds.

    Both together as in `seconds_of_both`. The cornea is in the lasers' share: below 1400 nm they are held to less than
    it may get.
    """
    whole, lasers = lamp.whole, lasers_of(lamp)
    lamps = tuple(one for one in whole.emitters if one.spot_diameter_mm is None)
    alone = laser_seconds_at(lasers, at_mm, factor)
    if not lamps:
        return alone, "laser_eye"
    leds = replace(whole, emitters=lamps)
    lit = beam(leds, at_mm)
    beside = eye_exposure(leds, lit, at_mm, factor)

    hazard = "laser_eye" if alone <= beside.seconds_without_eyewear else beside.limiting_hazard
    together = seconds_of_both(
        lambda over: laser_seconds_at(lasers, at_mm, factor * over),
        lambda over: eye_exposure(leds, lit, at_mm, factor * over).seconds_without_eyewear,
    )
    return together, hazard


def _widens(lamp: Lamp) -> bool:
    """Whether it has lasers, and by how much each beam widens is stated."""
    return bool(lasers_of(lamp)) and not _divergence_missing(lamp)


def _divergence_missing(lamp: Lamp) -> bool:
    return any(emitters.divergence_mrad is None for emitters in lasers_of(lamp))


def _nearest_safe_mm(safe: Callable[[float], bool], farthest_mm: int) -> float | None:
    """The nearest step of 10 mm that is safe, where every one beyond it is; None where none is, or nothing is known."""
    low, high = 1, farthest_mm // _STEP_MM
    try:
        if not safe(float(high * _STEP_MM)):
            return None
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if safe(float(middle * _STEP_MM)) else (middle + 1, high)
    except FieldUnknown:
        return None
    return float(low * _STEP_MM)


def _unverified(prefixes: tuple[str, ...]) -> tuple[str, ...]:
    """One plain line for each unverified number behind the limits: coefficients, then skin and its optics."""
    wanted = (*prefixes, "skin_temperature", "room_temperature")
    rows = [row for row in exposure_limits if row.id.startswith(wanted) and not row.verified]
    lines = [f"{row.id}: {row.note} ({row.source})" for row in rows]
    return (*lines, *unverified_heat_inputs(), *unverified_inputs(sites[LIT_SITE]))
