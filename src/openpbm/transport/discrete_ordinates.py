"""Light in layers without photons: the transport equation in a set number of directions, for many stacks at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.angular_nodes import LayerBasis, index_groups
from openpbm.transport.layer_coupling import Amplitudes, couple
from openpbm.transport.layer_light import LayerEnds, LayerLight, Places
from openpbm.transport.layer_modes import ENDLESS, LayerModes, layer_modes
from openpbm.transport.plane_stacks import Incidence, Lobe, PlaneStacks
from openpbm.transport.refraction import Refraction, refraction
from openpbm.transport.specular_beams import Beams, follow_beams
from openpbm.transport.tallies import Tallies

__all__ = ["DepthBins", "Tallies", "discrete_ordinates"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]
# In an endless layer nothing is left after so many decay lengths.
DECAYED = 60.0


@dataclass(frozen=True, slots=True)
class DepthBins:
    """Where the fluence rate is asked for, (stacks, bins) each [mm]; a bin that begins where it ends is a point."""

    lower_mm: Array
    upper_mm: Array


def discrete_ordinates(
    stacks: PlaneStacks, light: Incidence | Lobe, bins: DepthBins, order: int, chosen: Index | None = None
) -> Tallies:
    """All tallies with `order` directions in a whole band of Snell's invariant, fewer in narrow ones.

    chosen : (chosen,) or None   which of the stacks to solve; all of them
    """
    if chosen is None:
        chosen = np.arange(stacks.count)
    result = Tallies.empty(len(chosen), light.fields, stacks.layers, bins.lower_mm.shape[1])
    for group in index_groups(stacks, chosen):
        result.all[group.stacks] = _solved(stacks, chosen[group.stacks], bins, refraction(group, light, order)).all
    return result


def _solved(stacks: PlaneStacks, rows: Index, bins: DepthBins, optics: Refraction) -> Tallies:
    """The tallies of the stacks `rows`, which are of one index pattern."""
    modes = [_modes(stacks, rows, rank.layers, rank.basis) for rank in optics.ranks]
    thickness = np.empty((stacks.layers, len(rows)))
    for rank, own in zip(optics.ranks, modes, strict=True):
        thickness[rank.layers] = own.thickness
    beams = follow_beams(optics.beams, thickness)
    lights = [
        LayerLight.of_powers(own, rank, beams.down[rank.layers], beams.up[rank.layers], optics.beams.weights)
        for rank, own in zip(optics.ranks, modes, strict=True)
    ]
    ends: dict[int, LayerEnds] = {}
    for rank, light in zip(optics.ranks, lights, strict=True):
        ends.update(zip(rank.layers.tolist(), light.ends(), strict=True))
    amplitudes = couple([ends[layer] for layer in range(stacks.layers)], optics.contacts)
    fields, places = optics.beams.weights.shape[1], bins.lower_mm.shape[1]
    result = Tallies.empty(len(rows), fields, stacks.layers, places)
    _tally_fluxes(result, amplitudes, optics, beams)
    tops = np.zeros((stacks.layers + 1, len(rows)))
    np.cumsum(stacks.thickness_mm[rows].T, axis=0, out=tops[1:])
    lower, upper = bins.lower_mm[rows], bins.upper_mm[rows]
    for rank, light in zip(optics.ranks, lights, strict=True):
        pieces = _pieces(lower, upper, tops, rank.layers)
        _tally_layers(result, rank.layers, light, amplitudes, pieces, stacks.mu_a_per_mm[rows, rank.layers[:, None]])
    return result


def _modes(stacks: PlaneStacks, rows: Index, layers: Index, basis: LayerBasis) -> LayerModes:
    at = rows, layers[:, None]
    return layer_modes(
        basis,
        thickness_mm=stacks.thickness_mm[at],
        mu_a_per_mm=stacks.mu_a_per_mm[at],
        mu_s_per_mm=stacks.mu_s_per_mm[at],
        g=stacks.g[at],
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


def _tally_layers(
    result: Tallies, layers: Index, light: LayerLight, amplitudes: Amplitudes, pieces: _Pieces, mu_a_per_mm: Array
) -> None:
    """Means over whole layers of one index, with what they absorb, and over the pieces of bins in them."""
    top, bottom = (np.array([ends[layer] for layer in layers]) for ends in (amplitudes.top, amplitudes.bottom))
    modes = light.modes
    # As deep as light goes if a layer is endless.
    thickness = np.minimum(modes.thickness, DECAYED / modes.rate.min(axis=-1))
    clear = modes.extinction_per_mm == 0
    length_mm = np.where(clear, 0.0, thickness / np.where(clear, 1.0, modes.extinction_per_mm))
    scale = modes.extinction_per_mm[pieces.layer, pieces.stack]
    whole_layer, whole_stack = np.indices(thickness.shape).reshape(2, -1)
    places = Places(
        layer=np.concatenate((whole_layer, pieces.layer)),
        stack=np.concatenate((whole_stack, pieces.stack)),
        start=np.concatenate((np.zeros(thickness.size), pieces.start_mm * scale)),
        width=np.concatenate((thickness.ravel(), pieces.width_mm * scale)),
    )
    rates = light.mean_fluence(top, bottom, places)
    mean = rates[: thickness.size].reshape(*thickness.shape, -1)
    result.absorbed[..., layers] = np.moveaxis(mean * (mu_a_per_mm * length_mm)[..., None], 0, -1)
    result.lost[:] += (mean * ((modes.loss_per_mm - mu_a_per_mm) * length_mm)[..., None]).sum(axis=0)
    endless = modes.thickness >= ENDLESS
    result.layer_mean[..., layers] = np.moveaxis(np.where(endless[..., None], 0.0, mean), 0, -1)
    # A bin may reach through several layers.
    parts = np.zeros((*thickness.shape, result.fluence_rate.shape[-1], mean.shape[-1]))
    parts[pieces.layer, pieces.stack, pieces.place] = pieces.share[:, None] * rates[thickness.size :]
    result.fluence_rate[:] += np.swapaxes(parts.sum(axis=0), 1, 2)


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Parts of bins inside layers, (pieces,) each: layer, stack, bin, share of the bin, start and width in the layer.

    The layer is its place among those that were asked about.
    """

    layer: Index
    stack: Index
    place: Index
    share: Array
    start_mm: Array
    width_mm: Array


def _pieces(lower_mm: Array, upper_mm: Array, tops_mm: Array, layers: Index) -> _Pieces:
    """lower_mm, upper_mm : (stacks, bins); tops_mm : (all layers + 1, stacks); layers : those asked about."""
    top, bottom = tops_mm[layers][..., None], tops_mm[layers + 1][..., None]
    start, end = np.maximum(lower_mm, top), np.minimum(upper_mm, bottom)
    # A point on an interface is of the layer below it.
    last = (layers == len(tops_mm) - 2)[:, None, None]
    point = (upper_mm == lower_mm) & (start == lower_mm) & ((lower_mm < bottom) | last)
    layer, stack, place = np.nonzero((end > start) | point)
    at = layer, stack, place
    width = np.maximum(end - start, 0.0)[at]
    whole = (upper_mm - lower_mm)[stack, place]
    share = np.where(whole > 0, width / np.where(whole > 0, whole, 1.0), 1.0)
    return _Pieces(layer, stack, place, share, (start - top)[at], width)
