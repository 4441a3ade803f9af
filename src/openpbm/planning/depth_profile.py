"""Light against depth: the grid it is tallied on, and how it goes on where too few photons arrive.

The grid is fine in the skin, coarser below, with rings that widen outward. Deeper than photon histories tell, light
goes on falling at the rate diffusion theory gives for each layer.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from openpbm.transport import Layer, Scene

__all__ = [
    "DEPTH_EDGES_MM",
    "DEPTH_MM",
    "RADIUS_EDGES_MM",
    "TAIL_RULE",
    "at_depth",
    "continue_below",
    "effective_attenuation_per_mm",
]

# A tenth of a millimetre in the skin, where light changes fastest; two at the bottom, where few photons arrive.
DEPTH_EDGES_MM: NDArray[np.float64] = np.concatenate(
    [np.arange(0.0, 1.0, 0.1), np.arange(1.0, 4.0, 0.25), np.arange(4.0, 12.0, 0.5), np.arange(12.0, 30.0, 1.0),
     np.arange(30.0, 80.1, 2.0)]
)  # fmt: skip
DEPTH_MM: NDArray[np.float64] = 0.5 * (DEPTH_EDGES_MM[1:] + DEPTH_EDGES_MM[:-1])
# What wanders beyond 100 mm is not lost: it is tallied as one more ring, the overflow.
RADIUS_EDGES_MM: NDArray[np.float64] = np.array(
    [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 13.0, 16.0, 20.0, 25.0, 30.0, 40.0, 50.0, 70.0, 100.0]
)


def at_depth(values: NDArray[np.float64], depth_mm: float) -> float:
    """One profile read at a depth [mm], linear between the bins' centres."""
    # np.interp holds its end values, so nothing is extrapolated above the first centre or below the last.
    return float(np.interp(depth_mm, DEPTH_MM, values))


# Part of the key under which light is kept: change it with the rule.
TAIL_RULE = "diffusion tail where the relative standard error passes 0.25"
_LARGEST_RELATIVE_ERROR = 0.25


def effective_attenuation_per_mm(layer: Layer) -> float:
    """Effective attenuation of diffuse light in a layer [1/mm]: sqrt(3 mu_a (mu_a + mu_s (1 - g))).

    Source: diffusion approximation, far from source and boundary.

    >>> muscle = Layer(name="muscle", thickness_mm=None, mu_a_per_mm=0.03, mu_s_per_mm=10.0, g=0.9, n=1.4)
    >>> round(effective_attenuation_per_mm(muscle), 3)
    0.304
    """
    return math.sqrt(3.0 * layer.mu_a_per_mm * (layer.mu_a_per_mm + layer.mu_s_per_mm * (1.0 - layer.g)))


def continue_below(
    rings: NDArray[np.float64], relative_error: NDArray[np.float64], scene: Scene
) -> NDArray[np.float64]:
    """The (ring, depth) array with its noisy deep part replaced; nothing changes where every depth is well told.

    relative_error : (depth,)   relative standard error of the laterally integrated fluence rate [-]
    """
    # Negated on purpose: an error that is no number counts as noisy too.
    noisy = np.flatnonzero(~(relative_error <= _LARGEST_RELATIVE_ERROR))
    if noisy.size == 0 or noisy[0] == 0:
        return rings
    # From the first noisy depth on everything is replaced, also a deeper one that looks well told by chance.
    last = int(noisy[0]) - 1
    attenuation = np.array([effective_attenuation_per_mm(_layer_at(scene, depth)) for depth in DEPTH_MM])
    # The mean of both ends, so that a step across a boundary takes half of either layer.
    steps = 0.5 * (attenuation[last + 1 :] + attenuation[last:-1]) * np.diff(DEPTH_MM[last:])
    continued = rings.copy()
    # All rings fall alike and keep their shares of the last good depth: a narrow beam is not widened further.
    continued[:, last + 1 :] = rings[:, last : last + 1] * np.exp(-np.cumsum(steps))
    return continued


def _layer_at(scene: Scene, depth_mm: float) -> Layer:
    bottom = 0.0
    for layer in scene.layers:
        bottom += math.inf if layer.thickness_mm is None else layer.thickness_mm
        if depth_mm < bottom:
            return layer
    return scene.layers[-1]
