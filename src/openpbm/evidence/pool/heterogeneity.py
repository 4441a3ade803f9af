"""The variance between studies, tau2: four ways to estimate it, its standard error and its interval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from scipy.special import chdtri

from openpbm.evidence.pool.studies import Floats, Studies, weighted_fit

__all__ = ["Model", "estimate_tau2", "q_profile", "typical_variance"]

#: How tau2 is estimated; `fixed` takes it to be zero.
Model = Literal["reml", "dl", "pm", "fixed"]

_MOST_STEPS = 200
_FISHER_STEPS = 6
_CLOSE = 1e-11


def estimate_tau2(studies: Studies, model: Model) -> tuple[Floats, Floats]:
    """Variance between the studies of each pool and its standard error, (m,) each; NaN without a standard error.

    reml : restricted maximum likelihood (`viechtbauer2005`), standard error from the expected information
    dl : method of moments with the weights of no heterogeneity (`dersimonian1986`)
    pm : the tau2 at which the weighted sum of squares equals its degrees of freedom (`paule1982`)
    """
    if model == "fixed":
        return np.zeros(len(studies.effect)), np.full(len(studies.effect), np.nan)
    return _ESTIMATES[model](studies)


def typical_variance(studies: Studies) -> Floats:
    """The within-study variance that I2 and H2 are taken against, (m,): (k - p) / trace of P at tau2 = 0.

    For a mean alone that of `higgins2002`, eq. 9.
    """
    return np.asarray(studies.degrees_of_freedom / weighted_fit(studies, 0.0).trace(studies))


def q_profile(studies: Studies, level: float) -> tuple[Floats, Floats]:
    """Interval of tau2 by inverting the generalised Q statistic, (m,) each (`viechtbauer2007`).

    level : share of such intervals that hold the true value, 0.95 for instance
    """
    tail = (1.0 - level) / 2.0
    freedom = studies.degrees_of_freedom
    return _tau2_where_q_is(studies, chdtri(freedom, tail)), _tau2_where_q_is(studies, chdtri(freedom, 1.0 - tail))


def _dersimonian_laird(studies: Studies) -> tuple[Floats, Floats]:
    fit = weighted_fit(studies, 0.0)
    freedom, trace, square = studies.degrees_of_freedom, fit.trace(studies), fit.trace_of_square(studies)
    tau2 = np.maximum((fit.q - freedom) / trace, 0.0)
    # Var(Q) under normal effects is twice the trace of (P Sigma)^2, with Sigma = V + tau2.
    error = np.sqrt(2.0 * freedom + 4.0 * tau2 * trace + 2.0 * tau2**2 * square) / trace
    return tau2, error


def _paule_mandel(studies: Studies) -> tuple[Floats, Floats]:
    freedom = studies.degrees_of_freedom
    tau2 = _tau2_where_q_is(studies, freedom)
    # Q has variance 2 (k - p) at the truth, and its slope there is on average -trace P.
    return tau2, np.sqrt(2.0 * freedom) / weighted_fit(studies, tau2).trace(studies)


def _tau2_where_q_is(studies: Studies, target: Floats) -> Floats:
    """The tau2 at which Q falls to the target, 0 where it is below it from the start, (m,).

    Q falls and is convex in tau2, so that Newton's steps from zero only ever rise towards the root.
    """
    tau2 = np.zeros(len(studies.effect))
    active = np.flatnonzero(np.isfinite(target))
    for _ in range(_MOST_STEPS):
        part = studies.take(active)
        fit = weighted_fit(part, tau2[active])
        slope = (fit.weight**2 * fit.residual**2).sum(axis=1)
        excess = fit.q - target[active]
        step = np.divide(excess, slope, out=np.zeros_like(excess), where=(excess > 0.0) & (slope > 0.0))
        tau2[active] += step
        active = active[step > _CLOSE * (tau2[active] + part.variance.min(axis=1))]
        if not active.size:
            break
    return tau2


def _restricted_likelihood(studies: Studies) -> tuple[Floats, Floats]:
    # The likelihood may have two peaks, one study with a tiny variance on its own: the higher of those found counts.
    starts = (_hedges(studies), _dersimonian_laird(studies)[0])
    peaks = [_scored(studies, start) for start in starts]
    heights = [_log_likelihood(studies, peak) for peak in peaks]
    tau2 = np.where(heights[0] >= heights[1], *peaks)
    return tau2, np.sqrt(2.0 / weighted_fit(studies, tau2).trace_of_square(studies))


def _hedges(studies: Studies) -> Floats:
    """The unweighted scatter less the mean variance, not below zero (`hedges1985`): where REML sets out from."""
    fitted = np.matmul(studies.basis, np.matmul(np.swapaxes(studies.basis, 1, 2), studies.effect[..., None]))[..., 0]
    scatter = (studies.present * (studies.effect - fitted) ** 2).sum(axis=1)
    own = (studies.present * studies.variance * (1.0 - (studies.basis**2).sum(axis=2))).sum(axis=1)
    return np.asarray(np.maximum((scatter - own) / studies.degrees_of_freedom, 0.0))


def _log_likelihood(studies: Studies, tau2: Floats) -> Floats:
    """The restricted log likelihood but for a constant."""
    fit = weighted_fit(studies, tau2)
    logs = np.log(fit.weight, out=np.zeros_like(fit.weight), where=studies.present).sum(axis=1)
    return np.asarray(0.5 * (logs + np.linalg.slogdet(fit.covariance)[1] - fit.q))


def _scored(studies: Studies, start: Floats) -> Floats:
    """The peak of the restricted likelihood that Fisher's scoring climbs to, kept in a bracket."""
    tau2 = start.copy()
    low, high = np.zeros_like(tau2), np.full_like(tau2, np.inf)
    active = np.arange(len(tau2))
    for number in range(_MOST_STEPS):
        part, here = studies.take(active), tau2[active]
        fit = weighted_fit(part, here)
        score = (fit.weight**2 * fit.residual**2).sum(axis=1) - fit.trace(part)
        information = fit.trace_of_square(part)
        if number >= _FISHER_STEPS:
            # Close to the peak Newton's step is far the shorter way where the expected information misjudges it.
            observed = 2.0 * fit.cubic_form(part) - information
            information = np.where(observed > 0.0, observed, information)
        low[active] = np.where(score > 0.0, here, low[active])
        high[active] = np.where(score > 0.0, high[active], here)
        tau2[active] = _next(here + score / information, low[active], high[active])
        active = active[np.abs(tau2[active] - here) > _CLOSE * (here + part.variance.min(axis=1))]
        if not active.size:
            break
    return tau2


def _next(proposed: Floats, low: Floats, high: Floats) -> Floats:
    """A step of Fisher's scoring, or the middle of the bracket where it would leave it; never below zero."""
    # At zero the bracket may not be left either, but zero itself is worth a look.
    floored = np.maximum(proposed, 0.0)
    outside = (floored >= high) | ((floored <= low) & (low > 0.0))
    with np.errstate(invalid="ignore"):
        middle = np.where(np.isfinite(high), (low + high) / 2.0, floored)
    return np.where(outside & (high > 0.0), middle, floored)


_ESTIMATES: dict[str, Callable[[Studies], tuple[Floats, Floats]]] = {
    "reml": _restricted_likelihood,
    "dl": _dersimonian_laird,
    "pm": _paule_mandel,
}
