"""One layer's own solutions of the discrete transport equation: modes that grow and fall, and what a beam adds to them.

Sum s and difference d of the radiances down and up, each times the root of weight and cosine over the index, obey
s' = -A d + u, d' = -B s + v with symmetric A and B. In the modes, s = X q and d = X^-T p, they become scalar:
q' = -p + u, p' = -k^2 q + v. Depth is optical here, after delta scaling
(Stamnes et al. 1988, Joseph et al. 1976).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.angular_nodes import LayerBasis, legendre

__all__ = [
    "BeamModes",
    "LayerModes",
    "beam_modes",
    "convolved",
    "decay",
    "decay_mean",
    "layer_modes",
    "ramp_mean",
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
# Stands for infinity, without its undefined products; even the least rate has nothing left there.
ENDLESS = 1e200


@dataclass(frozen=True, slots=True)
class LayerModes:
    """One layer of many stacks.

    loss_per_mm : (stacks,)            absorption; above the true one where an endless layer has none
    extinction_per_mm, albedo, thickness : (stacks,)   after delta scaling; thickness is optical
    moments : (stacks, 2 nodes)        scaled Legendre moments of the phase function, zero beyond those used
    rate : (stacks, modes)             k, decay of each mode per optical depth
    shape : (stacks, nodes, modes)     X
    even_coupling, odd_coupling : (stacks, nodes, modes)   from source moments of even and odd degree to the modes
    brightness : (stacks, modes)       fluence rate of a unit of each mode [-]
    """

    loss_per_mm: Array
    extinction_per_mm: Array
    albedo: Array
    thickness: Array
    moments: Array
    rate: Array
    shape: Array
    even_coupling: Array
    odd_coupling: Array
    brightness: Array
    n: Array
    weight_sum: Array


def layer_modes(
    basis: LayerBasis, *, thickness_mm: Array, mu_a_per_mm: Array, mu_s_per_mm: Array, g: Array, n: Array
) -> LayerModes:
    """Modes of one layer; every argument but the basis is (stacks,)."""
    nodes = basis.cosine.shape[1]
    moments, peak = _scaled_moments(g, 2 * nodes)
    scattering = mu_s_per_mm * (1 - peak)
    endless = np.isinf(thickness_mm)
    absorption = np.where(endless, np.maximum(mu_a_per_mm, LEAST_ENDLESS_LOSS * scattering), mu_a_per_mm)
    extinction = absorption + scattering
    clear = extinction == 0
    extinction = np.where(clear, 1.0, extinction)
    albedo = scattering / extinction
    loss_even = 1 - albedo[:, None] * moments[:, 0::2]
    # Not 1 - albedo, which loses the digits of a small absorption.
    loss_even[:, 0] = np.where(clear, 1.0, absorption / extinction)
    loss_odd = 1 - albedo[:, None] * moments[:, 1::2]
    root_odd = np.sqrt(loss_odd)
    scaled_flight = basis.flight * root_odd[:, None, :]
    streaming = np.sqrt(loss_even)[..., None] * scaled_flight
    _, turn = np.linalg.eigh(np.swapaxes(streaming, 1, 2) @ streaming)
    # The norm of streaming times a mode is its k to all digits; the root of its eigenvalue is not where k is small.
    rate = np.maximum(np.sqrt(np.sum((streaming @ turn) ** 2, axis=1)), LEAST_RATE)
    shape = (basis.odd @ (root_odd[..., None] * turn)) / np.sqrt(basis.cosine)[..., None]
    brightness = n[:, None] * (np.sqrt(basis.weight / basis.cosine)[:, None, :] @ shape)[:, 0]
    optical = np.where(endless, ENDLESS, np.where(clear | endless, 0.0, thickness_mm) * extinction)
    return LayerModes(
        loss_per_mm=absorption,
        extinction_per_mm=np.where(clear, 0.0, extinction),
        albedo=albedo,
        thickness=np.maximum(optical, LEAST_OPTICAL_THICKNESS),
        moments=moments,
        rate=rate,
        shape=shape,
        even_coupling=scaled_flight @ turn,
        odd_coupling=turn / root_odd[..., None],
        brightness=brightness,
        n=n,
        weight_sum=basis.weight.sum(axis=1),
    )


def _scaled_moments(g: Array, count: int) -> tuple[Array, Array]:
    """Legendre moments of Henyey-Greenstein with its forward peak cut off, and the share of the peak."""
    used = max(2, round(MOMENT_SHARE * count))
    peak = g**used
    degrees = np.arange(count)
    moments = (g[:, None] ** degrees - peak[:, None]) / (1 - peak[:, None])
    return np.where(degrees < used, moments, 0.0), peak


@dataclass(frozen=True, slots=True)
class BeamModes:
    """What beams of unit fluence rate put into a layer's modes.

    decay : (stacks, beams)              1 / cosine, per optical depth
    push : (stacks, beams, modes)        source of q
    reach : (stacks, beams, modes)       factor of the convolved exponential in q
    """

    decay: Array
    push: Array
    reach: Array


def beam_modes(modes: LayerModes, cosine: Array) -> BeamModes:
    """Response to collimated beams; cosine : (stacks, beams) in this layer, of a beam that goes down."""
    strength = modes.moments * (modes.albedo / modes.n)[:, None]
    moments = legendre(strength.shape[1], cosine) * strength[:, None, :]
    even, odd = moments[..., 0::2], moments[..., 1::2]
    even[..., 0] /= np.sqrt(modes.weight_sum)[:, None]
    push = odd @ modes.odd_coupling
    decay_rate = 1 / cosine
    reach = even @ modes.even_coupling + decay_rate[..., None] * push
    reach /= modes.rate[:, None, :] + decay_rate[..., None]
    return BeamModes(decay_rate, push, reach)


def decay(x: Array) -> Array:
    """(1 - exp(-x)) / x for x >= 0: mean of exp(-y) over 0 to x.

    >>> decay(np.array([0.0, np.inf])).tolist()
    [1.0, 0.0]
    """
    x = np.maximum(x, 1e-300)
    return np.asarray(-np.expm1(-x) / x)


def decay_mean(rate: Array, start: Array, width: Array) -> Array:
    """Mean of exp(-rate x) over `width` from `start` on."""
    return np.asarray(np.exp(-rate * start) * decay(rate * width))


def ramp_mean(rate: Array, thickness: Array, start: Array, width: Array) -> Array:
    """Mean of sinh(k (t - x)) / sinh(k t) over `width` from `start`: 1 at the top, 0 at the bottom, at any k and t."""
    left = np.maximum(thickness - start - width / 2, 0.0)
    return np.asarray(decay_mean(rate, start, width) * np.expm1(-2 * rate * left) / np.expm1(-2 * rate * thickness))


def convolved(rate: Array, other: Array, x: Array) -> Array:
    """(exp(-other x) - exp(-rate x)) / (rate - other), finite and exact where the two meet."""
    return np.asarray(x * np.exp(-np.minimum(rate, other) * x) * decay(np.abs(rate - other) * x))
