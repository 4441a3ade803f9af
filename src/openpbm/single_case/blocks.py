"""Light on and light off in pairs, the order within each pair drawn by lot: what the draw itself can prove.

The only assumption is that the lot decided the order. Every pair could have come out the other way round, which gives
2^pairs equally likely results when the lamp's light does nothing; p is the share of them at least as good as what was
seen. The second test first takes away whatever follows the person's own belief about the lamp.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.errors import BadInput, Problem
from openpbm.single_case.series import SIGN, Better

__all__ = ["BlocksTest", "bang_index", "belief_adjusted_test", "guesses_right", "paired_blocks_test"]

Floats = NDArray[np.float64]


MOST_PAIRS = 20  # 2^20 results are a million; more pairs of weeks than this fill no one's years
_TIE = 1e-9  # share of the data's own size below which two results are the same


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocksTest:
    """Mean of active less sham over pairs, in the units of the values, and its exact one-sided p towards better.

    note : empty, or why the test cannot tell anything
    """

    statistic: float
    p: float
    distribution_size: int
    note: str = ""


def paired_blocks_test(active_means: ArrayLike, sham_means: ArrayLike, better: Better) -> BlocksTest:
    """Exact randomisation test over the 2^pairs orders.

    active_means, sham_means : (pairs,) mean of each period, the same pair in the same place
    BadInput when the lists differ in length, hold no pair or more than 20, or a period has no value.

    >>> paired_blocks_test([3, 4, 2, 3, 1], [6, 5, 6, 7, 4], "lower")
    BlocksTest(statistic=-3.0, p=0.03125, distribution_size=32, note='')
    """
    active, sham = (np.asarray(means, dtype=np.float64) for means in (active_means, sham_means))
    if active.ndim != 1 or active.shape != sham.shape:
        raise BadInput(
            Problem(
                message=f"{active.size} active and {sham.size} sham periods: must be as many",
                remedy="leave out broken pairs",
            )
        )
    if not 1 <= active.size <= MOST_PAIRS:
        raise BadInput(
            Problem(
                key=f"{active.size} pairs of periods",
                message=f"at least 1 and at most {MOST_PAIRS} can be tested",
                remedy="give pairs",
            )
        )
    if not (np.all(np.isfinite(active)) and np.all(np.isfinite(sham))):
        raise BadInput(
            Problem(
                message="a period has no mean: every period needs at least one day with a value",
                remedy="leave out broken pairs",
            )
        )
    differences = active - sham
    return _flipped(differences, better, size=float(np.sum(np.abs(active)) + np.sum(np.abs(sham))))


def belief_adjusted_test(
    period_means: ArrayLike, active: ArrayLike, guess: ArrayLike, pair: ArrayLike, better: Better
) -> BlocksTest:
    """The same test on what is left of the period means once a straight line on the person's guess is taken away.

    period_means : (periods,); active : (periods,) bool, the lamp gave light
    guess : (periods,) +1 believed active, -1 believed sham, 0 unsure
    pair : (periods,) which pair each period belongs to; each pair one active and one sham period
    Where guess and allocation coincide nothing is left that light rather than belief could explain, and p is 1.
    BadInput as in `paired_blocks_test`, and for a guess or a pair that is not as described.

    Since guesses are explained first, whatever light and belief share is given to belief: the test is conservative.
    """
    means, guesses = np.asarray(period_means, dtype=np.float64), _checked_guesses(guess)
    on, pairs = np.asarray(active, dtype=np.bool_), np.asarray(pair)
    if not (means.ndim == 1 and means.shape == on.shape == guesses.shape == pairs.shape):
        raise BadInput(
            Problem(
                message=(
                    f"{means.size} means, {on.size} lamps, {guesses.size} guesses, {pairs.size} pairs: must be as many"
                )
            )
        )
    lit, unlit = _in_pairs(on, pairs)
    belief = np.column_stack([np.ones(means.size), guesses])
    if _unexplained(on.astype(np.float64), belief) < _TIE:
        untested = paired_blocks_test(means[lit], means[unlit], better)
        return BlocksTest(
            statistic=0.0,
            p=1.0,
            distribution_size=untested.distribution_size,
            note="the guesses follow the lamp exactly, so that light cannot be told from belief",
        )
    plain = paired_blocks_test(means[lit], means[unlit], better)
    left = means - belief @ np.linalg.lstsq(belief, means, rcond=None)[0]
    adjusted = _flipped(left[lit] - left[unlit], better, size=float(np.sum(np.abs(means))))
    return BlocksTest(statistic=adjusted.statistic, p=adjusted.p, distribution_size=plain.distribution_size)


def bang_index(active: ArrayLike, guess: ArrayLike) -> dict[str, float | None]:
    """Blinding index of each arm after Bang (2004): right less wrong guesses over all periods of that arm, -1 to 1.

    0 is chance, 1 everyone sees through it, -1 everyone believes the opposite; "unsure" counts in the whole alone.
    An arm without a period is None.

    >>> bang_index([True, True, False, False], [1, 1, -1, 1])
    {'active': 1.0, 'sham': 0.0}
    """
    on, guesses = np.asarray(active, dtype=np.bool_), _checked_guesses(guess)
    return {"active": _mean(guesses[on]), "sham": _mean(0.0 - guesses[~on])}


def _mean(values: Floats) -> float | None:
    if not values.size:
        return None
    return float(np.mean(values))


def guesses_right(active: ArrayLike, guess: ArrayLike) -> tuple[int, int, float]:
    """How many of the guesses made were right, how many were made, and P(at least so many by chance).

    "Unsure" is no guess. Without a guess p is 1.

    >>> guesses_right([True, False, True, False, True], [1, -1, 1, -1, 1])
    (5, 5, 0.03125)
    """
    from scipy.stats import binom

    sign = np.where(np.asarray(active, dtype=np.bool_), 1.0, -1.0)
    guesses = _checked_guesses(guess)
    asked, right = int(np.sum(guesses != 0.0)), int(np.sum(guesses == sign))
    if not asked:
        return right, asked, 1.0
    return right, asked, float(binom.sf(right - 1, asked, 0.5))


def _checked_guesses(guess: ArrayLike) -> Floats:
    guesses = np.asarray(guess, dtype=np.float64)
    if not np.all(np.isin(guesses, (-1.0, 0.0, 1.0))):
        raise BadInput(
            Problem(message="a guess is none of +1 (active), -1 (sham), 0 (unsure)", remedy="ask again or write 0")
        )
    return guesses


def _flipped(differences: Floats, better: Better, *, size: float) -> BlocksTest:
    """Share of all sign changes of the differences whose sum is at least as good as the one seen."""
    towards = SIGN[better]
    sums = np.zeros(1)
    # Doubled once a pair: 2^20 sums are 8 MB, so that every combination is visited and none is left to chance.
    for difference in towards * differences:
        sums = np.concatenate([sums + difference, sums - difference])
    seen = towards * float(np.sum(differences))
    p = float(np.mean(sums >= seen - _TIE * size))
    mean = float(np.mean(differences))
    if abs(mean) <= _TIE * size:
        mean = 0.0
    return BlocksTest(statistic=mean, p=p, distribution_size=len(sums))


def _in_pairs(active: NDArray[np.bool_], pair: NDArray[Any]) -> tuple[list[int], list[int]]:
    """Places of the active and of the sham period of each pair, in the order of the pairs."""
    lit, unlit = [], []
    for name in np.unique(pair):
        places = np.flatnonzero(pair == name)
        # A broken pair cannot come out the other way round, which is all the test stands on.
        if len(places) != 2 or active[places].sum() != 1:
            raise BadInput(
                Problem(
                    key=f"pair {name}",
                    message="must be one active and one sham period",
                    remedy="leave out broken pairs",
                )
            )
        first, second = (int(place) for place in places)
        if not active[first]:
            first, second = second, first
        lit.append(first)
        unlit.append(second)
    return lit, unlit


def _unexplained(values: Floats, belief: Floats) -> float:
    """Largest part of the values that no straight line on the belief explains."""
    return float(np.max(np.abs(values - belief @ np.linalg.lstsq(belief, values, rcond=None)[0])))
