"""Light in layers without photons: the transport equation in a set number of directions, for many stacks at once.

Layers are joined from the bottom up by what the stack below answers, then from the top down by the light. At an
interface the net radiance d of every direction is continuous, and the sum s jumps by 2 R / (1 - R) d (Fresnel); a
direction that one side cannot carry has d = 0. So all that lies below is one matrix and one vector, s = Z d + zeta,
and a layer turns that of its bottom into that of its top. No step has a growing exponential in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.layer_light import LayerEnds, LayerLight, LayerModes, Places, layer_modes
from openpbm.transport.plane_stacks import Incidence, Lobe, PlaneStacks
from openpbm.transport.refraction import Beams, RankOptics, Refraction, follow_beams, refraction
from openpbm.transport.stack_groups import DepthBins, StackGroup, stack_groups

__all__ = ["DepthBins", "Tallies", "discrete_ordinates", "solve_group"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]
# In an endless layer nothing is left after so many decay lengths.
DECAYED = 60.0


@dataclass(frozen=True, slots=True)
class Tallies:
    """Per launched power, of every field [-].

    all : (stacks, fields, 4 + 2 layers + bins)   all of them, which have the names below
    """

    all: Array
    layers: int

    @classmethod
    def empty(cls, stacks: int, fields: int, layers: int, bins: int) -> Tallies:
        """To be filled."""
        return cls(np.zeros((stacks, fields, 4 + 2 * layers + bins)), layers)

    @property
    def specular(self) -> Array:
        """(stacks, fields) reflected at the first interface."""
        return self.all[..., 0]

    @property
    def diffuse_reflectance(self) -> Array:
        """(stacks, fields) coming out above after that."""
        return self.all[..., 1]

    @property
    def transmittance(self) -> Array:
        """(stacks, fields) coming out below."""
        return self.all[..., 2]

    @property
    def lost(self) -> Array:
        """(stacks, fields) on its way for ever: not 0 only where an endless layer scatters without absorbing."""
        return self.all[..., 3]

    @property
    def absorbed(self) -> Array:
        """(stacks, fields, layers) in each layer."""
        return self.all[..., 4 : 4 + self.layers]

    @property
    def layer_mean(self) -> Array:
        """(stacks, fields, layers) mean fluence rate of each layer; 0 in an endless one."""
        return self.all[..., 4 + self.layers : 4 + 2 * self.layers]

    @property
    def fluence_rate(self) -> Array:
        """(stacks, fields, bins) mean of each bin."""
        return self.all[..., 4 + 2 * self.layers :]

    @property
    def shares(self) -> Array:
        """(stacks, fields, 4 + layers) all that is a share of the launched power."""
        return self.all[..., : 4 + self.layers]


def discrete_ordinates(stacks: PlaneStacks, light: Incidence | Lobe, bins: DepthBins, order: int) -> Tallies:
    """All tallies with `order` directions in a whole band of Snell's invariant, fewer in narrow ones."""
    result = Tallies.empty(stacks.count, light.fields, stacks.layers, bins.lower_mm.shape[1])
    for group in stack_groups(stacks, bins, slice(None)):
        result.all[group.members] = solve_group(group, light, order).all
    return result


def solve_group(group: StackGroup, light: Incidence | Lobe, order: int) -> Tallies:
    """The tallies of stacks of one index pattern."""
    optics = refraction(group, light, order)
    modes = [_modes(group, rank) for rank in optics.ranks]
    thickness = np.empty_like(group.thickness_mm)
    for rank, own in zip(optics.ranks, modes, strict=True):
        thickness[rank.layers] = own.thickness
    beams = follow_beams(optics.beams, thickness)
    lights = [
        LayerLight.of_powers(own, rank, beams.down[rank.layers], beams.up[rank.layers], optics.beams.weights)
        for rank, own in zip(optics.ranks, modes, strict=True)
    ]
    ends: dict[int, LayerEnds] = {}
    for rank, lit in zip(optics.ranks, lights, strict=True):
        ends.update(zip(rank.layers.tolist(), lit.ends(), strict=True))
    amplitudes = _couple([ends[layer] for layer in range(len(thickness))], optics.contacts)
    result = Tallies.empty(len(group.members), light.fields, len(thickness), len(group.lower_mm))
    _tally_fluxes(result, amplitudes, optics, beams)
    for rank, lit in zip(optics.ranks, lights, strict=True):
        _tally_layers(result, group, rank.layers, lit, amplitudes)
    return result


def _modes(group: StackGroup, rank: RankOptics) -> LayerModes:
    return layer_modes(
        rank.basis,
        thickness_mm=group.thickness_mm[rank.layers],
        mu_a_per_mm=group.mu_a_per_mm[rank.layers],
        mu_s_per_mm=group.mu_s_per_mm[rank.layers],
        g=group.g[rank.layers],
    )


def _tally_fluxes(result: Tallies, amplitudes: _Amplitudes, optics: Refraction, beams: Beams) -> None:
    """What leaves: collimated, and diffuse by the net radiance at the two ends."""

    def diffuse(net: Array) -> Array:
        return np.asarray((optics.root_weight[:, None, : net.shape[1]] @ net)[:, 0])

    def collimated(power: Array) -> Array:
        return np.asarray((optics.beams.weights @ power[..., None])[..., 0])

    result.specular[:] = collimated(beams.specular)
    result.diffuse_reflectance[:] = collimated(beams.echo) - diffuse(amplitudes.net[0])
    result.transmittance[:] = collimated(beams.passed) + diffuse(amplitudes.net[-1])


def _tally_layers(
    result: Tallies, group: StackGroup, layers: Index, light: LayerLight, amplitudes: _Amplitudes
) -> None:
    """Means over whole layers of one index, with what they absorb, and over the pieces of bins in them."""
    top, bottom = (np.array([q[layer] for layer in layers.tolist()]) for q in (amplitudes.top, amplitudes.bottom))
    modes, mu_a_per_mm, pieces = light.modes, group.mu_a_per_mm[layers], group.pieces(layers)
    # As deep as light goes if a layer is endless.
    thickness = np.minimum(modes.thickness, DECAYED / modes.rate.min(axis=-1))
    # Whatever length a clear layer gets, it absorbs nothing.
    length_mm = thickness / (modes.extinction_per_mm + (modes.extinction_per_mm == 0))
    scale = modes.extinction_per_mm[pieces.layer, pieces.stack]
    whole_layer, whole_stack = np.divmod(np.arange(thickness.size), thickness.shape[1])
    places = Places(
        layer=np.concatenate((whole_layer, pieces.layer)),
        stack=np.concatenate((whole_stack, pieces.stack)),
        start=np.concatenate((np.zeros(thickness.size), pieces.start_mm * scale)),
        width=np.concatenate((thickness.ravel(), pieces.width_mm * scale)),
    )
    rates = light.mean_fluence(top, bottom, places)
    mean = rates[: thickness.size].reshape(*thickness.shape, -1)
    result.absorbed[..., layers] = (mean * (mu_a_per_mm * length_mm)[..., None]).transpose(1, 2, 0)
    result.lost[:] += (mean * ((modes.loss_per_mm - mu_a_per_mm) * length_mm)[..., None]).sum(axis=0)
    result.layer_mean[..., layers] = (mean * np.isfinite(group.thickness_mm[layers])[..., None]).transpose(1, 2, 0)
    # A bin may reach through several layers.
    parts = np.zeros((*thickness.shape, result.fluence_rate.shape[-1], mean.shape[-1]))
    parts[pieces.layer, pieces.stack, pieces.place] = pieces.share[:, None] * rates[thickness.size :]
    result.fluence_rate[:] += np.swapaxes(parts.sum(axis=0), 1, 2)


@dataclass(frozen=True, slots=True)
class _Amplitudes:
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


def _couple(layers: Sequence[LayerEnds], contacts: Sequence[Array]) -> _Amplitudes:
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
    return _Amplitudes(tops, bottoms, net)


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
