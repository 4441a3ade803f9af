"""What the refractive indices of stacks settle at an order, whatever their layers absorb and scatter.

Tissues of one wavelength differ in all but their indices, so that this is computed once for all of them, and kept.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.angular_nodes import (
    Directions,
    IndexPattern,
    LayerBasis,
    directions,
    layer_basis,
    legendre,
)
from openpbm.transport.plane_stacks import Incidence, Lobe
from openpbm.transport.specular_beams import BentBeams, bent_beams, reflectance
from openpbm.transport.stack_groups import StackGroup

__all__ = ["RankOptics", "Refraction", "refraction"]

Array = NDArray[np.float64]
# So few different sets of indices are kept; as many as there are stacks would fill the memory.
KEPT_SETS, KEPT = 4, 64


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
    beams: BentBeams
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
    nodes = directions(indices, pattern, order)
    beams = bent_beams(indices, *light.beams(indices[:, 0], indices[:, 1:-1], order))
    ranks = []
    for rank in sorted(set(pattern.layers)):
        layers = np.array([layer for layer, other in enumerate(pattern.layers) if other == rank])
        basis = layer_basis(nodes, nodes.until[rank], indices[:, 1 + layers[0]])
        ranks.append(_rank_optics(layers, basis, indices[:, 1 + layers[0]], beams.cosine[layers[0]]))
    return Refraction(nodes.root_weight, _contacts(indices, pattern, nodes), beams, tuple(ranks))


def _rank_optics(layers: NDArray[np.intp], basis: LayerBasis, n: Array, cosine: Array) -> RankOptics:
    functions = legendre(2 * basis.glow.shape[1], cosine) / n[:, None, None]
    even, odd = functions[..., 0::2].copy(), functions[..., 1::2].copy()
    even[..., 0] /= np.sqrt(basis.weight_sum)[:, None]
    return RankOptics(layers, basis, 1 / cosine, even, odd)


def _contacts(indices: Array, pattern: IndexPattern, nodes: Directions) -> tuple[Array, ...]:
    """Of every interface 2 R / (1 - R), for the directions that both sides carry; none below an endless layer."""
    ranks = (pattern.above, *pattern.layers, pattern.below)
    contacts = []
    for i in range(len(ranks) - 1 - pattern.endless):
        carried = nodes.until[min(ranks[i], ranks[i + 1])]
        r = reflectance(indices[:, i, None], indices[:, i + 1, None], nodes.invariant[:, :carried])
        contacts.append(2 * r / (1 - r))
    return tuple(contacts)
