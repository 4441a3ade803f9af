"""From spatial frequencies to rings: one fixed grid of frequencies and the weights that integrate over it."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

__all__ = ["FREQUENCIES_PER_MM", "ring_weights"]

Array = NDArray[np.float64]

_COUNT = 35
_KNEE_PER_MM = 0.012
_HIGHEST_PER_MM = 26.0
_STEP = float(np.arcsinh(_HIGHEST_PER_MM / _KNEE_PER_MM)) / (_COUNT - 1)
# Linear near zero and logarithmic above: deep light lives at 0.01 /mm, light in the skin at 10 /mm.
FREQUENCIES_PER_MM: Array = _KNEE_PER_MM * np.sinh(_STEP * np.arange(_COUNT))
# The largest turn of a Bessel function between two cuts [rad]: 8 Gauss points see each of its waves.
_TURN = 3.0


def ring_weights(radius_edges_mm: Array) -> Array:
    """Weights that turn a spectrum on FREQUENCIES_PER_MM into the amount in each ring: (rings, frequencies).

    radius_edges_mm : (rings + 1,)   rising from 0 [mm]
    The amount in a ring is the integral of the spectrum times r J1(k r), its outer edge less its inner one. A point
    source 0.2 mm away and farther is right to 0.2 % in every ring of 0.5-100 mm; nearer ones need higher frequencies.

    >>> amounts = ring_weights(np.array([0.0, 3.0, 4.0])) @ np.exp(-4.0 * FREQUENCIES_PER_MM)
    >>> amounts.round(3).tolist()
    [0.2, 0.093]
    """
    return _cached(tuple(float(edge) for edge in radius_edges_mm))


@functools.lru_cache(maxsize=32)
def _cached(edges: tuple[float, ...]) -> Array:
    from scipy.special import j0, j1

    radii = np.array(edges)
    discs = np.zeros((radii.size, _COUNT))
    points, weights = np.polynomial.legendre.leggauss(8)
    curvature = _curvature()
    for piece in range(_COUNT - 1):
        lowest, highest = FREQUENCIES_PER_MM[piece : piece + 2]
        cuts = np.linspace(lowest, highest, 2 + int((highest - lowest) * radii.max() / _TURN))
        k = (cuts[:-1, None] + 0.5 * np.diff(cuts)[:, None] * (points + 1.0)).ravel()
        width = (0.5 * np.diff(cuts)[:, None] * weights).ravel()
        discs += (radii[:, None] * j1(radii[:, None] * k) * width) @ _between(piece, k, curvature)
    beyond = np.maximum(radii * _HIGHEST_PER_MM, 1e-9)
    # By parts: what follows the last frequency of a spectrum that falls like k^-1.5.
    discs[:, -1] += np.where(radii > 0.0, j0(beyond) + 1.5 * j1(beyond) / beyond, 0.0)
    return np.diff(discs, axis=0)


def _between(piece: int, k: Array, curvature: Array) -> Array:
    """Weight of every node in the cubic spline at frequencies k between nodes `piece` and the next."""
    right = np.arcsinh(k / _KNEE_PER_MM)[:, None] / _STEP - piece
    left = 1.0 - right
    values = (left**3 - left) * curvature[piece] / 6.0 + (right**3 - right) * curvature[piece + 1] / 6.0
    values[:, piece] += left[:, 0]
    values[:, piece + 1] += right[:, 0]
    return np.asarray(values)


def _curvature() -> Array:
    """Second derivatives of the cubic spline at the nodes (in steps) for each node's value: flat at 0, as even in k."""
    inner = np.arange(1, _COUNT - 1)
    system, right = np.zeros((_COUNT, _COUNT)), np.zeros((_COUNT, _COUNT))
    system[0, :2], right[0, :2] = (1 / 3, 1 / 6), (-1.0, 1.0)
    for offset, second, value in ((-1, 1 / 6, 1.0), (0, 2 / 3, -2.0), (1, 1 / 6, 1.0)):
        system[inner, inner + offset], right[inner, inner + offset] = second, value
    # The last two pieces are one cubic.
    system[-1, -3:] = (1.0, -2.0, 1.0)
    return np.asarray(np.linalg.solve(system, right), dtype=np.float64)
