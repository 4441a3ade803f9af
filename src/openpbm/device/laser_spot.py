"""A laser's Gaussian spot on the skin."""

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
    """A Gaussian spot of stated 1/e2 diameter on the skin, at normal incidence, whatever the distance."""

    power_mw: float
    spot_diameter_mm: float

    @property
    def total_power_mw(self) -> float:
        """Power in the spot [mW]."""
        return self.power_mw

    def irradiance_mw_cm2(self, x_mm: ArrayLike, y_mm: ArrayLike) -> Floats:
        """Irradiance [mW/cm2] at positions in mm: 2 P / (pi w^2) exp(-2 r^2 / w^2), w half the spot diameter."""
        squared = np.asarray(x_mm, dtype=float) ** 2 + np.asarray(y_mm, dtype=float) ** 2
        radius_mm = self.spot_diameter_mm / 2.0
        peak = 2.0 * self.power_mw / (math.pi * radius_mm**2) * _MM2_PER_CM2
        return np.asarray(peak * np.exp(-2.0 * squared / radius_mm**2))

    def incidence_cosines(self, count: int) -> tuple[float, ...]:
        """`count` cosines of normal incidence."""
        return (1.0,) * count
