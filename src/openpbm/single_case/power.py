"""How often a sealed design would find an effect: simulated people, all at once, before anything is drawn.

A day is a level, noise that carries over from day to day, and the effect of light, which comes and goes with a
half-life: after h days half of it is there, and h days after the lamp was switched off half of it still is. Days at
the start of a period can be left out as wash-out. Power is the share of people whose exact test reaches p 0.05.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["PERIOD_LENGTHS", "BlocksPlan", "People", "blocks_power", "fewest_pairs", "start_power", "usual_washout"]

Floats = NDArray[np.float64]

_ALPHA = 0.05
_PEOPLE = 2000
_SEED = 20261129
#: Up to so many pairs every order is visited; beyond it as many are drawn.
_MOST_PAIRS_VISITED = 11
_LEAST_DAYS_LEFT = 3
#: Usual lengths of a period [day].
PERIOD_LENGTHS = (7, 10, 14, 21, 28)
_MOST_PAIRS_PROPOSED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who is simulated.

    day_sd : what a single day scatters [points]
    autocorrelation : of one day to the next [-]
    half_life_days : in which the effect comes and goes by half [day]; 0, at once
    """

    day_sd: float = 2.0
    autocorrelation: float = 0.3
    half_life_days: float = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocksPlan:
    """Pairs of periods: how many, how long, and how many days at the start of each are left out."""

    pairs: int
    days_per_period: int
    washout_days: int

    @property
    def days(self) -> int:
        """Days of all periods."""
        return 2 * self.pairs * self.days_per_period


def usual_washout(half_life_days: float, days_per_period: int) -> int:
    """Two half-lives, after which a quarter is left, as far as three days of the period stay.

    >>> usual_washout(4.0, 14), usual_washout(4.0, 7), usual_washout(0.0, 7)
    (8, 4, 0)
    """
    return min(round(2 * half_life_days), days_per_period - _LEAST_DAYS_LEFT)


def blocks_power(plan: BlocksPlan, people: People, effects: Sequence[float], *, count: int = _PEOPLE) -> list[float]:
    """Power of the exact test over pairs, for each effect [points better].

    >>> once = People(autocorrelation=0.0, half_life_days=0.0)
    >>> blocks_power(BlocksPlan(pairs=4, days_per_period=7, washout_days=0), once, [5.0])
    [0.0]
    """
    random = np.random.default_rng(_SEED)
    first_active = random.integers(0, 2, (count, plan.pairs)).astype(np.bool_)
    active = np.stack([first_active, ~first_active], axis=2).reshape(count, 2 * plan.pairs)
    lit = np.repeat(active.astype(np.float64), plan.days_per_period, axis=1)
    noise = people.day_sd * _noise(random, lit.shape, people.autocorrelation)
    chance, gain = (_differences(days, first_active, plan) for days in (noise, _grown(lit, people.half_life_days)))
    signs = _orders(random, plan.pairs)
    return [float(np.mean(_p_of(chance - effect * gain, signs) <= _ALPHA)) for effect in effects]


def start_power(
    starts: tuple[int, int], days: int, people: People, effects: Sequence[float], *, count: int = _PEOPLE
) -> list[float]:
    """Power of the exact test of a start drawn from `starts` (first, last, from 1) over so many days."""
    random = np.random.default_rng(_SEED)
    places = np.arange(starts[0], starts[1] + 1) - 1
    drawn = random.integers(0, len(places), count)
    lit = (np.arange(days) >= places[drawn][:, None]).astype(np.float64)
    noise = people.day_sd * _noise(random, lit.shape, people.autocorrelation)
    chance, gain = (_steps(values, places) for values in (noise, _grown(lit, people.half_life_days)))
    found = []
    for effect in effects:
        steps = chance - effect * gain
        seen = steps[np.arange(count), drawn][:, None]
        found.append(float(np.mean(np.mean(steps <= seen, axis=1) <= _ALPHA)))
    return found


def fewest_pairs(days_per_period: int, people: People, effect: float, target: float) -> tuple[BlocksPlan, float] | None:
    """The fewest pairs of such periods that reach the target power, with that power; None where ten do not."""
    washout = usual_washout(people.half_life_days, days_per_period)
    for pairs in range(5, _MOST_PAIRS_PROPOSED + 1):
        plan = BlocksPlan(pairs=pairs, days_per_period=days_per_period, washout_days=washout)
        (power,) = blocks_power(plan, people, [effect], count=_PEOPLE // 2)
        if power >= target:
            return plan, power
    return None


def _noise(random: np.random.Generator, shape: tuple[int, int], rho: float) -> Floats:
    """Stationary AR(1) noise of unit variance, (people, days)."""
    from scipy.signal import lfilter

    shocks = np.sqrt(1.0 - rho**2) * random.standard_normal(shape)
    shocks[:, 0] /= np.sqrt(1.0 - rho**2)
    return np.asarray(lfilter([1.0], [1.0, -rho], shocks, axis=1))


def _grown(lit: Floats, half_life_days: float) -> Floats:
    """Share of the whole effect that is there each day, 0 before the first."""
    from scipy.signal import lfilter

    if half_life_days <= 0.0:
        return lit
    kept = 0.5 ** (1.0 / half_life_days)
    return np.asarray(lfilter([1.0 - kept], [1.0, -kept], lit, axis=1))


def _differences(days: Floats, first_active: NDArray[np.bool_], plan: BlocksPlan) -> Floats:
    """Active less sham of each pair, (people, pairs), without the days of the wash-out."""
    periods = days.reshape(len(days), plan.pairs, 2, plan.days_per_period)[..., plan.washout_days :].mean(axis=3)
    return np.asarray(np.where(first_active, 1.0, -1.0) * (periods[..., 0] - periods[..., 1]))


def _orders(random: np.random.Generator, pairs: int) -> Floats:
    """Signs of the pairs in every order, or in as many drawn ones, (orders, pairs); the drawn order is the first."""
    if pairs <= _MOST_PAIRS_VISITED:
        return np.asarray(1.0 - 2.0 * ((np.arange(2**pairs)[:, None] >> np.arange(pairs)) & 1), dtype=np.float64)
    signs = random.choice([-1.0, 1.0], (2**_MOST_PAIRS_VISITED, pairs))
    signs[0] = 1.0
    return np.asarray(signs)


def _p_of(differences: Floats, signs: Floats) -> Floats:
    """Exact one-sided p of each person; lower is better."""
    sums = differences @ signs.T
    return np.asarray(np.mean(sums <= sums[:, :1] + 1e-9, axis=1))


def _steps(values: Floats, places: NDArray[np.int64]) -> Floats:
    """Mean from each possible start on less the mean before it, (people, starts)."""
    sums = np.cumsum(values, axis=1)
    before = sums[:, places - 1] / places
    return np.asarray((sums[:, -1:] - sums[:, places - 1]) / (values.shape[1] - places) - before)
