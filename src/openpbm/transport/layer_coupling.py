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

from openpbm.transport.layer_light import LayerEnds

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
class _Climbed:
    """What the way down needs of one layer, kept on the way up."""

    top_answer: Array  # from d and from the sources to q at the top
    under: Array  # beta + k coth(k t)
    load: Array
    bottom_answer: Array  # from q and from the sources to d at the bottom


def couple(layers: Sequence[LayerEnds], contacts: Sequence[Array]) -> Amplitudes:
    """Solve all layers of stacks of one index pattern.

    contacts : per interface (stacks, nodes carried by both sides), 2 R / (1 - R), from the top on; without one at the
               bottom the last layer has no end
    """
    finite = layers[: len(contacts) - 1]
    z, zeta = _endless(layers[-1]) if len(finite) < len(layers) else _open_air(layers[-1], contacts[-1])
    kept = []
    for layer, contact in zip(reversed(finite), reversed(contacts[1:]), strict=True):
        climbed, z, zeta = _climb(layer, contact, z, zeta)
        kept.append(climbed)
    kept.reverse()
    carried = contacts[0].shape[1]
    net = [_solved(_plus_diagonal(z[:, :carried, :carried], contacts[0] + 1), -zeta[:, :carried])]
    tops, bottoms = [], []
    for layer, climbed in zip(finite, kept, strict=True):
        top, bottom, below = _descend(layer, climbed, net[-1])
        tops.append(top)
        bottoms.append(bottom)
        net.append(below)
    if len(finite) < len(layers):
        top = _into_endless(layers[-1], net[-1])
        tops.append(top)
        bottoms.append(np.zeros_like(top))
        net.append(np.zeros((len(top), 0, top.shape[2])))
    return Amplitudes(tops, bottoms, net)


def _open_air(last: LayerEnds, contact: Array) -> tuple[Array, Array]:
    """Nothing comes back from outside: there s = d."""
    stacks, _, fields = last.q_top.shape
    carried = contact.shape[1]
    return np.broadcast_to(np.eye(carried), (stacks, carried, carried)), np.zeros((stacks, carried, fields))


def _endless(layer: LayerEnds) -> tuple[Array, Array]:
    """Z and zeta at the top of a layer from whose depth nothing comes back: there p = k q in every mode."""
    answer = np.swapaxes(layer.shape, 1, 2) / layer.slope[..., None]
    return layer.shape @ answer, layer.shape @ (layer.q_top - layer.p_top / layer.slope[..., None])


def _into_endless(layer: LayerEnds, net: Array) -> Array:
    """From d at the top of an endless layer the homogeneous q there."""
    met = layer.shape[:, : net.shape[1]]
    return np.asarray((np.swapaxes(met, 1, 2) @ net - layer.p_top) / layer.slope[..., None])


def _climb(layer: LayerEnds, contact: Array, z: Array, zeta: Array) -> tuple[_Climbed, Array, Array]:
    """From s = Z d + zeta below an interface to the same below the interface above: (kept, Z, zeta)."""
    carried = contact.shape[1]
    below = _plus_diagonal(z[:, :carried, :carried], contact)
    met = layer.shape[:, :carried]
    bottom_answer = _solved(below, np.concatenate((met, zeta[:, :carried]), axis=2))
    answered = np.swapaxes(met, 1, 2) @ bottom_answer
    modes_count = layer.grip.shape[1]
    beta, gamma = answered[..., :modes_count], answered[..., modes_count:]
    load = beta @ layer.q_bottom - layer.p_bottom - gamma
    grip = layer.grip[..., None]
    stiff = _plus_diagonal(beta, layer.slope)
    under = _plus_diagonal(stiff, layer.grip)
    solved = _solved(under, np.concatenate((stiff, load), axis=2))
    # k coth - (k / sinh)^2 / under, written without the difference, which a thin layer would lose.
    gripped = grip * solved
    admittance = _plus_diagonal(gripped[..., :modes_count], layer.slope)
    admittance = (admittance + np.swapaxes(admittance, 1, 2)) / 2
    offset = gripped[..., modes_count:] + layer.p_top - admittance @ layer.q_top
    top_answer = _solved(admittance, np.concatenate((np.swapaxes(layer.shape, 1, 2), offset), axis=2))
    answered = layer.shape @ top_answer
    nodes = layer.shape.shape[1]
    return _Climbed(top_answer, under, load, bottom_answer), answered[..., :nodes], -answered[..., nodes:]


def _descend(layer: LayerEnds, climbed: _Climbed, net: Array) -> tuple[Array, Array, Array]:
    """From d at the layer's top: (homogeneous q at its top, at its bottom, d at its bottom)."""
    modes_count, fields = layer.grip.shape[1], net.shape[2]
    answer = climbed.top_answer
    top = answer[..., : net.shape[1]] @ net - answer[..., -fields:] - layer.q_top
    bottom = _solved(climbed.under, layer.grip[..., None] * top - climbed.load)
    answer = climbed.bottom_answer
    return top, bottom, answer[..., :modes_count] @ (bottom + layer.q_bottom) - answer[..., -fields:]


def _solved(matrix: Array, right: Array) -> Array:
    return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)


def _plus_diagonal(matrix: Array, values: Array) -> Array:
    """(stacks, n, n) with values, (stacks or 1, n), added on the diagonals."""
    size = matrix.shape[-1]
    total = matrix.copy()
    total.reshape(len(total), -1)[:, :: size + 1] += values
    return total
