"""The second opinion on one person's change: a level that wanders from day to day, by a state-space model.

The interrupted series reads neighbouring days that resemble each other as noise about a fixed level. Here they are read
as a true level that wanders. Where the two readings disagree, the days cannot say which is right, and the reader must
be told.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["LocalLevelChange", "local_level_change"]

Floats = NDArray[np.float64]
Days = NDArray[np.bool_]

FEWEST_DAYS = 3  # observed days on each side, below which two variances cannot be told apart
_NINETY_PERCENT = 1.6448536269514722  # 95th percentile of the standard normal


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalLevelChange:
    """Recent level less baseline level, in the units of the values; None, with its reason, where it cannot be had.

    standard_error : of the change as an effect: what the level would have wandered anyway counts as chance
    standard_error_of_level : of the change as it was, whatever moved the level; never the larger of the two
    noise_sd, drift_sd : what a single day scatters about its level, and what the level moves from one day to the next
    converged : False where the search for these two did not settle; the estimate is then not to be relied on
    """

    estimate: float | None
    standard_error: float | None
    standard_error_of_level: float | None = None
    noise_sd: float | None = None
    drift_sd: float | None = None
    converged: bool = False
    reason: str = ""

    def interval(self) -> tuple[float, float] | None:
        """Central 90 % interval of the effect (normal; the two variances taken as known), None without an estimate."""
        if self.estimate is None or self.standard_error is None:
            return None
        half = _NINETY_PERCENT * self.standard_error
        return self.estimate - half, self.estimate + half

    def agrees(self, estimate: float, standard_error: float) -> bool | None:
        """Whether another model's estimate lies within one standard error, the larger of its own and the level's.

        Both have read the same days, so that they should differ by far less than either could be wrong. None where
        there is nothing to compare: no estimate, no convergence, or a number that is not finite.
        """
        level_error = self.standard_error_of_level
        if self.estimate is None or level_error is None or not self.converged:
            return None
        if not (math.isfinite(estimate) and math.isfinite(standard_error)):
            return None
        return abs(self.estimate - estimate) <= max(level_error, standard_error)


def local_level_change(values: Floats, phase_b: Days, recent: Days) -> LocalLevelChange:
    """Mean level of the recent days less that of the baseline days, by a local level with a step at each change.

    values : (n,) one a calendar day, nan where nothing was written
    phase_b : (n,) days with light; the others are baseline
    recent : (n,) days of phase B whose level is asked for; when not all of it, the days before have their own step
    Returns the change with its standard errors. Raises ValueError where shapes disagree or a recent day is baseline.

    The two variances are those of restricted maximum likelihood (statsmodels, exact diffuse start); the mean over
    days and its standard error then follow in closed form, since a smoother gives no covariance between far days.
    """
    values, phase_b, recent = _checked(values, phase_b, recent)
    seen = np.isfinite(values)
    reason = _why_not(values, phase_b, recent, seen)
    if reason:
        return LocalLevelChange(estimate=None, standard_error=None, reason=reason)
    steps = _steps(phase_b, recent, seen)
    scale = float(np.std(values[seen]))
    noise, drift, converged = _variances(values / scale, steps)
    estimate, of_level, of_effect = _change_of_level(values / scale, steps, ~phase_b, recent, noise, drift)
    return LocalLevelChange(
        estimate=estimate * scale,
        standard_error=of_effect * scale,
        standard_error_of_level=of_level * scale,
        noise_sd=math.sqrt(noise) * scale,
        drift_sd=math.sqrt(drift) * scale,
        converged=converged,
        reason="" if converged else "the search for the two variances did not settle",
    )


def _checked(values: Floats, phase_b: Days, recent: Days) -> tuple[Floats, Days, Days]:
    values = np.asarray(values, dtype=np.float64)
    phase_b, recent = np.asarray(phase_b, dtype=np.bool_), np.asarray(recent, dtype=np.bool_)
    if values.ndim != 1 or not (values.shape == phase_b.shape == recent.shape):
        raise ValueError(f"values {values.shape}, phase_b {phase_b.shape}, recent {recent.shape}: shapes disagree")
    if np.any(recent & ~phase_b):
        raise ValueError("a recent day is a baseline day; give days of phase B")
    if np.any(np.isinf(values)):
        raise ValueError("values hold infinity; give nan for a day without a value")
    return values, phase_b, recent


def _why_not(values: Floats, phase_b: Days, recent: Days, seen: Days) -> str:
    before, after = int(np.sum(seen & ~phase_b)), int(np.sum(seen & recent))
    if before < FEWEST_DAYS or after < FEWEST_DAYS:
        return f"{before} baseline and {after} recent days with a value; at least {FEWEST_DAYS} of each are needed"
    if all(np.ptp(values[seen & days]) == 0.0 for days in (~phase_b, recent)):
        return "the values never vary within baseline and recent days, so that chance cannot be measured"
    return ""


def _steps(phase_b: Days, recent: Days, seen: Days) -> Floats:
    """Regressors (n, 1 or 2): the start of light, and the start of the recent days unless it is the same step."""
    between = phase_b & ~recent
    # The days between have a step of their own: a slow response would else count half as baseline, half as change.
    columns = [recent]
    if np.any(between & seen):
        columns.append(between)
    return np.column_stack(columns).astype(np.float64)


def _variances(values: Floats, steps: Floats) -> tuple[float, float, bool]:
    """Variance of a day's noise and of the level's daily move, and whether the search settled."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    model: Any = UnobservedComponents(
        values, level="local level", exog=steps, mle_regression=False, use_exact_diffuse=True
    )
    # statsmodels would warn; whether it settled is part of the answer instead.
    fit = model.fit(disp=False, warn_convergence=False, maxiter=200)
    found = dict(zip(fit.param_names, fit.params, strict=True))
    noise, drift = float(found["sigma2.irregular"]), float(found["sigma2.level"])
    return noise, drift, bool(fit.mle_retvals["converged"]) and noise + drift > 0.0


def _change_of_level(
    values: Floats, steps: Floats, baseline: Days, recent: Days, noise: float, drift: float
) -> tuple[float, float, float]:
    """Best linear unbiased change of level, its error as a level and as an effect, for known variances (Henderson).

    y = X b + w + e, where X holds 1 and the steps, w wanders with covariance drift*min(s, t) and e is the noise.
    """
    day = np.arange(len(values), dtype=np.float64)
    design = np.column_stack([np.ones(len(values)), steps])
    weights = recent / np.sum(recent) - baseline / np.sum(baseline)
    wander = drift * np.minimum.outer(day, day)
    seen = np.isfinite(values)
    covariance = wander[np.ix_(seen, seen)] + (noise + 1e-12) * np.eye(int(np.sum(seen)))
    solved = np.linalg.solve(covariance, np.column_stack([design[seen], wander[seen] @ weights]))
    by_design, pull = solved[:, :-1], solved[:, -1]
    loose = weights @ design - pull @ design[seen]
    share = pull + by_design @ np.linalg.solve(design[seen].T @ by_design, loose)
    of_level = weights @ wander @ weights - 2.0 * share @ wander[seen] @ weights + share @ covariance @ share
    of_effect = share @ covariance @ share
    return float(share @ values[seen]), math.sqrt(max(float(of_level), 0.0)), math.sqrt(float(of_effect))
