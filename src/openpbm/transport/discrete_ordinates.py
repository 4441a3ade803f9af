"""Light in layers without photons: the transport equation in a set number of directions, for many stacks at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.layer_coupling import Amplitudes, couple
from openpbm.transport.layer_light import LayerEnds, LayerLight, Places
from openpbm.transport.layer_modes import LayerModes, layer_modes
from openpbm.transport.plane_stacks import Incidence, Lobe, PlaneStacks
from openpbm.transport.refraction import RankOptics, Refraction, refraction
from openpbm.transport.specular_beams import Beams, follow_beams
from openpbm.transport.stack_groups import DepthBins, StackGroup, stack_groups
from openpbm.transport.tallies import Tallies

__all__ = ["DepthBins", "Tallies", "discrete_ordinates", "solve_group"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]
# In an endless layer nothing is left after so many decay lengths.
DECAYED = 60.0


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
    amplitudes = couple([ends[layer] for layer in range(len(thickness))], optics.contacts)
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


def _tally_fluxes(result: Tallies, amplitudes: Amplitudes, optics: Refraction, beams: Beams) -> None:
    """What leaves: collimated, and diffuse by the net radiance at the two ends."""

    def diffuse(net: Array) -> Array:
        return np.asarray((optics.root_weight[:, None, : net.shape[1]] @ net)[:, 0])

    def collimated(power: Array) -> Array:
        return np.asarray((optics.beams.weights @ power[..., None])[..., 0])

    result.specular[:] = collimated(beams.specular)
    result.diffuse_reflectance[:] = collimated(beams.echo) - diffuse(amplitudes.net[0])
    result.transmittance[:] = collimated(beams.passed) + diffuse(amplitudes.net[-1])


def _tally_layers(result: Tallies, group: StackGroup, layers: Index, light: LayerLight, amplitudes: Amplitudes) -> None:
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
