"""Layers with the beams that cross them: what the beams make at their ends, and the fluence rate anywhere inside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.layer_modes import BeamModes, LayerModes, beam_modes, convolved
from openpbm.transport.refraction import RankOptics

__all__ = ["LayerEnds", "LayerLight", "Places"]

Array = NDArray[np.float64]
# Beams fainter than this in all stacks are spared: they would not reach the last digit.
UNSEEN = 1e-18
# Between the rates of a mode and a beam: nearer ones would lose more digits than a rate moved this far.
LEAST_GAP = 1e-6


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
    answer: BeamModes
    down: Array
    up: Array

    @classmethod
    def of_powers(cls, modes: LayerModes, optics: RankOptics, down: Array, up: Array, weights: Array) -> LayerLight:
        """From powers per surface of unit beams, (layers, stacks, beams), and the fields' (stacks, fields, beams)."""
        shares = np.swapaxes(weights, 1, 2) * optics.beam_decay[..., None]
        return cls(modes, beam_modes(modes, optics), down[..., None] * shares, up[..., None] * shares)

    def ends(self) -> list[LayerEnds]:
        """Of every layer; what the beams make there is exact and finite at any rates and thickness."""
        k, t = self.modes.rate, self.modes.thickness[..., None]
        depth = k * t
        grip, slope = 2 * k * np.exp(-depth) / -np.expm1(-2 * depth), k * np.tanh(depth / 2)
        push, reach, beam = self.answer.push, self.answer.reach, self.answer.decay[..., None]
        through = np.exp(-beam * t[..., None])
        spread = convolved(k[..., None, :], beam, t[..., None])
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
        mean = _mean_over(k, width)
        from_top, from_bottom = np.exp(-k * start) * mean, np.exp(-k * left) * mean
        share = self.modes.brightness / -np.expm1(-2 * self.modes.rate * self.modes.thickness[..., None])
        result = (from_top * -np.expm1(-2 * k * (left + width / 2)))[:, None] @ (share[..., None] * top)[at]
        result += (from_bottom * -np.expm1(-2 * k * (start + width / 2)))[:, None] @ (share[..., None] * bottom)[at]
        lit = [(self.down, start, from_top), (self.up, left, from_bottom)]
        lit = [(power, begin, modes) for power, begin, modes in lit if power.max() > UNSEEN]
        fed = self._fed()
        of_beam = 1.0 + fed.sum(axis=-1)
        mean = _mean_over(beam, width)
        # The beams are summed before any place is looked at, so that each place asks for every exponential once.
        for power, begin, modes in lit:
            result += (np.exp(-beam * begin) * mean)[:, None] @ (of_beam[..., None] * power)[at]
            result -= modes[:, None] @ _summed(fed, power)[at]
        return np.asarray(result[:, 0])

    def _fed(self) -> Array:
        """(layers, stacks, beams, modes) fluence rate of the difference of a beam's and a mode's exponentials."""
        gap = self.modes.rate[..., None, :] - self.answer.decay[..., None]
        gap[np.abs(gap) < LEAST_GAP] = LEAST_GAP
        return np.asarray(self.answer.reach * self.modes.brightness[..., None, :] / gap)


def _mean_over(rate: Array, width: Array) -> Array:
    """Mean of exp(-rate x) over 0 to width; most places are points, where nothing is to be computed."""
    mean, wide, fallen = np.ones_like(rate), width > 0, rate * -width
    np.expm1(fallen, out=mean, where=wide)
    return np.asarray(np.divide(mean, fallen, out=mean, where=wide))


def _summed(response: Array, power: Array) -> Array:
    """Over the beams: (..., beams, modes) and (..., beams, fields) to (..., modes, fields)."""
    return np.asarray(np.swapaxes(response, -1, -2) @ power)
