"""A flat array of LEDs in front of a flat skin: irradiance and angles, near field and far."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.facts.exposure import limit_value
from openpbm.facts.lamps import Lamp

__all__ = ["LedArray", "cosine_power", "faces_m2", "flux_cosines", "lights_body", "rectangle_cosines"]

Floats = NDArray[np.float64]
_MW_CM2_PER_MW_MM2 = 100.0
_MM2_PER_M2 = 1e6
# Pairs of a point and an emitter: few enough for the cache of a processor.
_PAIRS_AT_ONCE = 32_768
_NODES = 4096


def cosine_power(half_angle_deg: float) -> float:
    """Exponent m of an intensity I0 cos^m(theta) that falls to one half at the half angle.

    half_angle_deg : float   from the axis to half the intensity, 1-89 [deg]
    Returns the exponent [-]; 1 is a Lambertian emitter.

    >>> round(cosine_power(60.0), 12)
    1.0
    """
    return math.log(0.5) / math.log(math.cos(math.radians(half_angle_deg)))


def flux_cosines(half_angle_deg: float, count: int) -> tuple[float, ...]:
    """`count` equally probable cosines, ascending, of the whole flux of an emitter with intensity cos^m.

    The flux within a cosine c grows as c^(m+1), so the quantile p is p^(1/(m+1)).

    half_angle_deg : float   axis to half intensity [deg]

    >>> [round(cosine, 3) for cosine in flux_cosines(60.0, 2)]
    [0.5, 0.866]
    """
    middle = (np.arange(count) + 0.5) / count
    return tuple(float(c) for c in middle ** (1.0 / (cosine_power(half_angle_deg) + 1.0)))


def rectangle_cosines(
    half_angle_deg: float, count: int, *, width_mm: float, height_mm: float, distance_mm: float
) -> tuple[float, ...]:
    """`count` equally probable cosines, ascending, of the flux that a rectangle centred under an emitter catches.

    The share c^(m+1) of the flux leaves at a smaller cosine than c; at every cosine those azimuths are caught that meet
    the rectangle.

    half_angle_deg : float         axis to half intensity, 1-89 [deg]
    width_mm, height_mm : float    sides of the rectangle [mm]
    distance_mm : float            from the emitter to the plane of the rectangle, above 0 [mm]
    Returns the middle of each of `count` equal shares of the light [-], to better than 3e-4.

    >>> near, far = (rectangle_cosines(60.0, 2, width_mm=9.0, height_mm=9.0, distance_mm=z) for z in (0.01, 1000.0))
    >>> [round(cosine, 3) for cosine in near + far]
    [0.5, 0.866, 1.0, 1.0]
    """
    exponent = cosine_power(half_angle_deg) + 1.0
    half_width, half_height = width_mm / (2.0 * distance_mm), height_mm / (2.0 * distance_mm)
    corner = -math.expm1(-0.5 * exponent * math.log1p(half_width**2 + half_height**2))  # share up to the corners
    # Within t the share corner t^2 of the flux leaves: t is 0 on the axis and 1 at the corners. Near the axis it grows
    # with the radius, so that a strip, of which few azimuths are caught beyond its width, is resolved too.
    t = 1.0 - (np.arange(_NODES) + 0.5) / _NODES
    log_cosine = np.log1p(-corner * t**2) / exponent
    radius = np.sqrt(np.expm1(-2.0 * log_cosine))  # on the plane, over the distance
    beside = np.arcsin(np.minimum(1.0, half_width / radius))
    above = np.arcsin(np.minimum(1.0, half_height / radius))
    caught = np.maximum(beside + above - 0.5 * math.pi, 0.0) * t
    share = (np.cumsum(caught) - 0.5 * caught) / caught.sum()
    return tuple(float(c) for c in np.interp((np.arange(count) + 0.5) / count, share, np.exp(log_cosine)))


def faces_m2(lamp: Lamp) -> float:
    """Area of a lamp's arrays, all its wavelengths on one face; of several lamps as one their faces together [m2]."""
    areas: dict[int, float] = {}
    for one in lamp.emitters:
        number = one.stand.lamp if one.stand else 0
        area_mm2 = (one.rows or 0) * (one.columns or 0) * (one.pitch_mm or 0.0) ** 2
        areas[number] = max(areas.get(number, 0.0), area_mm2)
    return sum(areas.values()) / _MM2_PER_M2


@dataclass(frozen=True, slots=True, kw_only=True)
class LedArray:
    """Point emitters on a rectangular grid, centred over the origin, their plane parallel to the skin.

    Every emitter has intensity I0 cos^m with I0 = power (m + 1) / (2 pi), so that the forward hemisphere carries the
    whole power. The skin point at distance r sees I0 cos^m(theta) cos(theta) / r^2, because emission and incidence
    angles are equal for parallel planes.

    Each emitter's own size is neglected. Against an even disc of its package or lens a point overstates the irradiance
    straight under it: a Lambertian package of 5 mm by 25 % at 5 mm, 6 % at 10 mm and 1.6 % at 20 mm, the lens of a
    panel of 20 mm and 30 degrees by half at 20 mm and 2 % at 100 mm; the power is right (docs/methods/lamp.md).
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

    def of_power(self, power_mw: float) -> LedArray:
        """The same with another power of one emitter [mW]."""
        return replace(self, power_mw=power_mw)

    def emitter_positions_mm(self) -> tuple[Floats, Floats]:
        """Positions x, y of every emitter [mm]; columns run along x, rows along y."""
        grid_x, grid_y = np.meshgrid(*self._grid_mm())
        return grid_x.ravel(), grid_y.ravel()

    def irradiance_mw_cm2(self, x_mm: ArrayLike, y_mm: ArrayLike) -> Floats:
        """Irradiance on the skin plane [mW/cm2] at points x_mm, y_mm (any broadcastable shapes) [mm].

        The exact sum over the emitters; no inverse square is taken for the array as a whole.
        """
        x, y = np.broadcast_arrays(np.asarray(x_mm, dtype=float), np.asarray(y_mm, dtype=float))
        flat_x, flat_y, total = x.ravel(), y.ravel(), np.empty(x.size)
        at_once = max(1, _PAIRS_AT_ONCE // (self.rows * self.columns))
        for start in range(0, total.size, at_once):
            part = slice(start, start + at_once)
            total[part] = self._share_of_axial(flat_x[part], flat_y[part]).sum(axis=(1, 2))
        axial_mw_cm2 = self.axial_intensity_mw_sr / self.distance_mm**2 * _MW_CM2_PER_MW_MM2
        return (axial_mw_cm2 * total).reshape(x.shape)

    def incidence_cosines(self, count: int) -> tuple[float, ...]:
        """`count` equally probable incidence cosines, ascending, over the central pitch x pitch cell of the skin.

        Weighted by irradiance: each is the middle of one of `count` equal shares of the light arriving there.

        No point of the cell has to be chosen. Seen from each emitter in turn the cell lies elsewhere, and these places
        tile the rectangle of columns x rows pitches under one emitter; what all emitters send onto the cell arrives at
        the angles at which one sends its light onto that rectangle.
        """
        return rectangle_cosines(
            self.half_angle_deg,
            count,
            width_mm=self.columns * self.pitch_mm,
            height_mm=self.rows * self.pitch_mm,
            distance_mm=self.distance_mm,
        )

    def _share_of_axial(self, x_mm: Floats, y_mm: Floats) -> Floats:
        """(point, row, column) irradiance of every emitter, over what it gives straight under itself [-]."""
        emitter_x, emitter_y = self._grid_mm()
        across = ((x_mm[:, None] - emitter_x) / self.distance_mm) ** 2
        along = ((y_mm[:, None] - emitter_y) / self.distance_mm) ** 2
        # r^2 over that of the axis; cos^(m+1) / r^2 is a power of it alone. By its logarithm, for half the time.
        share = along[:, :, None] + (1.0 + across)[:, None, :]
        np.log(share, out=share)
        share *= -0.5 * (cosine_power(self.half_angle_deg) + 3.0)
        return np.asarray(np.exp(share, out=share))

    def _grid_mm(self) -> tuple[Floats, Floats]:
        """x of every column and y of every row [mm]."""
        x: Floats = (np.arange(self.columns, dtype=np.float64) - (self.columns - 1) / 2.0) * self.pitch_mm
        y: Floats = (np.arange(self.rows, dtype=np.float64) - (self.rows - 1) / 2.0) * self.pitch_mm
        return x, y


def lights_body(lamp: Lamp) -> bool:
    """Whether a lamp lights so much skin that the heat in the whole body counts, whatever its kind is called."""
    return lamp.kind == "whole_body" or lamp.heads * faces_m2(lamp) >= limit_value("whole_body_from")
