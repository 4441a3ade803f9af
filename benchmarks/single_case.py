"""Days of 100,000 people fitted by REML, beside a loop over statsmodels on some of the same people.

Run as `python benchmarks/single_case.py`. The two fit the same model where both have it: maximum likelihood with AR(1)
noise (SARIMAX, missing days by its Kalman filter), and generalised least squares at a given autocorrelation. Prints
times per person, their ratios and the largest differences; the exit code is 1 when one of those exceeds 1e-6.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from statsmodels.regression.linear_model import GLS
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.statespace.sarimax import SARIMAX

from openpbm.cli.terminal import progress_bar
from openpbm.single_case import interrupted_series as series
from openpbm.single_case.autocorrelated_likelihood import LONGEST_GAP, contrast_of, factor, gap_sums

Floats = NDArray[np.float64]

DAYS, FIRST_B, AUTOCORRELATION, MISSING, SEED = 84, 14, 0.3, 0.1, 20240301
#: Level, trend a day, step, change of slope a day, standard deviation of a day: a daily rating of 0-10.
TRUTH, DAY_SD = np.array([6.0, -0.01, -1.5, -0.01]), 1.5
LARGEST_DIFFERENCE = 1e-6
#: SARIMAX looks for any stationary autocorrelation; so do we where the two are compared.
STATIONARY = (-0.98, 0.98)
_CHUNK = 5000


def people_with_noise(chance: np.random.Generator, people: int, days: int, rho: float, missing: float) -> Floats:
    """Stationary AR(1) noise of unit variance (people, days), nan on days missing at random."""
    noise = chance.standard_normal((people, days))
    for day in range(1, days):
        noise[:, day] = rho * noise[:, day - 1] + np.sqrt(1.0 - rho * rho) * noise[:, day]
    noise[chance.random((people, days)) < missing] = np.nan
    return noise


def simulate(people: int) -> tuple[Floats, Floats, Floats]:
    """Values (people, days), design and contrasts of everyone in this benchmark."""
    design, contrasts = series.step_and_slope_design(DAYS, FIRST_B)
    noise = people_with_noise(np.random.default_rng(SEED), people, DAYS, AUTOCORRELATION, MISSING)
    return design @ TRUTH + DAY_SD * noise, design, contrasts


def in_progress(what: str, items: Sequence[int]) -> Iterator[int]:
    with progress_bar(what) as tell:
        for done, item in enumerate(items):
            tell(done, len(items))
            yield item
        tell(len(items), len(items))


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What some people took; on a shared machine only processor time says something about the code."""

    people: int
    clock_s: float = 0.0
    processor_s: float = 0.0

    def line(self, name: str, engine: Taken) -> str:
        clock, processor = (1e6 * seconds / self.people for seconds in (self.clock_s, self.processor_s))
        ratios = (
            clock / (1e6 * engine.clock_s / engine.people),
            processor / (1e6 * engine.processor_s / engine.people),
        )
        return f"{name:<40}{self.people:>8,}{clock:>12,.1f}{processor:>12,.1f}{ratios[0]:>9,.0f}{ratios[1]:>11,.0f}"


class Watch:
    """Adds up the time spent inside its `with` blocks."""

    def __init__(self) -> None:
        self.clock_s = self.processor_s = 0.0

    def __enter__(self) -> None:
        self.begun = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.clock_s += time.perf_counter() - self.begun[0]
        self.processor_s += time.process_time() - self.begun[1]

    def taken(self, people: int) -> Taken:
        return Taken(people=people, clock_s=self.clock_s, processor_s=self.processor_s)


def time_engine(values: Floats, design: Floats, contrasts: Floats, threads: int) -> tuple[Taken, int]:
    """Time for everyone, and how many could not be fitted."""
    starts = range(0, len(values), _CHUNK * threads)
    watch, lost = Watch(), 0
    for start in in_progress("openpbm", starts):
        with watch:
            fit = series.fit_many(values[start : start + _CHUNK * threads], design, contrasts, threads=threads)
        lost += int(np.isnan(fit.estimate[:, 0]).sum())
    return watch.taken(len(values)), lost


def sarimax(values: Floats, design: Floats) -> SARIMAX:
    return SARIMAX(values, exog=design, order=(1, 0, 0))


def best_by_least_squares(values: Floats, design: Floats) -> float:
    """Autocorrelation [-] of the same maximum likelihood, by statsmodels' GLS inside a search along one line."""
    day = np.flatnonzero(~np.isnan(values))
    apart = np.abs(np.subtract.outer(day, day))

    def fit(rho: float) -> Any:
        return GLS(values[day], design[day], sigma=rho**apart).fit()

    found = minimize_scalar(lambda rho: -fit(rho).llf, bounds=STATIONARY, method="bounded")
    return float(found.x)


def time_loop(values: Floats, fit: Callable[[Floats], object]) -> tuple[Taken, int]:
    """Time for `fit`, one person after the other, and for how many it warned of stopping early."""
    watch, early = Watch(), 0
    for person in in_progress("statsmodels", range(len(values))):
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", ConvergenceWarning)
            with watch:
                fit(values[person])
        early += bool(said)
    return watch.taken(len(values)), early


def polished(model: SARIMAX) -> Floats:
    """The maximum statsmodels stops near, followed to the end by Newton steps on its own score.

    Its optimiser halts some 1e-3 short, which says how it stops and nothing of the model.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        parameters = np.asarray(model.fit(disp=False, return_params=True))
    nudges = np.diag(1e-4 * np.maximum(1.0, np.abs(parameters)))
    for _ in range(8):
        slopes = [np.asarray(model.score(parameters + nudge) - model.score(parameters - nudge)) for nudge in nudges]
        curvature = np.array(slopes) / (2.0 * np.diag(nudges))[:, None]
        step = np.linalg.solve((curvature + curvature.T) / 2.0, model.score(parameters))
        parameters = parameters - step
        if np.abs(step).max() < 1e-10:
            break
    return parameters


def differences_of_maximum(values: Floats, design: Floats) -> dict[str, float]:
    """Largest differences from statsmodels: log likelihood at our maximum, and where the maximum lies."""
    fit = series.fit_many(values, design, np.eye(4), restricted=False, rho_range=STATIONARY)
    worst = dict.fromkeys(("log likelihood", "coefficients", "autocorrelation", "sd of a day"), 0.0)
    for person in in_progress("same maximum", range(len(values))):
        model = sarimax(values[person], design)
        rho, sigma = fit.rho[person], fit.sigma[person]
        # SARIMAX speaks of the variance of what is new each day, not of a day.
        ours = np.r_[fit.estimate[person], rho, sigma**2 * (1.0 - rho**2)]
        theirs = polished(model)
        found = (
            model.loglike(ours) - fit.log_likelihood[person],
            np.abs(theirs[:4] - ours[:4]).max(),
            theirs[4] - rho,
            np.sqrt(theirs[5] / (1.0 - theirs[4] ** 2)) - sigma,
        )
        worst = {name: max(worst[name], abs(float(new))) for name, new in zip(worst, found, strict=True)}
    return worst


def differences_of_least_squares(values: Floats, design: Floats) -> dict[str, float]:
    """Largest differences from statsmodels' GLS at the autocorrelation REML found, each person's own.

    The standard errors are those of least squares, before what the estimated autocorrelation adds.
    """
    fit = series.fit_many(values, design, np.eye(4))
    worst = dict.fromkeys(("coefficients", "standard errors", "sd of a day"), 0.0)
    columns = design.shape[1]
    sums = np.zeros((LONGEST_GAP + 1, 3, columns + 1, columns + 1))
    counts = np.zeros(LONGEST_GAP + 1, dtype=np.int64)
    lower = np.zeros((columns + 1, columns + 1))
    for person in in_progress("same least squares", range(len(values))):
        rho = float(fit.rho[person])
        gap_sums(values[person], design, sums, counts)
        factor(rho, sums, counts, lower)
        errors = [fit.sigma[person] * np.sqrt(contrast_of(lower, weights)[1]) for weights in np.eye(columns)]
        day = np.flatnonzero(~np.isnan(values[person]))
        correlation = rho ** np.abs(np.subtract.outer(day, day))
        theirs = GLS(values[person, day], design[day], sigma=correlation).fit()
        found = (
            np.abs(theirs.params - fit.estimate[person]).max(),
            np.abs(theirs.bse - errors).max(),
            np.sqrt(theirs.scale) - fit.sigma[person],
        )
        worst = {name: max(worst[name], abs(float(new))) for name, new in zip(worst, found, strict=True)}
    return worst


def compare(title: str, worst: dict[str, float], people: int) -> bool:
    print(f"\n{title}, largest difference over {people} people")
    for name, difference in worst.items():
        print(f"  {name:<44}{difference:>10.1e}{'' if difference <= LARGEST_DIFFERENCE else '  ABOVE 1e-6'}")
    return all(difference <= LARGEST_DIFFERENCE for difference in worst.values())


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--people", type=int, default=100_000)
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument("--beside", type=int, default=60, help="people given to statsmodels too")
    ask.add_argument("--all", action="store_true", help="give statsmodels everyone: hours")
    asked = ask.parse_args()
    if min(asked.people, asked.threads, asked.beside) < 1:
        ask.error("--people, --threads and --beside are 1 or more")
    values, design, contrasts = simulate(asked.people)
    beside = values if asked.all else values[: asked.beside]

    print(f"{platform.machine()}, {len(os.sched_getaffinity(0))} processors; {asked.people:,} people x {DAYS} days")
    print(f"{FIRST_B} days of baseline, autocorrelation {AUTOCORRELATION}, missing {MISSING:.0%}, seed {SEED}")
    begun = time.perf_counter()
    series.fit_many(values[:2], design, contrasts)
    time_loop(values[:1], lambda y: sarimax(y, design).fit(disp=False))
    print(f"compiling or loading, outside the times below: {time.perf_counter() - begun:.1f} s\n")

    engine, lost = time_engine(values, design, contrasts, asked.threads)
    print(f"{'microseconds per person':<40}{'people':>8}{'clock':>12}{'processor':>12}{'ratio':>9}{'cpu ratio':>11}")
    print(engine.line(f"openpbm, REML, intervals, threads {asked.threads}", engine))
    rivals: dict[str, Callable[[Floats], object]] = {
        "statsmodels SARIMAX, fit with errors": lambda y: sarimax(y, design).fit(disp=False),
        "statsmodels SARIMAX, parameters alone": lambda y: sarimax(y, design).fit(disp=False, return_params=True),
        "statsmodels GLS in a search over rho": lambda y: best_by_least_squares(y, design),
    }
    for name, rival in rivals.items():
        taken, early = time_loop(beside, rival)
        print(taken.line(name, engine))
        if early:
            print(f"  stopped early for {early} of {len(beside):,}")
    print(f"openpbm took {engine.clock_s:.2f} s for {asked.people:,} people, {engine.processor_s:.2f} s of processors")
    print(f"openpbm could not estimate {lost} of {asked.people:,}")

    beside = values[: asked.beside]
    same = [
        compare("same maximum likelihood (SARIMAX)", differences_of_maximum(beside, design), len(beside)),
        compare("same least squares (GLS at our rho)", differences_of_least_squares(beside, design), len(beside)),
    ]
    return 0 if all(same) else 1


if __name__ == "__main__":
    # Threads of BLAS fight over 4 x 4 matrices and would make statsmodels look slower than it is.
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        sys.exit(subprocess.run([sys.executable, *sys.argv], env=alone).returncode)
    sys.exit(main())
