"""How many cramps with light for each without: rate ratio of counts that vary more than chance alone would have it.

Cramps come in clusters, so that their daily counts scatter more than a Poisson count. A day without a diary line is a
missing day, never a day without cramps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.errors import BadInput, Problem

__all__ = ["CountMethod", "RateRatio", "cramp_rate_ratio"]

Floats = NDArray[np.float64]
CountMethod = Literal["negative_binomial", "poisson", "quasi_poisson", "profile_likelihood"]

FEWEST_RECORDS = 5  # with a value in each phase
_NINETY_PERCENT_UPPER = 0.95  # a central 90 % interval ends at the 95th percentile


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRatio:
    """Rate with light over rate at baseline [-]; every number None, with its `reason`, where it cannot be had.

    interval : central 90 %
    rates_per_day : baseline, with light [1/day]
    days : observed days at baseline, with light
    probability_below : P(rate ratio < 1)
    probability_quarter_less, probability_halved : P(<= 0.75), P(<= 0.5)
    dispersion : variance over mean that is left, 1 for a Poisson count [-]
    method : `negative_binomial`; `poisson` where the counts do not scatter more than chance; `quasi_poisson` where the
        negative binomial did not settle; `profile_likelihood` where no cramp was left with light
    """

    value: float | None
    interval: tuple[float, float] | None
    rates_per_day: tuple[float, float] | None
    days: tuple[float, float]
    probability_below: float | None
    probability_quarter_less: float | None
    probability_halved: float | None
    dispersion: float | None
    method: CountMethod | None
    reason: str = ""


def cramp_rate_ratio(counts: ArrayLike, phase_b: ArrayLike, exposure_days: ArrayLike | None = None) -> RateRatio:
    """Rate ratio, with light over baseline, with its 90 % interval and what it makes probable.

    counts : (n,) cramps of a day (or of a longer record), nan where nothing was written
    phase_b : (n,) bool, with light
    exposure_days : (n,) days that each record covers, 1 by default [day]
    Flat prior on the logarithm of the ratio; Student's t with the records less 2 degrees of freedom.
    The records are read as independent: when cramps of one night make those of the next likelier, the interval is
    too narrow. BadInput when a count is negative, infinite or not whole, or shapes disagree.
    """
    counted, on, exposure = _observed(counts, phase_b, exposure_days)
    days = (float(exposure[~on].sum()), float(exposure[on].sum()))
    reason = _why_not(counted, on)
    if reason:
        return _unknown(days, reason)
    rates = (float(counted[~on].sum()) / days[0], float(counted[on].sum()) / days[1])
    dispersion = _dispersion(counted, on, exposure, rates)
    if rates[1] == 0.0:
        return _none_left(counted[~on], exposure[~on], rates, days, dispersion)
    log_ratio, error, method = _log_ratio(counted, on, exposure, rates, dispersion)
    from scipy.stats import t

    chance = t(df=len(counted) - 2, loc=log_ratio, scale=error)
    return RateRatio(
        value=math.exp(log_ratio),
        interval=(math.exp(chance.ppf(1.0 - _NINETY_PERCENT_UPPER)), math.exp(chance.ppf(_NINETY_PERCENT_UPPER))),
        rates_per_day=rates,
        days=days,
        probability_below=float(chance.cdf(0.0)),
        probability_quarter_less=float(chance.cdf(math.log(0.75))),
        probability_halved=float(chance.cdf(math.log(0.5))),
        dispersion=dispersion,
        method=method,
    )


def _observed(
    counts: ArrayLike, phase_b: ArrayLike, exposure_days: ArrayLike | None
) -> tuple[Floats, NDArray[np.bool_], Floats]:
    counted, on = np.asarray(counts, dtype=np.float64), np.asarray(phase_b, dtype=np.bool_)
    exposure = np.ones_like(counted) if exposure_days is None else np.asarray(exposure_days, dtype=np.float64)
    if counted.ndim != 1 or not (counted.shape == on.shape == exposure.shape):
        raise BadInput(
            Problem(message=(f"{counted.size} counts, {on.size} phases, {exposure.size} exposures: must be as many"))
        )
    seen = ~np.isnan(counted)
    counted, on, exposure = counted[seen], on[seen], exposure[seen]
    wrong = ~np.isfinite(counted) | (counted < 0) | (counted != np.floor(counted))
    if wrong.any():
        raise BadInput(
            Problem(
                key=f"count {counted[wrong][0]}",
                message="must be a whole number, 0 or more",
                remedy="leave unknown days blank",
            )
        )
    if not np.all(np.isfinite(exposure) & (exposure > 0)):
        raise BadInput(
            Problem(message="a record covers no days: exposure must be more than 0 days", remedy="leave the record out")
        )
    return counted, on, exposure


def _why_not(counts: Floats, on: NDArray[np.bool_]) -> str:
    before, after = int(np.sum(~on)), int(np.sum(on))
    if before < FEWEST_RECORDS or after < FEWEST_RECORDS:
        return f"{before} baseline records and {after} with light; at least {FEWEST_RECORDS} of each are needed"
    if counts[~on].sum() == 0.0:
        return "no cramp was written at baseline, so that there is no rate to compare with"
    return ""


def _unknown(days: tuple[float, float], reason: str) -> RateRatio:
    return RateRatio(
        value=None,
        interval=None,
        rates_per_day=None,
        days=days,
        probability_below=None,
        probability_quarter_less=None,
        probability_halved=None,
        dispersion=None,
        method=None,
        reason=reason,
    )


def _dispersion(counts: Floats, on: NDArray[np.bool_], exposure: Floats, rates: tuple[float, float]) -> float:
    """Pearson chi-square over its degrees of freedom about the two rates, a phase without cramps left out [-]."""
    expected = exposure * np.where(on, rates[1], rates[0])
    known = expected > 0.0
    left = int(known.sum()) - len(set(on[known].tolist()))
    return float(np.sum((counts[known] - expected[known]) ** 2 / expected[known]) / left)


def _log_ratio(
    counts: Floats, on: NDArray[np.bool_], exposure: Floats, rates: tuple[float, float], dispersion: float
) -> tuple[float, float, CountMethod]:
    """Logarithm of the rate ratio, its standard error, and the model it comes from."""
    from statsmodels.discrete.discrete_model import NegativeBinomial

    start = [math.log(rates[0]), math.log(rates[1] / rates[0])]
    if dispersion > 1.0:
        design = np.column_stack([np.ones(len(counts)), on])
        model: Any = NegativeBinomial(counts, design, exposure=exposure)
        first_alpha = max((dispersion - 1.0) / float(np.mean(counts)), 0.01)
        fit = model.fit(start_params=[*start, first_alpha], disp=0, warn_convergence=False, maxiter=200)
        if fit.mle_retvals["converged"] and fit.params[2] > 0.0 and np.isfinite(fit.bse[1]):
            return float(fit.params[1]), float(fit.bse[1]), "negative_binomial"
    # Two totals over two spans: the Poisson fit is a formula.
    error = math.sqrt(1.0 / float(counts[~on].sum()) + 1.0 / float(counts[on].sum()))
    if dispersion <= 1.0:
        return start[1], error, "poisson"
    return start[1], error * math.sqrt(dispersion), "quasi_poisson"


def _none_left(
    baseline: Floats, exposure: Floats, rates: tuple[float, float], days: tuple[float, float], dispersion: float
) -> RateRatio:
    """No cramp with light: the ratio is 0, and how far from 0 it could be is read off the profile likelihood.

    The signed root of twice the loss of log-likelihood is taken as normal. The scatter is that of the baseline days,
    and days with light are taken to scatter alike.
    """
    from scipy.optimize import brentq
    from scipy.stats import norm

    alpha = max(dispersion - 1.0, 0.0) / float(np.mean(baseline))

    def loss(ratio: float) -> float:
        return math.sqrt(2.0 * _loss_of_log_likelihood(ratio, baseline, exposure, days[1], alpha))

    wanted = float(norm.ppf(_NINETY_PERCENT_UPPER))
    upper = 1e-6
    while loss(upper) < wanted and upper < 1e6:
        upper *= 4.0
    return RateRatio(
        value=0.0,
        interval=(0.0, float(brentq(lambda ratio: loss(ratio) - wanted, 0.0, upper))),
        rates_per_day=rates,
        days=days,
        probability_below=float(norm.cdf(loss(1.0))),
        probability_quarter_less=float(norm.cdf(loss(0.75))),
        probability_halved=float(norm.cdf(loss(0.5))),
        dispersion=dispersion,
        method="profile_likelihood",
    )


def _loss_of_log_likelihood(
    ratio: float, baseline: Floats, exposure: Floats, days_with_light: float, alpha: float
) -> float:
    """What the log-likelihood loses when the ratio is held at `ratio` rather than 0 and no cramp came with light."""
    from scipy.optimize import minimize_scalar

    def minus(log_rate: float, held: float) -> float:
        rate = math.exp(log_rate)
        return -_log_likelihood(baseline, exposure * rate, alpha) + _mass_at_zero(days_with_light, rate * held, alpha)

    middle = math.log(float(baseline.sum() / exposure.sum()))
    bounds = (middle - 12.0, middle + 3.0)
    free, bound = (
        minimize_scalar(minus, args=(held,), bounds=bounds, method="bounded", options={"xatol": 1e-10}).fun
        for held in (0.0, ratio)
    )
    return max(float(bound - free), 0.0)


def _log_likelihood(counts: Floats, expected: Floats, alpha: float) -> float:
    """Of negative binomial counts with variance m + alpha m^2, Poisson for alpha 0, up to a constant."""
    if alpha == 0.0:
        return float(np.sum(counts * np.log(expected) - expected))
    return float(np.sum(counts * np.log(expected) - (counts + 1.0 / alpha) * np.log1p(alpha * expected)))


def _mass_at_zero(days: float, rate: float, alpha: float) -> float:
    """Minus the log-probability of no cramp in that many days."""
    return days * (rate if alpha == 0.0 else math.log1p(alpha * rate) / alpha)
