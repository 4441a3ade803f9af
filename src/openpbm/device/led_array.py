"""A flat array of LEDs in front of a flat skin: irradiance and angles, near field and far."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["LedArray", "cosine_power"]

Floats = NDArray[np.float64]
_MW_CM2_PER_MW_MM2 = 100.0
_PAIRS_AT_ONCE = 2_000_000


def cosine_power(half_angle_deg: float) -> float:
    """Exponent m of an intensity I0 cos^m(theta) that falls to one half at the half angle.

    half_angle_deg : float   from the axis to half the intensity, 1-89 [deg]
    Returns the exponent [-]; 1 is a Lambertian emitter.

    >>> round(cosine_power(60.0), 12)
    1.0
    """
    return math.log(0.5) / math.log(math.cos(math.radians(half_angle_deg)))


@dataclass(frozen=True, slots=True, kw_only=True)
class LedArray:
    """Point emitters on a rectangular grid, centred over the origin, their plane parallel to the skin.

    Every emitter has intensity I0 cos^m with I0 = power (m + 1) / (2 pi), so that the forward hemisphere carries the
    whole power. The skin point at distance r sees I0 cos^m(theta) cos(theta) / r^2, because emission and incidence
    angles are equal for parallel planes. Each emitter's own size is neglected: very close, the peak is overstated.
    """

    power_mw: float
    half_angle_deg: float
    rows: int
    columns: int
    pitch_mm: float
    distance_mm: float

    @property
    def axial_intensity_mw_sr(self) -> float:
        """Intensity of one emitter along its axis [mW/sr]."""
        return self.power_mw * (cosine_power(self.half_angle_deg) + 1.0) / (2.0 * math.pi)

    @property
    def total_power_mw(self) -> float:
        """Power of all emitters into the forward hemisphere [mW]."""
        return self.power_mw * self.rows * self.columns

    def emitter_positions_mm(self) -> tuple[Floats, Floats]:
        """Positions x, y of every emitter [mm]; columns run along x, rows along y."""
        x = (np.arange(self.columns) - (self.columns - 1) / 2.0) * self.pitch_mm
        y = (np.arange(self.rows) - (self.rows - 1) / 2.0) * self.pitch_mm
        grid_x, grid_y = np.meshgrid(x, y)
        return grid_x.ravel(), grid_y.ravel()

    def irradiance_mw_cm2(self, x_mm: ArrayLike, y_mm: ArrayLike) -> Floats:
        """Irradiance on the skin plane [mW/cm2] at points x_mm, y_mm (any broadcastable shapes) [mm].

        The exact sum over the emitters; no inverse square is taken for the array as a whole.
        """
        x, y = np.broadcast_arrays(np.asarray(x_mm, dtype=float), np.asarray(y_mm, dtype=float))
        points = np.stack([x.ravel(), y.ravel()], axis=1)
        emitter_x, emitter_y = self.emitter_positions_mm()
        at_once = max(1, _PAIRS_AT_ONCE // emitter_x.size)
        total = np.empty(len(points))
        for start in range(0, len(points), at_once):
            part = points[start : start + at_once]
            total[start : start + at_once] = self._contributions(part, emitter_x, emitter_y)[0].sum(axis=1)
        return total.reshape(x.shape)

    def incidence_cosines(self, count: int) -> tuple[float, ...]:
        """`count` equally probable incidence cosines, ascending, over the central pitch x pitch cell of the skin.

        Weighted by irradiance: each is the middle of one of `count` equal shares of the light arriving there.
        """
        offsets = (np.arange(5) - 2.0) / 5.0 * self.pitch_mm
        grid_x, grid_y = np.meshgrid(offsets, offsets)
        points = np.stack([grid_x.ravel(), grid_y.ravel()], axis=1)
        weights, cosines = (part.ravel() for part in self._contributions(points, *self.emitter_positions_mm()))
        order = np.argsort(cosines)
        share = np.cumsum(weights[order])
        share = (share - 0.5 * weights[order]) / share[-1]
        return tuple(float(c) for c in np.interp((np.arange(count) + 0.5) / count, share, cosines[order]))

    def _contributions(self, points: Floats, emitter_x: Floats, emitter_y: Floats) -> tuple[Floats, Floats]:
        """Irradiance [mW/cm2] and incidence cosine of every emitter (columns) at every point (rows)."""
        squared = (points[:, :1] - emitter_x) ** 2 + (points[:, 1:] - emitter_y) ** 2 + self.distance_mm**2  # r^2 [mm2]
        cosines = self.distance_mm / np.sqrt(squared)
        # cos^(m+1) first, then / r^2: for narrow beams d^(m+1) and r^(m+3) apart would overflow.
        exponent = cosine_power(self.half_angle_deg) + 1.0
        irradiance = self.axial_intensity_mw_sr * cosines**exponent / squared * _MW_CM2_PER_MW_MM2
        return irradiance, cosines
