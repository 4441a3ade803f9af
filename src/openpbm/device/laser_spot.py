"""A laser's spot on the skin, Gaussian or even, round or oval, and the spots of a cluster probe."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["LaserSpot", "cluster_positions"]

Floats = NDArray[np.float64]
_MM2_PER_CM2 = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LaserSpot:
    """A spot on the skin at normal incidence, whatever the distance; the longer axis of an oval one lies along x.

    spot_diameter_mm : to 1/e2 of the middle, or of an even spot its edge; of an oval one the longer axis [mm]
    spot_short_mm : the shorter axis; None for a round one [mm]
    even : the same all over, as of a flat-top beam
    power_mw : of one spot, as are all lengths above
    diodes, spacing_mm : of a cluster probe, each with a spot of its own, and from one to the next [mm]
    """

    power_mw: float
    spot_diameter_mm: float
    spot_short_mm: float | None = None
    even: bool = False
    diodes: int = 1
    spacing_mm: float = 0.0

    @property
    def total_power_mw(self) -> float:
        """Power in all spots together [mW]."""
        return self.power_mw * self.diodes

    @property
    def cluster_radius_mm(self) -> float:
        """Radius of a disc as large as the cells of all its spots [mm]."""
        return self.spacing_mm * math.sqrt(self.diodes / math.pi)

    @property
    def ellipse_mm2(self) -> float:
        """Area of one spot, to its edge or 1/e2 [mm2]."""
        return math.pi * self.spot_diameter_mm * self.narrowest_mm / 4.0

    @property
    def lit_mm2(self) -> float:
        """Skin that is lit while nothing moves: the spot, or of a cluster a cell for each [mm2]."""
        return self.ellipse_mm2 if self.diodes == 1 else max(self.ellipse_mm2, self.diodes * self.spacing_mm**2)

    @property
    def mean_over_peak(self) -> float:
        """Mean irradiance over a cell of a cluster over the highest in a spot [-]; 0 for a single one."""
        if self.diodes == 1:
            return 0.0
        return min(1.0, self.ellipse_mm2 / self.spacing_mm**2 / (1.0 if self.even else 2.0))

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

        a and b are half the axes; an even spot has P / (pi a b) where r is at most 1. The spots of a cluster add up.
        """
        x, y = np.broadcast_arrays(np.asarray(x_mm, dtype=float), np.asarray(y_mm, dtype=float))
        total = np.zeros(x.shape)
        for middle_x, middle_y in cluster_positions(self.diodes, self.spacing_mm):
            total += self._one_spot_mw_cm2(x - middle_x, y - middle_y)
        return total

    def _one_spot_mw_cm2(self, x_mm: Floats, y_mm: Floats) -> Floats:
        along, across = self.spot_diameter_mm / 2.0, self.narrowest_mm / 2.0
        squared = (x_mm / along) ** 2 + (y_mm / across) ** 2
        mean = self.power_mw / (math.pi * along * across) * _MM2_PER_CM2
        if self.even:
            return np.where(squared <= 1.0, mean, 0.0)
        return np.asarray(2.0 * mean * np.exp(-2.0 * squared))

    def incidence_cosines(self, count: int) -> tuple[float, ...]:
        """`count` cosines of normal incidence."""
        return (1.0,) * count


def cluster_positions(diodes: int, spacing_mm: float) -> list[tuple[float, float]]:
    """Middles x, y of the spots of a cluster [mm]: in rows around the middle, the same on every side of it.

    No datasheet draws them; in rows a spacing apart none lies nearer to another than that.

    >>> cluster_positions(5, 10.0)
    [(-20.0, 0.0), (-10.0, 0.0), (0.0, 0.0), (10.0, 0.0), (20.0, 0.0)]
    """
    rows = max(1, round(math.sqrt(diodes)))
    if rows % 2 == 0 and diodes % 2 == 1:
        # Only a middle row takes an odd one and leaves the two halves alike.
        rows -= 1
    half = rows // 2
    spread = [diodes // rows] * rows
    left = diodes - sum(spread)
    if rows % 2 == 1:
        # What is even can be halved, so that the middle row takes the rest that cannot.
        spread[half] += left % 2
        left -= left % 2
    for number in range(left // 2):
        for row in (half - 1 - number % max(half, 1), rows - half + number % max(half, 1)):
            spread[row] += 1
    return [
        ((column - (count - 1) / 2.0) * spacing_mm, (row - (rows - 1) / 2.0) * spacing_mm)
        for row, count in enumerate(spread)
        for column in range(count)
    ]
