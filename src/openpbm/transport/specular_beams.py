"""Collimated light through the stack: refracted, weakened, reflected to and fro at every interface (Fresnel, Snell)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Beams", "BentBeams", "bent_beams", "follow_beams", "reflectance"]

Array = NDArray[np.float64]
NEARLY_GRAZING = 1e-9


@dataclass(frozen=True, slots=True)
class BentBeams:
    """What the indices make of beams, whatever the layers absorb and scatter.

    cosine : (layers, sets, beams)            of the refracted beam in each layer; 1 where it cannot be
    reflectance : (layers + 1, sets, beams)   of every interface; 1 where the beam is on one side only
    weights : (sets, fields, beams)           share of each beam in each field's launched power
    """

    cosine: Array
    reflectance: Array
    weights: Array

    def take(self, which: NDArray[np.intp]) -> BentBeams:
        """Those of some of the sets, as often as asked."""
        return BentBeams(self.cosine[:, which], self.reflectance[:, which], self.weights[which])


def bent_beams(indices: Array, cosine: Array, weights: Array) -> BentBeams:
    """Beams refracted into stacks of some indices (sets, layers + 2), from their cosines above (sets, beams)."""
    n = indices.T[..., None]
    invariant = n[0] * np.sqrt(np.maximum(0.0, 1 - cosine**2))
    squared = 1 - (invariant / n) ** 2
    # A layer that the beam grazes would carry its power for ever at an unbounded fluence rate.
    carried = squared > NEARLY_GRAZING**2
    r = np.where(carried[:-1] & carried[1:], reflectance(n[:-1], n[1:], invariant), 1.0)
    return BentBeams(np.sqrt(np.where(carried, squared, 1.0))[1:-1], r, weights)


@dataclass(frozen=True, slots=True)
class Beams:
    """Beams of unit power through the surface; powers are per area of surface, with all echoes added up.

    down : (layers, stacks, beams)         power going down, just below the top of the layer
    up : (layers, stacks, beams)           power going up, just above the bottom of the layer
    specular : (stacks, beams)             reflected at the first interface
    echo, passed : (stacks, beams)         leaving above after that, and below
    """

    down: Array
    up: Array
    specular: Array
    echo: Array
    passed: Array


def follow_beams(bent: BentBeams, thickness: Array) -> Beams:
    """All echoes of every beam; thickness : (layers, stacks), optical; sets of `bent` are stacks or one for all."""
    layers, r = len(thickness), bent.reflectance
    passed = np.exp(-thickness[..., None] / bent.cosine)
    # From below: what comes back from each interface and all under it.
    back = np.empty((layers + 1, *passed.shape[1:]))
    back[layers] = r[layers]
    echoes = np.empty_like(passed)
    for i in range(layers - 1, -1, -1):
        returned = passed[i] ** 2 * back[i + 1]
        # 0 only between two perfect mirrors, where no light gets in.
        echoes[i] = np.maximum(1 - r[i] * returned, 1e-300)
        back[i] = r[i] + (1 - r[i]) ** 2 * returned / echoes[i]
    crossed = (1 - r[:-1]) / echoes
    down = np.empty_like(passed)
    falling = np.ones_like(passed[0])
    for i in range(layers):
        down[i] = crossed[i] * falling
        falling = down[i] * passed[i]
    return Beams(down, down * passed * back[1:], r[0], back[0] - r[0], falling * (1 - back[layers]))


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
