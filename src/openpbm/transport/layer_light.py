"""One layer with the beams that cross it: what the beams make at its ends, and the fluence rate anywhere inside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.layer_modes import (
    BeamModes,
    LayerModes,
    convolved,
    decay_mean,
    ramp_mean,
)

__all__ = ["LayerLight", "Particular"]

Array = NDArray[np.float64]
# Beams fainter than this in all stacks are spared: they would not reach the last digit.
UNSEEN = 1e-18
# Between the rates of a mode and a beam: nearer ones would lose more digits than a rate moved this far.
LEAST_GAP = 1e-6


@dataclass(frozen=True, slots=True)
class Particular:
    """What the beams alone make at a layer's ends, in its modes; each (stacks, modes, fields)."""

    q_top: Array
    p_top: Array
    q_bottom: Array
    p_bottom: Array


@dataclass(frozen=True, slots=True)
class LayerLight:
    """A layer's modes, its answer to beams, and the fluence rate of the beams at their entry into it.

    down : (stacks, beams, fields)   fluence rate of what goes down, at the top
    up : (stacks, beams, fields)     fluence rate of what goes up, at the bottom
    """

    modes: LayerModes
    answer: BeamModes
    down: Array
    up: Array

    @classmethod
    def of_powers(cls, modes: LayerModes, answer: BeamModes, down: Array, up: Array, weights: Array) -> LayerLight:
        """From powers per surface of unit beams, (stacks, beams), and the fields' weights (stacks, fields, beams)."""
        shares = np.swapaxes(weights, 1, 2)
        return cls(
            modes=modes,
            answer=answer,
            down=np.asarray((down * answer.decay)[..., None] * shares),
            up=np.asarray((up * answer.decay)[..., None] * shares),
        )

    def particular(self) -> Particular:
        """The part of the solution that begins at nothing where a beam enters; from there on it is exact and finite."""
        k, t = self.modes.rate[:, None, :], self.modes.thickness[:, None, None]
        push, reach = self.answer.push, self.answer.reach
        beam = self.answer.decay[..., None]
        through = np.exp(-beam * t)
        spread = convolved(k, beam, t)
        near_p, far_q = push - reach, reach * spread
        far_p = push * through - reach * (through - k * spread)
        # A beam that goes up is the mirror image: q keeps its sign, p changes it.
        return Particular(
            q_top=_summed(far_q, self.up),
            p_top=_summed(near_p, self.down) - _summed(far_p, self.up),
            q_bottom=_summed(far_q, self.down),
            p_bottom=_summed(far_p, self.down) - _summed(near_p, self.up),
        )

    def mean_fluence(self, top: Array, bottom: Array, stack: NDArray[np.intp], start: Array, width: Array) -> Array:
        """(places, fields) mean fluence rate over optical `width` from `start` on.

        top, bottom : (stacks, modes, fields)   homogeneous part of q at the ends
        stack, start, width : (places,)         which stack each place is in, and where; width 0 for a point
        """
        k, t = self.modes.rate[stack], self.modes.thickness[stack, None]
        start, width = start[:, None], width[:, None]
        from_bottom = np.maximum(t - start - width, 0.0)
        bright = self.modes.brightness[stack]
        result = (bright * ramp_mean(k, t, start, width))[:, None, :] @ top[stack]
        result += (bright * ramp_mean(k, t, from_bottom, width))[:, None, :] @ bottom[stack]
        for power, begin in ((self.down, start), (self.up, from_bottom)):
            if power.max() > UNSEEN:
                result += self._beam_means(power, stack, begin, width)
        return np.asarray(result[:, 0])

    def _beam_means(self, power: Array, stack: NDArray[np.intp], begin: Array, width: Array) -> Array:
        """(places, 1, fields) of beams `begin` after their entry: the beams themselves and what they scatter.

        A mode that a beam feeds is the difference of their two exponentials over that of their rates. The beams are
        summed before any place is looked at, so that each place asks for every exponential once.
        """
        beam, k = self.answer.decay, self.modes.rate
        gap = k[:, None, :] - beam[..., None]
        gap = np.where(np.abs(gap) < LEAST_GAP, LEAST_GAP, gap)
        fed = self.answer.reach * self.modes.brightness[:, None, :] / gap
        of_beams = (1.0 + fed.sum(axis=2))[..., None] * power
        of_modes = _summed(fed, power)
        return np.asarray(
            decay_mean(beam[stack], begin, width)[:, None, :] @ of_beams[stack]
            - decay_mean(k[stack], begin, width)[:, None, :] @ of_modes[stack]
        )


def _summed(response: Array, power: Array) -> Array:
    """Over the beams: (stacks, beams, modes) and (stacks, beams, fields) to (stacks, modes, fields)."""
    return np.asarray(np.swapaxes(response, 1, 2) @ power)
