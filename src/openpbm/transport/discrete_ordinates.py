"""Light in layers without photons: the transport equation in a set number of directions, for many stacks at once."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.angular_nodes import (
    INDEX_DECIMALS,
    Directions,
    IndexPattern,
    directions,
    index_patterns,
    layer_basis,
)
from openpbm.transport.layer_coupling import Amplitudes, couple
from openpbm.transport.layer_light import LayerLight
from openpbm.transport.layer_modes import LayerModes, beam_modes, layer_modes
from openpbm.transport.plane_stacks import Incidence, Lobe, PlaneStacks
from openpbm.transport.specular_beams import Beams, follow_beams, reflectance

__all__ = ["DepthBins", "Tallies", "discrete_ordinates"]

Array = NDArray[np.float64]
# In an endless layer nothing is left after so many decay lengths.
DECAYED = 60.0


@dataclass(frozen=True, slots=True)
class DepthBins:
    """Where the fluence rate is asked for, (stacks, bins) each [mm]; a bin that begins where it ends is a point."""

    lower_mm: Array
    upper_mm: Array

    def take(self, stacks: NDArray[np.intp] | slice) -> DepthBins:
        """Those of some of the stacks."""
        return DepthBins(self.lower_mm[stacks], self.upper_mm[stacks])


@dataclass(frozen=True, slots=True)
class Tallies:
    """Per launched power, of every field; each (stacks, fields) or, where of layers or bins, one axis more [-].

    `lost` is not 0 only where an endless layer scatters without absorbing: light on its way for ever.
    """

    specular: Array
    diffuse_reflectance: Array
    transmittance: Array
    lost: Array
    absorbed: Array
    layer_mean: Array
    fluence_rate: Array

    @classmethod
    def empty(cls, shape: tuple[int, int], layers: int, bins: int) -> Tallies:
        """To be filled; shape : (stacks, fields)."""
        totals = [np.zeros(shape) for _ in range(4)]
        return cls(*totals, *(np.zeros((*shape, size)) for size in (layers, layers, bins)))

    def put(self, stacks: NDArray[np.intp] | slice, part: Tallies) -> None:
        """Write the tallies of some of the stacks."""
        for field in fields(Tallies):
            getattr(self, field.name)[stacks] = getattr(part, field.name)

    def take(self, stacks: NDArray[np.intp] | slice) -> Tallies:
        """Those of some of the stacks."""
        return Tallies(*(getattr(self, field.name)[stacks] for field in fields(Tallies)))


def discrete_ordinates(stacks: PlaneStacks, light: Incidence | Lobe, bins: DepthBins, order: int) -> Tallies:
    """All tallies with `order` directions in a whole band of Snell's invariant, fewer in narrow ones."""
    rounded = {name: np.round(getattr(stacks, name), INDEX_DECIMALS) for name in ("n", "n_above", "n_below")}
    stacks = replace(stacks, **rounded)
    result = Tallies.empty((stacks.count, light.fields), stacks.layers, bins.lower_mm.shape[1])
    for pattern, rows in index_patterns(stacks).items():
        result.put(rows, _solve_pattern(stacks.take(rows), pattern, light, bins.take(rows), order))
    return result


def _solve_pattern(
    stacks: PlaneStacks, pattern: IndexPattern, light: Incidence | Lobe, bins: DepthBins, order: int
) -> Tallies:
    nodes = directions(stacks, pattern, order)
    modes = _modes_of_layers(stacks, pattern, nodes)
    cosines, weights = light.beams(stacks, order)
    invariant = stacks.n_above[:, None] * np.sqrt(np.maximum(0.0, 1 - cosines**2))
    optical = np.stack([layer.thickness for layer in modes])
    beams = follow_beams(invariant, stacks.n_above, stacks.n.T, stacks.n_below, optical)
    layers = [
        LayerLight.of_powers(layer, beam_modes(layer, beams.cosine[j]), beams.down[j], beams.up[j], weights)
        for j, layer in enumerate(modes)
    ]
    amplitudes = couple(modes, [layer.particular() for layer in layers], _contacts(stacks, pattern, nodes))
    return _tally(stacks, layers, amplitudes, _net_flux(amplitudes, nodes, beams, weights), bins)


def _modes_of_layers(stacks: PlaneStacks, pattern: IndexPattern, nodes: Directions) -> list[LayerModes]:
    return [
        layer_modes(
            layer_basis(nodes, nodes.until[rank], stacks.n[:, j]),
            thickness_mm=stacks.thickness_mm[:, j],
            mu_a_per_mm=stacks.mu_a_per_mm[:, j],
            mu_s_per_mm=stacks.mu_s_per_mm[:, j],
            g=stacks.g[:, j],
            n=stacks.n[:, j],
        )
        for j, rank in enumerate(pattern.layers)
    ]


def _contacts(stacks: PlaneStacks, pattern: IndexPattern, nodes: Directions) -> list[Array]:
    """Of every interface 2 R / (1 - R), for the directions that both sides carry."""
    ranks = (pattern.above, *pattern.layers, pattern.below)
    n = np.concatenate((stacks.n_above[:, None], stacks.n, stacks.n_below[:, None]), axis=1)
    contacts = []
    for i in range(len(ranks) - 1):
        carried = nodes.until[min(ranks[i], ranks[i + 1])]
        if pattern.endless and i == len(ranks) - 2:
            # Never met, whatever lies there.
            contacts.append(np.zeros((stacks.count, carried)))
            continue
        r = reflectance(n[:, i, None], n[:, i + 1, None], nodes.invariant[:, :carried])
        contacts.append(2 * r / (1 - r))
    return contacts


@dataclass(frozen=True, slots=True)
class _NetFlux:
    """(stacks, fields): reflected at the first interface, coming out above after it, and out below."""

    specular: Array
    above: Array
    below: Array


def _net_flux(amplitudes: Amplitudes, nodes: Directions, beams: Beams, weights: Array) -> _NetFlux:
    def diffuse(net: Array) -> Array:
        return np.asarray(np.einsum("sn,snf->sf", nodes.root_weight[:, : net.shape[1]], net))

    def collimated(power: Array) -> Array:
        return np.asarray(np.einsum("sb,sfb->sf", power, weights))

    return _NetFlux(
        specular=collimated(beams.specular),
        above=collimated(beams.echo) - diffuse(amplitudes.net[0]),
        below=collimated(beams.passed) + diffuse(amplitudes.net[-1]),
    )


def _tally(
    stacks: PlaneStacks, layers: list[LayerLight], amplitudes: Amplitudes, flux: _NetFlux, bins: DepthBins
) -> Tallies:
    result = Tallies.empty((stacks.count, flux.specular.shape[1]), stacks.layers, bins.lower_mm.shape[1])
    result.specular[:], result.diffuse_reflectance[:], result.transmittance[:] = flux.specular, flux.above, flux.below
    tops = stacks.tops_mm()
    for j, layer in enumerate(layers):
        top, bottom = amplitudes.top[j], amplitudes.bottom[j]
        mean, length_mm = _whole_layer(layer, top, bottom)
        mu_a = stacks.mu_a_per_mm[:, j]
        result.absorbed[:, :, j] = mean * (mu_a * length_mm)[:, None]
        result.lost[:] += mean * ((layer.modes.loss_per_mm - mu_a) * length_mm)[:, None]
        result.layer_mean[:, :, j] = np.where(np.isinf(stacks.thickness_mm[:, j, None]), 0.0, mean)
        pieces = _pieces(bins, tops[:, j], tops[:, j + 1], last=j == len(layers) - 1)
        scale = layer.modes.extinction_per_mm[pieces.stack]
        rate = layer.mean_fluence(top, bottom, pieces.stack, pieces.start_mm * scale, pieces.width_mm * scale)
        result.fluence_rate[pieces.stack, :, pieces.place] += pieces.share[:, None] * rate
    return result


def _whole_layer(layer: LayerLight, top: Array, bottom: Array) -> tuple[Array, Array]:
    """(mean fluence rate, thickness [mm]) of a layer, as deep as light goes if it is endless."""
    modes = layer.modes
    thickness = np.minimum(modes.thickness, DECAYED / modes.rate.min(axis=1))
    stack = np.arange(len(thickness))
    mean = layer.mean_fluence(top, bottom, stack, np.zeros(len(stack)), thickness)
    clear = modes.extinction_per_mm == 0
    return mean, np.where(clear, 0.0, thickness / np.where(clear, 1.0, modes.extinction_per_mm))


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Parts of bins inside one layer, (pieces,) each: stack, bin, share of the bin, start and width in the layer."""

    stack: NDArray[np.intp]
    place: NDArray[np.intp]
    share: Array
    start_mm: Array
    width_mm: Array


def _pieces(bins: DepthBins, top_mm: Array, bottom_mm: Array, *, last: bool) -> _Pieces:
    top, bottom = top_mm[:, None], bottom_mm[:, None]
    start, end = np.maximum(bins.lower_mm, top), np.minimum(bins.upper_mm, bottom)
    # A point on an interface is of the layer below it.
    point = (bins.upper_mm == bins.lower_mm) & (start == bins.lower_mm) & ((bins.lower_mm < bottom) | last)
    stack, place = np.nonzero((end > start) | point)
    width = np.maximum(end - start, 0.0)[stack, place]
    whole = (bins.upper_mm - bins.lower_mm)[stack, place]
    share = np.where(whole > 0, width / np.where(whole > 0, whole, 1.0), 1.0)
    return _Pieces(stack, place, share, (start - top)[stack, place], width)
