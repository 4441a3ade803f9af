"""The likelihood of a linear model whose noise is autocorrelated from day to day, compiled.

The noise of day t is AR(1): the correlation of days s and t is rho ** |s - t|, so a missing day is simply absent and
nothing is filled in. The whitened row of neighbours d days apart is (x_i - rho^d x_(i-1)) / sqrt(1 - rho^(2d)). The
products a likelihood needs are sums per gap d, made once, and trying a value of rho costs the number of different gaps
instead of the number of days. Restricted likelihood after Patterson and Thompson (1971).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit

from openpbm.compile_cache import compiled_code_kept

__all__ = ["LONGEST_GAP", "fit_rows"]

#: Longest gap with sums of its own [days]; beyond it two days share nothing that could be measured.
LONGEST_GAP = 30
_GRID = 15
_NARROWEST = 1e-9
#: Step of the numerical curvature in rho [-].
_STEP = 0.02
#: A likelihood flatter than this knows nothing of rho: the variance of rho stays below that of an even spread.
_LEAST_INFORMATION = 3.0


# Arrays are copied in loops: by `[:] =` Numba would bring its message for shapes that do not fit, and compile all its
# strings as long as the rest.
@njit
def copy_row(source: Any, target: Any) -> None:
    """Lay `source` into the first places of `target`."""
    for i in range(source.size):
        target[i] = source[i]


@njit
def gap_sums(values: Any, design: Any, sums: Any, counts: Any) -> int:
    """Fill `sums` (gap, kind, q, q) of rows [x, y]: kind 0 own, 1 crossed with the neighbour, 2 the neighbour's."""
    columns = design.shape[1]
    sums[:] = 0.0
    counts[:] = 0
    row = np.empty(columns + 1)
    before = np.empty(columns + 1)
    days, last = 0, -1
    for t in range(values.shape[0]):
        if math.isnan(values[t]):
            continue
        copy_row(design[t], row)
        row[columns] = values[t]
        gap = 0 if last < 0 else min(t - last, sums.shape[0] - 1)
        counts[gap] += 1
        for i in range(columns + 1):
            for j in range(i + 1):
                sums[gap, 0, i, j] += row[i] * row[j]
                if gap > 0:
                    sums[gap, 1, i, j] += row[i] * before[j] + before[i] * row[j]
                    sums[gap, 2, i, j] += before[i] * before[j]
        copy_row(row, before)
        days += 1
        last = t
    return days


@njit
def factor(rho: float, sums: Any, counts: Any, lower: Any) -> float:
    """Cholesky factor of the whitened cross products of [x, y] into `lower`; returns log det of the correlation.

    The last row of the factor holds the projections of y, its last entry the root of the residual sum of squares.
    Returns nan where the columns explain each other.
    """
    q = lower.shape[0]
    log_det = 0.0
    for i in range(q):
        copy_row(sums[0, 0, i], lower[i])
    for gap in range(1, sums.shape[0]):
        if counts[gap] == 0:
            continue
        r = rho**gap
        left = 1.0 - r * r
        log_det += counts[gap] * math.log(left)
        for i in range(q):
            for j in range(i + 1):
                lower[i, j] += (sums[gap, 0, i, j] - r * sums[gap, 1, i, j] + r * r * sums[gap, 2, i, j]) / left
    for j in range(q):
        whole = lower[j, j]
        pivot = whole
        for k in range(j):
            pivot -= lower[j, k] * lower[j, k]
        if pivot <= 1e-12 * whole:
            if j < q - 1:
                return math.nan
            pivot = 0.0
        lower[j, j] = math.sqrt(pivot)
        for i in range(j + 1, q):
            crossed = lower[i, j]
            for k in range(j):
                crossed -= lower[i, k] * lower[j, k]
            lower[i, j] = crossed / lower[j, j]
    return log_det


@njit
def log_likelihood(rho: float, free: int, restricted: bool, sums: Any, counts: Any, lower: Any) -> float:
    """Log likelihood with the coefficients and the variance at their best for this rho; nan where there is none."""
    log_det = factor(rho, sums, counts, lower)
    p = lower.shape[0] - 1
    residual = float(lower[p, p]) ** 2
    if math.isnan(log_det) or residual <= 0.0:
        return math.nan
    total = free * (math.log(2.0 * math.pi * residual / free) + 1.0) + log_det
    if restricted:
        for j in range(p):
            total += 2.0 * math.log(lower[j, j])
    return float(-0.5 * total)


@njit
def best_rho(free: int, restricted: bool, lowest: float, highest: float, sums: Any, counts: Any, lower: Any) -> float:
    """The rho of the highest likelihood: a grid first, because there may be two hills, then golden sections."""
    best = -1
    top = -math.inf
    step = (highest - lowest) / (_GRID - 1)
    for k in range(_GRID):
        here = log_likelihood(lowest + k * step, free, restricted, sums, counts, lower)
        if here > top:
            top, best = here, k
    if best < 0:
        return math.nan
    a = max(lowest, lowest + (best - 1) * step)
    b = min(highest, lowest + (best + 1) * step)
    ratio = 0.5 * (math.sqrt(5.0) - 1.0)
    c, d = b - ratio * (b - a), a + ratio * (b - a)
    at_c = log_likelihood(c, free, restricted, sums, counts, lower)
    at_d = log_likelihood(d, free, restricted, sums, counts, lower)
    while b - a > _NARROWEST:
        if at_c > at_d:
            b, d, at_d = d, c, at_c
            c = b - ratio * (b - a)
            at_c = log_likelihood(c, free, restricted, sums, counts, lower)
        else:
            a, c, at_c = c, d, at_d
            d = a + ratio * (b - a)
            at_d = log_likelihood(d, free, restricted, sums, counts, lower)
    return 0.5 * (a + b)


@njit
def contrast_of(lower: Any, weights: Any) -> tuple[float, float]:
    """(w' b, w' (X' V^-1 X)^-1 w) for the coefficients b behind the factor."""
    p = lower.shape[0] - 1
    solved = np.empty(p)
    value = 0.0
    spread = 0.0
    for i in range(p):
        total = weights[i]
        for k in range(i):
            total -= lower[i, k] * solved[k]
        solved[i] = total / lower[i, i]
        value += solved[i] * lower[p, i]
        spread += solved[i] * solved[i]
    return value, spread


@njit
def rho_variance(middle: float, free: int, restricted: bool, sums: Any, counts: Any, lower: Any) -> float:
    """Variance of the estimated rho from the curvature of the likelihood about `middle`."""
    low = log_likelihood(middle - _STEP, free, restricted, sums, counts, lower)
    here = log_likelihood(middle, free, restricted, sums, counts, lower)
    high = log_likelihood(middle + _STEP, free, restricted, sums, counts, lower)
    return float(1.0 / max((2.0 * here - low - high) / _STEP**2, _LEAST_INFORMATION))


@njit
def fit_one(
    values: Any, design: Any, contrasts: Any, restricted: bool, lowest: float, highest: float,
    sums: Any, counts: Any, out: Any,
) -> None:  # fmt: skip
    """One person into `out`: [rho, sigma, log likelihood, days, then estimate, error, degrees of freedom a contrast].

    The standard error adds what the estimate would move with rho (Kackar and Harville 1984); the degrees of freedom
    are Satterthwaite's: twice the squared variance over the variance of that variance.
    """
    p = design.shape[1]
    lower = np.zeros((p + 1, p + 1))
    n = gap_sums(values, design, sums, counts)
    out[:] = math.nan
    out[3] = n
    if n <= p + 1:
        return
    free = n - p if restricted else n
    rho = best_rho(free, restricted, lowest, highest, sums, counts, lower)
    if math.isnan(rho):
        return
    # The curvature is taken over a step that stays inside the range; at a bound the inner side serves.
    middle = min(max(rho, lowest + _STEP), highest - _STEP)
    uncertainty = rho_variance(middle, free, restricted, sums, counts, lower)
    moved = np.empty((2, contrasts.shape[0]))
    logs = np.empty((2, contrasts.shape[0]))
    for side in range(2):
        factor(middle + (2 * side - 1) * _STEP, sums, counts, lower)
        for m in range(contrasts.shape[0]):
            moved[side, m], spread = contrast_of(lower, contrasts[m])
            logs[side, m] = math.log(lower[p, p] ** 2 * spread)
    out[2] = log_likelihood(rho, free, restricted, sums, counts, lower)
    out[0] = rho
    out[1] = lower[p, p] / math.sqrt(free)
    for m in range(contrasts.shape[0]):
        value, spread = contrast_of(lower, contrasts[m])
        drift = (moved[1, m] - moved[0, m]) / (2.0 * _STEP)
        growth = (logs[1, m] - logs[0, m]) / (2.0 * _STEP)
        out[4 + 3 * m] = value
        out[5 + 3 * m] = math.sqrt(out[1] ** 2 * spread + drift**2 * uncertainty)
        out[6 + 3 * m] = 2.0 / (2.0 / free + growth**2 * uncertainty)


def fit_rows(
    values: Any, design: Any, contrasts: Any, restricted: bool, lowest: float, highest: float, out: Any
) -> None:
    """Every row of `values` (people, days), nan for missing, fitted into the same row of `out`."""
    q = design.shape[1] + 1
    sums = np.zeros((LONGEST_GAP + 1, 3, q, q))
    counts = np.zeros(LONGEST_GAP + 1, dtype=np.int64)
    for i in range(values.shape[0]):
        fit_one(values[i], design, contrasts, restricted, lowest, highest, sums, counts, out[i])


# Only the outermost is kept: its compiled form holds all it calls.
with compiled_code_kept(Path(__file__).parent) as kept:
    fit_rows = njit(nogil=True, cache=kept)(fit_rows)
