"""What the refractive indices of stacks settle at an order, whatever their layers absorb: directions and beams.

A ray keeps n sin(theta) through every flat interface. Nodes in that invariant are the same rays in all layers that can
carry them, so that nothing is interpolated at an interface, and total reflection falls on the edge of a band. Beams are
bent by Snell and weakened by Fresnel, echoes and all. Tissues of one wavelength differ in all but their indices, so
that this is computed once for all of them, and kept.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

from openpbm.transport.plane_stacks import Incidence, Lobe
from openpbm.transport.stack_groups import IndexPattern, StackGroup

__all__ = ["Beams", "LayerBasis", "RankOptics", "Refraction", "follow_beams", "refraction"]

Array = NDArray[np.float64]
NEARLY_GRAZING = 1e-9
# So few different sets of indices are kept; as many as there are stacks would fill the memory.
KEPT_SETS, KEPT = 4, 64


@dataclass(frozen=True, slots=True)
class _Directions:
    """The nodes of some sets of indices of one pattern, bands in rising order of the invariant.

    invariant : (sets, nodes)          s = n sin(theta) [-]
    root_weight : (sets, nodes)        root of the node's share of s ds, which no refraction changes [-]
    until : nodes carried up to and including each band, until[0] = 0
    """

    invariant: Array
    root_weight: Array
    until: tuple[int, ...]


def _directions(indices: Array, pattern: IndexPattern, order: int) -> _Directions:
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
    return _Directions(np.concatenate(invariants, axis=1), np.concatenate(roots, axis=1), tuple(until))


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


def _layer_basis(directions: _Directions, nodes: int, n: Array) -> LayerBasis:
    """The basis of layers that carry the first `nodes` directions; n : (sets,) their index.

    Legendre polynomials are orthogonal under an integral; under the sum over these nodes only nearly. Made so exactly,
    scattering keeps every photon and its mean cosine, at any order.
    """
    invariant, root_weight = directions.invariant[:, :nodes], directions.root_weight[:, :nodes]
    cosine = np.sqrt(np.maximum(1e-24, 1 - (invariant / n[:, None]) ** 2))
    weight = root_weight**2 / (n[:, None] ** 2 * cosine)
    functions = _legendre(2 * nodes, cosine) * np.sqrt(weight)[..., None]
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


def _legendre(count: int, x: Array) -> Array:
    """P_0 ... P_(count - 1) on a new last axis, each times sqrt(2 l + 1): unit mean square over -1 to 1.

    >>> _legendre(3, np.array([1.0])).round(3)
    array([[1.   , 1.732, 2.236]])
    """
    values = np.ones((*x.shape, max(count, 2)))
    values[..., 1] = x
    for degree in range(1, count - 1):
        values[..., degree + 1] = ((2 * degree + 1) * x * values[..., degree] - degree * values[..., degree - 1]) / (
            degree + 1
        )
    return np.asarray(values[..., :count] * np.sqrt(2 * np.arange(count) + 1))


@dataclass(frozen=True, slots=True)
class _BentBeams:
    """What the indices make of beams, whatever the layers absorb and scatter.

    cosine : (layers, sets, beams)            of the refracted beam in each layer; 1 where it cannot be
    reflectance : (layers + 1, sets, beams)   of every interface; 1 where the beam is on one side only
    weights : (sets, fields, beams)           share of each beam in each field's launched power
    """

    cosine: Array
    reflectance: Array
    weights: Array

    def take(self, which: NDArray[np.intp]) -> _BentBeams:
        """Those of some of the sets, as often as asked."""
        return _BentBeams(self.cosine[:, which], self.reflectance[:, which], self.weights[which])


def _bent_beams(indices: Array, cosine: Array, weights: Array) -> _BentBeams:
    """Beams refracted into stacks of some indices (sets, layers + 2), from their cosines above (sets, beams)."""
    n = indices.T[..., None]
    invariant = n[0] * np.sqrt(np.maximum(0.0, 1 - cosine**2))
    squared = 1 - (invariant / n) ** 2
    # A layer that the beam grazes would carry its power for ever at an unbounded fluence rate.
    carried = squared > NEARLY_GRAZING**2
    r = np.where(carried[:-1] & carried[1:], _reflectance(n[:-1], n[1:], invariant), 1.0)
    return _BentBeams(np.sqrt(np.where(carried, squared, 1.0))[1:-1], r, weights)


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


def follow_beams(bent: _BentBeams, thickness: Array) -> Beams:
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


def _reflectance(n_from: Array, n_to: Array, invariant: Array) -> Array:
    """Unpolarised Fresnel reflectance of rays n sin(theta) at an interface, the same from either side; 1 if total.

    >>> _reflectance(np.array([1.0]), np.array([1.5]), np.array([0.0])).round(3)
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


@dataclass(frozen=True, slots=True)
class RankOptics:
    """Of all layers of one rank, which have the same index.

    layers : which they are
    beam_decay : (sets, beams)               1 / cosine of each beam
    beam_even, beam_odd : (sets, beams, nodes)   what a beam scatters into Legendre's functions, before their moments
    """

    layers: NDArray[np.intp]
    basis: LayerBasis
    beam_decay: Array
    beam_even: Array
    beam_odd: Array

    def take(self, which: NDArray[np.intp]) -> RankOptics:
        """Those of some of the sets, as often as asked."""
        arrays = (self.beam_decay[which], self.beam_even[which], self.beam_odd[which])
        return RankOptics(self.layers, self.basis.take(which), *arrays)


@dataclass(frozen=True, slots=True)
class Refraction:
    """All arrays with an axis of the stacks, or of 1 where all stacks have the same indices.

    root_weight : (stacks, nodes)   of the directions [-]
    contacts : per interface that light meets (stacks, nodes carried by both sides), 2 R / (1 - R)
    """

    root_weight: Array
    contacts: tuple[Array, ...]
    beams: _BentBeams
    ranks: tuple[RankOptics, ...]

    def take(self, which: NDArray[np.intp]) -> Refraction:
        """That of each stack, by the number of its set of indices."""
        return Refraction(
            root_weight=self.root_weight[which],
            contacts=tuple(contact[which] for contact in self.contacts),
            beams=self.beams.take(which),
            ranks=tuple(rank.take(which) for rank in self.ranks),
        )


def refraction(group: StackGroup, light: Incidence | Lobe, order: int) -> Refraction:
    """Directions, bases of the layers, Fresnel's resistances and the refracted beams of a group of stacks."""
    sets = len(group.indices)
    if sets > KEPT_SETS:
        return _refracted(group.indices, group.pattern, light, order).take(group.which)
    kept = _kept(tuple(map(tuple, group.indices.tolist())), group.pattern, light, order)
    return kept if sets == 1 else kept.take(group.which)


@functools.lru_cache(maxsize=KEPT)
def _kept(
    indices: tuple[tuple[float, ...], ...], pattern: IndexPattern, light: Incidence | Lobe, order: int
) -> Refraction:
    return _refracted(np.array(indices), pattern, light, order)


def _refracted(indices: Array, pattern: IndexPattern, light: Incidence | Lobe, order: int) -> Refraction:
    nodes = _directions(indices, pattern, order)
    beams = _bent_beams(indices, *light.beams(indices[:, 0], indices[:, 1:-1], order))
    ranks = []
    for rank in sorted(set(pattern.layers)):
        layers = np.array([layer for layer, other in enumerate(pattern.layers) if other == rank])
        basis = _layer_basis(nodes, nodes.until[rank], indices[:, 1 + layers[0]])
        ranks.append(_rank_optics(layers, basis, indices[:, 1 + layers[0]], beams.cosine[layers[0]]))
    return Refraction(nodes.root_weight, _contacts(indices, pattern, nodes), beams, tuple(ranks))


def _rank_optics(layers: NDArray[np.intp], basis: LayerBasis, n: Array, cosine: Array) -> RankOptics:
    functions = _legendre(2 * basis.glow.shape[1], cosine) / n[:, None, None]
    even, odd = functions[..., 0::2].copy(), functions[..., 1::2].copy()
    even[..., 0] /= np.sqrt(basis.weight_sum)[:, None]
    return RankOptics(layers, basis, 1 / cosine, even, odd)


def _contacts(indices: Array, pattern: IndexPattern, nodes: _Directions) -> tuple[Array, ...]:
    """Of every interface 2 R / (1 - R), for the directions that both sides carry; none below an endless layer."""
    ranks = (pattern.above, *pattern.layers, pattern.below)
    contacts = []
    for i in range(len(ranks) - 1 - pattern.endless):
        carried = nodes.until[min(ranks[i], ranks[i + 1])]
        r = _reflectance(indices[:, i, None], indices[:, i + 1, None], nodes.invariant[:, :carried])
        contacts.append(2 * r / (1 - r))
    return tuple(contacts)
