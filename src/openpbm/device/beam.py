"""From a lamp and its distance to the light on the skin, as stated: corrections for real output come later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.device.even_light import ContactPad, EvenField, UnderPackages
from openpbm.device.lamp_problems import check_lamp, emitter_kind
from openpbm.device.laser_spot import LaserSpot
from openpbm.device.led_array import LedArray
from openpbm.device.posed_array import PosedArray
from openpbm.device.scanned_spot import ScannedSpot
from openpbm.errors import BadInput, Problem
from openpbm.facts.lamps import Emitters, Lamp

__all__ = [
    "CONTACT_BELOW_MM",
    "Beam",
    "BeamComponent",
    "FieldUnknown",
    "LightOnSkin",
    "beam",
    "central_peak_mw_cm2",
    "is_mirrored",
    "laser_spot",
    "lasers_of",
    "lies_on_skin",
    "lights_places_together",
    "of_unit_power",
    "treatment_distance_mm",
]

CONTACT_BELOW_MM = 5.0
_FIELD_TOLERANCE_MM = 1.0
# Twice what a case may ask for, so that distances drawn around a planned one stay inside.
_FARTHEST_MM = 10_000.0
_COSINES = 16
_GRID = 41
# Angles of a field given without half angle: a Lambertian source, the most oblique of the common ones.
_UNKNOWN_HALF_ANGLE_DEG = 60.0

# A lamp of one's own, described by its array alone, is taken to stand a forearm's length away.
_UNSAID_MM = 200.0

Value = TypeVar("Value")
LightOnSkin = LedArray | PosedArray | ContactPad | UnderPackages | LaserSpot | ScannedSpot | EvenField


class FieldUnknown(BadInput):
    """The lamp's irradiance is known at another distance only, and nothing tells how it spreads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeamComponent:
    """One wavelength of a beam on the flat skin plane; the origin is the centre of the beam.

    total_power_mw : all the light of this wavelength [mW]; None where only an irradiance is known.
    """

    wavelength_nm: float
    light: LightOnSkin

    @property
    def incidence_cosines(self) -> tuple[float, ...]:
        """16 equally probable cosines of the angle to the skin's normal, ascending, weighted by irradiance."""
        # Computed when read: a dose asks for the irradiance at hundreds of distances and for the angles at one.
        return self.light.incidence_cosines(_COSINES)

    @property
    def total_power_mw(self) -> float | None:
        """Power of this wavelength [mW], None when only an irradiance was given."""
        return self.light.total_power_mw

    def irradiance_mw_cm2(self, x_mm: ArrayLike, y_mm: ArrayLike) -> NDArray[np.float64]:
        """Irradiance at the stated output [mW/cm2] at positions x_mm (columns), y_mm (rows), broadcast together."""
        return self.light.irradiance_mw_cm2(x_mm, y_mm)

    def peak_mw_cm2(self, width_mm: float, height_mm: float) -> float:
        """Highest irradiance [mW/cm2] on a width x height rectangle of skin centred under the beam."""
        return _peak_mw_cm2((self,), width_mm, height_mm)

    def mean_mw_cm2(self, width_mm: float, height_mm: float) -> float:
        """Mean irradiance [mW/cm2] over a width x height rectangle of skin centred under the beam."""
        # Midpoints of equal cells, not the peak's points, which crowd under the emitters.
        steps = (np.arange(2 * _GRID) + 0.5) / (2 * _GRID) - 0.5
        x, y = np.meshgrid(steps * width_mm, steps * height_mm)
        return float(self.irradiance_mw_cm2(x, y).mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class Beam:
    """The light of one head of a lamp on the skin. `extent_known`: False when a component has no edge."""

    lamp_id: str
    distance_mm: float
    components: tuple[BeamComponent, ...]
    extent_known: bool

    @property
    def at_worst(self) -> Beam:
        """What the limits of skin are held against: where a moved lamp stops, and straight under the LEDs of a pad."""
        parts = list(self.components)
        for number, part in enumerate(parts):
            if isinstance(part.light, ContactPad | ScannedSpot):
                parts[number] = replace(part, light=part.light.at_worst)
        return replace(self, components=tuple(parts))

    def irradiance_mw_cm2(self, x_mm: ArrayLike, y_mm: ArrayLike) -> NDArray[np.float64]:
        """Irradiance of all wavelengths together [mW/cm2] at positions in mm."""
        return _irradiance_mw_cm2(self.components, x_mm, y_mm)

    def peak_mw_cm2(self, width_mm: float, height_mm: float) -> float:
        """Highest irradiance of all wavelengths together [mW/cm2] on a centred rectangle of skin."""
        return _peak_mw_cm2(self.components, width_mm, height_mm)


def beam(lamp: Lamp, distance_mm: float) -> Beam:
    """The nominal beam of a lamp at a distance.

    lamp : Lamp            complete by `check_lamp`
    distance_mm : float    lamp plane to skin, 0-10000; below 5 mm the lamp counts as lying on the skin [mm]
    Raises BadInput for an incomplete lamp or an impossible distance, FieldUnknown where its irradiance is not known.
    """
    problems = check_lamp(lamp)
    if not 0.0 <= distance_mm <= _FARTHEST_MM:
        problems.append(
            Problem(
                message=f"distance_mm {distance_mm:g} is outside 0-{_FARTHEST_MM:g} mm",
                remedy="give the lamp-to-skin distance",
            )
        )
    if problems:
        raise BadInput(problem.within(lamp.id) for problem in problems)
    components = tuple(_component(lamp, emitters, distance_mm) for emitters in lamp.emitters)
    extent_known = all(not isinstance(part.light, EvenField) for part in components)
    return Beam(lamp_id=lamp.id, distance_mm=distance_mm, components=components, extent_known=extent_known)


def site_points_mm(
    components: tuple[BeamComponent, ...], width_mm: float, height_mm: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points x, y [mm] on a centred rectangle where a peak can lie: a 41 x 41 grid and straight under every emitter.

    One quarter of them where the lamp is the same on the left as on the right, and above as below.
    """
    lowest = 0.0 if is_mirrored(components) else -0.5
    steps = np.linspace(lowest, 0.5, round((0.5 - lowest) * (_GRID - 1)) + 1)
    grid_x, grid_y = np.meshgrid(steps * width_mm, steps * height_mm)
    all_x, all_y = [grid_x.ravel()], [grid_y.ravel()]
    for part in components:
        if isinstance(part.light, LedArray | PosedArray | UnderPackages):
            x, y = part.light.emitter_positions_mm()
            inside = (x >= lowest * width_mm) & (x <= width_mm / 2.0)
            inside &= (y >= lowest * height_mm) & (y <= height_mm / 2.0)
            all_x.append(x[inside])
            all_y.append(y[inside])
    return np.concatenate(all_x), np.concatenate(all_y)


# Kept, because the limits of the eye ask for one spot at twenty times its light and more, and because whatever else is
# asked of a person or a course, the lamp stands as it did.
@lru_cache(maxsize=128)
def _peak_mw_cm2(parts: tuple[BeamComponent, ...], width_mm: float, height_mm: float) -> float:
    return float(_irradiance_mw_cm2(parts, *site_points_mm(parts, width_mm, height_mm)).max())


def _irradiance_mw_cm2(parts: tuple[BeamComponent, ...], x_mm: ArrayLike, y_mm: ArrayLike) -> NDArray[np.float64]:
    powers: dict[LightOnSkin, float] = {}
    for part in parts:
        unit, power = of_unit_power(part.light)
        powers[unit] = powers.get(unit, 0.0) + power
    return np.asarray(np.sum([power * unit.irradiance_mw_cm2(x_mm, y_mm) for unit, power in powers.items()], axis=0))


def of_unit_power(light: LightOnSkin) -> tuple[LightOnSkin, float]:
    """Light that may be shared and what it counts: LEDs of two wavelengths on one grid differ by their power alone."""
    if isinstance(light, LedArray | PosedArray):
        return light.of_power(1.0), light.power_mw
    return light, 1.0


def is_mirrored(components: tuple[BeamComponent, ...]) -> bool:
    """Whether the light is the same on the left as on the right of the middle, and above as below."""
    return not any(isinstance(part.light, PosedArray) for part in components)


def _component(lamp: Lamp, emitters: Emitters, distance_mm: float) -> BeamComponent:
    stand = emitters.stand
    light = _light(lamp, emitters, distance_mm if stand is None else stand.at_mm(distance_mm))
    if isinstance(light, LedArray) and stand is not None and not stand.faces_middle:
        light = PosedArray(array=light, stand=stand)
    elif isinstance(light, LaserSpot) and stand is not None and stand.scanned_area_cm2 is not None:
        light = ScannedSpot(spot=light, area_cm2=stand.scanned_area_cm2)
    return BeamComponent(wavelength_nm=emitters.wavelength_nm, light=light)


def _light(lamp: Lamp, emitters: Emitters, distance_mm: float) -> LightOnSkin:
    kind = emitter_kind(emitters)
    if kind == "laser":
        return laser_spot(emitters)
    if kind == "field":
        return _field(lamp, emitters, distance_mm)
    return _array(lamp, emitters, distance_mm, _emitter_power_mw(lamp, emitters))


def laser_spot(emitters: Emitters) -> LaserSpot:
    """The spot of a laser that has a power and a diameter."""
    return LaserSpot(
        power_mw=_given(emitters.power_mw),
        spot_diameter_mm=_given(emitters.spot_diameter_mm),
        spot_short_mm=emitters.spot_short_mm,
        even=emitters.spot_profile == "flat_top",
        diodes=emitters.diodes or 1,
        spacing_mm=emitters.spacing_mm or 0.0,
    )


def _field(lamp: Lamp, emitters: Emitters, distance_mm: float) -> EvenField:
    stated_mm = _given(emitters.at_distance_mm)
    level_mw_cm2 = _given(emitters.irradiance_mw_cm2)
    if abs(distance_mm - stated_mm) > _FIELD_TOLERANCE_MM:
        raise FieldUnknown(
            Problem(
                key=lamp.id,
                message=(
                    f"distance_mm {distance_mm:g}, but {emitters.wavelength_nm:g} nm is known at "
                    f"{stated_mm:g} mm only (within {_FIELD_TOLERANCE_MM:g} mm)"
                ),
                remedy=(
                    "give rows, columns, pitch_mm and half_angle_deg, or measure the irradiance at the distance used"
                ),
            )
        )
    return EvenField(level_mw_cm2=level_mw_cm2, half_angle_deg=emitters.half_angle_deg or _UNKNOWN_HALF_ANGLE_DEG)


def _array(lamp: Lamp, emitters: Emitters, distance_mm: float, power_mw: float) -> LedArray | ContactPad:
    rows, columns, pitch_mm = _given(emitters.rows), _given(emitters.columns), _given(emitters.pitch_mm)
    half_angle_deg = _given(emitters.half_angle_deg)
    if lies_on_skin(lamp, distance_mm):
        return ContactPad(
            power_mw=power_mw,
            half_angle_deg=half_angle_deg,
            rows=rows,
            columns=columns,
            pitch_mm=pitch_mm,
            emitter_diameter_mm=emitters.emitter_diameter_mm,
            held_off_mm=distance_mm,
        )
    return LedArray(
        power_mw=power_mw,
        half_angle_deg=half_angle_deg,
        rows=rows,
        columns=columns,
        pitch_mm=pitch_mm,
        # Bare emitters nearer than this would make a spot no meter resolves; the limits refuse it long before.
        distance_mm=max(distance_mm, CONTACT_BELOW_MM),
    )


def lasers_of(lamp: Lamp) -> tuple[Emitters, ...]:
    """The lasers of a lamp, those with a spot; of all it can emit, since its class is that in every mode."""
    return tuple(
        emitters for emitters in (lamp.whole_emitters or lamp.emitters) if emitters.spot_diameter_mm is not None
    )


def lies_on_skin(lamp: Lamp, distance_mm: float) -> bool:
    """Pads and wraps count as lying on the skin within 5 mm; a lamp of one's own only at 0; a panel's LEDs never do."""
    if lamp.contact or lamp.kind in ("pad", "wrap"):
        return distance_mm < CONTACT_BELOW_MM
    return lamp.kind == "other" and distance_mm == 0.0


def lights_places_together(lamp: Lamp) -> bool:
    """Whether one head may light several places at once: no lamp on the skin does, and no laser's spot."""
    return not lamp.contact and any(emitters.spot_diameter_mm is None for emitters in lamp.emitters)


def _emitter_power_mw(lamp: Lamp, emitters: Emitters) -> float:
    """Power of one emitter [mW]: as given, or what makes the central cell peak at the stated irradiance."""
    if emitters.power_mw is not None:
        return emitters.power_mw
    unit = _array(lamp, emitters, _given(emitters.at_distance_mm), 1.0)
    return _given(emitters.irradiance_mw_cm2) / central_peak_mw_cm2(unit)


# Kept, because a dose asks for the beam of one lamp at hundreds of distances and its output is stated at one.
@lru_cache(maxsize=64)
def central_peak_mw_cm2(*lights: LedArray | ContactPad) -> float:
    """Highest irradiance in the central cell [mW/cm2], of arrays on one grid together."""
    # The cell and not the axis alone: between the LEDs of an even array held close, the axis is a trough. One quarter
    # of the cell is enough, since the array is its own mirror image along rows and columns.
    offsets = np.linspace(0.0, 0.5, 6) * lights[0].pitch_mm
    x, y = np.meshgrid(offsets, offsets)
    return float(np.sum([light.irradiance_mw_cm2(x, y) for light in lights], axis=0).max())


def _given(value: Value | None) -> Value:
    """A value that `check_lamp` has found present."""
    if value is None:
        raise AssertionError("an incomplete lamp passed check_lamp")
    return value


def treatment_distance_mm(lamp: Lamp, given_mm: float | None) -> float:
    """The distance that counts [mm]: the one given, else the lamp's own, else where its output is stated."""
    if given_mm is not None:
        return given_mm
    if lamp.default_distance_mm is not None:
        return lamp.default_distance_mm
    stated = [emitters.at_distance_mm for emitters in lamp.emitters if emitters.at_distance_mm is not None]
    if stated:
        return stated[0]
    if lamp.contact or all(emitters.spot_diameter_mm is not None for emitters in lamp.emitters):
        return 0.0
    return _UNSAID_MM
