"""Even light: under a pad that lies on the skin, and where nothing but an irradiance is stated."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.device.led_array import LedArray, cosine_power, flux_cosines

__all__ = ["ContactPad", "EvenField", "UnderPackages"]

Floats = NDArray[np.float64]
_MM2_PER_CM2 = 100.0
# Clear cover between the LEDs of a pad and the skin. No datasheet gives it; a judgement of ours, unverified.
_COVER_MM = 3.0
# From there on an array is the sum over its LEDs, each a point.
_POINTS_FROM_MM = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPad:
    """Every emitter's power spread evenly over its own pitch x pitch cell.

    Under a cover of a few millimetres that scatters this is what a meter with an aperture of a cell would read. The
    spot straight under a bare diode is brighter; how much depends on the cover, which no datasheet gives. 5 mm
    Lambertian packages 3 mm off the skin give 1.15 times the level straight under one and 0.85 between four at 6 mm
    pitch, 13 times and 0.08 at 25 mm (docs/methods/lamp.md).
    """

    power_mw: float
    half_angle_deg: float
    rows: int
    columns: int
    pitch_mm: float
    emitter_diameter_mm: float | None = None
    held_off_mm: float = 0.0

    @property
    def total_power_mw(self) -> float:
        """Power of all emitters [mW]."""
        return self.power_mw * self.rows * self.columns

    @property
    def at_worst(self) -> UnderPackages:
        """The same pad where nothing scatters its light: what the limits of skin are held against."""
        return UnderPackages(pad=self)

    @property
    def level_mw_cm2(self) -> float:
        """Irradiance under the pad [mW/cm2]."""
        return self.power_mw / self.pitch_mm**2 * _MM2_PER_CM2

    def irradiance_mw_cm2(self, x_mm: ArrayLike, y_mm: ArrayLike) -> Floats:
        """Irradiance [mW/cm2]: even over the pad's rectangle, nothing outside. Positions in mm."""
        x, y = np.broadcast_arrays(np.asarray(x_mm, dtype=float), np.asarray(y_mm, dtype=float))
        width_mm, height_mm = self.columns * self.pitch_mm, self.rows * self.pitch_mm
        inside = (np.abs(x) <= width_mm / 2.0) & (np.abs(y) <= height_mm / 2.0)
        return np.where(inside, self.level_mw_cm2, 0.0)

    def incidence_cosines(self, count: int) -> tuple[float, ...]:
        """`count` equally probable incidence cosines, ascending: those of the emitters' own flux."""
        return flux_cosines(self.half_angle_deg, count)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderPackages:
    """A pad behind a clear cover: bright straight under each package, dark between where they stand far apart.

    A package is an even disc of its diameter; of an unknown one a point, the brightest that it can be. Held off the
    skin it goes over evenly into the array of points that counts from 5 mm on.
    """

    pad: ContactPad

    @property
    def array(self) -> LedArray:
        """The array of points that has the irradiance of the packages straight under them."""
        near = min(1.0, self.pad.held_off_mm / _POINTS_FROM_MM)
        return LedArray(
            power_mw=self.pad.power_mw,
            half_angle_deg=self.pad.half_angle_deg,
            rows=self.pad.rows,
            columns=self.pad.columns,
            pitch_mm=self.pad.pitch_mm,
            distance_mm=(1.0 - near) * self._as_point_mm + near * _POINTS_FROM_MM,
        )

    @property
    def _as_point_mm(self) -> float:
        """Distance of a point as bright as the disc behind its cover [mm]: the closed form on the disc's axis."""
        if self.pad.emitter_diameter_mm is None:
            return _COVER_MM
        radius_mm, half_power = self.pad.emitter_diameter_mm / 2.0, 0.5 * (cosine_power(self.pad.half_angle_deg) + 1.0)
        caught = -math.expm1(-half_power * math.log1p((radius_mm / _COVER_MM) ** 2))
        return radius_mm * math.sqrt(half_power / caught)

    @property
    def total_power_mw(self) -> float:
        """Power of all emitters [mW]."""
        return self.pad.total_power_mw

    @property
    def spot_radius_mm(self) -> float:
        """Radius of an even disc with the power of one package and the irradiance straight under it [mm]."""
        array = self.array
        return array.distance_mm * math.sqrt(2.0 / (cosine_power(array.half_angle_deg) + 1.0))

    @property
    def mean_over_peak(self) -> float:
        """Even level over the irradiance straight under the packages [-]."""
        x, y = self.array.emitter_positions_mm()
        middle = int(np.argmin(x**2 + y**2))
        return min(1.0, self.pad.level_mw_cm2 / float(self.array.irradiance_mw_cm2(x[middle], y[middle])))

    def emitter_positions_mm(self) -> tuple[Floats, Floats]:
        """Positions x, y of every emitter [mm]."""
        return self.array.emitter_positions_mm()

    def irradiance_mw_cm2(self, x_mm: ArrayLike, y_mm: ArrayLike) -> Floats:
        """Irradiance [mW/cm2] at positions in mm; a pad so dense that it is brighter in the mean has that."""
        x, y = np.broadcast_arrays(np.asarray(x_mm, dtype=float), np.asarray(y_mm, dtype=float))
        return np.maximum(self.array.irradiance_mw_cm2(x, y), self.pad.irradiance_mw_cm2(x, y))

    def incidence_cosines(self, count: int) -> tuple[float, ...]:
        """`count` equally probable incidence cosines, ascending: those of the emitters' own flux."""
        return self.pad.incidence_cosines(count)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvenField:
    """A stated irradiance without any geometry, the same everywhere at that distance alone.

    The edge of the beam, and so its power, is not known.
    """

    level_mw_cm2: float
    half_angle_deg: float

    @property
    def total_power_mw(self) -> None:
        """Unknown: an irradiance without an area has no power."""
        # None and not 0: a limit on power must say that it is unknown instead of passing.
        return None

    def irradiance_mw_cm2(self, x_mm: ArrayLike, y_mm: ArrayLike) -> Floats:
        """Irradiance [mW/cm2], the same at every position (mm)."""
        return np.full(np.broadcast(np.asarray(x_mm), np.asarray(y_mm)).shape, self.level_mw_cm2)

    def incidence_cosines(self, count: int) -> tuple[float, ...]:
        """`count` equally probable incidence cosines, ascending, as under a wide lamp of such emitters."""
        return flux_cosines(self.half_angle_deg, count)
