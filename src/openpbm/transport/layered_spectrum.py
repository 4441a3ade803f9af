"""Fluence rate in layers at every spatial frequency of the light that falls on them: P_N, exact in depth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.plane_stacks import PlaneStacks
from openpbm.transport.spherical_harmonics import (
    decay_rates,
    entry_operators,
    harmonics,
    mode_vectors,
    moments,
    parity,
    streaming,
)

__all__ = ["Beams", "Spectrum", "layered_spectrum"]

Array = NDArray[np.float64]
# What a layer scatters and loses at least [1/mm]: no mode may last for ever, and a layer that hardly scatters leaves
# modes so alike that double precision cannot tell them apart.
_LEAST_SCATTERING_PER_MM = 0.02
_LEAST_LOSS_PER_MM = 1e-6


@dataclass(frozen=True, slots=True)
class Beams:
    """Light in a stack before it is scattered.

    cosine : (stacks, layers, beams)    of each beam's angle in each layer [-]
    weight : (stacks, fields, beams)    its share of what enters [-]
    """

    cosine: Array
    weight: Array


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Fluence rate per entering power.

    scattered : (stacks, fields, depths, frequencies)   of light scattered at least once
    beam : (stacks, fields, depths)                     of light that is not scattered yet, of the endless plane
    """

    scattered: Array
    beam: Array


@dataclass(frozen=True, slots=True)
class _Sources:
    """The beams of a field as one: how it falls with depth, and what it scatters into each harmonic.

    decay : (stacks, fields, layers, frequencies) [1/mm]; passed : the share that crosses each layer, same shape
    entering : fluence rate at the top of each layer, same shape
    particular : (..., coefficients)   the scattered light that falls like the beam, at the top of each layer
    """

    order: int
    decay: Array
    passed: Array
    entering: Array
    particular: Array


@dataclass(frozen=True, slots=True)
class _Medium:
    """loss : (stacks, layers, order + 1) of each degree [1/mm]; the rest (stacks, layers)."""

    height: Array
    scattering: Array
    forward: Array
    loss: Array
    g: Array


def layered_spectrum(stacks: PlaneStacks, beams: Beams, depth_mm: Array, frequency: Array, order: int) -> Spectrum:
    """Solve some stacks, all endless or all with an end.

    depth_mm : (stacks, depths) inside the stack; frequency : (frequencies,), the first 0 [1/mm]; order : odd
    """
    medium = _medium(stacks, order)
    rates = decay_rates(medium.loss)
    vectors = mode_vectors(medium.loss, rates, frequency)
    decay = np.sqrt(rates[:, :, None, :] ** 2 + frequency[:, None] ** 2)
    sources = _sources(medium, beams, frequency)
    down, up = _amplitudes(stacks, vectors, np.exp(-decay * medium.height[..., None, None]), sources)

    tops = stacks.tops_mm()
    layer = (depth_mm[:, :, None] >= tops[:, None, 1:]).sum(axis=-1).clip(max=stacks.layers - 1)
    row = np.arange(stacks.count)[:, None]
    below_top = depth_mm - tops[row, layer]
    above_bottom = np.maximum(medium.height[row, layer] - below_top, 0.0)
    falling, rising = (np.exp(-decay[row, layer] * length[..., None, None]) for length in (below_top, above_bottom))
    scattered = np.empty((stacks.count, beams.weight.shape[1], *depth_mm.shape[1:], frequency.size))
    beam = np.empty(scattered.shape[:-1])
    fluence = np.sqrt(4.0 * np.pi) * vectors[..., 0, :]
    for field in range(beam.shape[1]):
        unscattered = np.exp(-sources.decay[row, field, layer] * below_top[..., None])
        scattered[:, field] = ((fluence * down[:, field])[row, layer] * falling).sum(axis=-1)
        # In an endless last layer nothing rises: its amplitudes there are zero.
        scattered[:, field] += ((fluence * up[:, field])[row, layer] * rising).sum(axis=-1)
        scattered[:, field] += np.sqrt(4.0 * np.pi) * sources.particular[row, field, layer, :, 0] * unscattered
        beam[:, field] = sources.entering[row, field, layer, 0] * unscattered[..., 0]
    return Spectrum(scattered=scattered, beam=beam)


def _medium(stacks: PlaneStacks, order: int) -> _Medium:
    """Henyey-Greenstein's scattering with its forward part, g^(order + 1), taken as no scattering (delta scaling)."""
    thin = stacks.mu_s_per_mm * (1.0 - stacks.g) < _LEAST_SCATTERING_PER_MM
    scattering = np.where(thin, _LEAST_SCATTERING_PER_MM / (1.0 - stacks.g), stacks.mu_s_per_mm)
    degrees = np.arange(order + 1)
    loss = stacks.mu_a_per_mm[..., None] + scattering[..., None] * (1.0 - stacks.g[..., None] ** degrees)
    return _Medium(
        # An endless layer has no bottom: a height of zero keeps its unused far side finite.
        height=np.where(np.isinf(stacks.thickness_mm), 0.0, stacks.thickness_mm),
        scattering=scattering,
        forward=stacks.g ** (order + 1),
        loss=np.maximum(loss, _LEAST_LOSS_PER_MM),
        g=stacks.g,
    )


def _sources(medium: _Medium, beams: Beams, frequency: Array) -> _Sources:
    order = medium.loss.shape[-1] - 1
    power = beams.weight[:, :, None, :]
    cosine = beams.cosine[:, None]
    # Light on a slanting path stays longer in a layer, so it scatters more of itself there.
    slant = (power / cosine).sum(axis=-1)
    direction = np.einsum("sflb,slbc->sflc", power / cosine / slant[..., None], harmonics(order, beams.cosine))
    tangent = (power * (1.0 / cosine**2 - 1.0)).sum(axis=-1)
    loss = medium.loss[..., 0] + medium.scattering * (1.0 - medium.forward)
    steepest = (loss[:, None] * slant)[..., None]
    # A slanting beam, averaged over azimuth, feeds the harmonics of m with exp(-a z) J_m(k z tan): exponentials of the
    # same integral, ((s - a) / (k tan))^m exp(-s z), s = sqrt(a^2 + (k tan)^2).
    decay = np.sqrt(steepest**2 + tangent[..., None] * frequency**2)
    outward = np.sqrt(tangent)[..., None] * frequency / (decay + steepest)
    passed = np.exp(-decay * medium.height[:, None, :, None])
    reached = np.cumprod(np.concatenate([np.ones_like(passed[:, :, :1]), passed[:, :, :-1]], axis=2), axis=2)
    degrees, azimuths = np.array(moments(order)).T
    kept = medium.scattering[..., None] * (medium.g[..., None] ** degrees - medium.forward[..., None])
    source = (kept[:, None] * direction)[..., None, :] * outward[..., None] ** azimuths
    entering = reached * slant[..., None]
    particular = _particular(medium.loss, source, decay, frequency) * entering[..., None]
    return _Sources(order=order, decay=decay, passed=passed, entering=entering, particular=particular)


def _particular(loss: Array, source: Array, decay: Array, frequency: Array) -> Array:
    """Coefficients of what falls like the beam that feeds it: (stacks, fields, layers, frequencies, coefficients)."""
    axial, lateral = streaming(loss.shape[-1] - 1)
    pairs = moments(loss.shape[-1] - 1)
    system = frequency[:, None, None] * lateral - decay[..., None, None] * axial
    diagonal = np.arange(len(pairs))
    system[..., diagonal, diagonal] += loss[:, None, :, None, [degree for degree, _ in pairs]]
    return np.asarray(np.linalg.solve(system, source[..., None])[..., 0])


def _amplitudes(stacks: PlaneStacks, vectors: Array, across: Array, sources: _Sources) -> tuple[Array, Array]:
    """Amplitude of each mode at the top of its layer (falling down) and at the bottom (falling up).

    vectors : (stacks, layers, frequencies, coefficients, modes)
    across : (stacks, layers, frequencies, modes)   what is left of a mode at its layer's far side
    Returns two (stacks, fields, layers, frequencies, modes) arrays.
    """
    count, layers, frequencies, _, modes = vectors.shape
    system, right = _conditions(stacks, vectors, across, sources)
    solution = np.zeros((count, frequencies, 2 * modes * layers, right.shape[-1]))
    solution[..., : right.shape[-2], :] = np.linalg.solve(system, right)
    down_and_up = solution.reshape(count, frequencies, layers, 2, modes, right.shape[-1]).transpose(3, 0, 5, 2, 1, 4)
    return down_and_up[0], down_and_up[1]


def _conditions(stacks: PlaneStacks, vectors: Array, across: Array, sources: _Sources) -> tuple[Array, Array]:
    """Equations of all interfaces for the amplitudes, layer by layer, down before up: system and right-hand sides."""
    count, layers, frequencies, _, modes = vectors.shape
    flip, below, above = _interface_rows(stacks, sources.order)
    # Nothing rises in an endless last layer.
    size = 2 * modes * layers - modes * bool(np.isinf(stacks.thickness_mm[:, -1]).all())
    system = np.zeros((count, frequencies, size, size))
    right = np.zeros((count, frequencies, size, sources.decay.shape[1]))
    for layer in range(layers):
        falling, far = vectors[:, layer], across[:, layer, :, None, :]
        rising = flip[:, None] * falling
        beam = sources.particular[:, :, layer].transpose(0, 2, 3, 1)
        columns = slice(2 * modes * layer, min(2 * modes * (layer + 1), size))
        # An interface has two conditions for each mode; the surface and the bottom have only their inner half.
        rows = slice(max(columns.start - modes, 0), columns.start + modes)
        inner = below[:, layer, None, : rows.stop - rows.start]
        modes_at_top = np.concatenate([falling, rising * far], axis=-1)[..., : columns.stop - columns.start]
        system[..., rows, columns] += inner @ modes_at_top
        right[..., rows, :] -= inner @ beam
        rows = slice(columns.start + modes, min(columns.start + 3 * modes, size))
        if rows.start < size:
            inner = above[:, layer + 1, None, rows.start - rows.stop :]
            system[..., rows, columns] += inner @ np.concatenate([falling * far, rising], axis=-1)
            passed = sources.passed[:, :, layer].transpose(0, 2, 1)[:, :, None, :]
            right[..., rows, :] -= inner @ (beam * passed)
    return system, right


def _interface_rows(stacks: PlaneStacks, order: int) -> tuple[Array, Array, Array]:
    """Parity, and both conditions of every interface: on what lies below it and on what lies above.

    Two (stacks, layers + 1, conditions, coefficients) arrays. The first half of the conditions is on light into
    the lower medium, the second on light into the upper one.
    """
    flip = parity(order)
    n = np.concatenate([stacks.n_above[:, None], stacks.n, stacks.n_below[:, None]], axis=1)
    into_lower, from_upper = entry_operators(order, n[:, :-1], n[:, 1:])
    into_upper, from_lower = entry_operators(order, n[:, 1:], n[:, :-1])
    below = np.concatenate([into_lower, -from_lower * flip], axis=-2)
    above = np.concatenate([-from_upper, into_upper * flip], axis=-2)
    return flip, below, above
