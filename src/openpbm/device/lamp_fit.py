"""Output, half angle, light of the room and scatter from readings of a lamp: numbers in, numbers out.

    log reading = log output + log bias of the meter + log(expected at the stated output + room) + noise

Output and bias come as a sum: no reading tells them apart. What is known of the meter's kind (`meter_classes`) does,
as far as it goes. The output itself has no prior: its interval holds a lamp of any output as often as it says, over
meters of that kind. Given half angle, room and noise all of it is linear and normal; a grid sums over these three.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.device.lamp_problems import emitter_kind
from openpbm.device.readings import LampReading, expected_mw_cm2
from openpbm.facts.lamps import Lamp
from openpbm.facts.measurement_rules import RatioPrior, commissioning_priors, meter_classes

__all__ = ["Band", "Fit", "LampModel", "fit_readings", "lamp_model"]

Floats = NDArray[np.float64]
_SHARES = (0.05, 0.5, 0.95)
# The room takes the finest steps: where the lamp is weak, twice the room is another lamp.
_HALF_ANGLES, _ROOMS, _NOISES = 25, 27, 11
_WIDE_SD = 3.0
_HALF_ANGLE_DEG = (1.0, 89.0)
# Enough for a hundred-thousandth of the output.
_BISECTIONS = 22
_LEAST_WEIGHT = 1e-8
# A reading that is all room tells no lamp; its share is then only a first look.
_LEAST_OF_READING = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """5th percentile, median and 95th percentile."""

    p5: float
    median: float
    p95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LampModel:
    """What is expected at the places of some readings, before any number is read.

    half_angles_deg : (angles,) those the lamp may have; empty where it is described without one
    expected_mw_cm2 : (angles or 1, readings) at the stated output
    meter_of : (readings,) number of each reading's meter in `meters`
    age : (readings,) years or thousands of hours before the last, or None
    """

    half_angles_deg: Floats
    angle_weights: Floats
    expected_mw_cm2: Floats
    meters: tuple[RatioPrior, ...]
    meter_of: NDArray[np.intp]
    age: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A mixture over the grid of half angles, rooms and noises.

    weight, noise : (parts,)
    mean, sd : (parts, parameters) of the logarithm of the output and, where ages are known, of its change with age
    angle : (parts,) number of the half angle; room : (parts,) light of the room over the reading scale
    fitted : (readings,) log of what the weightiest part expects, bias of the meter included
    """

    weight: Floats
    mean: Floats
    sd: Floats
    noise: Floats
    angle: NDArray[np.intp]
    room: Floats
    fitted: Floats

    def output_scale(self) -> Band:
        """Actual output over the stated one [-]."""
        return _exp_band(_mixture_quantiles(self.weight, self.mean[:, 0], self.sd[:, 0]))

    def change(self) -> Band:
        """Output after one unit of age over that before [-]."""
        return _exp_band(_mixture_quantiles(self.weight, self.mean[:, 1], self.sd[:, 1]))

    def half_angle_deg(self, model: LampModel) -> Band | None:
        """Half angle of the emitters; None where the lamp is described without one."""
        return _grid_band(model.half_angles_deg[self.angle], self.weight) if model.half_angles_deg.size else None

    def room_mw_cm2(self) -> Band:
        """Light of the room, as the meter shows it."""
        return _grid_band(self.room, self.weight)

    def scatter(self) -> Band:
        """Scatter of one reading [-]."""
        return _grid_band(self.noise, self.weight)


def lamp_model(
    lamp: Lamp, readings: Sequence[LampReading], age: Floats | None = None, *, angles: int = _HALF_ANGLES
) -> LampModel:
    """What the lamp is expected to give at the places of the readings, for every half angle it may have.

    angles : how many half angles; 1 is the stated one alone
    """
    meters = tuple(sorted({reading.meter for reading in readings}))
    half_angles, weights = np.empty(0), np.ones(1)
    variants = [lamp]
    if any(emitter_kind(emitters) in ("array", "scaled_array") for emitters in lamp.emitters):
        prior = commissioning_priors["half_angle"]
        factors, weights = _grid(prior, angles, _WIDE_SD)
        variants = [_with_half_angle(lamp, float(factor)) for factor in factors]
        half_angles = np.array([max(e.half_angle_deg or 0.0 for e in variant.emitters) for variant in variants])
    return LampModel(
        half_angles_deg=half_angles,
        angle_weights=weights,
        expected_mw_cm2=np.array([expected_mw_cm2(variant, readings) for variant in variants]),
        meters=tuple(meter_classes[meter] for meter in meters),
        meter_of=np.array([meters.index(reading.meter) for reading in readings]),
        age=age,
    )


def fit_readings(model: LampModel, values: Floats, dark: Sequence[float] = ()) -> Fit:
    """The lamp's output from the numbers that were read.

    values : (readings,) above 0 [mW/cm2]; dark : readings of the room alone, with the lamp off [mW/cm2]
    """
    rooms, room_weights = _rooms(dark)
    # The room is told in the meter's own scale, which a first look at the readings gives well enough.
    of_lamp = np.maximum(values - np.median(rooms), _LEAST_OF_READING * values)
    scale = math.exp(float(np.mean(np.log(of_lamp / model.expected_mw_cm2[model.expected_mw_cm2.shape[0] // 2]))))
    shape = (model.expected_mw_cm2.shape[0], rooms.size)
    known = np.log(model.expected_mw_cm2[:, None, :] + (rooms / scale)[None, :, None]).reshape(-1, values.size).T
    bias = np.array([math.log(meter.median) for meter in model.meters])[model.meter_of]
    open_part = np.log(values)[:, None] - bias[:, None] - known
    noises, noise_weights = _grid(commissioning_priors["reading_noise"], _NOISES, _WIDE_SD)
    prior = np.log(np.outer(model.angle_weights, room_weights)).ravel()
    solved = [_solve(model, open_part, float(noise)) for noise in noises]
    log_weight = np.concatenate(
        [one.log_likelihood + prior + math.log(w) for one, w in zip(solved, noise_weights, strict=True)]
    )
    weight = np.exp(log_weight - log_weight.max())
    best = int(np.argmax(weight))
    at, cell = divmod(best, prior.size)
    return Fit(
        weight=weight / weight.sum(),
        mean=np.concatenate([one.mean for one in solved]),
        sd=np.concatenate([one.sd for one in solved]),
        noise=np.repeat(noises, prior.size),
        angle=np.tile(np.repeat(np.arange(shape[0]), shape[1]), noises.size),
        room=np.tile(rooms, shape[0] * noises.size),
        fitted=np.log(values) - solved[at].left_over[:, cell],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Solved:
    """The linear part at one noise, for every cell of the grid (columns): parameters, likelihood and scatter."""

    mean: Floats
    sd: Floats
    log_likelihood: Floats
    left_over: Floats


def _solve(model: LampModel, open_part: Floats, noise: float) -> _Solved:
    """Generalised least squares: readings of one meter share its bias, and no parameter has a prior.

    open_part : (readings, cells) logarithm of reading over all that is taken as known there
    """
    count = open_part.shape[0]
    shared = model.meter_of[:, None] == np.arange(len(model.meters))
    shared_covariance = (shared * np.array([meter.log_sd**2 for meter in model.meters])) @ shared.T
    covariance = shared_covariance + noise**2 * np.eye(count)
    design = np.ones((count, 1)) if model.age is None else np.column_stack([np.ones(count), model.age])
    weighed = np.linalg.solve(covariance, np.column_stack([design, open_part]))
    weighed_design, weighed_open = weighed[:, : design.shape[1]], weighed[:, design.shape[1] :]
    information = design.T @ weighed_design
    parameters = np.linalg.solve(information, design.T @ weighed_open)
    left = open_part - design @ parameters
    weighed_left = weighed_open - weighed_design @ parameters
    determinants = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1]
    return _Solved(
        mean=parameters.T,
        sd=np.broadcast_to(np.sqrt(np.diag(np.linalg.inv(information))), parameters.T.shape),
        log_likelihood=-0.5 * (np.sum(left * weighed_left, axis=0) + determinants),
        left_over=left - shared_covariance @ weighed_left,
    )


def _rooms(dark: Sequence[float]) -> tuple[Floats, Floats]:
    """Light of the room as the meter shows it [mW/cm2], and how likely each is."""
    if not dark:
        return _grid(commissioning_priors["background"], _ROOMS, _WIDE_SD)
    factors, weights = _grid(commissioning_priors["background_read"], _ROOMS, _WIDE_SD)
    return factors * float(np.mean(dark)), weights


def _grid(prior: RatioPrior, count: int, wide_sd: float) -> tuple[Floats, Floats]:
    """Values of a quantity, evenly apart in their logarithm, and their weights."""
    z = np.linspace(-wide_sd, wide_sd, count) if count > 1 else np.zeros(1)
    weights = np.exp(-0.5 * z**2)
    return prior.median * np.exp(z * prior.log_sd), weights / weights.sum()


def _with_half_angle(lamp: Lamp, factor: float) -> Lamp:
    emitters = tuple(
        dataclasses.replace(e, half_angle_deg=float(np.clip(e.half_angle_deg * factor, *_HALF_ANGLE_DEG)))
        if e.half_angle_deg is not None
        else e
        for e in lamp.emitters
    )
    return dataclasses.replace(lamp, emitters=emitters)


def _mixture_quantiles(weight: Floats, mean: Floats, sd: Floats) -> list[float]:
    """The 5th, 50th and 95th percentile of a mixture of normal distributions, by bisection."""
    from scipy.special import ndtr

    kept = weight > _LEAST_WEIGHT
    weight, mean, sd = weight[kept], mean[kept], sd[kept]
    low = np.full(len(_SHARES), float((mean - 6.0 * sd).min()))
    high = np.full(len(_SHARES), float((mean + 6.0 * sd).max()))
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        below = ndtr((middle[:, None] - mean) / sd) @ weight < np.array(_SHARES)
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return [float(value) for value in 0.5 * (low + high)]


def _exp_band(logs: Sequence[float]) -> Band:
    p5, median, p95 = (math.exp(value) for value in logs)
    return Band(p5=p5, median=median, p95=p95)


def _grid_band(values: Floats, weight: Floats) -> Band:
    """Percentiles of a quantity on the grid, its weight spread between neighbours."""
    nodes, at = np.unique(values, return_inverse=True)
    mass = np.bincount(at, weights=weight)
    middle = np.cumsum(mass) - 0.5 * mass
    p5, median, p95 = (float(value) for value in np.interp(_SHARES, middle, nodes))
    return Band(p5=p5, median=median, p95=p95)
