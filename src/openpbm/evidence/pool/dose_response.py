"""Effect over dose from studies of several doses, each against its own reference, which their effects share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from openpbm.evidence.pool.studies import Floats

__all__ = [
    "DosePool",
    "DoseStudy",
    "best_dose",
    "dose_basis",
    "greenland_longnecker",
    "pool_doses",
    "standardised_by_dose",
]

Design = Literal["case_control", "person_time", "cumulative"]
_MOST_STEPS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseStudy:
    """One study: the effects of its doses against its reference.

    basis : (d, p) each dose less the reference, in the terms of the model (`dose_basis`)
    effect : (d,)      covariance : (d, d), not diagonal since they share the reference
    """

    basis: Floats
    effect: Floats
    covariance: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class DosePool:
    """Coefficients of the dose terms over all studies, (p,); their covariance and that between studies, (p, p).

    q, degrees_of_freedom : of the studies' own coefficients about the pooled ones, with the studies' own errors
    """

    coefficients: Floats
    covariance: Floats
    between: Floats
    q: float
    degrees_of_freedom: int

    @property
    def standard_errors(self) -> Floats:
        """Standard errors of the coefficients, (p,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))


def dose_basis(
    dose: ArrayLike, shape: Literal["linear", "quadratic", "spline"], knots: tuple[float, ...] = ()
) -> Floats:
    """The terms of a curve over dose, (n, p): linear; quadratic; restricted cubic spline with three knots or more.

    The spline is linear beyond its outer knots and scaled by the square of their distance (`harrell2015`).

    >>> dose_basis([0.0, 2.0], "quadratic").tolist()
    [[0.0, 0.0], [2.0, 4.0]]
    """
    x = np.asarray(dose, float)
    if shape == "linear":
        return x[:, None]
    if shape == "quadratic":
        return np.column_stack([x, x**2])
    if len(knots) < 3 or list(knots) != sorted(set(knots)):
        raise ValueError("a spline needs three knots or more, rising")
    cubes = [np.maximum(x - knot, 0.0) ** 3 for knot in knots]
    last, before = knots[-1], knots[-2]
    terms = [
        (cube - cubes[-2] * (last - knot) / (last - before) + cubes[-1] * (before - knot) / (last - before))
        / (last - knots[0]) ** 2
        for knot, cube in zip(knots[:-2], cubes[:-2], strict=True)
    ]
    return np.column_stack([x, *terms])


def greenland_longnecker(
    log_ratio: ArrayLike, standard_error: ArrayLike, cases: ArrayLike, total: ArrayLike, design: Design
) -> Floats:
    """Covariance of adjusted log ratios that share a reference, (d, d) (`greenland1992`).

    log_ratio, standard_error : (d,) of the doses above the reference
    cases, total : (d + 1,) people with the event and in all (for person_time: time), the reference first
    Cases are moved until they reproduce the adjusted ratios with the margins kept; their correlations are then taken.
    """
    errors, people = np.asarray(standard_error, float), np.asarray(total, float)
    fitted = _fitted_cases(np.asarray(log_ratio, float), np.asarray(cases, float), people, design)
    rest = _per_rest(fitted, people, design)
    reference = 1.0 / fitted[0] + rest[0]
    spread = np.sqrt(1.0 / fitted[1:] + rest[1:] + reference)
    correlation = reference / np.outer(spread, spread)
    np.fill_diagonal(correlation, 1.0)
    return np.asarray(correlation * np.outer(errors, errors))


def _per_rest(cases: Floats, total: Floats, design: Design) -> Floats:
    if design == "case_control":
        return np.asarray(1.0 / (total - cases))
    return np.zeros_like(total) if design == "person_time" else -1.0 / total


def _fitted_cases(log_ratio: Floats, cases: Floats, total: Floats, design: Design) -> Floats:
    """Cases by dose with the same sum whose crude ratios are the adjusted ones, by Newton's method."""
    above = cases[1:].copy()
    for _ in range(_MOST_STEPS):
        fitted = np.concatenate([[cases.sum() - above.sum()], above])
        odds = _log_odds(fitted, total, design)
        miss = log_ratio - (odds[1:] - odds[0])
        slope = 1.0 / fitted
        if design == "case_control":
            slope = slope + 1.0 / (total - fitted)
        step = np.linalg.solve(np.diag(slope[1:]) + slope[0], miss)
        above = above + _inside(step, above, fitted[0])
        if np.abs(step).max() < 1e-10 * cases.sum():
            break
    return np.concatenate([[cases.sum() - above.sum()], above])


def _log_odds(cases: Floats, total: Floats, design: Design) -> Floats:
    if design == "case_control":
        return np.asarray(np.log(cases) - np.log(total - cases))
    return np.asarray(np.log(cases) - np.log(total))


def _inside(step: Floats, above: Floats, reference: float) -> Floats:
    """The step, halved until every count stays above zero."""
    while np.any(above + step <= 0.0) or reference - step.sum() <= 0.0:
        step = step / 2.0
    return step


def standardised_by_dose(mean: ArrayLike, sd: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """Standardised mean differences of the doses against the first group, (d,), and their covariance, (d, d).

    One standard deviation is pooled over all groups; 1/n0 + d_i d_j / (2 N) off the diagonal (`gleser2009`).
    """
    m, s, k = (np.asarray(values, float) for values in (mean, sd, n))
    pooled = np.sqrt(((k - 1.0) * s**2).sum() / (k - 1.0).sum())
    difference = (m[1:] - m[0]) / pooled
    covariance = 1.0 / k[0] + np.outer(difference, difference) / (2.0 * k.sum()) + np.diag(1.0 / k[1:])
    return difference, covariance


def pool_doses(studies: list[DoseStudy], *, random: bool) -> DosePool:
    """Pool the curves of the studies in two stages: one curve a study, then all curves by REML or without differences.

    A study with fewer doses than the curve has terms cannot be fitted on its own: with it, ValueError.
    """
    curves = [_study_curve(study) for study in studies]
    own = np.array([spread for _, spread in curves])
    found = np.array([coefficients for coefficients, _ in curves])
    centre, spread = _combined(found, own)
    miss = found - centre
    q = float(np.einsum("ij,ijk,ik->", miss, np.linalg.inv(own), miss))
    between = np.zeros_like(spread)
    if random and len(studies) > 1:
        between = _between_studies(found, own)
        centre, spread = _combined(found, own + between)
    return DosePool(
        coefficients=centre,
        covariance=spread,
        between=between,
        q=q,
        degrees_of_freedom=found.size - found.shape[1],
    )


def _study_curve(study: DoseStudy) -> tuple[Floats, Floats]:
    if study.basis.shape[0] < study.basis.shape[1]:
        raise ValueError("a study with fewer doses than the curve has terms")
    weighted = np.linalg.solve(study.covariance, study.basis)
    spread = np.linalg.inv(study.basis.T @ weighted)
    return spread @ (weighted.T @ study.effect), spread


def _combined(found: Floats, covariances: Floats) -> tuple[Floats, Floats]:
    precisions = np.linalg.inv(covariances)
    spread = np.linalg.inv(precisions.sum(axis=0))
    return spread @ np.einsum("ijk,ik->j", precisions, found), spread


def _between_studies(found: Floats, own: Floats) -> Floats:
    """The covariance between studies by restricted likelihood, as a triangle times itself (`gasparrini2012`)."""
    from scipy.optimize import minimize

    terms = found.shape[1]
    places = np.tril_indices(terms)
    # In units of the terms' own errors, so that a dose squared weighs as much in the search as the dose.
    scale = np.sqrt(np.median(np.diagonal(own, axis1=1, axis2=2), axis=0))
    units = np.outer(scale, scale)

    def matrix(values: Floats) -> Floats:
        triangle = np.zeros((terms, terms))
        triangle[places] = values
        return np.asarray(triangle @ triangle.T * units)

    def loss(values: Floats) -> float:
        total = own + matrix(values)
        centre, spread = _combined(found, total)
        miss = found - centre
        q = float(np.einsum("ij,ijk,ik->", miss, np.linalg.inv(total), miss))
        # The spread's determinant in the same units, or it would drown in those of the dose.
        inside = np.linalg.slogdet(spread / units)[1]
        return 0.5 * (q + float(np.linalg.slogdet(total / units)[1].sum()) - float(inside))

    starts = (0.1, 1.0, 3.0)
    fits = [minimize(loss, start * np.eye(terms)[places], method="BFGS") for start in starts]
    return matrix(min(fits, key=lambda fit: float(fit.fun)).x)


def best_dose(fit: DosePool, level: float = 0.95) -> tuple[float, float, float]:
    """Where a pooled quadratic turns, with its interval by Fieller's theorem; infinite where the turn is not sure.

    A response that rises and falls again (biphasic) has its turn at -b1 / (2 b2).
    """
    from scipy.special import ndtri

    first, second = fit.coefficients
    z2 = float(ndtri((1.0 + level) / 2.0)) ** 2
    var1, var2, both = fit.covariance[0, 0], fit.covariance[1, 1], fit.covariance[0, 1]
    leading, middle, last = second**2 - z2 * var2, -(first * second - z2 * both), first**2 - z2 * var1
    room = middle**2 - leading * last
    turn = float(-first / (2.0 * second))
    if leading <= 0.0 or room < 0.0:
        return turn, -np.inf, np.inf
    ratios = sorted((-middle + sign * np.sqrt(room)) / leading for sign in (-1.0, 1.0))
    return turn, float(-ratios[1] / 2.0), float(-ratios[0] / 2.0)
