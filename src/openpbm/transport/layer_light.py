"""Light in single layers: their own solutions of the discrete transport equation, and what the beams that cross add.

Sum s and difference d of the radiances down and up, each times the root of weight and cosine over the index, obey
s' = -A d + u, d' = -B s + v with symmetric A and B. In the modes, s = X q and d = X^-T p, they become scalar:
q' = -p + u, p' = -k^2 q + v. Depth is optical here, after delta scaling
(Stamnes et al. 1988, Joseph et al. 1976).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.refraction import LayerBasis, RankOptics

__all__ = ["LayerEnds", "LayerLight", "LayerModes", "Places", "layer_modes"]

Array = NDArray[np.float64]
# A layer thinner than this is no layer; the floor keeps 1 / t finite.
LEAST_OPTICAL_THICKNESS = 1e-12
# An endless layer without absorption has no steady light; this much lets out all but a millionth of it.
LEAST_ENDLESS_LOSS = 1e-13
LEAST_RATE = 1e-150
# Moments used, as a share of those the nodes could tell apart. The highest are aliased on unevenly spaced nodes: cut at
# 0.6 the error at a given number of nodes is a third of that at 1, at g 0.8 to 0.99 and unequal indices.
MOMENT_SHARE = 0.6
# Stands for infinity [mm], without its undefined products; even the least rate has nothing left there.
ENDLESS = 1e200
# Beams fainter than this in all stacks are spared: they would not reach the last digit.
UNSEEN = 1e-18
# Between the rates of a mode and a beam: nearer ones would lose more digits than a rate moved this far.
LEAST_GAP = 1e-6


@dataclass(frozen=True, slots=True)
class LayerModes:
    """Some layers of one index in many stacks.

    loss_per_mm : (layers, stacks)       absorption; above the true one where an endless layer has none
    extinction_per_mm, thickness : (layers, stacks)   after delta scaling; thickness is optical
    even_strength, odd_strength : (layers, stacks, nodes)   albedo times scaled Legendre moments of the phase function
    rate : (layers, stacks, modes)       k, decay of each mode per optical depth
    shape : (layers, stacks, nodes, modes)     X
    even_coupling, odd_coupling : (layers, stacks, nodes, modes)   from source moments of even and odd degree to modes
    brightness : (layers, stacks, modes)       fluence rate of a unit of each mode [-]
    """

    loss_per_mm: Array
    extinction_per_mm: Array
    thickness: Array
    even_strength: Array
    odd_strength: Array
    rate: Array
    shape: Array
    even_coupling: Array
    odd_coupling: Array
    brightness: Array


def layer_modes(
    basis: LayerBasis, *, thickness_mm: Array, mu_a_per_mm: Array, mu_s_per_mm: Array, g: Array
) -> LayerModes:
    """Modes of layers of one index; every argument but the basis is (layers, stacks)."""
    moments, peak = _scaled_moments(g, 2 * basis.glow.shape[1])
    scattering = mu_s_per_mm * (1 - peak)
    absorption = np.maximum(mu_a_per_mm, LEAST_ENDLESS_LOSS * scattering * np.isinf(thickness_mm))
    extinction = absorption + scattering
    # 1 in a clear layer, where it is divided by.
    clear = extinction == 0
    divisor = extinction + clear
    strength = moments * (scattering / divisor)[..., None]
    loss = 1 - strength
    # Not 1 - albedo, which loses the digits of a small absorption.
    loss[..., 0] = (absorption + clear) / divisor
    root_loss = np.sqrt(loss)
    root_odd = root_loss[..., 1::2]
    scaled_flight = basis.flight * root_odd[..., None, :]
    streaming = root_loss[..., 0::2, None] * scaled_flight
    _, turn = np.linalg.eigh(np.swapaxes(streaming, -1, -2) @ streaming)
    # The norm of streaming times a mode is its k to all digits; the root of its eigenvalue is not where k is small.
    rate = np.maximum(np.sqrt(np.sum((streaming @ turn) ** 2, axis=-2)), LEAST_RATE)
    shape = basis.odd @ (root_odd[..., None] * turn)
    return LayerModes(
        loss_per_mm=absorption,
        extinction_per_mm=extinction,
        thickness=np.maximum(np.minimum(thickness_mm, ENDLESS) * extinction, LEAST_OPTICAL_THICKNESS),
        even_strength=strength[..., 0::2],
        odd_strength=strength[..., 1::2],
        rate=rate,
        shape=shape,
        even_coupling=scaled_flight @ turn,
        odd_coupling=turn / root_odd[..., None],
        brightness=(basis.glow[:, None, :] @ shape)[..., 0, :],
    )


def _scaled_moments(g: Array, count: int) -> tuple[Array, Array]:
    """Legendre moments of Henyey-Greenstein with its forward peak cut off, and the share of the peak."""
    used = max(2, round(MOMENT_SHARE * count))
    degrees = np.arange(count)
    powers = g[..., None] ** degrees
    peak = g**used
    moments = (powers - peak[..., None]) / (1 - peak[..., None])
    moments[..., used:] = 0.0
    return moments, peak


@dataclass(frozen=True, slots=True)
class _BeamModes:
    """What beams of unit fluence rate put into the modes of layers of one index.

    decay : (stacks, beams)                     1 / cosine, per optical depth
    push : (layers, stacks, beams, modes)       source of q
    reach : (layers, stacks, beams, modes)      factor of the convolved exponential in q
    """

    decay: Array
    push: Array
    reach: Array


def _beam_modes(modes: LayerModes, optics: RankOptics) -> _BeamModes:
    """Response to collimated beams that go down."""
    push = (optics.beam_odd * modes.odd_strength[..., None, :]) @ modes.odd_coupling
    reach = (optics.beam_even * modes.even_strength[..., None, :]) @ modes.even_coupling
    decay_rate = optics.beam_decay[..., None]
    reach += decay_rate * push
    reach /= modes.rate[..., None, :] + decay_rate
    return _BeamModes(np.broadcast_to(optics.beam_decay, reach.shape[1:3]), push, reach)


def _decay(x: Array) -> Array:
    """(1 - exp(-x)) / x for x >= 0: mean of exp(-y) over 0 to x.

    >>> _decay(np.array([0.0, np.inf])).tolist()
    [1.0, 0.0]
    """
    x = np.maximum(x, 1e-300)
    return np.asarray(-np.expm1(-x) / x)


def _convolved(rate: Array, other: Array, x: Array) -> Array:
    """(exp(-other x) - exp(-rate x)) / (rate - other), finite and exact where the two meet."""
    return np.asarray(x * np.exp(-np.minimum(rate, other) * x) * _decay(np.abs(rate - other) * x))


@dataclass(frozen=True, slots=True)
class LayerEnds:
    """What joining the layers needs of one of them.

    shape : (stacks, nodes, modes)                        X
    grip, slope : (stacks, modes)                         k / sinh(k t) and k tanh(k t / 2)
    q_top, p_top, q_bottom, p_bottom : (stacks, modes, fields)   of the beams alone: the part of the solution that
                                                          begins at nothing where a beam enters
    """

    shape: Array
    grip: Array
    slope: Array
    q_top: Array
    p_top: Array
    q_bottom: Array
    p_bottom: Array


@dataclass(frozen=True, slots=True)
class Places:
    """Where in the layers of one index the fluence rate is asked for, (places,) each.

    layer, stack : which layer, by its place among those of the index, of which stack
    start, width : optical, from the layer's top on; width 0 for a point
    """

    layer: NDArray[np.intp]
    stack: NDArray[np.intp]
    start: Array
    width: Array


@dataclass(frozen=True, slots=True)
class LayerLight:
    """Modes of layers of one index, their answer to beams, and the fluence rate of the beams at their entry.

    down : (layers, stacks, beams, fields)   fluence rate of what goes down, at the top
    up : (layers, stacks, beams, fields)     fluence rate of what goes up, at the bottom
    """

    modes: LayerModes
    answer: _BeamModes
    down: Array
    up: Array

    @classmethod
    def of_powers(cls, modes: LayerModes, optics: RankOptics, down: Array, up: Array, weights: Array) -> LayerLight:
        """From powers per surface of unit beams, (layers, stacks, beams), and the fields' (stacks, fields, beams)."""
        shares = np.swapaxes(weights, 1, 2) * optics.beam_decay[..., None]
        return cls(modes, _beam_modes(modes, optics), down[..., None] * shares, up[..., None] * shares)

    def ends(self) -> list[LayerEnds]:
        """Of every layer; what the beams make there is exact and finite at any rates and thickness."""
        k, t = self.modes.rate, self.modes.thickness[..., None]
        depth = k * t
        grip, slope = 2 * k * np.exp(-depth) / -np.expm1(-2 * depth), k * np.tanh(depth / 2)
        push, reach, beam = self.answer.push, self.answer.reach, self.answer.decay[..., None]
        through = np.exp(-beam * t[..., None])
        spread = _convolved(k[..., None, :], beam, t[..., None])
        near_p, far_q = push - reach, reach * spread
        far_p = push * through - reach * (through - k[..., None, :] * spread)
        p_top, p_bottom, q_bottom = _summed(near_p, self.down), _summed(far_p, self.down), _summed(far_q, self.down)
        q_top = np.zeros_like(p_top)
        if self.up.max() > UNSEEN:
            # A beam that goes up is the mirror image: q keeps its sign, p changes it.
            q_top = _summed(far_q, self.up)
            p_top -= _summed(far_p, self.up)
            p_bottom -= _summed(near_p, self.up)
        parts = (self.modes.shape, grip, slope, q_top, p_top, q_bottom, p_bottom)
        return [LayerEnds(*(part[layer] for part in parts)) for layer in range(len(k))]

    def mean_fluence(self, top: Array, bottom: Array, places: Places) -> Array:
        """(places, fields) mean fluence rate.

        top, bottom : (layers, stacks, modes, fields)   homogeneous part of q at the ends
        A mode goes as sinh(k (t - x)) / sinh(k t) from its value at the top: 1 there and 0 at the bottom, at any k.
        """
        at = places.layer, places.stack
        k, t, beam = self.modes.rate[at], self.modes.thickness[at][:, None], self.answer.decay[places.stack]
        start, width = places.start[:, None], places.width[:, None]
        left = np.maximum(t - start - width, 0.0)
        # Most places are points, where there is no mean to be taken.
        wide = np.flatnonzero(places.width)
        mean = _decay(k[wide] * width[wide])
        from_top, from_bottom = np.exp(-k * start), np.exp(-k * left)
        from_top[wide] *= mean
        from_bottom[wide] *= mean
        share = self.modes.brightness / -np.expm1(-2 * self.modes.rate * self.modes.thickness[..., None])
        result = (from_top * -np.expm1(-2 * k * (left + width / 2)))[:, None] @ (share[..., None] * top)[at]
        result += (from_bottom * -np.expm1(-2 * k * (start + width / 2)))[:, None] @ (share[..., None] * bottom)[at]
        lit = [(self.down, start, from_top), (self.up, left, from_bottom)]
        lit = [(power, begin, modes) for power, begin, modes in lit if power.max() > UNSEEN]
        fed = self._fed()
        of_beam = 1.0 + fed.sum(axis=-1)
        mean = _decay(beam[wide] * width[wide])
        # The beams are summed before any place is looked at, so that each place asks for every exponential once.
        for power, begin, modes in lit:
            passed = np.exp(-beam * begin)
            passed[wide] *= mean
            result += passed[:, None] @ (of_beam[..., None] * power)[at]
            result -= modes[:, None] @ _summed(fed, power)[at]
        return np.asarray(result[:, 0])

    def _fed(self) -> Array:
        """(layers, stacks, beams, modes) fluence rate of the difference of a beam's and a mode's exponentials."""
        gap = self.modes.rate[..., None, :] - self.answer.decay[..., None]
        gap[np.abs(gap) < LEAST_GAP] = LEAST_GAP
        return np.asarray(self.answer.reach * self.modes.brightness[..., None, :] / gap)


def _summed(response: Array, power: Array) -> Array:
    """Over the beams: (..., beams, modes) and (..., beams, fields) to (..., modes, fields)."""
    return np.asarray(np.swapaxes(response, -1, -2) @ power)
