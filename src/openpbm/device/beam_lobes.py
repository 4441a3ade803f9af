"""The beam of a lamp as its photometric file draws it, and the lobes cos^m that it is computed as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.device.led_array import cosine_power
from openpbm.errors import BadInput, Problem

__all__ = ["BeamLobes", "Lobe", "Photometry", "fit_lobes"]

Floats = NDArray[np.float64]
_MOST_LOBES = 3
# Judgements of ours: what is fitted well, what is still told and used, and what is no such beam.
_WELL_FITTED, _WORST_FIT = 0.005, 0.10
_MOST_UNEVEN = 0.30
_MOST_BACKWARD = 0.02
_LEAST_ON_AXIS = 0.5
_FEWEST_ABOVE_HALF = 3
_HALF_ANGLES_DEG = (1.5, 85.0)
_LEAST_SHARE = 0.005
_STEP_DEG = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Photometry:
    """Intensity of a lamp against the angle from its axis, in planes round that axis; only its shape is used.

    angles_deg : (angles,) from the axis, ascending from 0 [deg]
    weights : (planes,) share of each plane in the mean of all [-]
    intensity : (planes, angles) in any unit
    """

    angles_deg: Floats
    weights: Floats
    intensity: Floats

    @property
    def mean(self) -> Floats:
        """Intensity at each angle, the mean of all planes."""
        return np.asarray(self.weights @ self.intensity / self.weights.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Lobe:
    """Light of intensity cos^m: half angle from the axis [deg], and its share of all power [-]."""

    half_angle_deg: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BeamLobes:
    """A beam as lobes, the narrowest first.

    misplaced : share of the light that they send to another angle than the file does, or by which they miss the
        intensity on the axis, whichever is more [-]
    uneven : share of the light that the most different plane sends to another angle than the mean of all [-]
    """

    lobes: tuple[Lobe, ...]
    misplaced: float
    uneven: float


def fit_lobes(light: Photometry) -> BeamLobes:
    """At most three lobes that together send their light where the file does.

    Raises BadInput for light that goes backward, that has no middle as lobes have, and that is far from round.

    >>> angles = np.arange(0.0, 91.0, 5.0)
    >>> even = Photometry(angles_deg=angles, weights=np.ones(1),
    ...                   intensity=np.cos(np.radians(angles))[None])
    >>> [(round(lobe.half_angle_deg, 1), lobe.share) for lobe in fit_lobes(even).lobes]
    [(60.0, 1.0)]
    """
    mean = light.mean
    if problem := _unfit(light, mean):
        raise BadInput(problem)
    front = light.angles_deg <= 90.0
    angles, drawn = np.radians(light.angles_deg[front]), mean[front]
    lobes, misplaced = _fewest_lobes(angles, drawn)
    if misplaced > _WORST_FIT:
        message = (
            f"the light is no beam with its middle on the axis: lobes of light put {misplaced:.0%} of it elsewhere, at"
            f" most {_WORST_FIT:.0%}"
        )
        raise BadInput(Problem(message=message, remedy="give half_angle_deg, or readings beside the middle"))
    uneven = max(_misplaced(angles, plane[front], _interpolated(angles, drawn)) for plane in light.intensity)
    if uneven > _MOST_UNEVEN:
        message = f"one plane sends {uneven:.0%} of its light elsewhere than the mean, at most {_MOST_UNEVEN:.0%}"
        raise BadInput(Problem(message=message, remedy="the light is not round enough to be computed; measure it"))
    return BeamLobes(lobes=lobes, misplaced=misplaced, uneven=uneven)


def _unfit(light: Photometry, mean: Floats) -> Problem | None:
    """What keeps a distribution from being looked at at all."""
    flux = _flux(np.radians(light.angles_deg), mean)
    if not flux.sum() > 0.0:
        return Problem(message="no light: every intensity is 0", remedy="check the file")
    backward = float(flux[light.angles_deg > 90.0].sum() / flux.sum())
    if backward > _MOST_BACKWARD:
        message = f"{backward:.0%} of its light goes backward, more than 90 degrees off the axis"
        return Problem(message=message, remedy="a lamp that shines forward alone can be computed")
    if mean[0] < _LEAST_ON_AXIS * mean.max():
        message = (
            f"on the axis it shines with {mean[0] / mean.max():.0%} of its brightest, at least {_LEAST_ON_AXIS:.0%}"
        )
        return Problem(message=message, remedy="a lamp that is brightest in the middle can be computed")
    above = int((mean >= 0.5 * mean.max()).sum())
    if above < _FEWEST_ABOVE_HALF:
        message = f"only {above} angles lie within its half intensity, at least {_FEWEST_ABOVE_HALF}"
        return Problem(message=message, remedy="take a file with finer steps, or give half_angle_deg")
    return None


def _fewest_lobes(angles: Floats, drawn: Floats) -> tuple[tuple[Lobe, ...], float]:
    """As few lobes as fit well, else the best of all tried; with the share of the light that they misplace."""
    tried = []
    for count in range(1, _MOST_LOBES + 1):
        half_angles, heights = _best(angles, drawn, count)
        powers = heights / (_exponents(half_angles) + 1.0)
        fine = np.radians(np.arange(0.0, 90.0 + _STEP_DEG, _STEP_DEG))
        misplaced = _misplaced(angles, drawn, (fine, _lobes_at(fine, half_angles) @ heights))
        shares = powers / powers.sum()
        kept = shares > _LEAST_SHARE
        lobes = tuple(
            Lobe(half_angle_deg=float(half), share=float(share))
            for half, share in sorted(zip(half_angles[kept], shares[kept] / shares[kept].sum(), strict=True))
        )
        tried.append((lobes, misplaced))
        if misplaced <= _WELL_FITTED:
            break
    return min(tried, key=lambda one: one[1])


def _best(angles: Floats, drawn: Floats, count: int) -> tuple[Floats, Floats]:
    """Half angles of so many lobes that fit best, and their heights."""
    from scipy.optimize import minimize, nnls

    # By what each angle's share of the sphere is worth, so that a dim rim is not lost beside a bright middle.
    weights = np.sqrt(_flux(angles, np.ones_like(drawn)))

    def heights(logs: Floats) -> tuple[Floats, float]:
        found, miss = nnls(_lobes_at(angles, _bounded(logs)) * weights[:, None], drawn * weights)
        return found, float(miss)

    half_deg = float(np.degrees(np.interp(0.5, *_falling(angles, drawn))))
    around = np.geomspace(1.0 / count, count, count) if count > 1 else np.ones(1)
    starts = np.log(np.clip(half_deg * around, *_HALF_ANGLES_DEG))
    options = {"xatol": 1e-6, "fatol": 1e-12, "maxiter": 2000}
    found = minimize(lambda logs: heights(logs)[1] / drawn.max(), starts, method="Nelder-Mead", options=options)
    return _bounded(found.x), heights(found.x)[0]


def _falling(angles: Floats, drawn: Floats) -> tuple[Floats, Floats]:
    """Intensity over its highest, ascending as `interp` wants it, and the angles."""
    falling = np.minimum.accumulate(drawn / drawn.max())
    return falling[::-1], angles[::-1]


def _bounded(logs: Floats) -> Floats:
    return np.clip(np.exp(logs), *_HALF_ANGLES_DEG)


def _exponents(half_angles_deg: Sequence[float] | Floats) -> Floats:
    return np.array([cosine_power(float(half)) for half in half_angles_deg])


def _lobes_at(angles: Floats, half_angles_deg: Floats) -> Floats:
    """(angles, lobes) of height 1; angles in radians."""
    return np.asarray(np.maximum(np.cos(angles), 0.0)[:, None] ** _exponents(half_angles_deg))


def _flux(angles: Floats, intensity: Floats) -> Floats:
    """Light in the ring of each angle, of which half the way to either neighbour belongs to it."""
    between = 0.5 * (angles[1:] + angles[:-1])
    edges = np.concatenate([angles[:1], between, angles[-1:]])
    return np.asarray(intensity * (np.cos(edges[:-1]) - np.cos(edges[1:])))


def _interpolated(angles: Floats, intensity: Floats) -> tuple[Floats, Floats]:
    fine = np.radians(np.arange(0.0, 90.0 + _STEP_DEG, _STEP_DEG))
    return fine, np.interp(fine, angles, intensity, right=0.0)


def _misplaced(angles: Floats, drawn: Floats, other: tuple[Floats, Floats]) -> float:
    """Share of the light of one shape that lies elsewhere in the other, or the miss on the axis where that is more."""
    fine, second = other
    first = np.interp(fine, angles, drawn, right=0.0)
    one, two = _flux(fine, first), _flux(fine, second)
    if not one.sum() > 0.0 or not two.sum() > 0.0:
        return 1.0
    moved = 0.5 * float(np.abs(one / one.sum() - two / two.sum()).sum())
    on_axis = abs(1.0 - float(second[0] / two.sum() * one.sum() / max(first[0], 1e-12 * first.max())))
    return max(moved, on_axis)
