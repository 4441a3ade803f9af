"""From spatial frequencies to rings: one fixed grid of frequencies and the weights that integrate over it."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

__all__ = ["FREQUENCIES_PER_MM", "ring_weights"]

Array = NDArray[np.float64]

_COUNT = 41
_KNEE_PER_MM = 0.02
_HIGHEST_PER_MM = 30.0
_STEP = float(np.arcsinh(_HIGHEST_PER_MM / _KNEE_PER_MM)) / (_COUNT - 1)
# Linear near zero and logarithmic above: deep light lives at 0.01 /mm, light in the skin at 10 /mm.
FREQUENCIES_PER_MM: Array = _KNEE_PER_MM * np.sinh(_STEP * np.arange(_COUNT))


def ring_weights(radius_edges_mm: Array) -> Array:
    """Weights that turn a spectrum on FREQUENCIES_PER_MM into the amount in each ring: (rings, frequencies)."""
    return _cached(tuple(float(edge) for edge in radius_edges_mm))


@functools.cache
def _cached(edges: tuple[float, ...]) -> Array:
    from scipy.interpolate import CubicSpline
    from scipy.special import j0, j1

    nodes = _STEP * np.arange(_COUNT)
    # Even in k, so flat at zero.
    spline = CubicSpline(nodes, np.eye(_COUNT), bc_type=((1, np.zeros(_COUNT)), "not-a-knot"))
    points, weights = np.polynomial.legendre.leggauss(8)
    radii = np.array(edges)
    discs = np.zeros((radii.size, _COUNT))
    for start in nodes[:-1]:
        highest = _KNEE_PER_MM * np.sinh(start + _STEP)
        lowest = _KNEE_PER_MM * np.sinh(start)
        pieces = 1 + int((highest - lowest) * radii.max() / 3.0)
        cuts = np.arcsinh(np.linspace(lowest, highest, pieces + 1) / _KNEE_PER_MM)
        u = (cuts[:-1, None] + 0.5 * np.diff(cuts)[:, None] * (points + 1.0)).ravel()
        width = (0.5 * np.diff(cuts)[:, None] * weights).ravel()
        k = _KNEE_PER_MM * np.sinh(u)
        kernel = radii[:, None] * j1(radii[:, None] * k) * _KNEE_PER_MM * np.cosh(u) * width
        discs += kernel @ spline(u)
    beyond = np.maximum(radii * _HIGHEST_PER_MM, 1e-9)
    # By parts: what follows the last frequency of a spectrum that falls like k^-1.5.
    discs[:, -1] += np.where(radii > 0.0, j0(beyond) + 1.5 * j1(beyond) / beyond, 0.0)
    return np.diff(discs, axis=0)
