"""Irradiance on the rings at another distance at once: a few ways of putting the lamp tell all of them.

How bright a ring is falls smoothly with the lamp's distance and with how far it is aside, where the lamp stands farther
than its LEDs stand apart. A surface of second order in the distance and in the squares of the offset, through ten of
them, tells the logarithm for all others. Nearer, every one is computed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openpbm.device import Beam, LedArray, beam
from openpbm.facts.lamps import Lamp
from openpbm.planning.dose import Placements, component_rings, placed_rings, rings_by_wavelength

__all__ = ["quick_rings"]

Floats = NDArray[np.float64]
# Nearer than this, a lamp pushed aside by as much as people do leaves what lies under it: no surface tells that.
_NEAREST_MM = 60.0
# Offset to the side and along [mm], logarithm of the distance factor: about twice the spread of placements each. Six of
# the ten lie on an axis of the lamp, where `ring_means` needs half the points.
_ASIDE_MM, _FARTHER = 16.0, 0.12
_DESIGN: Floats = np.array(
    [
        [0.0, 0.0, 0.0],
        [0.0, 0.0, _FARTHER],
        [0.0, 0.0, -_FARTHER],
        [_ASIDE_MM, 0.0, 0.0],
        [0.0, _ASIDE_MM, 0.0],
        [_ASIDE_MM, 0.0, _FARTHER],
        [0.0, _ASIDE_MM, _FARTHER],
        [0.5 * _ASIDE_MM, 0.0, 0.0],
        [0.0, 0.5 * _ASIDE_MM, 0.0],
        [_ASIDE_MM, _ASIDE_MM, 0.0],
    ]
)
# A logarithm needs something to stand on where a narrow beam leaves a far ring dark [mW/cm2].
_DARK = 1e-30


def quick_rings(lamp: Lamp, planned: Beam, placements: Placements) -> dict[float, Floats]:
    """`placed_rings`, from ten ways of putting an array of LEDs instead of all.

    Against `placed_rings`, over 64 placements: within 0.2 % (root mean square) from 100 mm on, 1 % at 60 mm, and the
    same numbers where the lamp is nearer, or is no array of LEDs.
    """
    arrays = [part.light for part in planned.components if isinstance(part.light, LedArray)]
    if len(arrays) < len(planned.components):
        return placed_rings(lamp, planned, placements)
    if planned.distance_mm < max(_NEAREST_MM, *(array.pitch_mm for array in arrays)):
        return placed_rings(lamp, planned, placements)
    scores = _terms(placements.offset_mm, np.log(placements.distance_factor))
    fit = scores @ np.linalg.inv(_terms(_DESIGN[:, :2], _DESIGN[:, 2]))
    at = {farther: beam(lamp, planned.distance_mm * float(np.exp(farther))) for farther in set(_DESIGN[:, 2].tolist())}
    beams = [at[farther] for farther in _DESIGN[:, 2].tolist()]

    def fitted(number: int) -> Floats:
        designed = component_rings(beams, number, _DESIGN[:, :2])
        return np.asarray(np.exp(fit @ np.log(np.maximum(designed, _DARK))))

    return rings_by_wavelength(planned, fitted)


def _terms(offset_mm: Floats, farther: Floats) -> Floats:
    """(placement, 10) terms of the surface; even in the offsets, as every lamp is."""
    x, y = (offset_mm.T / _ASIDE_MM) ** 2
    d = farther / _FARTHER
    return np.stack([np.ones_like(d), d, d * d, x, y, d * x, d * y, x * x, y * y, x * y], axis=1)
