"""Layers' own solutions of the discrete transport equation: modes that grow and fall, and what a beam adds to them.

Sum s and difference d of the radiances down and up, each times the root of weight and cosine over the index, obey
s' = -A d + u, d' = -B s + v with symmetric A and B. In the modes, s = X q and d = X^-T p, they become scalar:
q' = -p + u, p' = -k^2 q + v. Depth is optical here, after delta scaling
(Stamnes et al. 1988, Joseph et al. 1976).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.angular_nodes import LayerBasis
from openpbm.transport.refraction import RankOptics

__all__ = [
    "BeamModes",
    "LayerModes",
    "beam_modes",
    "convolved",
    "decay",
    "layer_modes",
]

Array = NDArray[np.float64]
# A layer thinner than this is no layer; the floor keeps 1 / t finite.
LEAST_OPTICAL_THICKNESS = 1e-12
# An endless layer without absorption has no steady light; this much lets out all but a millionth of it.
LEAST_ENDLESS_LOSS = 1e-13
LEAST_RATE = 1e-150
# Moments used, as a share of those the nodes could tell apart. The highest are aliased on unevenly spaced nodes: cut at
# 0.6 the error at a given number of nodes is a third of that at 1, at g 0.8 to 0.99 and unequal indices.
MOMENT_SHARE = 0.6
# Stands for infinity [mm], without its undefined products; even the least rate has nothing left there.
ENDLESS = 1e200


@dataclass(frozen=True, slots=True)
class LayerModes:
    """Some layers of one index in many stacks.

    loss_per_mm : (layers, stacks)       absorption; above the true one where an endless layer has none
    extinction_per_mm, thickness : (layers, stacks)   after delta scaling; thickness is optical
    even_strength, odd_strength : (layers, stacks, nodes)   albedo times scaled Legendre moments of the phase function
    rate : (layers, stacks, modes)       k, decay of each mode per optical depth
    shape : (layers, stacks, nodes, modes)     X
    even_coupling, odd_coupling : (layers, stacks, nodes, modes)   from source moments of even and odd degree to modes
    brightness : (layers, stacks, modes)       fluence rate of a unit of each mode [-]
    """

    loss_per_mm: Array
    extinction_per_mm: Array
    thickness: Array
    even_strength: Array
    odd_strength: Array
    rate: Array
    shape: Array
    even_coupling: Array
    odd_coupling: Array
    brightness: Array


def layer_modes(
    basis: LayerBasis, *, thickness_mm: Array, mu_a_per_mm: Array, mu_s_per_mm: Array, g: Array
) -> LayerModes:
    """Modes of layers of one index; every argument but the basis is (layers, stacks)."""
    moments, peak = _scaled_moments(g, 2 * basis.glow.shape[1])
    scattering = mu_s_per_mm * (1 - peak)
    absorption = np.maximum(mu_a_per_mm, LEAST_ENDLESS_LOSS * scattering * np.isinf(thickness_mm))
    extinction = absorption + scattering
    # 1 in a clear layer, where it is divided by.
    clear = extinction == 0
    divisor = extinction + clear
    strength = moments * (scattering / divisor)[..., None]
    loss = 1 - strength
    # Not 1 - albedo, which loses the digits of a small absorption.
    loss[..., 0] = (absorption + clear) / divisor
    root_loss = np.sqrt(loss)
    root_odd = root_loss[..., 1::2]
    scaled_flight = basis.flight * root_odd[..., None, :]
    streaming = root_loss[..., 0::2, None] * scaled_flight
    _, turn = np.linalg.eigh(np.swapaxes(streaming, -1, -2) @ streaming)
    # The norm of streaming times a mode is its k to all digits; the root of its eigenvalue is not where k is small.
    rate = np.maximum(np.sqrt(np.sum((streaming @ turn) ** 2, axis=-2)), LEAST_RATE)
    shape = basis.odd @ (root_odd[..., None] * turn)
    return LayerModes(
        loss_per_mm=absorption,
        extinction_per_mm=extinction,
        thickness=np.maximum(np.minimum(thickness_mm, ENDLESS) * extinction, LEAST_OPTICAL_THICKNESS),
        even_strength=strength[..., 0::2],
        odd_strength=strength[..., 1::2],
        rate=rate,
        shape=shape,
        even_coupling=scaled_flight @ turn,
        odd_coupling=turn / root_odd[..., None],
        brightness=(basis.glow[:, None, :] @ shape)[..., 0, :],
    )


def _scaled_moments(g: Array, count: int) -> tuple[Array, Array]:
    """Legendre moments of Henyey-Greenstein with its forward peak cut off, and the share of the peak."""
    used = max(2, round(MOMENT_SHARE * count))
    degrees = np.arange(count)
    powers = g[..., None] ** degrees
    peak = g**used
    moments = (powers - peak[..., None]) / (1 - peak[..., None])
    moments[..., used:] = 0.0
    return moments, peak


@dataclass(frozen=True, slots=True)
class BeamModes:
    """What beams of unit fluence rate put into the modes of layers of one index.

    decay : (stacks, beams)                     1 / cosine, per optical depth
    push : (layers, stacks, beams, modes)       source of q
    reach : (layers, stacks, beams, modes)      factor of the convolved exponential in q
    """

    decay: Array
    push: Array
    reach: Array


def beam_modes(modes: LayerModes, optics: RankOptics) -> BeamModes:
    """Response to collimated beams that go down."""
    push = (optics.beam_odd * modes.odd_strength[..., None, :]) @ modes.odd_coupling
    reach = (optics.beam_even * modes.even_strength[..., None, :]) @ modes.even_coupling
    decay_rate = optics.beam_decay[..., None]
    reach += decay_rate * push
    reach /= modes.rate[..., None, :] + decay_rate
    return BeamModes(np.broadcast_to(optics.beam_decay, reach.shape[1:3]), push, reach)


def decay(x: Array) -> Array:
    """(1 - exp(-x)) / x for x >= 0: mean of exp(-y) over 0 to x.

    >>> decay(np.array([0.0, np.inf])).tolist()
    [1.0, 0.0]
    """
    x = np.maximum(x, 1e-300)
    return np.asarray(-np.expm1(-x) / x)


def convolved(rate: Array, other: Array, x: Array) -> Array:
    """(exp(-other x) - exp(-rate x)) / (rate - other), finite and exact where the two meet."""
    return np.asarray(x * np.exp(-np.minimum(rate, other) * x) * decay(np.abs(rate - other) * x))
