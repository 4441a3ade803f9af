"""Local level: the smoother of statsmodels at the same variances, the plain difference of means, and coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from present import present

from openpbm.single_case.local_level import LocalLevelChange, local_level_change

DAYS, FIRST_B = 42, 14
PHASE_B = np.arange(DAYS) >= FIRST_B
RECENT = np.arange(DAYS) >= 28


def noisy(seed: int, *, step: float = 0.0, drift: float = 0.0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    return 6.0 + np.cumsum(chance.normal(0, drift, DAYS)) + chance.normal(0, 1, DAYS) + step * PHASE_B


def test_equals_the_smoothed_states_of_statsmodels() -> None:
    """Mean of the smoothed level and steps over recent days less that over baseline days, missing days included."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    values = noisy(3, step=-2.0, drift=0.4)
    values[[2, 9, 20, 33, 41]] = np.nan
    between = PHASE_B & ~RECENT
    steps = np.column_stack([RECENT, between]).astype(float)
    fit = UnobservedComponents(
        values, level="local level", exog=steps, mle_regression=False, use_exact_diffuse=True
    ).fit(disp=False)
    path = fit.smoothed_state[0] + (steps * fit.smoothed_state[1:].T).sum(axis=1)
    ours = local_level_change(values, PHASE_B, RECENT)
    assert ours.converged
    assert ours.estimate == pytest.approx(path[RECENT].mean() - path[~PHASE_B].mean(), abs=0.02)
    assert ours.drift_sd == pytest.approx(math.sqrt(fit.params[1]), abs=0.02)


def test_without_drift_it_is_the_difference_of_means_with_its_textbook_error() -> None:
    """Closed form: when the level does not wander, mean difference and s sqrt(1/n + 1/m)."""
    chance = np.random.default_rng(0)
    block = chance.permutation(np.repeat([-1.0, 1.0], DAYS // 2))
    for start, stop in ((0, 14), (14, 28), (28, 42)):
        block[start:stop] = np.tile([-1.0, 1.0], 7)  # neighbours differ: no drift can be seen
    values = 5.0 + block - 2.0 * RECENT
    change = local_level_change(values, PHASE_B, RECENT)
    assert change.drift_sd == pytest.approx(0.0, abs=1e-3)
    assert change.noise_sd is not None
    assert change.estimate == pytest.approx(-2.0, abs=1e-3)
    assert change.standard_error == pytest.approx(change.noise_sd * math.sqrt(2 / 14), rel=1e-3)


def test_units_of_the_values_do_not_matter() -> None:
    """Property: values times 100 give a change times 100."""
    values = noisy(5, step=-1.0, drift=0.2)
    small, large = (local_level_change(values * unit, PHASE_B, RECENT) for unit in (1.0, 100.0))
    assert small.estimate is not None
    assert small.standard_error is not None
    assert large.estimate == pytest.approx(100.0 * small.estimate, rel=1e-6)
    assert large.standard_error == pytest.approx(100.0 * small.standard_error, rel=1e-6)


@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_interval_covers_a_known_step(correlation: float) -> None:
    """Simulation with known truth: the 90 % interval of a step of -2 covers in 88-99 % of 100 series.

    Also when the noise is autocorrelated rather than a wandering level: the second opinion errs on the wide side. The
    error of the level alone would cover half of those.
    """
    covered = 0
    for seed in range(100):
        noise = np.random.default_rng(seed).normal(0, 1, DAYS)
        for day in range(1, DAYS):
            noise[day] = correlation * noise[day - 1] + math.sqrt(1 - correlation**2) * noise[day]
        interval = local_level_change(6.0 + noise - 2.0 * PHASE_B, PHASE_B, RECENT).interval()
        assert interval is not None
        covered += interval[0] <= -2.0 <= interval[1]
    assert 0.88 <= covered / 100 <= 0.99


def test_what_wanders_anyway_widens_the_error_of_an_effect() -> None:
    """Property: the error of the effect is the larger one, and the two agree where nothing wanders."""
    still, wandering = noisy(1), noisy(1, drift=0.6)
    for values, ratio in ((still, 1.05), (wandering, 100.0)):
        change = local_level_change(values, PHASE_B, RECENT)
        assert change.standard_error is not None
        assert change.standard_error_of_level is not None
        assert 1.0 - 1e-9 <= change.standard_error / change.standard_error_of_level < ratio
    assert present(change.standard_error) > 1.5 * present(change.standard_error_of_level)


def test_a_missing_day_is_not_a_zero() -> None:
    values = noisy(8)
    values[30:36] = np.nan
    zeros = np.where(np.isnan(values), 0.0, values)
    missing, zeroed = (local_level_change(series, PHASE_B, RECENT).estimate for series in (values, zeros))
    assert missing is not None
    assert zeroed is not None
    assert zeroed < missing - 1.0


@pytest.mark.parametrize(
    ("values", "word"),
    [
        (np.where(PHASE_B, 4.0, np.nan), "0 baseline"),
        (np.where(RECENT, np.nan, np.arange(42.0)), "0 recent"),
        (np.where(PHASE_B, 3.0, 6.0), "never vary"),
        (np.full(DAYS, np.nan), "0 baseline"),
    ],
)
def test_what_cannot_be_estimated_says_why(values: np.ndarray, word: str) -> None:
    change = local_level_change(values, PHASE_B, RECENT)
    assert change.estimate is None
    assert word in change.reason
    assert change.interval() is None
    assert change.agrees(0.0, 1.0) is None


def test_agreement_is_within_one_standard_error_of_the_larger() -> None:
    change = LocalLevelChange(estimate=-2.0, standard_error=0.9, standard_error_of_level=0.5, converged=True)
    assert change.agrees(-2.4, 0.3) is True
    assert change.agrees(-2.6, 0.3) is False
    assert change.agrees(-2.6, 0.7) is True
    assert change.agrees(math.nan, 0.7) is None
    assert (
        LocalLevelChange(estimate=-2.0, standard_error=0.9, standard_error_of_level=0.5, converged=False).agrees(
            -2.0, 0.5
        )
        is None
    )


def test_shapes_that_disagree_are_refused() -> None:
    with pytest.raises(ValueError, match="shapes disagree"):
        local_level_change(np.zeros(3), PHASE_B, RECENT)
    with pytest.raises(ValueError, match="baseline day"):
        local_level_change(noisy(1), PHASE_B, ~PHASE_B)
