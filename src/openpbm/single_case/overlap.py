"""Overlap indices: how far the B points lie on the better side of the A points, from -1 or 0 to 1.

They are shares of pairs or of points in this series. None is a probability that the treatment works.
`phase_a`, `phase_b` are the values of each phase, (m,) and (n,), finite, in order of time. Positive or large is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.single_case.series import SIGN, Better, Series, times_or_count
from openpbm.single_case.theil_sen import theil_sen_slope

__all__ = [
    "Overlap",
    "ird",
    "mean_overlap",
    "nap",
    "nap_interval",
    "overlap",
    "pand",
    "pem",
    "pnd",
    "tau",
    "tau_bc",
    "tau_u",
]

Floats = NDArray[np.float64]

# Taking away a slope leaves rounding noise of a few 1e-16 of the numbers' own size; true differences are far larger.
_TIE_SHARE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """The eight indices of one case [-]; `tau_bc` is None when phase A holds a single point.

    nap_interval_90, tau_interval_90 : None in a mean over cases
    """

    nap: float
    pnd: float
    pand: float
    pem: float
    ird: float
    tau: float
    tau_u: float
    tau_bc: float | None
    nap_interval_90: tuple[float, float] | None = None
    tau_interval_90: tuple[float, float] | None = None

    def to_dict(self) -> dict[str, object]:
        """The indices by name."""
        return asdict(self)


def mean_overlap(overlaps: Sequence[Overlap]) -> Overlap:
    """The mean over cases, each counted alike; `tau_bc` is None when one case has none."""
    mean = Overlap(
        nap=_mean([one.nap for one in overlaps]),
        pnd=_mean([one.pnd for one in overlaps]),
        pand=_mean([one.pand for one in overlaps]),
        pem=_mean([one.pem for one in overlaps]),
        ird=_mean([one.ird for one in overlaps]),
        tau=_mean([one.tau for one in overlaps]),
        tau_u=_mean([one.tau_u for one in overlaps]),
        tau_bc=None,
    )
    known = [one.tau_bc for one in overlaps if one.tau_bc is not None]
    # A mean over the cases that have one would speak of other cases than the seven means beside it.
    if len(known) < len(overlaps):
        return mean
    return replace(mean, tau_bc=_mean(known))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def overlap(series: Series, better: Better) -> Overlap:
    """Every index of one case; missing days are left out, and keep their place in time.

    >>> from openpbm.single_case import make_series
    >>> overlap(make_series("AAAAABBBBB", range(1, 11)), "higher").tau_u
    0.6
    """
    (time_a, phase_a), (time_b, phase_b) = series.phase("A"), series.phase("B")
    share = nap(phase_a, phase_b, better)
    low, high = nap_interval(share, phase_a.size, phase_b.size)
    return Overlap(
        nap=share,
        nap_interval_90=(low, high),
        tau_interval_90=(2.0 * low - 1.0, 2.0 * high - 1.0),
        pnd=pnd(phase_a, phase_b, better),
        pand=pand(phase_a, phase_b, better),
        pem=pem(phase_a, phase_b, better),
        ird=ird(phase_a, phase_b, better),
        tau=tau(phase_a, phase_b, better),
        tau_u=tau_u(phase_a, phase_b, better),
        tau_bc=tau_bc(phase_a, phase_b, better, time_a=time_a, time_b=time_b),
    )


def tau(phase_a: ArrayLike, phase_b: ArrayLike, better: Better) -> float:
    """Pairs (A, B) in which B is better less those in which it is worse, over all m n pairs.

    >>> tau([3, 3, 4, 5], [4, 5, 6, 7, 7], "higher")
    0.8
    """
    a, b = _upward(phase_a, better), _upward(phase_b, better)
    return _pairs_won(a, b) / (a.size * b.size)


def nap(phase_a: ArrayLike, phase_b: ArrayLike, better: Better) -> float:
    """Share of all pairs in which B is better, ties counted half: (tau + 1) / 2.

    >>> nap([1, 2], [2, 3], "higher")
    0.875
    """
    a, b = _upward(phase_a, better), _upward(phase_b, better)
    pairs = a.size * b.size
    return (_pairs_won(a, b) + pairs) / (2 * pairs)


def nap_interval(share: float, a_count: int, b_count: int, level: float = 0.9) -> tuple[float, float]:
    """Central interval of NAP for values that are independent of each other: Newcombe (2006), method 5.

    The score of an exponential model is inverted with the mean of both counts: it stays within 0 to 1.
    share : NAP; a_count, b_count : values in A and B. The interval of Tau is 2 NAP - 1 of it.

    >>> [round(end, 3) for end in nap_interval(38.5 / 42, 6, 7, level=0.95)]
    [0.597, 0.986]
    """
    from scipy.optimize import brentq
    from scipy.stats import norm

    z, pairs, h = float(norm.ppf(0.5 + level / 2.0)), a_count * b_count, 0.5 * (a_count + b_count) - 1.0

    def beyond(x: float) -> float:
        spread = x * (1.0 - x) * (2.0 + h + (1.0 + 2.0 * h) * x * (1.0 - x))
        return pairs * (share - x) ** 2 * (2.0 - x) * (1.0 + x) - z**2 * spread

    # At 0 and 1 the spread vanishes as well, so that a root would be found at the estimate itself.
    low = float(brentq(beyond, 0.0, min(share, 1.0 - 1e-9))) if share > 0.0 else 0.0
    high = float(brentq(beyond, max(share, 1e-9), 1.0)) if share < 1.0 else 1.0
    return low, high


def tau_u(phase_a: ArrayLike, phase_b: ArrayLike, better: Better) -> float:
    """(S_AB - S_A) / (m n): as `tau`, less Kendall's S of phase A against time. It may pass 1 and has no known error.

    >>> tau_u([3, 3, 4, 5], [4, 5, 6, 7, 7], "higher")
    0.55
    """
    a, b = _upward(phase_a, better), _upward(phase_b, better)
    later = np.triu_indices(a.size, k=1)
    trend_of_a = int(np.sum(np.sign(a[later[1]] - a[later[0]])))
    # The trend is not divided by its own number of pairs, as published; that is how the index can pass 1.
    return (_pairs_won(a, b) - trend_of_a) / (a.size * b.size)


def tau_bc(
    phase_a: ArrayLike,
    phase_b: ArrayLike,
    better: Better,
    *,
    time_a: ArrayLike | None = None,
    time_b: ArrayLike | None = None,
) -> float | None:
    """`tau` once the Theil-Sen slope of phase A, whatever its size, is taken away from both phases.

    time_a, time_b : (m,) and (n,); by default 0 to m + n - 1
    None when phase A has fewer than two times.

    >>> tau_bc([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], "higher")
    0.0
    """
    a, b = _upward(phase_a, better), _upward(phase_b, better)
    at_a, at_b = times_or_count(time_a, a.size), times_or_count(time_b, b.size, first=a.size)
    # Theil-Sen rather than least squares: one bad night in a short baseline would tilt the line.
    slope = theil_sen_slope(at_a, a)
    if slope is None:
        return None
    # Both are counted from the first point, so that a far-off origin adds no rounding noise.
    start_time, start_value = at_a[0], a[0]
    drift_a, drift_b = slope * (at_a - start_time), slope * (at_b - start_time)
    level_a, level_b = a - start_value, b - start_value
    size = max(float(np.max(np.abs(part))) for part in (a, b, drift_a, drift_b))
    won = _pairs_won(level_a - drift_a, level_b - drift_b, tie=_TIE_SHARE * size)
    return won / (a.size * b.size)


def pnd(phase_a: ArrayLike, phase_b: ArrayLike, better: Better) -> float:
    """Share of B points better than the best A point; a tie is not better.

    >>> pnd([1, 2], [2, 3], "higher")
    0.5
    """
    a, b = _upward(phase_a, better), _upward(phase_b, better)
    return float(np.mean(b > a.max()))


def pem(phase_a: ArrayLike, phase_b: ArrayLike, better: Better) -> float:
    """Share of B points better than the median of A; ties count half.

    >>> pem([1, 2, 3], [2, 3], "higher")
    0.75
    """
    a, b = _upward(phase_a, better), _upward(phase_b, better)
    median = float(np.median(a))
    return float(np.mean((b > median) + 0.5 * (b == median)))


def pand(phase_a: ArrayLike, phase_b: ArrayLike, better: Better) -> float:
    """Largest share of all points that can stay so that every B left is strictly better than every A left.

    All of one phase may go. Definition of Parker, Vannest and Davis (2011).

    >>> pand([1, 2], [2, 3], "higher")
    0.75
    """
    a, b = _upward(phase_a, better), _upward(phase_b, better)
    return _most_kept(a, b) / (a.size + b.size)


def ird(phase_a: ArrayLike, phase_b: ArrayLike, better: Better) -> float:
    """Robust improvement rate difference, ((m + n)^2 PAND - m^2 - n^2) / (2 m n).

    >>> round(ird([20, 20, 26, 25, 22, 23], [28, 25, 24, 27, 30, 30, 29], "higher"), 6)
    0.690476
    """
    a, b = _upward(phase_a, better), _upward(phase_b, better)
    m, n = a.size, b.size
    return ((m + n) * _most_kept(a, b) - m**2 - n**2) / (2 * m * n)


def _upward(values: ArrayLike, better: Better) -> Floats:
    """The values turned so that higher is better."""
    return SIGN[better] * np.asarray(values, dtype=np.float64)


def _pairs_won(a: Floats, b: Floats, tie: float = 0.0) -> int:
    """Kendall's S between the phases; a difference up to `tie` is none."""
    difference = b[None, :] - a[:, None]
    return int(np.sum(difference > tie)) - int(np.sum(difference < -tie))


def _most_kept(a: Floats, b: Floats) -> int:
    """Most points that can stay: for each number of lowest A kept, every B above them."""
    # Whichever A points stay, the lowest are the best ones to keep: so only their number has to be tried.
    lowest_first = np.sort(a)
    above = b.size - np.searchsorted(np.sort(b), lowest_first, side="right")
    return max(b.size, int(np.max(np.arange(1, a.size + 1) + above)))
