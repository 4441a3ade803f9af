"""Directions shared by all layers of a stack: bands of Snell's invariant n sin(theta), and Legendre functions on them.

A ray keeps n sin(theta) through every flat interface. Nodes in that invariant are the same rays in all layers that can
carry them, so that nothing is interpolated at an interface, and total reflection falls on the edge of a band.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

from openpbm.transport.plane_stacks import PlaneStacks

__all__ = [
    "INDEX_DECIMALS",
    "Directions",
    "IndexPattern",
    "LayerBasis",
    "directions",
    "index_patterns",
    "layer_basis",
    "legendre",
]

Array = NDArray[np.float64]
# Indices are taken to so many decimals: a band narrower than that would hold no light but the fastest of all modes.
INDEX_DECIMALS = 5


@dataclass(frozen=True, slots=True)
class IndexPattern:
    """Which refractive indices of a stack are equal and which greater: stacks of one pattern are solved together.

    layers : rank of each layer's index, 1 the least of all indices in the stack
    above, below : rank of the media around, at most the highest of the layers
    endless : whether the last layer is without end
    """

    layers: tuple[int, ...]
    above: int
    below: int
    endless: bool

    @property
    def bands(self) -> int:
        """Number of bands; a layer of rank r carries the first r of them."""
        return max(self.layers)


def index_patterns(stacks: PlaneStacks) -> dict[IndexPattern, NDArray[np.intp]]:
    """The patterns that occur, each with the numbers of its stacks."""
    groups: dict[IndexPattern, list[int]] = {}
    n, above, below = stacks.n, stacks.n_above, stacks.n_below
    endless = np.isinf(stacks.thickness_mm[:, -1])
    for stack in range(stacks.count):
        highest = n[stack].max()
        top = min(above[stack], highest)
        # What lies below an endless layer is never met and must not make a band.
        bottom = highest if endless[stack] else min(below[stack], highest)
        rank = {value: place for place, value in enumerate(sorted({*n[stack], top, bottom}), start=1)}
        pattern = IndexPattern(tuple(rank[value] for value in n[stack]), rank[top], rank[bottom], bool(endless[stack]))
        groups.setdefault(pattern, []).append(stack)
    return {pattern: np.array(numbers) for pattern, numbers in groups.items()}


@dataclass(frozen=True, slots=True)
class Directions:
    """The nodes of stacks of one pattern, bands in rising order of the invariant.

    invariant : (stacks, nodes)        s = n sin(theta) [-]
    root_weight : (stacks, nodes)      root of the node's share of s ds, which no refraction changes [-]
    until : nodes carried up to and including each band, until[0] = 0
    """

    invariant: Array
    root_weight: Array
    until: tuple[int, ...]


def directions(stacks: PlaneStacks, pattern: IndexPattern, order: int) -> Directions:
    """Gauss points of each band in the cosine of the least index that carries it.

    Near total reflection transmittance goes as the root of the distance from the critical invariant; in that cosine it
    is smooth. order : nodes of a band a quarter turn wide; narrower bands take fewer.
    """
    edges = _band_edges(stacks, pattern)
    widths = np.sqrt(np.maximum(0.0, 1 - (edges[:, :-1] / edges[:, 1:]) ** 2))
    invariants, roots, until = [], [], [0]
    for band in range(pattern.bands):
        width, n = widths[:, band, None], edges[:, band + 1, None]
        count = max(2, math.ceil(order * float(width.max()) ** 0.5))
        x, w = leggauss(count)
        cosine = width * (x + 1) / 2
        invariants.append(n * np.sqrt(1 - cosine**2))
        roots.append(n * np.sqrt(width * w / 2 * cosine))
        until.append(until[-1] + count)
    return Directions(np.concatenate(invariants, axis=1), np.concatenate(roots, axis=1), tuple(until))


def _band_edges(stacks: PlaneStacks, pattern: IndexPattern) -> Array:
    """(stacks, bands + 1) edges of the bands in the invariant, from 0."""
    edges = np.zeros((stacks.count, pattern.bands + 1))
    # Media outside first: where a layer has the same rank its index is the one that counts.
    edges[:, pattern.above] = stacks.n_above
    if not pattern.endless:
        edges[:, pattern.below] = stacks.n_below
    for layer, rank in enumerate(pattern.layers):
        edges[:, rank] = stacks.n[:, layer]
    return edges


@dataclass(frozen=True, slots=True)
class LayerBasis:
    """Nodes as one layer sees them, with Legendre functions made orthonormal on just these nodes.

    cosine, weight : (stacks, nodes)     mu and its weight in this layer [-]
    odd : (stacks, nodes, nodes)         orthonormal functions of rising odd degree, times the root of weight
    flight : (stacks, nodes, nodes)      even functions x 1/mu x odd functions: all that the streaming term needs
    """

    cosine: Array
    weight: Array
    odd: Array
    flight: Array


def layer_basis(directions: Directions, nodes: int, n: Array) -> LayerBasis:
    """The basis of a layer that carries the first `nodes` directions; n : (stacks,) its index.

    Legendre polynomials are orthogonal under an integral; under the sum over these nodes only nearly. Made so exactly,
    scattering keeps every photon and its mean cosine, at any order.
    """
    rows = np.concatenate((directions.invariant[:, :nodes], directions.root_weight[:, :nodes], n[:, None]), axis=1)
    unique, inverse = np.unique(rows, axis=0, return_inverse=True)
    invariant, root_weight, index = unique[:, :nodes], unique[:, nodes : 2 * nodes], unique[:, 2 * nodes :]
    cosine = np.sqrt(np.maximum(1e-24, 1 - (invariant / index) ** 2))
    weight = root_weight**2 / (index**2 * cosine)
    functions = legendre(2 * nodes, cosine) * np.sqrt(weight)[..., None]
    even, odd = _orthonormal(functions[..., 0::2]), _orthonormal(functions[..., 1::2])
    flight = np.swapaxes(even, 1, 2) @ (odd / cosine[..., None])
    inverse = inverse.reshape(-1)
    return LayerBasis(cosine[inverse], weight[inverse], odd[inverse], flight[inverse])


def _orthonormal(functions: Array) -> Array:
    """Gram-Schmidt by rising degree, signs kept."""
    q, r = np.linalg.qr(functions)
    signs = np.where(np.diagonal(r, axis1=1, axis2=2) < 0, -1.0, 1.0)
    return np.asarray(q * signs[:, None, :])


def legendre(count: int, x: Array) -> Array:
    """P_0 ... P_(count - 1) on a new last axis, each times sqrt(2 l + 1): unit mean square over -1 to 1.

    >>> legendre(3, np.array([1.0])).round(3)
    array([[1.   , 1.732, 2.236]])
    """
    values = np.ones((*x.shape, max(count, 2)))
    values[..., 1] = x
    for degree in range(1, count - 1):
        values[..., degree + 1] = ((2 * degree + 1) * x * values[..., degree] - degree * values[..., degree - 1]) / (
            degree + 1
        )
    return np.asarray(values[..., :count] * np.sqrt(2 * np.arange(count) + 1))
