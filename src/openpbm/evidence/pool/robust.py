"""Several outcomes of one study: errors that hold whatever their correlation (CR2), and a model of three levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr

from openpbm.evidence.pool.studies import Floats

__all__ = ["RobustPool", "ThreeLevels", "robust_pool", "three_levels"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustPool:
    """Coefficients with cluster-robust errors, (p,), and the degrees of freedom of each by Satterthwaite.

    Below four degrees of freedom the p-value is not to be trusted (`tipton2015`).
    """

    coefficients: Floats
    standard_errors: Floats
    degrees_of_freedom: Floats
    p_values: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeLevels:
    """Coefficients (p,), their covariance (p, p), and variance between studies and between outcomes of one study."""

    coefficients: Floats
    covariance: Floats
    between_studies: float
    within_studies: float


def robust_pool(
    effect: ArrayLike, variance: ArrayLike, study: list[str], design: ArrayLike | None = None, tau2: float = 0.0
) -> RobustPool:
    """Weighted least squares with the CR2 covariance of Bell and McCaffrey (`tipton2015`, `pustejovsky2018`).

    effect, variance : (n,) of all outcomes      study : whose each is      design : (n, p), None for a mean
    tau2 : added to every variance; the working model takes outcomes as independent, the errors do not hang on that
    """
    y, v = np.asarray(effect, float), np.asarray(variance, float) + tau2
    x = np.ones((len(y), 1)) if design is None else np.asarray(design, float)
    weight = 1.0 / v
    bread = np.asarray(np.linalg.inv(x.T @ (x * weight[:, None])), np.float64)
    coefficients = bread @ (x.T @ (weight * y))
    residual = y - x @ coefficients
    groups: list[NDArray[np.int_]] = [np.flatnonzero(np.array(study) == name) for name in dict.fromkeys(study)]
    halves = [_adjusted(x[group], weight[group], v[group], bread) for group in groups]
    scores = np.array([half @ residual[group] for half, group in zip(halves, groups, strict=True)])
    errors = np.sqrt(np.diag(scores.T @ scores))
    freedom = _satterthwaite(x, weight, v, bread, groups, halves)
    p_values = 2.0 * stdtr(freedom, -np.abs(coefficients / errors))
    return RobustPool(
        coefficients=coefficients, standard_errors=errors, degrees_of_freedom=freedom, p_values=np.asarray(p_values)
    )


def _adjusted(x: Floats, weight: Floats, v: Floats, bread: Floats) -> Floats:
    """B X'W A of one study, (p, n): A makes the residuals' square unbiased where the working model holds."""
    root = np.sqrt(v)
    inside = root[:, None] * (np.diag(v) - x @ bread @ x.T) * root
    values, vectors = np.linalg.eigh(inside)
    # Along a direction the design explains wholly there is no residual left to adjust.
    kept = values > 1e-10 * values.max(initial=1e-300)
    inverse = np.divide(1.0, np.sqrt(np.abs(values)), out=np.zeros_like(values), where=kept)
    adjustment = root[:, None] * (vectors * inverse) @ vectors.T * root
    return np.asarray(bread @ (x * weight[:, None]).T @ adjustment)


def _satterthwaite(
    x: Floats, weight: Floats, v: Floats, bread: Floats, groups: list[NDArray[np.int_]], halves: list[Floats]
) -> Floats:
    """Degrees of freedom of each coefficient's squared error under the working model."""
    maker = np.eye(len(x)) - x @ bread @ (x * weight[:, None]).T
    freedom = []
    for place in range(x.shape[1]):
        rows = np.array([half[place] @ maker[group] for half, group in zip(halves, groups, strict=True)])
        inner = (rows * v) @ rows.T
        freedom.append(np.trace(inner) ** 2 / np.sum(inner**2))
    return np.array(freedom)


def three_levels(
    effect: ArrayLike, variance: ArrayLike, study: list[str], design: ArrayLike | None = None
) -> ThreeLevels:
    """Outcomes within studies, both levels' variance by restricted maximum likelihood (`konstantopoulos2011`)."""
    from scipy.optimize import minimize

    y, v = np.asarray(effect, float), np.asarray(variance, float)
    x = np.ones((len(y), 1)) if design is None else np.asarray(design, float)
    same = np.equal.outer(np.array(study), np.array(study)).astype(float)
    unit = float(np.median(v))

    def fitted(values: Floats) -> tuple[Floats, Floats, float]:
        total = np.diag(v + values[1] ** 2 * unit) + values[0] ** 2 * unit * same
        weighted = np.linalg.solve(total, x)
        spread = np.linalg.inv(x.T @ weighted)
        coefficients = spread @ (weighted.T @ y)
        residual = y - x @ coefficients
        q = float(residual @ np.linalg.solve(total, residual))
        logs = float(np.linalg.slogdet(total / unit)[1] - np.linalg.slogdet(spread)[1])
        return coefficients, spread, 0.5 * (q + logs)

    fits = [minimize(lambda values: fitted(values)[2], start, method="BFGS") for start in ((1.0, 1.0), (0.1, 2.0))]
    best = min(fits, key=lambda fit: float(fit.fun)).x
    coefficients, covariance, _ = fitted(best)
    between, within = (float(value) for value in best**2 * unit)
    return ThreeLevels(coefficients=coefficients, covariance=covariance, between_studies=between, within_studies=within)
