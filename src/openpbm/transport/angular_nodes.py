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

__all__ = [
    "Directions",
    "IndexPattern",
    "LayerBasis",
    "directions",
    "layer_basis",
    "legendre",
]

Array = NDArray[np.float64]


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


@dataclass(frozen=True, slots=True)
class Directions:
    """The nodes of some sets of indices of one pattern, bands in rising order of the invariant.

    invariant : (sets, nodes)          s = n sin(theta) [-]
    root_weight : (sets, nodes)        root of the node's share of s ds, which no refraction changes [-]
    until : nodes carried up to and including each band, until[0] = 0
    """

    invariant: Array
    root_weight: Array
    until: tuple[int, ...]


def directions(indices: Array, pattern: IndexPattern, order: int) -> Directions:
    """Gauss points of each band in the cosine of the least index that carries it.

    Near total reflection transmittance goes as the root of the distance from the critical invariant; in that cosine it
    is smooth. indices : (sets, layers + 2); order : nodes of a band a quarter turn wide; narrower bands take fewer.
    """
    edges = _band_edges(indices, pattern)
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


def _band_edges(indices: Array, pattern: IndexPattern) -> Array:
    """(sets, bands + 1) edges of the bands in the invariant, from 0."""
    edges = np.zeros((len(indices), pattern.bands + 1))
    # Media outside first: where a layer has the same rank its index is the one that counts.
    edges[:, pattern.above] = indices[:, 0]
    edges[:, pattern.below] = indices[:, -1]
    edges[:, pattern.layers] = indices[:, 1:-1]
    return edges


@dataclass(frozen=True, slots=True)
class LayerBasis:
    """Nodes as the layers of one index see them, with Legendre functions made orthonormal on just these nodes.

    weight_sum : (sets,)                of the nodes [-]
    glow : (sets, nodes)                fluence rate of a unit of the sum s in each direction [-]
    odd : (sets, nodes, nodes)          orthonormal functions of rising odd degree, times the root of weight / mu
    flight : (sets, nodes, nodes)       even functions x 1/mu x odd functions: all that the streaming term needs
    """

    weight_sum: Array
    glow: Array
    odd: Array
    flight: Array

    def take(self, which: NDArray[np.intp]) -> LayerBasis:
        """Those of some of the sets, as often as asked."""
        return LayerBasis(self.weight_sum[which], self.glow[which], self.odd[which], self.flight[which])


def layer_basis(directions: Directions, nodes: int, n: Array) -> LayerBasis:
    """The basis of layers that carry the first `nodes` directions; n : (sets,) their index.

    Legendre polynomials are orthogonal under an integral; under the sum over these nodes only nearly. Made so exactly,
    scattering keeps every photon and its mean cosine, at any order.
    """
    invariant, root_weight = directions.invariant[:, :nodes], directions.root_weight[:, :nodes]
    cosine = np.sqrt(np.maximum(1e-24, 1 - (invariant / n[:, None]) ** 2))
    weight = root_weight**2 / (n[:, None] ** 2 * cosine)
    functions = legendre(2 * nodes, cosine) * np.sqrt(weight)[..., None]
    even, odd = _orthonormal(functions[..., 0::2]), _orthonormal(functions[..., 1::2])
    return LayerBasis(
        weight_sum=weight.sum(axis=1),
        glow=n[:, None] * np.sqrt(weight / cosine),
        odd=odd / np.sqrt(cosine)[..., None],
        flight=np.swapaxes(even, 1, 2) @ (odd / cosine[..., None]),
    )


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
