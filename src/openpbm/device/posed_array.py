"""An array of LEDs that is tilted, or whose axis meets the skin beside its middle: the same sum over its emitters."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.device.led_array import LedArray, cosine_power
from openpbm.facts.lamps import Stand

__all__ = ["PosedArray"]

Floats = NDArray[np.float64]
_MW_CM2_PER_MW_MM2 = 100.0
_PAIRS_AT_ONCE = 2_000_000
# Places of the cell, in each direction, over which the angles are told.
_CELL_PLACES = 6
# No point of the skin lies nearer to an emitter, however its array is tilted.
_NEAREST_MM = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PosedArray:
    """An array whose axis meets the skin at `stand.offset_mm`, `array.distance_mm` away along that axis.

    Tilted by t toward positive x, the array's middle is at offset + d (sin t, 0, cos t). A point of the skin at r from
    an emitter receives I0 cos^m(emission) cos(incidence) / r^2, where the two angles differ by the tilt.
    """

    array: LedArray
    stand: Stand

    @property
    def power_mw(self) -> float:
        """Power of one emitter [mW]."""
        return self.array.power_mw

    @property
    def total_power_mw(self) -> float:
        """Power of all emitters into the forward hemisphere [mW]; some of it may pass over the skin's plane."""
        return self.array.total_power_mw

    @property
    def lowest_mm(self) -> float:
        """Height of the lowest edge of the array over the skin [mm]."""
        tilt, half_mm = math.radians(self.stand.tilt_deg), self.array.columns * self.array.pitch_mm / 2.0
        return self.array.distance_mm * math.cos(tilt) - half_mm * abs(math.sin(tilt))

    def of_power(self, power_mw: float) -> PosedArray:
        """The same with another power of one emitter [mW]."""
        return replace(self, array=replace(self.array, power_mw=power_mw))

    def emitter_positions_mm(self) -> tuple[Floats, Floats]:
        """Where the emitters' axes meet the skin: x, y [mm]."""
        x, y = self.array.emitter_positions_mm()
        return self.stand.offset_mm[0] + x / math.cos(math.radians(self.stand.tilt_deg)), self.stand.offset_mm[1] + y

    def irradiance_mw_cm2(self, x_mm: ArrayLike, y_mm: ArrayLike) -> Floats:
        """Irradiance on the skin plane [mW/cm2] at points x_mm, y_mm (any broadcastable shapes) [mm]."""
        x, y = np.broadcast_arrays(np.asarray(x_mm, dtype=float), np.asarray(y_mm, dtype=float))
        points = np.stack([x.ravel(), y.ravel()], axis=1)
        at_once = max(1, _PAIRS_AT_ONCE // (self.array.rows * self.array.columns))
        parts = [points[start : start + at_once] for start in range(0, len(points), at_once)]
        return np.concatenate([self._contributions(part)[0].sum(axis=1) for part in parts]).reshape(x.shape)

    def incidence_cosines(self, count: int) -> tuple[float, ...]:
        """`count` equally probable incidence cosines, ascending, over a pitch x pitch cell in the skin's middle."""
        steps = ((np.arange(_CELL_PLACES) + 0.5) / _CELL_PLACES - 0.5) * self.array.pitch_mm
        x, y = np.meshgrid(steps, steps)
        level, cosines = self._contributions(np.stack([x.ravel(), y.ravel()], axis=1))
        order = np.argsort(cosines, axis=None)
        weights = level.ravel()[order]
        share = (np.cumsum(weights) - 0.5 * weights) / weights.sum()
        found = np.interp((np.arange(count) + 0.5) / count, share, cosines.ravel()[order])
        return tuple(float(cosine) for cosine in found)

    def _contributions(self, points: Floats) -> tuple[Floats, Floats]:
        """Irradiance [mW/cm2] of every emitter (columns) at every point (rows), and the cosines of incidence."""
        tilt, distance_mm = math.radians(self.stand.tilt_deg), self.array.distance_mm
        along, across = self.array.emitter_positions_mm()
        x = self.stand.offset_mm[0] + distance_mm * math.sin(tilt) + along * math.cos(tilt)
        y = self.stand.offset_mm[1] + across
        z = np.maximum(distance_mm * math.cos(tilt) - along * math.sin(tilt), _NEAREST_MM)
        to_x, to_y = x - points[:, :1], y - points[:, 1:]
        squared = to_x**2 + to_y**2 + z**2
        incidence = z / np.sqrt(squared)
        emission = np.maximum((to_x * math.sin(tilt) + z * math.cos(tilt)) / np.sqrt(squared), 0.0)
        lobe = self.array.axial_intensity_mw_sr * emission ** cosine_power(self.array.half_angle_deg)
        return lobe * incidence / squared * _MW_CM2_PER_MW_MM2, incidence
