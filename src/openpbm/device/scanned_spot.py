"""A laser's spot that is moved over an area of skin: the mean over the time that this takes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.device.laser_spot import LaserSpot, cluster_positions

__all__ = ["ScannedSpot"]

Floats = NDArray[np.float64]
_MM2_PER_CM2 = 100.0
# Beyond four half axes nothing is left of a Gaussian; in between 40 points tell the integral to 1e-9.
_REACH, _NODES = 4.0, 40
# Moved over less than a millionth of its own size, a spot stands.
_STANDS = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedSpot:
    """The spot's middle is moved evenly over an ellipse of the spot's shape, as large as `area_cm2` less the spot.

    All the light is then as far from the middle, by its root mean square, as even light over `area_cm2` is, and in the
    limit of the spot's own area it is the standing spot.

    spot : as it is where it stands, or of a cluster probe all its spots
    area_cm2 : skin that is lit, at least that of the spot [cm2]
    """

    spot: LaserSpot
    area_cm2: float

    @property
    def total_power_mw(self) -> float:
        """Power in all spots together [mW]."""
        return self.spot.total_power_mw

    @property
    def at_worst(self) -> LaserSpot:
        """The spot where it stops: what the limits of skin are held against."""
        return self.spot

    @property
    def mean_mw_cm2(self) -> float:
        """Mean over the area of all the light, and over the time that the area takes [mW/cm2]."""
        return self.total_power_mw / self.area_cm2

    def irradiance_mw_cm2(self, x_mm: ArrayLike, y_mm: ArrayLike) -> Floats:
        """Mean over time [mW/cm2] at positions in mm: the convolution of the spot with where its middle goes."""
        spot_mm2 = self.spot.ellipse_mm2
        travel = math.sqrt(max(0.0, self.area_cm2 * _MM2_PER_CM2 - self.spot.lit_mm2) / spot_mm2)
        if travel < _STANDS:
            return self.spot.irradiance_mw_cm2(x_mm, y_mm)
        x, y = np.broadcast_arrays(np.asarray(x_mm, dtype=float), np.asarray(y_mm, dtype=float))
        along, across = self.spot.spot_diameter_mm / 2.0, self.spot.narrowest_mm / 2.0
        level = self.spot.power_mw / (spot_mm2 * travel**2) * _MM2_PER_CM2
        share = even_share if self.spot.even else gaussian_share
        total = np.zeros(x.shape)
        for middle_x, middle_y in cluster_positions(self.spot.diodes, self.spot.spacing_mm):
            total += level * share(np.hypot((x - middle_x) / along, (y - middle_y) / across), travel)
        return total

    def incidence_cosines(self, count: int) -> tuple[float, ...]:
        """`count` cosines of normal incidence."""
        return self.spot.incidence_cosines(count)


def gaussian_share(apart: Floats, radius: float) -> Floats:
    """Share of a round Gaussian spot that meets a disc whose middle lies elsewhere [-], to 1e-8.

    apart : from middle to middle, in half 1/e2 diameters of the spot, any shape [-];  radius : of the disc, likewise
    The integral over the disc of 2/pi exp(-2 r^2), one Bessel function after its angle is done.

    >>> round(float(gaussian_share(np.array(0.0), 1.0)), 6), round(1.0 - math.exp(-2.0), 6)
    (0.864665, 0.864665)
    """
    from scipy.special import i0e

    # Farther apart than that nothing meets, and most of what is asked about lies there.
    near = np.asarray(apart < radius + _REACH)
    close = apart[near][:, None]
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    low, high = np.clip(close - _REACH, 0.0, radius), np.clip(close + _REACH, 0.0, radius)
    half = 0.5 * (high - low)
    at = 0.5 * (high + low) + half * nodes
    density = 4.0 * at * np.exp(-2.0 * (at - close) ** 2) * i0e(4.0 * at * close)
    share = np.zeros(near.shape)
    share[near] = half[:, 0] * (density @ weights)
    return share


def even_share(apart: Floats, radius: float) -> Floats:
    """Share of an even disc of radius 1 that meets another [-]: two circular segments.

    apart : from middle to middle, in radii of the first, any shape [-];  radius : of the other, likewise

    >>> even_share(np.array([0.0, 3.0]), 0.5).tolist()
    [0.25, 0.0]
    """
    inside, apart_in = apart <= abs(1.0 - radius), np.clip(apart, max(abs(1.0 - radius), 1e-12), 1.0 + radius)
    ours = np.clip((apart_in**2 + 1.0 - radius**2) / (2.0 * apart_in), -1.0, 1.0)
    theirs = np.clip((apart_in**2 + radius**2 - 1.0) / (2.0 * apart_in * radius), -1.0, 1.0)
    lens = _segment(ours) + radius**2 * _segment(theirs)
    return np.where(inside, min(1.0, radius**2), lens / math.pi)


def _segment(cosine: Floats) -> Floats:
    """Area of the segment of a unit circle beyond a chord at that distance from its middle [-]."""
    return np.asarray(np.arccos(cosine) - cosine * np.sqrt(1.0 - cosine**2))
