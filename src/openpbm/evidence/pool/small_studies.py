"""Whether small studies find more than large ones, and what is left once that is allowed for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtr, ndtri

from openpbm.evidence.pool.fit import pool
from openpbm.evidence.pool.studies import Floats, Studies, make_studies

__all__ = ["Asymmetry", "SelectionModel", "egger", "pet_peese", "selection_model"]

_PET_P = 0.10
_LOWEST_LOG, _HIGHEST_LOG = -12.0, 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asymmetry:
    """A test of the funnel: z, or t with its degrees of freedom, and p; the effect at no error and its interval."""

    statistic: float
    degrees_of_freedom: float | None
    p: float
    limit: float
    interval: tuple[float, float]


def egger(effect: ArrayLike, variance: ArrayLike, *, mixed: bool = False, level: float = 0.95) -> Asymmetry:
    """Regression of the effects on their standard errors (`egger1997`; `sterne2005`).

    mixed : REML for the differences that are left, z; else weighted least squares with its own scale, t with k - 2
    Fewer than ten studies hardly show an asymmetry that is there (`sterne2011`).
    """
    return _regressed(effect, variance, np.sqrt(np.asarray(variance, float)), mixed, level)


def pet_peese(effect: ArrayLike, variance: ArrayLike, level: float = 0.95) -> tuple[Literal["pet", "peese"], Asymmetry]:
    """The effect at no error by errors (PET) or, where PET sees an effect (p < 0.10), by variances (`stanley2014`)."""
    pet = egger(effect, variance, level=level)
    found = pool(_with_column(effect, variance, np.sqrt(np.asarray(variance, float))), "fixed", knapp_hartung=True)
    if found.p_values[0, 0] >= _PET_P:
        return "pet", pet
    return "peese", _regressed(effect, variance, np.asarray(variance, float), False, level)


def _with_column(effect: ArrayLike, variance: ArrayLike, column: Floats) -> Studies:
    return make_studies(effect, variance, np.column_stack([np.ones(len(column)), column]))


def _regressed(effect: ArrayLike, variance: ArrayLike, column: Floats, mixed: bool, level: float) -> Asymmetry:
    studies = _with_column(effect, variance, column)
    fit = pool(studies, "reml", level=level) if mixed else pool(studies, "fixed", knapp_hartung=True, level=level)
    return Asymmetry(
        statistic=float(fit.statistics[0, 1]),
        degrees_of_freedom=None if mixed else float(fit.degrees_of_freedom[0]),
        p=float(fit.p_values[0, 1]),
        limit=float(fit.coefficients[0, 0]),
        interval=(float(fit.interval[0, 0, 0]), float(fit.interval[0, 0, 1])),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionModel:
    """Estimate, tau2 and how likely studies beyond each cut are published beside those with the wanted result.

    relative_chances : one a cut, of the p-values above it up to the next one
    p : likelihood ratio test that all are as likely, chi-square with a degree of freedom a cut
    """

    estimate: float
    standard_error: float
    tau2: float
    relative_chances: tuple[float, ...]
    likelihood_ratio: float
    p: float


def selection_model(
    effect: ArrayLike, variance: ArrayLike, *, better: Literal["higher", "lower"], cuts: tuple[float, ...] = (0.025,)
) -> SelectionModel:
    """Steps at one-sided p-values: studies beyond one are published less often (`vevea1995`), by full likelihood.

    better : the direction in which a result is wanted      cuts : rising, below 1
    With fewer than some twenty studies the answer is a guess; with none between two cuts, ValueError.
    """
    from scipy.optimize import minimize

    sign = 1.0 if better == "higher" else -1.0
    y, v = sign * np.asarray(effect, float), np.asarray(variance, float)
    unit = float(np.sqrt(np.median(v)))
    kinds = np.searchsorted(np.array(cuts), ndtr(-y / np.sqrt(v)), side="left")
    if len(set(kinds.tolist())) <= len(cuts):
        raise ValueError("no study lies between two of the cuts")
    # From the most wanted result down: the effects at which the p-value passes a cut.
    bounds = ndtri(1.0 - np.array(cuts))[:, None] * np.sqrt(v)

    def loss(values: Floats) -> float:
        chances = np.exp(np.clip(np.concatenate([[0.0], values[2:]]), _LOWEST_LOG, _HIGHEST_LOG))
        mean, total = values[0] * unit, v + (values[1] * unit) ** 2
        beyond = np.vstack([np.zeros_like(y), ndtr((mean - bounds) / np.sqrt(total)), np.ones_like(y)])
        shown = chances @ np.diff(beyond, axis=0)
        logs = np.log(chances[kinds]) - np.log(shown) - 0.5 * np.log(total / unit**2)
        return float(-(logs - 0.5 * (y - mean) ** 2 / total).sum())

    middle = float(np.average(y, weights=1.0 / v)) / unit
    none = np.zeros(len(cuts))
    starts = [np.array([middle, start]) for start in (0.3, 1.0, 3.0)]
    fits = [minimize(loss, np.concatenate([start, none]), method="BFGS") for start in starts]
    best = min(fits, key=lambda fit: float(fit.fun))
    plain = [minimize(lambda two: loss(np.concatenate([two, none])), start, method="BFGS") for start in starts]
    ratio = max(0.0, 2.0 * (min(float(fit.fun) for fit in plain) - float(best.fun)))
    return SelectionModel(
        estimate=float(sign * best.x[0] * unit),
        standard_error=float(np.sqrt(_curvature(loss, best.x)[0, 0]) * unit),
        tau2=float((best.x[1] * unit) ** 2),
        relative_chances=tuple(float(chance) for chance in np.exp(np.clip(best.x[2:], _LOWEST_LOG, _HIGHEST_LOG))),
        likelihood_ratio=ratio,
        p=float(chdtrc(len(cuts), ratio)),
    )


def _curvature(loss: Callable[[Floats], float], at: Floats) -> Floats:
    """The inverse of the second derivatives, by differences; BFGS keeps too rough a one."""
    count, step = len(at), 1e-4
    shifts = np.eye(count) * step
    matrix = np.empty((count, count))
    for i in range(count):
        for j in range(count):
            both, one = at + shifts[i] + shifts[j], at + shifts[i] - shifts[j]
            other, none = at - shifts[i] + shifts[j], at - shifts[i] - shifts[j]
            matrix[i, j] = (loss(both) - loss(one) - loss(other) + loss(none)) / (4.0 * step**2)
    return np.asarray(np.linalg.pinv(matrix))
