"""Exact randomisation test for a start of treatment drawn by lot: how many of the possible starts do as well.

The lot is the only assumption: independence and the shape of the values do not matter. Where several people drew each
their own start, every combination of starts was equally likely.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.errors import BadInput, Problem
from openpbm.single_case.series import SIGN, Better, Series

__all__ = ["RandomisationTest", "randomisation_test"]

Floats = NDArray[np.float64]

_TIE_SHARE = 1e-10  # share of the values' spread below which two statistics are the same
_MOST_IN_ONE_HALF = 4_000_000
_DRAWS = 1_000_000
_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomisationTest:
    """Mean of B less mean of A, averaged over cases, and where it stands among all starts that could have been drawn.

    statistic : in the units of the values, as observed
    p : share of the distribution at least as good as the observed one, which is counted itself
    distribution_size : combinations of admissible starts
    exact : False where there are too many to visit and a million were drawn with a fixed seed
    """

    statistic: float
    p: float
    distribution_size: int
    exact: bool = True

    def to_dict(self) -> dict[str, float | int | bool]:
        """Fields by name."""
        return asdict(self)


def randomisation_test(cases: Sequence[Series], start_from: int, start_to: int, better: Better) -> RandomisationTest:
    """Test one or several cases that share the admissible places of the first B.

    start_from, start_to : first and last admissible place of the first B among the rows, counted from 1, both included
    BadInput when a case began outside of them or a start would leave a phase without a value.

    >>> from openpbm.single_case import make_series
    >>> randomisation_test([make_series("AAABBB", [5, 5, 5, 1, 1, 1])], 2, 6, "lower")
    RandomisationTest(statistic=-4.0, p=0.2, distribution_size=5, exact=True)
    """
    problems = [problem for case in cases for problem in _problems(case, start_from, start_to)]
    if problems or not cases:
        raise BadInput(problems or Problem(message="no case to test", remedy="give at least one"))
    towards = SIGN[better]
    possible = [towards * _differences(case, start_from, start_to) for case in cases]
    seen = float(sum(values[case.first_b + 1 - start_from] for case, values in zip(cases, possible, strict=True)))
    tie = _TIE_SHARE * sum(float(np.nanmax(case.values) - np.nanmin(case.values)) for case in cases)
    size = math.prod(values.size for values in possible)
    halves = _two_halves(possible)
    p = _count_at_least(*halves, seen - tie) / size if halves else _drawn_share(possible, seen - tie)
    statistic = towards * seen / len(cases)
    # A difference of rounding alone is none; it would be printed as 1e-17.
    if abs(seen) <= tie:
        statistic = 0.0
    return RandomisationTest(statistic=statistic, p=p, distribution_size=size, exact=halves is not None)


def _problems(case: Series, start_from: int, start_to: int) -> list[Problem]:
    total, place = case.values.size, case.first_b + 1
    limits = f"--start-points {start_from}:{start_to}"
    if not 2 <= start_from <= start_to <= total:
        return [
            Problem(
                key=limits,
                message=f"{case.name} has {total} points",
                remedy=f"a first B may stand from 2 to {total}, FROM before TO",
            )
        ]
    if not start_from <= place <= start_to:
        return [
            Problem(
                key=limits,
                message=f"{case.name} began B at point {place}, outside of it",
                remedy="give the starts that were drawn from",
            )
        ]
    seen = case.seen
    if not np.any(seen[: start_from - 1]) or not np.any(seen[start_to - 1 :]):
        return [
            Problem(
                key=limits,
                message=f"{case.name} would have a phase without a value",
                remedy="only blanks stand before FROM or from TO on",
            )
        ]
    return []


def _differences(case: Series, start_from: int, start_to: int) -> Floats:
    """Mean of B less mean of A for each admissible place of the first B."""
    seen = case.seen
    # Around the middle, so that sums of far-off values keep their digits.
    values = np.where(seen, case.values - np.nanmedian(case.values), 0.0)
    sums = np.concatenate([[0.0], np.cumsum(values)])
    counts = np.concatenate([[0], np.cumsum(seen)])
    before = np.arange(start_from, start_to + 1) - 1
    after_mean = (sums[-1] - sums[before]) / (counts[-1] - counts[before])
    return np.asarray(after_mean - sums[before] / counts[before])


def _two_halves(possible: Sequence[Floats]) -> tuple[Floats, Floats] | None:
    """All sums of one part of the cases and of the other; None where even the halves are too many.

    A sum over all cases is one of the left plus one of the right, so their product need never be written out.
    """
    # Largest first onto the smaller half keeps both near the square root of the product.
    halves = [np.zeros(1), np.zeros(1)]
    for values in sorted(possible, key=lambda array: -array.size):
        smaller = int(halves[0].size > halves[1].size)
        if halves[smaller].size * values.size > _MOST_IN_ONE_HALF:
            return None
        halves[smaller] = np.add.outer(halves[smaller], values).ravel()
    return halves[0], halves[1]


def _count_at_least(left: Floats, right: Floats, limit: float) -> int:
    """How many pairs, one of each, sum to at least `limit`."""
    return int(np.sum(left.size - np.searchsorted(np.sort(left), limit - np.sort(right), side="left")))


def _drawn_share(possible: Sequence[Floats], limit: float) -> float:
    """Share of drawn combinations of at least `limit`; the observed one is added, so that it is never zero."""
    # A fixed seed, so that nobody can run it again until p is smaller.
    random = np.random.default_rng(_SEED)
    sums = np.zeros(_DRAWS)
    for values in possible:
        sums += random.choice(values, size=_DRAWS)
    return (1 + int(np.sum(sums >= limit))) / (1 + _DRAWS)
