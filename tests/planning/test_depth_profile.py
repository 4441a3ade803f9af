"""Checks the tail against diffusion theory's closed form exp(-mu_eff z) and against a run with many more photons."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.planning.depth_profile import (
    DEPTH_MM,
    RADIUS_EDGES_MM,
    at_depth,
    continue_below,
    effective_attenuation_per_mm,
)
from openpbm.planning.light import compute_fields
from openpbm.tissue import nominal_scenario
from openpbm.transport import Layer, Scene, Source

MUSCLE = Layer(name="muscle", thickness_mm=None, mu_a_per_mm=0.03, mu_s_per_mm=10.0, g=0.9, n=1.4)
FAT = Layer(name="fat", thickness_mm=12.0, mu_a_per_mm=0.004, mu_s_per_mm=11.0, g=0.9, n=1.44)
ONE = Scene(layers=(MUSCLE,), source=Source(kind="uniform"), photons=10)
TWO = Scene(layers=(FAT, MUSCLE), source=Source(kind="uniform"), photons=10)
RINGS = np.outer([3.0, 1.0], np.exp(-0.2 * DEPTH_MM))


def error_above(depth_mm: float) -> np.ndarray:
    """Well told down to this depth, noise alone below it."""
    return np.where(depth_mm > DEPTH_MM, 0.05, 2.0)


def test_effective_attenuation_is_the_closed_form() -> None:
    """Diffusion theory: sqrt(3 mu_a (mu_a + mu_s'))."""
    assert effective_attenuation_per_mm(MUSCLE) == pytest.approx(math.sqrt(3 * 0.03 * 1.03))
    assert effective_attenuation_per_mm(replace(MUSCLE, mu_a_per_mm=0.0)) == 0.0


def test_in_one_layer_the_tail_is_exponential() -> None:
    """Closed form: from the last good depth on, every ring falls as exp(-mu_eff dz)."""
    continued = continue_below(RINGS, error_above(20.0), ONE)
    last = int(np.flatnonzero(DEPTH_MM < 20.0)[-1])
    expected = RINGS[:, [last]] * np.exp(-math.sqrt(3 * 0.03 * 1.03) * (DEPTH_MM[last:] - DEPTH_MM[last]))
    np.testing.assert_allclose(continued[:, last:], expected, rtol=1e-12)
    np.testing.assert_array_equal(continued[:, : last + 1], RINGS[:, : last + 1])


def test_every_layer_has_its_own_slope() -> None:
    """Closed form: well inside each layer the logarithm falls with that layer's own mu_eff."""
    continued = continue_below(RINGS, error_above(6.0), TWO)[0]
    slope = -np.diff(np.log(continued)) / np.diff(DEPTH_MM)
    assert slope[(DEPTH_MM[:-1] > 6.5) & (DEPTH_MM[1:] < 12.0)] == pytest.approx(effective_attenuation_per_mm(FAT))
    assert slope[DEPTH_MM[:-1] > 12.0] == pytest.approx(effective_attenuation_per_mm(MUSCLE))


def test_nothing_changes_where_every_depth_is_well_told() -> None:
    np.testing.assert_array_equal(continue_below(RINGS, np.full(DEPTH_MM.size, 0.2), ONE), RINGS)


def test_below_the_first_noisy_depth_nothing_is_believed() -> None:
    """One lucky depth below the noise does not count; an error that is no number is noise."""
    error = error_above(20.0)
    error[-3] = 0.01
    np.testing.assert_array_equal(continue_below(RINGS, error, ONE), continue_below(RINGS, error_above(20.0), ONE))
    error[error > 1.0] = np.nan
    np.testing.assert_array_equal(continue_below(RINGS, error, ONE), continue_below(RINGS, error_above(20.0), ONE))


def test_without_any_good_depth_the_run_stays_as_it_is() -> None:
    np.testing.assert_array_equal(continue_below(RINGS, np.full(DEPTH_MM.size, 9.0), ONE), RINGS)


def test_few_photons_with_a_tail_agree_with_many_photons() -> None:
    """At the calf muscle's depth, where 400 photons tell nothing, the tail comes within a factor of 1.6 of 16000."""
    calf = sites["posterior_calf"]
    tissue = nominal_scenario(calf, Person(skin_type=2))
    broad = np.ones(RADIUS_EDGES_MM.size)
    few = [
        broad @ compute_fields(calf, [tissue], 850.0, (1.0,), photons=400, seed=seed).fluence_rate[0]
        for seed in range(1, 7)
    ]
    many = broad @ compute_fields(calf, [tissue], 850.0, (1.0,), photons=16_000, seed=99).fluence_rate[0]
    for depth_mm in (10.0, 20.0, 30.0):
        ratio = np.mean([at_depth(profile, depth_mm) for profile in few]) / at_depth(many, depth_mm)
        assert 1 / 1.6 < ratio < 1.6, depth_mm
