"""How many cramps with light for each without: rate ratio of counts that vary more than chance alone would have it.

Cramps come in clusters, so that their nightly counts scatter more than a Poisson count, and a bad night makes the next
one likelier to be bad. A day without a diary line is a missing day, never a day without cramps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.errors import BadInput, Problem

__all__ = [
    "CountMethod",
    "LogRatio",
    "NoneLeft",
    "RateRatio",
    "RatioChance",
    "cramp_rate_ratio",
    "new_cramp_rate",
    "poisson_interval",
    "unknown_ratio",
]

Floats = NDArray[np.float64]
Days = NDArray[np.bool_]
Groups = NDArray[np.int64]
CountMethod = Literal["poisson", "quasi_poisson", "exact"]

FEWEST_RECORDS = 5  # with a value in each phase
_HALF_A_COUNT = 0.5
_USUAL_DISPERSION = 1.5  # none before light shows no scatter of its own
_NINETY_PERCENT_UPPER = 0.95  # a central 90 % interval ends at the 95th percentile
#: What is left of the likeness of two neighbouring nights for each night further apart [-].
_LIKENESS_KEPT = 0.6
_MOST_LIKENESS = 0.8
#: Baseline nights scatter more than chance where fewer than one Poisson series in twenty would scatter so much.
_SCATTER_LIMIT = 0.95
#: Groups of records with a rate of their own: before light, with it; the fortnights between are counted on from there.
_NONE, _BEFORE, _LIT = -1, 0, 1
_DAYS_A_RATE = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRatio:
    """Logarithm of a rate ratio as Student's t about its estimate [-], under a flat prior."""

    estimate: float
    standard_error: float
    degrees_of_freedom: float

    def below(self, ratio: float) -> float:
        """P(rate ratio < ratio), for a ratio above 0."""
        from scipy.special import stdtr

        return float(stdtr(self.degrees_of_freedom, (math.log(ratio) - self.estimate) / self.standard_error))

    def interval(self) -> tuple[float, float]:
        """Central 90 % interval of the rate ratio."""
        from scipy.stats import t

        half = float(t.ppf(_NINETY_PERCENT_UPPER, self.degrees_of_freedom)) * self.standard_error
        return math.exp(self.estimate - half), math.exp(self.estimate + half)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoneLeft:
    """No event with light: the exact distribution of the rate ratio, given how many events there were [-].

    Of n events in all, each falls among the days with light with probability q = r c / (1 + r c), for a rate ratio r
    and days in the ratio c; that none did has probability (1 - q)^n = (1 + r c)^-n (Clopper and Pearson 1934).

    events : at baseline, over their dispersion where they come in clusters
    days_ratio : days with light over days of the baseline
    """

    events: float
    days_ratio: float

    def below(self, ratio: float) -> float:
        """1 - P(no event with light | ratio), for a ratio above 0."""
        return -math.expm1(-self.events * math.log1p(ratio * self.days_ratio))

    def interval(self) -> tuple[float, float]:
        """From 0 to the exact upper limit, which 19 of 20 such courses stay below.

        >>> round(NoneLeft(events=12, days_ratio=1.5).interval()[1], 3)
        0.189
        """
        return 0.0, math.expm1(-math.log(1.0 - _NINETY_PERCENT_UPPER) / self.events) / self.days_ratio


#: How sure a rate ratio is.
RatioChance = LogRatio | NoneLeft


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRatio:
    """Rate with light over rate at baseline [-]; every number None, with its `reason`, where it cannot be had.

    rates_per_day : baseline, with light [1/day]
    days : observed days at baseline, with light
    dispersion : variance over mean that is left, 1 for a Poisson count [-]
    likeness : correlation of neighbouring nights about their phase's rate, never below 0 [-]
    method : `poisson` where the nights do not scatter more than chance; `quasi_poisson` where they do, or resemble
        their neighbours; `exact` where no cramp was left with light
    chance : what the ratio makes probable
    """

    value: float | None
    rates_per_day: tuple[float, float] | None
    days: tuple[float, float]
    dispersion: float | None
    likeness: float | None
    method: CountMethod | None
    chance: RatioChance | None
    reason: str = ""

    @property
    def interval(self) -> tuple[float, float] | None:
        """Central 90 % interval."""
        if self.chance is None:
            return None
        return self.chance.interval()

    def probability_below(self, ratio: float) -> float | None:
        """P(rate ratio < ratio)."""
        if self.chance is None:
            return None
        return self.chance.below(ratio)


def cramp_rate_ratio(
    counts: ArrayLike,
    phase_b: ArrayLike,
    exposure_days: ArrayLike | None = None,
    *,
    between: ArrayLike | None = None,
) -> RateRatio:
    """Rate ratio, with light over baseline, and what it makes probable.

    counts : (n,) cramps of a day (or of a longer record) in the order of days, nan where nothing was written
    phase_b : (n,) bool, with light
    exposure_days : (n,) days that each record covers, 1 by default [day]
    between : (n,) bool, records under light that belong to neither rate; they tell how far nights scatter, each
        fortnight of them about a rate of its own
    The two totals over the two spans, with an error that takes in the scatter of the nights and how far neighbours
    resemble each other; Student's t with the records less one for each rate. Coverage: docs/methods/outcomes.md.
    BadInput when a count is negative, infinite or not whole, or shapes disagree.

    >>> ratio = cramp_rate_ratio([2, 1, 2, 1, 2, 0, 1, 0, 1, 1], [False] * 5 + [True] * 5)
    >>> round(ratio.value, 3), ratio.method
    (0.375, 'poisson')
    """
    every, on, exposure = _checked(counts, phase_b, exposure_days)
    group = _groups(every, on, between)
    before, lit = ((group == number) & ~np.isnan(every) for number in (_BEFORE, _LIT))
    days = (float(exposure[before].sum()), float(exposure[lit].sum()))
    reason = _why_not(every[before], every[lit])
    if reason:
        return unknown_ratio(days, reason)
    rates = (float(every[before].sum()) / days[0], float(every[lit].sum()) / days[1])
    residual = _scatter(every, _expected(every, group, exposure))
    dispersion, likeness = _dispersion(residual, group), _likeness(residual, group)
    clustering = dispersion * (1.0 + 2.0 * likeness / (1.0 - _LIKENESS_KEPT))
    method: CountMethod = "poisson"
    chance: RatioChance
    if rates[1] == 0.0:
        method, chance = "exact", _none_left(every[before], residual[before], clustering, days)
    else:
        if clustering > 1.0:
            method = "quasi_poisson"
        chance = _log_ratio((every[before], every[lit]), rates, max(clustering, 1.0), _freedom(residual, group))
    return RateRatio(
        value=rates[1] / rates[0],
        rates_per_day=rates,
        days=days,
        dispersion=dispersion,
        likeness=likeness,
        method=method,
        chance=chance,
    )


def unknown_ratio(days: tuple[float, float], reason: str) -> RateRatio:
    """A ratio that cannot be had, and why."""
    return RateRatio(
        value=None,
        rates_per_day=None,
        days=days,
        dispersion=None,
        likeness=None,
        method=None,
        chance=None,
        reason=reason,
    )


def new_cramp_rate(cramps: int, days: tuple[int, int]) -> tuple[float, float] | None:
    """Rise of the rate [1/day] and its standard error where no cramp was written at baseline.

    cramps : with light; days : observed at baseline, with light
    Gamma posteriors of both rates (Jeffreys: half a count each), counts taken to scatter by half more than chance.
    None with too few days.

    >>> rise, error = new_cramp_rate(20, (14, 14))
    >>> round(rise, 2), round(error, 2)
    (1.43, 0.4)
    """
    before, after = days
    if min(days) < FEWEST_RECORDS:
        return None
    variance = (cramps + _HALF_A_COUNT) / after**2 + _HALF_A_COUNT / before**2
    return cramps / after, math.sqrt(_USUAL_DISPERSION * variance)


def _checked(counts: ArrayLike, phase_b: ArrayLike, exposure_days: ArrayLike | None) -> tuple[Floats, Days, Floats]:
    counted, on = np.asarray(counts, dtype=np.float64), np.asarray(phase_b, dtype=np.bool_)
    exposure = np.ones_like(counted)
    if exposure_days is not None:
        exposure = np.asarray(exposure_days, dtype=np.float64)
    if counted.ndim != 1 or not (counted.shape == on.shape == exposure.shape):
        raise BadInput(
            Problem(message=(f"{counted.size} counts, {on.size} phases, {exposure.size} exposures: must be as many"))
        )
    seen = counted[~np.isnan(counted)]
    wrong = ~np.isfinite(seen) | (seen < 0) | (seen != np.floor(seen))
    if wrong.any():
        raise BadInput(
            Problem(
                key=f"count {seen[wrong][0]}",
                message="must be a whole number, 0 or more",
                remedy="leave unknown days blank",
            )
        )
    if not np.all(np.isfinite(exposure) & (exposure > 0)):
        raise BadInput(
            Problem(message="a record covers no days: exposure must be more than 0 days", remedy="leave the record out")
        )
    return counted, on, exposure


def _groups(counts: Floats, on: Days, between: ArrayLike | None) -> Groups:
    """Which rate each record belongs to: `_BEFORE`, `_LIT`, one number for each fortnight between; `_NONE` for none."""
    group = np.where(on, _LIT, _BEFORE)
    if between is None:
        return group
    apart = np.asarray(between, dtype=np.bool_)
    if apart.shape != on.shape:
        raise BadInput(Problem(message=f"{on.size} phases, {apart.size} records between them: must be as many"))
    fortnight = (np.cumsum(apart) - 1) // _DAYS_A_RATE
    group[apart] = _NONE
    for number in np.unique(fortnight[apart]):
        among = apart & (fortnight == number)
        # A rate of a few nights would tell little of how they scatter about it.
        if np.sum(~np.isnan(counts[among])) >= FEWEST_RECORDS:
            group[among] = _LIT + 1 + number
    return group


def poisson_interval(count: int, confidence: float = 0.9) -> tuple[float, float]:
    """Exact central interval of a Poisson mean from one count [-], lower and upper (Garwood 1936, by chi-square).

    count : events seen, 0 or more
    Of events that come in clusters the true interval is wider.

    >>> [round(bound, 2) for bound in poisson_interval(0)], [round(bound, 2) for bound in poisson_interval(10)]
    ([0.0, 3.0], [5.43, 16.96])
    """
    from scipy.special import gammaincinv

    tail = (1.0 - confidence) / 2.0
    lower = float(gammaincinv(count, tail)) if count else 0.0
    return lower, float(gammaincinv(count + 1, 1.0 - tail))


def _expected(counts: Floats, group: Groups, exposure: Floats) -> Floats:
    """What the rate of its group lets expect of each record; nan for a record of no group."""
    expected = np.full(len(counts), np.nan)
    for number in np.unique(group[group != _NONE]):
        seen = (group == number) & ~np.isnan(counts)
        expected[group == number] = exposure[group == number] * (counts[seen].sum() / exposure[seen].sum())
    return expected


def _why_not(before: Floats, lit: Floats) -> str:
    if len(before) < FEWEST_RECORDS or len(lit) < FEWEST_RECORDS:
        return f"{len(before)} baseline records and {len(lit)} with light; at least {FEWEST_RECORDS} of each are needed"
    if before.sum() == 0.0:
        return "no cramp was written at baseline, so that there is no rate to compare with"
    return ""


def _scatter(counts: Floats, expected: Floats) -> Floats:
    """Pearson residual of every day; nan where nothing was written or nothing can be expected."""
    root = np.sqrt(np.where(expected > 0.0, expected, np.nan))
    return np.asarray((counts - expected) / root)


def _rates_of(residual: Floats, group: Groups) -> int:
    """How many rates the residuals lie about."""
    return len(np.unique(group[~np.isnan(residual)]))


def _freedom(residual: Floats, group: Groups) -> float:
    """Residuals less the rates they lie about; nights of a phase without cramps say nothing of scatter."""
    return float(np.sum(~np.isnan(residual)) - _rates_of(residual, group))


def _dispersion(residual: Floats, group: Groups) -> float:
    """Pearson chi-square over its degrees of freedom about the rates, a phase without cramps left out [-]."""
    return float(np.nansum(residual**2)) / _freedom(residual, group)


def _likeness(residual: Floats, group: Groups) -> float:
    """Correlation of neighbouring days of one phase, corrected for the bias of short series, never below 0 [-]."""
    pairs = residual[1:] * residual[:-1]
    pairs = pairs[(group[1:] == group[:-1]) & ~np.isnan(pairs)]
    known = residual[~np.isnan(residual)]
    spread = float(np.mean(known**2))
    if not pairs.size or spread == 0.0:
        return 0.0
    # About a mean of their own, n values that are independent correlate by -1/n (Kendall 1954).
    length = known.size / _rates_of(residual, group)
    corrected = (float(np.mean(pairs)) / spread + 1.0 / length) / (1.0 - 3.0 / length)
    return min(max(corrected, 0.0), _MOST_LIKENESS)


def _log_ratio(
    counts: tuple[Floats, Floats], rates: tuple[float, float], clustering: float, freedom: float
) -> LogRatio:
    """Two totals over two spans: the Poisson error is a formula, and clusters widen it by the root of their size."""
    before, lit = counts
    error = math.sqrt(clustering * (1.0 / float(before.sum()) + 1.0 / float(lit.sum())))
    return LogRatio(estimate=math.log(rates[1] / rates[0]), standard_error=error, degrees_of_freedom=freedom)


def _none_left(baseline: Floats, residual: Floats, clustering: float, days: tuple[float, float]) -> NoneLeft:
    """Exact for independent cramps; nights that clearly scatter more count as fewer events."""
    from scipy.stats import chi2

    events = float(baseline.sum())
    if chi2.cdf(float(np.sum(residual**2)), len(residual) - 1) > _SCATTER_LIMIT:
        events /= clustering
    return NoneLeft(events=events, days_ratio=days[1] / days[0])
