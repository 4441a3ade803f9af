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
Index = NDArray[np.intp]
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
    decay = np.sqrt(rates[..., None] ** 2 + frequency**2)
    sources = _sources(medium, beams, frequency)
    down, up = _amplitudes(stacks, vectors, np.exp(-decay * medium.height[..., None, None]), sources)

    tops = stacks.tops_mm()
    layer = (depth_mm[:, :, None] >= tops[:, None, 1:]).sum(axis=-1).clip(max=stacks.layers - 1)
    row = np.arange(stacks.count)[:, None]
    below_top = depth_mm - tops[row, layer]
    above_bottom = np.maximum(medium.height[row, layer] - below_top, 0.0)
    # From here on (stacks, depths, fields, frequencies).
    unscattered = np.exp(-sources.decay[row, :, layer] * below_top[..., None, None])
    scattered = np.sqrt(4.0 * np.pi) * sources.particular[..., 0][row, :, layer] * unscattered
    fluence = np.sqrt(4.0 * np.pi) * vectors[:, None, :, 0]
    scattered += _modes_at(fluence * down, decay, row, layer, below_top)
    # Nothing rises in an endless layer, where most depths lie.
    some, deep = np.nonzero(medium.height[row, layer])
    scattered[some, deep] += _modes_at(fluence * up, decay, some, layer[some, deep], above_bottom[some, deep])
    beam = sources.entering[row, :, layer, 0] * unscattered[..., 0]
    return Spectrum(scattered=np.moveaxis(scattered, 2, 1), beam=np.moveaxis(beam, 2, 1))


def _modes_at(weight: Array, decay: Array, stack: Index, layer: Index, length: Array) -> Array:
    """Sum of the modes so far from where they have their weight: (..., fields, frequencies).

    weight : (stacks, fields, layers, modes, frequencies); decay : (stacks, layers, modes, frequencies)
    stack, layer : (...) which of them; length : (...) [mm]
    """
    total = np.zeros((*length.shape, weight.shape[1], weight.shape[-1]))
    for mode in range(weight.shape[-2]):
        left = np.exp(-decay[stack, layer, mode] * length[..., None])
        total += weight[stack, :, layer, mode] * left[..., None, :]
    return total


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

    vectors : (stacks, layers, coefficients, modes, frequencies)
    across : (stacks, layers, modes, frequencies)   what is left of a mode at its layer's far side
    Returns two (stacks, fields, layers, modes, frequencies) arrays.
    """
    count, layers, _, modes, frequencies = vectors.shape
    system, right = (np.moveaxis(part, -1, 1) for part in _conditions(stacks, vectors, across, sources))
    solution = np.zeros((count, frequencies, 2 * modes * layers, right.shape[-1]))
    solution[..., : right.shape[-2], :] = np.linalg.solve(system, right)
    down_and_up = solution.reshape(count, frequencies, layers, 2, modes, right.shape[-1]).transpose(3, 0, 5, 2, 4, 1)
    return down_and_up[0], down_and_up[1]


def _conditions(stacks: PlaneStacks, vectors: Array, across: Array, sources: _Sources) -> tuple[Array, Array]:
    """Equations of all interfaces for the amplitudes, layer by layer, down before up.

    Returns system (stacks, rows, columns, frequencies) and right-hand sides (stacks, rows, fields, frequencies).
    """
    count, layers, _, modes, frequencies = vectors.shape
    flip, below, above = _interface_rows(stacks, sources.order)
    # Nothing rises in an endless last layer.
    size = 2 * modes * layers - modes * bool(np.isinf(stacks.thickness_mm[:, -1]).all())
    system = np.zeros((count, size, size, frequencies))
    right = np.zeros((count, size, sources.decay.shape[1], frequencies))
    for layer in range(layers):
        falling, far = vectors[:, layer], across[:, layer, None]
        rising = flip[:, None, None] * falling
        beam = sources.particular[:, :, layer].transpose(0, 3, 1, 2)
        columns = slice(2 * modes * layer, min(2 * modes * (layer + 1), size))
        width = columns.stop - columns.start
        # An interface has two conditions for each mode; the surface and the bottom have only their inner half.
        rows = slice(max(columns.start - modes, 0), columns.start + modes)
        inner = below[:, layer, : rows.stop - rows.start]
        terms = _applied(inner, [np.concatenate([falling, rising * far], axis=2)[:, :, :width], beam])
        system[:, rows, columns] = terms[:, :, :width]
        right[:, rows] -= terms[:, :, width:]
        rows = slice(columns.start + modes, min(columns.start + 3 * modes, size))
        if rows.start < size:
            inner = above[:, layer + 1, rows.start - rows.stop :]
            terms = _applied(inner, [falling * far, rising, beam * sources.passed[:, None, :, layer]])
            system[:, rows, columns] = terms[:, :, :width]
            right[:, rows] -= terms[:, :, width:]
    return system, right


def _applied(conditions: Array, columns: list[Array]) -> Array:
    """Conditions on columns of coefficients, one product for all frequencies: (stacks, rows, columns, frequencies)."""
    side_by_side = np.concatenate(columns, axis=2)
    flat = side_by_side.reshape(*side_by_side.shape[:2], -1)
    return np.asarray((conditions @ flat).reshape(*conditions.shape[:2], *side_by_side.shape[2:]))


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
