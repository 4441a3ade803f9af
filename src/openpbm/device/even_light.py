"""Even light: under a pad that lies on the skin, and where nothing but an irradiance is stated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.device.led_array import flux_cosines

__all__ = ["ContactPad", "EvenField"]

Floats = NDArray[np.float64]
_MM2_PER_CM2 = 100.0


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

    @property
    def total_power_mw(self) -> float:
        """Power of all emitters [mW]."""
        return self.power_mw * self.rows * self.columns

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
