"""Pooling: estimate, standard error, test, heterogeneity and prediction of many pools at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, fdtrc, ndtr, ndtri, stdtr, stdtrit

from openpbm.evidence.pool.heterogeneity import Model, estimate_tau2, typical_variance
from openpbm.evidence.pool.studies import Floats, Studies, WeightedFit, weighted_fit

__all__ = ["Pooled", "pool"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """`m` pools; the effect's unit throughout, its square for variances.

    coefficients, standard_errors, statistics, p_values : (m, p), z or t by `knapp_hartung`
    interval : (m, p, 2)         prediction : (m, 2) for a new study, NaN with moderators or a fixed model
    tau2, tau2_error, i2_percent, h2 : (m,)
    q, q_p : (m,) test of (residual) heterogeneity, chi-square with `degrees_of_freedom`
    omnibus, omnibus_p : (m,) test of all coefficients but the first, NaN without moderators
    weight_percent : (m, k)      scale : (m,) what Knapp and Hartung multiply the squared errors by, 1 without them
    """

    model: Model
    knapp_hartung: bool
    degrees_of_freedom: Floats
    coefficients: Floats
    covariance: Floats
    standard_errors: Floats
    statistics: Floats
    p_values: Floats
    interval: Floats
    prediction: Floats
    tau2: Floats
    tau2_error: Floats
    i2_percent: Floats
    h2: Floats
    q: Floats
    q_p: Floats
    omnibus: Floats
    omnibus_p: Floats
    weight_percent: Floats
    scale: Floats


def pool(
    studies: Studies,
    model: Model = "reml",
    *,
    knapp_hartung: bool = False,
    floor: bool = False,
    level: float = 0.95,
) -> Pooled:
    """Pool every pool of `studies`.

    knapp_hartung : errors from the observed scatter and t with k - p degrees of freedom (`knapp2003`)
    floor : with it, errors never below those of the normal test (the ad hoc floor of `knapp2003`)
    level : of the interval and of the prediction interval; the latter takes z or t as the interval does
    """
    tau2, tau2_error = estimate_tau2(studies, model)
    fit = weighted_fit(studies, tau2)
    freedom = studies.degrees_of_freedom
    scale = _scale(fit, freedom, knapp_hartung, floor)
    covariance = _in_design(studies, fit.covariance * scale[:, None, None])
    coefficients = np.matmul(studies.back, fit.coefficients[..., None])[..., 0]
    errors = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    with np.errstate(divide="ignore", invalid="ignore"):
        # Studies that agree to the last digit leave Knapp and Hartung no error at all.
        statistics = coefficients / errors
    half = _quantile(level, freedom, knapp_hartung)
    bare = weighted_fit(studies, 0.0)
    i2_percent, h2 = _shares(studies, model, tau2, bare.q)
    omnibus, omnibus_p = _omnibus(coefficients, covariance, freedom, knapp_hartung)
    return Pooled(
        model=model,
        knapp_hartung=knapp_hartung,
        degrees_of_freedom=freedom,
        coefficients=coefficients,
        covariance=covariance,
        standard_errors=errors,
        statistics=statistics,
        p_values=_two_sided(statistics, freedom, knapp_hartung),
        interval=_around(coefficients, half[:, None] * errors),
        prediction=_prediction(studies, model, coefficients, errors, tau2, half),
        tau2=tau2,
        tau2_error=tau2_error,
        i2_percent=i2_percent,
        h2=h2,
        q=bare.q,
        q_p=_p_of_q(bare.q, freedom),
        omnibus=omnibus,
        omnibus_p=omnibus_p,
        weight_percent=100.0 * fit.weight / fit.weight.sum(axis=1, keepdims=True),
        scale=scale,
    )


def _scale(fit: WeightedFit, freedom: Floats, knapp_hartung: bool, floor: bool) -> Floats:
    if not knapp_hartung:
        return np.ones_like(fit.q)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(freedom > 0.0, fit.q / freedom, np.nan)
    return np.maximum(scale, 1.0) if floor else scale


def _in_design(studies: Studies, covariance: Floats) -> Floats:
    return np.asarray(np.matmul(np.matmul(studies.back, covariance), np.swapaxes(studies.back, 1, 2)))


def _quantile(level: float, freedom: Floats, student: bool) -> Floats:
    upper = (1.0 + level) / 2.0
    return np.asarray(stdtrit(freedom, upper)) if student else np.full_like(freedom, ndtri(upper))


def _two_sided(statistics: Floats, freedom: Floats, student: bool) -> Floats:
    lower = -np.abs(statistics)
    return np.asarray(2.0 * stdtr(freedom[:, None], lower)) if student else np.asarray(2.0 * ndtr(lower))


def _around(centre: Floats, half: Floats) -> Floats:
    return np.stack([centre - half, centre + half], axis=-1)


def _prediction(
    studies: Studies, model: Model, coefficients: Floats, errors: Floats, tau2: Floats, half: Floats
) -> Floats:
    """The interval that holds the true effect of a new study (`higgins2009`), with the quantile of the interval."""
    if model == "fixed" or studies.terms > 1:
        return np.full((len(tau2), 2), np.nan)
    return _around(coefficients[:, 0], half * np.sqrt(errors[:, 0] ** 2 + tau2))


def _shares(studies: Studies, model: Model, tau2: Floats, q: Floats) -> tuple[Floats, Floats]:
    """I2 in percent and H2, from tau2 and the typical variance; from Q where the model has no tau2 (`higgins2002`)."""
    freedom = studies.degrees_of_freedom
    with np.errstate(divide="ignore", invalid="ignore"):
        if model == "fixed":
            return 100.0 * np.maximum(0.0, (q - freedom) / q), q / freedom
        typical = typical_variance(studies)
        return 100.0 * tau2 / (tau2 + typical), (tau2 + typical) / typical


def _p_of_q(q: Floats, freedom: Floats) -> Floats:
    return np.where(freedom > 0.0, chdtrc(np.maximum(freedom, 1.0), q), np.nan)


def _omnibus(coefficients: Floats, covariance: Floats, freedom: Floats, student: bool) -> tuple[Floats, Floats]:
    terms = coefficients.shape[1] - 1
    if not terms:
        return np.full_like(freedom, np.nan), np.full_like(freedom, np.nan)
    slopes = coefficients[:, 1:, None]
    value = np.matmul(np.swapaxes(slopes, 1, 2), np.linalg.solve(covariance[:, 1:, 1:], slopes))[:, 0, 0]
    if student:
        return value / terms, np.asarray(fdtrc(terms, freedom, value / terms))
    return value, np.asarray(chdtrc(terms, value))
