"""The priors held against what was measured on people: the model's answer to each measurement, and weights from it.

Among all weightings of tissues drawn from the priors, the one is taken that changes least (relative entropy) and brings
the mean of each measured quantity (its logarithm) to the measured one as nearly as the measurement's error asks. The
middle moves; how people differ does not shrink, for a mean over people says nothing about that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.living_tissue import (
    TABLE_COLUMNS,
    InVivoMeasurement,
    SampledTissue,
    correlations,
    rival_weights,
)
from openpbm.tissue.optics import parameters

__all__ = ["OTHER_UNKNOWNS", "Band", "band", "draw_priors", "resampled", "weights_by_measurements"]

Floats = NDArray[np.float64]

#: Unknowns of a tissue beside the parameters of its layers.
OTHER_UNKNOWNS = ("temperature", "haemoglobin_share", "water_share", "melanosome_share")
# Another muscle, another animal, or no longer alive: how far such a measurement may be off for this site.
_ELSEWHERE = 0.1
#: Enters through the priors; counted once.
_IN_THE_PRIORS = ("reduced_scattering_per_mm",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Where nine in ten tissues lie, and the middle, in the unit of the quantity."""

    p5: float
    median: float
    p95: float

    def holds(self, value: float) -> bool:
        """Whether a value lies inside."""
        return self.p5 <= value <= self.p95


def band(values: Floats, weight: Floats | None = None) -> Band:
    """The weighted 5th, 50th and 95th percentile of values, (tissue,).

    >>> middle = band(np.arange(101.0))
    >>> round(middle.p5, 6), round(middle.median, 6), middle.holds(96.0)
    (5.0, 50.0, False)
    """
    shares = np.full(len(values), 1.0 / len(values)) if weight is None else weight
    order = np.argsort(values)
    p5, median, p95 = np.interp((0.05, 0.5, 0.95), _middles(shares[order]), values[order])
    return Band(p5=float(p5), median=float(median), p95=float(p95))


def _middles(shares: Floats) -> Floats:
    """Cumulated shares at the middle of each value, from 0 at the first to 1 at the last."""
    sums = np.cumsum(shares) - 0.5 * shares
    return np.asarray((sums - sums[0]) / (sums[-1] - sums[0]))


def draw_priors(count: int, seed: int) -> SampledTissue:
    """`count` equally likely tissues from the priors alone: scores that go together as reported, and rival tables."""
    chance = np.random.default_rng(seed)
    names = [f"{tissue}_{parameter}" for tissue, parameter in parameters()]
    related = np.eye(len(names))
    for row in correlations():
        one, other = names.index(f"{row.tissue}_{row.parameter}"), names.index(f"{row.tissue}_{row.other}")
        related[one, other] = related[other, one] = row.correlation
    scores = chance.standard_normal((count, len(names))) @ np.linalg.cholesky(related).T
    others = chance.standard_normal((count, len(OTHER_UNKNOWNS)))
    return SampledTissue(
        name="prior",
        weight=np.full(count, 1.0 / count),
        scores=dict(zip((*names, *OTHER_UNKNOWNS), np.hstack([scores, others]).T, strict=True)),
        tables={kind: _rival_tables(kind, chance.random(count)) for kind in TABLE_COLUMNS},
    )


def _rival_tables(kind: str, quantiles: Floats) -> tuple[str, ...]:
    rivals = [row for row in rival_weights() if row.tissue == kind]
    edges = np.cumsum([row.weight for row in rivals])
    names = np.array([*(row.table for row in rivals), ""])
    return tuple(names[np.searchsorted(edges, quantiles, side="right")].tolist())


def weights_by_measurements(
    sample: SampledTissue, predictions: Mapping[str, Floats], measurements: Sequence[InVivoMeasurement], site: str
) -> Floats:
    """Weight of each tissue, (tissue,), sum 1: the least change that brings the model to the measurements.

    predictions : by id of the measurement, (tissue,), all under the same anatomy, which is no property of the tissue
    and must not be tilted; a measurement without a prediction is left out
    site : for which the weights are; a measurement made elsewhere counts with a greater error
    A rival table keeps the weight that the measurements leave it (Bayes); the tilt moves tissues within their table:
    otherwise a table that is far off in the wanted direction would be called up by it.
    """
    used = [row for row in measurements if row.id in predictions and row.quantity not in _IN_THE_PRIORS]
    away = np.stack([np.log(predictions[row.id] / row.middle) for row in used], axis=1)
    errors = np.array([_error(row, site) for row in used])
    tables, number = np.unique(
        ["/".join(tables) for tables in zip(*sample.tables.values(), strict=True)], return_inverse=True
    )
    composed = number == tables.tolist().index("/" * (len(sample.tables) - 1))
    logs = away @ _pull(away[composed], errors)
    probability = np.exp(-0.5 * ((away / np.hypot(errors, away[composed].std(axis=0))) ** 2).sum(axis=1))
    weight = np.zeros(len(away))
    for table in range(len(tables)):
        inside = number == table
        tilted = np.exp(logs[inside] - logs[inside].max())
        weight[inside] = probability[inside].sum() * tilted / tilted.sum()
    return np.asarray(weight / weight.sum())


def _pull(away: Floats, errors: Floats) -> Floats:
    """How strongly each measurement pulls: Newton's method on the dual, which is convex and has as many unknowns."""
    pull: Floats = np.zeros(len(errors))
    for _ in range(60):
        logs = away @ pull
        weight = np.exp(logs - logs.max())
        weight /= weight.sum()
        mean = weight @ away
        centred = away - mean
        step = np.linalg.solve(centred.T @ (centred * weight[:, None]) + np.diag(errors**2), mean + errors**2 * pull)
        pull = pull - step / max(1.0, float(np.abs(step).max()) / 5.0)
        if float(np.abs(step).max()) < 1e-9:
            break
    return pull


def _error(measurement: InVivoMeasurement, site: str) -> float:
    return float(np.hypot(measurement.relative_error, 0.0 if measurement.site == site else _ELSEWHERE))


def resampled(sample: SampledTissue, weight: Floats, order: Floats, count: int) -> SampledTissue:
    """`count` tissues of a great sample that stand for all of it, sorted by `order`, each with its weight.

    Systematic: every equal share of the weight gives one tissue, and one that is given twice weighs twice.
    """
    sequence = np.argsort(order)
    shares = (np.arange(count) + 0.5) / count
    places = np.minimum(np.searchsorted(np.cumsum(weight[sequence]), shares), len(weight) - 1)
    numbers, times = np.unique(places, return_counts=True)
    chosen = sequence[numbers]
    return SampledTissue(
        name=sample.name,
        weight=times / count,
        scores={name: values[chosen] for name, values in sample.scores.items()},
        tables={name: tuple(np.asarray(tables)[chosen].tolist()) for name, tables in sample.tables.items()},
    )
