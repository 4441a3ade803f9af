"""Interrupted series: dense linear algebra, statsmodels, closed forms, symmetries, coverage of a known truth."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import t as student_t

from openpbm.single_case.interrupted_series import (
    SeriesFit,
    fit_many,
    fit_series,
    recent_level_design,
    step_and_slope_design,
)

Floats = NDArray[np.float64]

DAYS, FIRST_B = 42, 14
DESIGN, CONTRASTS = step_and_slope_design(DAYS, FIRST_B)
EACH = np.eye(DESIGN.shape[1])
TRUTH = np.array([6.0, -0.02, -1.5, -0.03])


def noise(seed: int, people: int, days: int, rho: float, missing: float) -> Floats:
    chance = np.random.default_rng(seed)
    rows = chance.standard_normal((people, days))
    for day in range(1, days):
        rows[:, day] = rho * rows[:, day - 1] + math.sqrt(1.0 - rho * rho) * rows[:, day]
    rows[chance.random((people, days)) < missing] = np.nan
    return rows


def some_people(people: int = 6, rho: float = 0.4, missing: float = 0.2, seed: int = 11) -> Floats:
    return np.asarray(DESIGN @ TRUTH) + 1.3 * noise(seed, people, DAYS, rho, missing)


def dense(values: Floats, rho: float, *, restricted: bool) -> tuple[Any, Any, float, float]:
    """Coefficients, covariance, sigma and log likelihood, from the whole covariance matrix of the days written."""
    day = np.flatnonzero(~np.isnan(values))
    x, y = DESIGN[day], values[day]
    correlation = rho ** np.abs(np.subtract.outer(day, day)).astype(float)
    inverse = np.linalg.inv(correlation)
    information = x.T @ inverse @ x
    coefficients = np.linalg.solve(information, x.T @ inverse @ y)
    rest = y - x @ coefficients
    free = len(day) - x.shape[1] if restricted else len(day)
    variance = float(rest @ inverse @ rest) / free
    total = free * (math.log(2.0 * math.pi * variance) + 1.0) + np.linalg.slogdet(correlation)[1]
    if restricted:
        total += np.linalg.slogdet(information)[1]
    return coefficients, variance * np.linalg.inv(information), math.sqrt(variance), -0.5 * float(total)


def everything(fit: SeriesFit) -> dict[str, Floats]:
    return {name: getattr(fit, name) for name in SeriesFit.__dataclass_fields__}


@pytest.mark.parametrize("rho", [0.1, 0.35, 0.8])
@pytest.mark.parametrize("restricted", [True, False])
def test_at_a_given_autocorrelation_it_is_the_dense_solve(rho: float, restricted: bool) -> None:
    """Closed form: generalised least squares with the covariance matrix written out, missing days left out."""
    people = some_people()
    fit = fit_many(people, DESIGN, EACH, restricted=restricted, rho_range=(rho, rho))
    for person, values in enumerate(people):
        coefficients, covariance, sigma, log_likelihood = dense(values, rho, restricted=restricted)
        assert fit.rho[person] == pytest.approx(rho, abs=1e-12)
        assert fit.estimate[person] == pytest.approx(coefficients, abs=1e-9)
        assert fit.sigma[person] == pytest.approx(sigma, abs=1e-10)
        assert fit.log_likelihood[person] == pytest.approx(log_likelihood, abs=1e-8)
        # What an estimated autocorrelation adds can only widen the error of least squares.
        assert np.all(fit.standard_error[person] >= np.sqrt(np.diag(covariance)) * (1.0 - 1e-9))


@pytest.mark.parametrize("restricted", [True, False])
def test_no_other_autocorrelation_is_more_likely(restricted: bool) -> None:
    """Property: on a fine line of rho the dense log likelihood never exceeds ours, which it equals at our rho."""
    people = some_people(missing=0.3)
    fit = fit_many(people, DESIGN, CONTRASTS, restricted=restricted)
    for person, values in enumerate(people):
        there = dense(values, float(fit.rho[person]), restricted=restricted)[3]
        assert fit.log_likelihood[person] == pytest.approx(there, abs=1e-8)
        line = [dense(values, float(rho), restricted=restricted)[3] for rho in np.linspace(-0.5, 0.98, 149)]
        assert max(line) <= there + 1e-9
        assert max(line) > there - 0.05


def test_error_and_degrees_of_freedom_carry_what_is_not_known_of_rho() -> None:
    """Kackar and Harville (1984) and Satterthwaite (1946), written out with the dense solve and finer differences."""
    people = some_people(40, rho=0.3)
    fit = fit_many(people, DESIGN, CONTRASTS)
    fine = 2e-3
    checked = 0
    for person, values in enumerate(people):
        rho = float(fit.rho[person])
        low, here, high = (dense(values, rho + move, restricted=True) for move in (-fine, 0.0, fine))
        information = (2.0 * here[3] - low[3] - high[3]) / fine**2
        if rho > 0.7 or rho < -0.3:
            continue  # near a bound the engine looks to one side, and the likelihood is far from a parabola
        for m, weights in enumerate(CONTRASTS):
            before, now, after = (float(weights @ solved[1] @ weights) for solved in (low, here, high))
            drift = float(weights @ (high[0] - low[0])) / (2.0 * fine)
            growth = (math.log(after) - math.log(before)) / (2.0 * fine)
            freedom = 2.0 / (2.0 / (np.count_nonzero(~np.isnan(values)) - 4) + growth**2 / information)
            error = math.sqrt(now + drift**2 / information)
            assert fit.standard_error[person, m] == pytest.approx(error, rel=1e-3)
            assert fit.degrees_of_freedom[person, m] == pytest.approx(freedom, rel=2e-2)
            checked += error > 1.001 * math.sqrt(now)
    assert checked >= 20, "the correction must be there to be seen"


def test_a_long_gap_is_exact_up_to_the_longest_with_sums_of_its_own() -> None:
    """Closed form: a month without a word, against the dense solve."""
    design, contrasts = step_and_slope_design(84, 20)
    values = design @ TRUTH + noise(4, 1, 84, 0.6, 0.0)[0]
    values[30:59] = np.nan
    day = np.flatnonzero(~np.isnan(values))
    correlation = 0.9 ** np.abs(np.subtract.outer(day, day)).astype(float)
    weight = np.linalg.solve(correlation, design[day])
    expected = np.linalg.solve(design[day].T @ weight, weight.T @ values[day])
    fit = fit_many(values[None, :], design, contrasts, rho_range=(0.9, 0.9))
    assert fit.estimate[0] == pytest.approx(contrasts @ expected, abs=1e-9)


def followed_to_the_top(model: Any, parameters: Floats) -> Floats:
    """Newton steps on the score of statsmodels, whose own optimiser halts some 1e-3 short of the maximum."""
    nudges = np.diag(1e-4 * np.maximum(1.0, np.abs(parameters)))
    for _ in range(8):
        slopes = [model.score(parameters + nudge) - model.score(parameters - nudge) for nudge in nudges]
        curvature = np.array(slopes) / (2.0 * np.diag(nudges))[:, None]
        step = np.linalg.solve((curvature + curvature.T) / 2.0, model.score(parameters))
        parameters = parameters - step
        if np.abs(step).max() < 1e-10:
            break
    return parameters


def test_agrees_with_the_kalman_filter_of_statsmodels() -> None:
    """Same maximum likelihood with missing days as SARIMAX(1, 0, 0): likelihood, coefficients, rho, sigma to 1e-6."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    people = some_people(3, rho=0.3, missing=0.1)
    fit = fit_many(people, DESIGN, EACH, restricted=False, rho_range=(-0.98, 0.98))
    for person, values in enumerate(people):
        model = SARIMAX(values, exog=DESIGN, order=(1, 0, 0))
        rho, sigma = fit.rho[person], fit.sigma[person]
        ours = np.r_[fit.estimate[person], rho, sigma**2 * (1.0 - rho**2)]
        assert model.loglike(ours) == pytest.approx(fit.log_likelihood[person], abs=1e-9)
        # From a start that is not our answer, or the test would hold wherever the score vanishes near it.
        theirs = followed_to_the_top(model, ours * (1.0 + 0.02 * np.cos(np.arange(6))))
        assert theirs[:4] == pytest.approx(ours[:4], abs=1e-6)
        assert theirs[4] == pytest.approx(rho, abs=1e-6)
        assert math.sqrt(theirs[5] / (1.0 - theirs[4] ** 2)) == pytest.approx(sigma, abs=1e-6)


def test_without_autocorrelation_it_is_ordinary_least_squares() -> None:
    """Closed form: rho held at zero and no day missing gives OLS estimates and residual standard deviation."""
    people = some_people(missing=0.0)
    fit = fit_many(people, DESIGN, EACH, rho_range=(0.0, 0.0))
    coefficients, rest, _, _ = np.linalg.lstsq(DESIGN, people.T, rcond=None)
    assert fit.estimate == pytest.approx(coefficients.T, abs=1e-9)
    assert fit.sigma == pytest.approx(np.sqrt(rest / (DAYS - 4)), abs=1e-9)


def test_interval_and_probability_are_those_of_student() -> None:
    """Closed form: the interval holds its level of the t distribution whose tail the probability is."""
    fit = fit_many(some_people(), DESIGN, CONTRASTS)
    lower, upper = fit.interval(0.9)
    assert fit.probability_below(lower) == pytest.approx(np.full(lower.shape, 0.05), abs=1e-9)
    assert fit.probability_below(upper) == pytest.approx(np.full(lower.shape, 0.95), abs=1e-9)
    half = student_t.ppf(0.95, fit.degrees_of_freedom) * fit.standard_error
    assert upper - lower == pytest.approx(2.0 * half, abs=1e-9)
    assert np.all(fit.degrees_of_freedom > 1.0)
    assert np.all(fit.degrees_of_freedom <= DAYS - 4)


def test_people_do_not_touch_each_other() -> None:
    """Property: permuting people permutes the answers to the last bit, on one thread, on two, and one at a time."""
    people = some_people(700)
    order = np.random.default_rng(2).permutation(len(people))
    plain = everything(fit_many(people, DESIGN, CONTRASTS))
    for threads in (1, 2):
        mixed = everything(fit_many(people[order], DESIGN, CONTRASTS, threads=threads))
        for name, values in plain.items():
            assert np.array_equal(mixed[name], values[order]), name
    alone = everything(fit_series(people[5], DESIGN, CONTRASTS))
    assert all(np.array_equal(alone[name][0], plain[name][5]) for name in plain)


@pytest.mark.parametrize(("unit", "shift"), [(100.0, 0.0), (1.0, 40.0), (-1.0, 10.0), (0.01, -3.0)])
def test_unit_and_zero_of_the_scale_do_not_matter(unit: float, shift: float) -> None:
    """Property: unit * y + shift gives unit * estimate, |unit| * error, the same rho and degrees of freedom."""
    people = some_people()
    plain = fit_many(people, DESIGN, CONTRASTS)
    moved = fit_many(unit * people + shift, DESIGN, CONTRASTS)
    assert moved.estimate == pytest.approx(unit * plain.estimate, rel=1e-5, abs=1e-6 * abs(unit))
    assert moved.standard_error == pytest.approx(abs(unit) * plain.standard_error, rel=1e-5)
    assert moved.degrees_of_freedom == pytest.approx(plain.degrees_of_freedom, rel=1e-4)
    # Sums of raw products lose digits when the shift is hundreds of times the noise; a millionth part is of no account.
    assert moved.rho == pytest.approx(plain.rho, abs=1e-5)


@pytest.mark.parametrize("column", range(4))
def test_what_is_added_to_one_column_moves_that_column_alone(column: int) -> None:
    """Property: adding a trend moves the trend and nothing else; so for level, step and change of slope."""
    people = some_people()
    plain = fit_many(people, DESIGN, EACH)
    moved = fit_many(people + 0.7 * DESIGN[:, column], DESIGN, EACH)
    assert moved.estimate - plain.estimate == pytest.approx(np.tile(0.7 * EACH[column], (len(people), 1)), abs=1e-6)
    assert moved.standard_error == pytest.approx(plain.standard_error, rel=1e-5)


@pytest.mark.parametrize("days", [42, 84])
@pytest.mark.parametrize("rho", [0.0, 0.3, 0.5])
@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("truth", [np.zeros(4), TRUTH], ids=["no change", "change"])
def test_ninety_percent_intervals_hold_the_truth(days: int, rho: float, missing: float, truth: Floats) -> None:
    """2,000 people of known truth: the 90 % interval of the step and of the effect at the end covers in 86-94 %."""
    design, contrasts = step_and_slope_design(days, FIRST_B)
    people = design @ truth + 1.5 * noise(20240301, 2000, days, rho, missing)
    lower, upper = fit_many(people, design, contrasts, threads=2).interval(0.9)
    held = ((lower <= contrasts @ truth) & (contrasts @ truth <= upper)).mean(axis=0)
    assert np.all((held >= 0.86) & (held <= 0.94)), held


def test_the_plain_estimate_of_the_autocorrelation_is_low_and_the_restricted_one_is_not() -> None:
    """REML is there for this: of a true 0.30 in 42 days, maximum likelihood finds far less on average."""
    people = some_people(2000, rho=0.3, missing=0.0)
    plain = fit_many(people, DESIGN, CONTRASTS, restricted=False).rho.mean()
    restricted = fit_many(people, DESIGN, CONTRASTS).rho.mean()
    assert plain < 0.22
    assert restricted == pytest.approx(0.3, abs=0.05)


def too_few_days() -> Floats:
    values = np.full(DAYS, np.nan)
    values[[3, 9, 17, 25, 40]] = [5.0, 6.0, 3.0, 4.0, 2.0]
    return values


def one_value() -> Floats:
    return np.full(DAYS, 5.0)


def no_baseline() -> Floats:
    return np.where(np.arange(DAYS) < FIRST_B, np.nan, some_people(1, missing=0.0)[0])


def no_treatment() -> Floats:
    return np.where(np.arange(DAYS) >= FIRST_B, np.nan, some_people(1, missing=0.0)[0])


def one_day_of_baseline() -> Floats:
    return np.where(np.arange(DAYS) < FIRST_B - 1, np.nan, some_people(1, missing=0.0)[0])


def nothing_written() -> Floats:
    return np.full(DAYS, np.nan)


def straight_lines() -> Floats:
    return np.asarray(DESIGN @ TRUTH)


@pytest.mark.parametrize(
    "person",
    [
        too_few_days,
        one_value,
        no_baseline,
        no_treatment,
        one_day_of_baseline,
        nothing_written,
        straight_lines,
    ],
)
def test_who_cannot_be_estimated_is_nan_and_spoils_nobody_else(person: Callable[[], Floats]) -> None:
    """Property: nan in every number but the count of days, no exception, and the neighbours' answers unchanged."""
    values = person()
    others = some_people(2)
    fit = everything(fit_many(np.stack([others[0], values, others[1]]), DESIGN, CONTRASTS))
    alone = everything(fit_many(others, DESIGN, CONTRASTS))
    assert fit.pop("days")[1] == np.count_nonzero(~np.isnan(values))
    for name, found in fit.items():
        assert np.all(np.isnan(found[1])), (name, found[1])
        assert np.array_equal(found[[0, 2]], alone[name]), name


def test_contrasts_are_differences_from_the_continued_baseline() -> None:
    """Closed form: on lines without noise, the first and the last day of B less the line of A at those days."""
    lines, baseline = DESIGN @ TRUTH, TRUTH[0] + TRUTH[1] * (np.arange(DAYS) - FIRST_B)
    found = CONTRASTS @ TRUTH
    assert found == pytest.approx((lines - baseline)[[FIRST_B, DAYS - 1]], abs=1e-12)


def test_recent_level_leaves_out_the_way_there() -> None:
    """Closed form: at rho zero the contrast is the mean of the recent days less that of the baseline."""
    values = some_people(1, missing=0.0)[0]
    recent, between = np.arange(DAYS) >= 35, (np.arange(DAYS) >= FIRST_B) & (np.arange(DAYS) < 35)
    design, contrast = recent_level_design(recent, between)
    fit = fit_many(values[None, :], design, contrast, rho_range=(0.0, 0.0))
    assert fit.estimate[0, 0] == pytest.approx(values[recent].mean() - values[:FIRST_B].mean(), abs=1e-9)


@pytest.mark.parametrize(
    ("values", "design", "contrasts"),
    [
        (np.zeros(DAYS), DESIGN, CONTRASTS),
        (np.zeros((2, DAYS + 1)), DESIGN, CONTRASTS),
        (np.zeros((2, DAYS)), DESIGN, np.eye(3)),
    ],
)
def test_shapes_that_disagree_are_named(values: Floats, design: Floats, contrasts: Floats) -> None:
    """Bad input: one line with all three shapes."""
    with pytest.raises(ValueError, match="shapes disagree"):
        fit_many(values, design, contrasts)


def test_nobody_gives_empty_answers() -> None:
    """Edge: no people, no rows, no exception."""
    assert fit_many(np.empty((0, DAYS)), DESIGN, CONTRASTS).estimate.shape == (0, 2)
