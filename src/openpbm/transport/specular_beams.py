"""Collimated light through the stack: refracted, weakened, reflected to and fro at every interface (Fresnel, Snell)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Beams", "follow_beams", "reflectance"]

Array = NDArray[np.float64]
NEARLY_GRAZING = 1e-9


@dataclass(frozen=True, slots=True)
class Beams:
    """Beams of unit power through the surface; powers are per area of surface, with all echoes added up.

    cosine : (layers, stacks, beams)       of the refracted beam in each layer; 1 where it cannot be
    down : (layers, stacks, beams)         power going down, just below the top of the layer
    up : (layers, stacks, beams)           power going up, just above the bottom of the layer
    specular : (stacks, beams)             reflected at the first interface
    echo, passed : (stacks, beams)         leaving above after that, and below
    """

    cosine: Array
    down: Array
    up: Array
    specular: Array
    echo: Array
    passed: Array


def follow_beams(invariant: Array, n_above: Array, n_layers: Array, n_below: Array, thickness: Array) -> Beams:
    """All echoes of every beam.

    invariant : (stacks, beams)   n sin(theta)
    n_above, n_below : (stacks,)   n_layers, thickness : (layers, stacks), thickness optical
    """
    layers = len(n_layers)
    n = np.concatenate((n_above[None], n_layers, n_below[None]))
    squared = 1 - (invariant / n[..., None]) ** 2
    # A layer that the beam grazes would carry its power for ever at an unbounded fluence rate.
    carried = squared > NEARLY_GRAZING**2
    cosine = np.sqrt(np.where(carried, squared, 1.0))
    r = np.stack([reflectance(n[i][:, None], n[i + 1][:, None], invariant) for i in range(layers + 1)])
    r = np.where(carried[:-1] & carried[1:], r, 1.0)
    passed = np.exp(-thickness[..., None] / cosine[1:-1])
    # From below: what comes back from each interface and all under it.
    back = np.empty_like(r)
    back[layers] = r[layers]
    for i in range(layers - 1, -1, -1):
        back[i] = r[i] + (1 - r[i]) ** 2 * passed[i] ** 2 * back[i + 1] / _echoes(r[i], passed[i], back[i + 1])
    down, up = np.empty_like(passed), np.empty_like(passed)
    falling = np.ones_like(invariant)
    for i in range(layers):
        down[i] = (1 - r[i]) * falling / _echoes(r[i], passed[i], back[i + 1])
        falling = down[i] * passed[i]
        up[i] = falling * back[i + 1]
    return Beams(cosine[1:-1], down, up, r[0], back[0] - r[0], falling * (1 - back[layers]))


def _echoes(r: Array, passed: Array, back: Array) -> Array:
    # 0 only between two perfect mirrors, where no light gets in.
    return np.maximum(1 - r * passed**2 * back, 1e-300)


def reflectance(n_from: Array, n_to: Array, invariant: Array) -> Array:
    """Unpolarised Fresnel reflectance of rays n sin(theta) at an interface, the same from either side; 1 if total.

    >>> reflectance(np.array([1.0]), np.array([1.5]), np.array([0.0])).round(3)
    array([0.04])
    """
    near = np.sqrt(np.maximum(0.0, 1 - (invariant / n_from) ** 2))
    far = np.sqrt(np.maximum(0.0, 1 - (invariant / n_to) ** 2))
    with np.errstate(invalid="ignore"):
        across = (n_from * near - n_to * far) / (n_from * near + n_to * far)
        along = (n_from * far - n_to * near) / (n_from * far + n_to * near)
    total = (invariant >= n_from) | (invariant >= n_to)
    result = np.where(total, 1.0, 0.5 * (across**2 + along**2))
    return np.where(n_from == n_to, np.where(total, 1.0, 0.0), result)
