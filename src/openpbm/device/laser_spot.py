"""A laser's spot on the skin: Gaussian or even, round or oval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["LaserSpot"]

Floats = NDArray[np.float64]
_MM2_PER_CM2 = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LaserSpot:
    """A spot on the skin at normal incidence, whatever the distance; the longer axis of an oval one lies along x.

    spot_diameter_mm : to 1/e2 of the middle, or of an even spot its edge; of an oval one the longer axis [mm]
    spot_short_mm : the shorter axis; None for a round one [mm]
    even : the same all over, as of a flat-top beam
    """

    power_mw: float
    spot_diameter_mm: float
    spot_short_mm: float | None = None
    even: bool = False

    @property
    def total_power_mw(self) -> float:
        """Power in the spot [mW]."""
        return self.power_mw

    @property
    def narrowest_mm(self) -> float:
        """The shorter axis, or the diameter [mm]."""
        return self.spot_short_mm or self.spot_diameter_mm

    @property
    def even_radius_mm(self) -> float:
        """Radius of an even disc with the same power and peak as a round spot of the longer axis [mm]."""
        return self.spot_diameter_mm / (2.0 if self.even else math.sqrt(8.0))

    def irradiance_mw_cm2(self, x_mm: ArrayLike, y_mm: ArrayLike) -> Floats:
        """Irradiance [mW/cm2] at positions in mm: 2 P / (pi a b) exp(-2 r^2), r^2 = x^2/a^2 + y^2/b^2.

        a and b are half the axes; an even spot has P / (pi a b) where r is at most 1.
        """
        along, across = self.spot_diameter_mm / 2.0, self.narrowest_mm / 2.0
        squared = (np.asarray(x_mm, dtype=float) / along) ** 2 + (np.asarray(y_mm, dtype=float) / across) ** 2
        mean = self.power_mw / (math.pi * along * across) * _MM2_PER_CM2
        if self.even:
            return np.where(squared <= 1.0, mean, 0.0)
        return np.asarray(2.0 * mean * np.exp(-2.0 * squared))

    def incidence_cosines(self, count: int) -> tuple[float, ...]:
        """`count` cosines of normal incidence."""
        return (1.0,) * count
