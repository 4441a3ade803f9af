"""How often the intervals of counts and of overlap hold the truth, over simulated people: a table on the screen.

Run as `python benchmarks/short_series_coverage.py`. Cramps: nightly counts by a latent level whose neighbours resemble
each other, two phases, rate ratios 1 and 0.3; and at week 6 of a course, where the checkpoint itself chooses the nights
that it compares. The exit code is 1 where nights that resemble each other by no more than 0.5 are covered in less than
86 of 100. NAP: normal days, independent or alike; where they are independent the same limit holds.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import sys
from collections.abc import Iterator

import numpy as np
from checkpoint_people import PLAN, SESSIONS, START, diary, spasm
from scipy.stats import norm
from single_case import in_progress

from openpbm.course.records import Course
from openpbm.outcomes.measures.cramps import compared_cramps
from openpbm.outcomes.measures.phases import find_phases
from openpbm.single_case.cramp_counts import cramp_rate_ratio
from openpbm.single_case.overlap import nap_interval

PEOPLE, SEED, LEAST, MOST_ALIKE = 2000, 20261129, 0.86, 0.5
NIGHTS = ((14, 14), (14, 28), (28, 28))
#: Variance over mean of a baseline night, and how alike the latent levels of neighbouring nights are.
KINDS = ((1.0, 0.0), (1.5, 0.0), (3.0, 0.0), (1.5, 0.5), (3.0, 0.5), (3.0, 0.8))


def cramps(
    chance: np.random.Generator, nights: tuple[int, int], rates: tuple[float, float], kind: tuple[float, float]
) -> np.ndarray:
    """Counts (people, nights) whose latent level is log-normal and autocorrelated."""
    dispersion, alike = kind
    mean = np.repeat(rates, nights)
    lag = np.abs(np.subtract.outer(np.arange(mean.size), np.arange(mean.size)))
    variance = math.log1p((dispersion - 1.0) / rates[0])
    root = np.linalg.cholesky(alike**lag + 1e-12 * np.eye(mean.size))
    logs = math.sqrt(variance) * chance.standard_normal((PEOPLE, mean.size)) @ root.T
    return chance.poisson(mean * np.exp(logs - variance / 2.0))


def covered_cramps() -> Iterator[tuple[str, float, float]]:
    """What is simulated, how alike nights are, and the share of 90 % intervals that hold the ratio."""
    cells = list(itertools.product(NIGHTS, (1.0, 2.0), (1.0, 0.3), KINDS))
    for number in in_progress("cramps", range(len(cells))):
        nights, rate, ratio, kind = cells[number]
        counts = cramps(np.random.default_rng([SEED, number]), nights, (rate, rate * ratio), kind)
        on = np.repeat([False, True], nights)
        intervals = [cramp_rate_ratio(row, on).interval for row in counts]
        held = [low <= ratio <= high for low, high in (one for one in intervals if one is not None)]
        name = f"{nights[0]} + {nights[1]} nights, {rate:g} a night, ratio {ratio:g}, variance/mean {kind[0]:g}"
        yield name, kind[1], float(np.mean(held))


def covered_checkpoints() -> Iterator[tuple[str, float, float]]:
    """The same of the nights that a checkpoint at week 6 compares, which depend on what the last fortnight held."""
    for number, (ratio, kind) in enumerate(itertools.product((1.0, 0.6, 0.3), KINDS[1:5])):
        counts = cramps(np.random.default_rng([SEED, 2000 + number]), (14, 42), (1.0, ratio), kind)
        intervals = [chosen(row) for row in counts]
        held = [low <= ratio <= high for low, high in (one for one in intervals if one is not None)]
        yield (
            f"checkpoint of week 6, 1 a night, ratio {ratio:g}, variance/mean {kind[0]:g}",
            kind[1],
            float(np.mean(held)),
        )


def chosen(counts: np.ndarray) -> tuple[float, float] | None:
    """The interval at week 6 of a course of 14 nights before light and 42 under it."""
    days = [(night - 14, int(count)) for night, count in enumerate(counts)]
    course = Course(
        plan=PLAN,
        sessions=SESSIONS,
        diary=diary(np.full(len(counts), 5.0), START - dt.timedelta(days=14)),
        spasms=tuple(spasm(day, number) for day, count in days for number in range(count)),
    )
    compared = compared_cramps(course, find_phases(course, 6))
    return None if compared is None else compared[1].interval


def covered_nap() -> Iterator[tuple[str, float, float]]:
    """The same of NAP for normal days with a step of so many standard deviations."""
    for number, (days, step, alike) in enumerate(
        itertools.product(((5, 5), (7, 14), (14, 28)), (0.0, 1.0, 2.0), (0.0, 0.3, 0.5))
    ):
        lag = alike ** np.abs(np.subtract.outer(np.arange(sum(days)), np.arange(sum(days))))
        chance = np.random.default_rng([SEED, 1000 + number])
        values = chance.standard_normal((PEOPLE, sum(days))) @ np.linalg.cholesky(lag).T
        shares = np.mean(values[:, None, days[0] :] + step > values[:, : days[0], None], axis=(1, 2))
        truth = norm.cdf(step / math.sqrt(2.0))
        bounds = {share: nap_interval(share, *days) for share in np.unique(shares).tolist()}
        held = np.mean([bounds[share][0] <= truth <= bounds[share][1] for share in shares.tolist()])
        yield f"NAP, {days[0]} + {days[1]} days, step {step:g}", alike, float(held)


def main() -> int:
    """Print the table; 1 where an interval is too narrow."""
    overlaps = list(covered_nap())
    for name, alike, held in overlaps:
        print(f"{name:<62} alike {alike:g}: {held:.3f}")
    if any(held < LEAST for _, alike, held in overlaps if alike == 0.0):
        return 1
    rows = [*covered_cramps(), *covered_checkpoints()]
    for name, alike, held in rows:
        print(f"{name:<62} alike {alike:g}: {held:.3f}")
    return int(any(held < LEAST for _, alike, held in rows if alike <= MOST_ALIKE))


if __name__ == "__main__":
    sys.exit(main())
