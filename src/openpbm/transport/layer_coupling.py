"""Layers joined at their interfaces: from the bottom up what the stack below answers, then from the top down the light.

At an interface the net radiance d of every direction is continuous, and the sum s jumps by 2 R / (1 - R) d (Fresnel); a
direction that one side cannot carry has d = 0. So all that lies below is one matrix and one vector, s = Z d + zeta,
and a layer turns that of its bottom into that of its top. No step has a growing exponential in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.layer_light import Particular
from openpbm.transport.layer_modes import LayerModes

__all__ = ["Amplitudes", "couple"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Amplitudes:
    """The answer in the modes.

    top, bottom : per layer (stacks, modes, fields)       homogeneous part of q at the layer's ends
    net : per interface (stacks, carried nodes, fields)   d, whose weighted sum is the diffuse flux
    """

    top: list[Array]
    bottom: list[Array]
    net: list[Array]


@dataclass(frozen=True, slots=True)
class _Layer:
    """What the way down needs of one layer, kept on the way up."""

    grip: Array  # k / sinh(k t)
    top_answer: Array  # from d and from the sources to q at the top
    under: Array  # beta + k coth(k t)
    load: Array
    bottom_answer: Array  # from q and from the sources to d at the bottom


def couple(
    layers: Sequence[LayerModes], sources: Sequence[Particular], contacts: Sequence[Array], lit: Array | None = None
) -> Amplitudes:
    """Solve all layers of stacks of one index pattern.

    contacts : per interface (stacks, nodes carried by both sides), 2 R / (1 - R), top and bottom included
    lit : (stacks, nodes, fields) or None   diffuse radiance from above, in the scale of s
    """
    stacks, _, fields = sources[0].q_top.shape
    carried = contacts[-1].shape[1]
    # Nothing comes back from outside: there s = d.
    z = np.broadcast_to(np.eye(carried), (stacks, carried, carried))
    zeta = np.zeros((stacks, carried, fields))
    kept = []
    for modes, source, contact in zip(reversed(layers), reversed(sources), reversed(contacts[1:]), strict=True):
        layer, z, zeta = _climb(modes, source, contact, z, zeta)
        kept.append(layer)
    kept.reverse()
    carried = contacts[0].shape[1]
    system = z[:, :carried, :carried] + _diagonal(contacts[0] + 1)
    pull = -zeta[:, :carried]
    if lit is not None:
        pull = pull + 2 * lit
    net = [_solved(system, pull)]
    tops, bottoms = [], []
    for modes, source, layer in zip(layers, sources, kept, strict=True):
        top, bottom, below = _descend(modes, source, layer, net[-1])
        tops.append(top)
        bottoms.append(bottom)
        net.append(below)
    return Amplitudes(tops, bottoms, net)


def _climb(modes: LayerModes, source: Particular, contact: Array, z: Array, zeta: Array) -> tuple[_Layer, Array, Array]:
    """From s = Z d + zeta below an interface to the same below the interface above: (kept, Z, zeta)."""
    carried = contact.shape[1]
    below = z[:, :carried, :carried] + _diagonal(contact)
    met = modes.shape[:, :carried]
    bottom_answer = _solved(below, np.concatenate((met, zeta[:, :carried]), axis=2))
    answered = np.swapaxes(met, 1, 2) @ bottom_answer
    modes_count = modes.rate.shape[1]
    beta, gamma = answered[..., :modes_count], answered[..., modes_count:]
    load = beta @ source.q_bottom - source.p_bottom - gamma
    depth = modes.rate * modes.thickness[:, None]
    grip = 2 * modes.rate * np.exp(-depth) / -np.expm1(-2 * depth)
    slope = modes.rate * np.tanh(depth / 2)
    stiff = beta + _diagonal(slope)
    under = stiff + _diagonal(grip)
    solved = _solved(under, np.concatenate((stiff, load), axis=2))
    # k coth - (k / sinh)^2 / under, written without the difference, which a thin layer would lose.
    admittance = _diagonal(slope) + grip[..., None] * solved[..., :modes_count]
    admittance = (admittance + np.swapaxes(admittance, 1, 2)) / 2
    offset = grip[..., None] * solved[..., modes_count:] + source.p_top - admittance @ source.q_top
    top_answer = _solved(admittance, np.concatenate((np.swapaxes(modes.shape, 1, 2), offset), axis=2))
    answered = modes.shape @ top_answer
    nodes = modes.shape.shape[1]
    layer = _Layer(grip, top_answer, under, load, bottom_answer)
    return layer, answered[..., :nodes], -answered[..., nodes:]


def _descend(modes: LayerModes, source: Particular, layer: _Layer, net: Array) -> tuple[Array, Array, Array]:
    """From d at the layer's top: (homogeneous q at its top, at its bottom, d at its bottom)."""
    modes_count, fields = modes.rate.shape[1], net.shape[2]
    top = layer.top_answer[..., : net.shape[1]] @ net - layer.top_answer[..., -fields:] - source.q_top
    bottom = _solved(layer.under, layer.grip[..., None] * top - layer.load)
    answer = layer.bottom_answer
    return top, bottom, answer[..., :modes_count] @ (bottom + source.q_bottom) - answer[..., -fields:]


def _solved(matrix: Array, right: Array) -> Array:
    return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)


def _diagonal(values: Array) -> Array:
    """(stacks, n) on the diagonals of (stacks, n, n)."""
    return np.asarray(values[..., None] * np.eye(values.shape[-1]))
