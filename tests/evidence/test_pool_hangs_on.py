"""What a pool hangs on: studies left out, influence, permutation, small studies, several outcomes, priors, looks.

Printed numbers: reference pages and tests of metafor; CR2 and permutations as clubSandwich and metafor give them in the
files that PyMARE ships.
"""

from __future__ import annotations

import csv
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from openpbm.evidence import make_studies, pool
from openpbm.evidence.effect_sizes import odds_ratio, risk_ratio
from openpbm.evidence.pool import (
    bayes_pool,
    egger,
    influence,
    leave_one_out,
    permutation_p_values,
    pet_peese,
    robust_pool,
    selection_model,
    sequential_view,
    three_levels,
)

with warnings.catch_warnings():
    # It leaves a file of its own open when it is loaded.
    warnings.simplefilter("ignore", ResourceWarning)
    import pymare

FOLDER = Path(__file__).parent
REFERENCES = Path(pymare.__file__).parent / "tests" / "data"


def rows_of(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


def columns(name: str, *keys: str) -> list[Any]:
    rows = rows_of(FOLDER / name)
    return [np.array([float(row[key]) for row in rows]) for key in keys]


def bcg() -> tuple[Any, Any, Any]:
    e1, n1, e2, n2, latitude, year = columns("bcg.csv", "e1", "n1", "e2", "n2", "ablat", "year")
    return *risk_ratio(e1, n1, e2, n2), np.column_stack([np.ones(13), latitude, year])


def magnesium() -> tuple[Any, Any]:
    """Fifteen trials of magnesium after a heart attack, the large one left out (Egger 2001)."""
    return odds_ratio(*columns("magnesium.csv", "e1", "n1", "e2", "n2"))


def test_each_study_left_out() -> None:
    effect, variance, _ = bcg()
    fits = leave_one_out(make_studies(effect, variance))
    assert fits.coefficients[:3, 0] == pytest.approx([-0.7071, -0.6540, -0.6856], abs=5e-5)
    assert fits.standard_errors[12, 0] == pytest.approx(0.1855, abs=5e-5)
    assert fits.q[7] == pytest.approx(67.9858, abs=5e-5)
    assert fits.tau2[3] == pytest.approx(0.2628, abs=5e-5)


def test_the_pull_of_a_study_with_two_moderators() -> None:
    """To what metafor's stopping rule of 1e-5 leaves open."""
    pull = influence(make_studies(*bcg()))
    assert pull.deleted_residual[[0, 3, 6]] == pytest.approx([0.2978, -1.4032, -2.5961], abs=2e-4)
    assert pull.cook[[3, 5]] == pytest.approx([7.3179, 0.7205], abs=3e-4)
    assert pull.hat[[0, 3]] == pytest.approx([0.1725, 0.8082], abs=1e-4)
    assert pull.tau2_without[6] == pytest.approx(0.0544, abs=6e-5)


def test_permutations_of_a_moderator() -> None:
    cases = json.loads((REFERENCES / "metafor_permutest_reference.json").read_text(encoding="utf-8"))["cases"]
    rows = rows_of(REFERENCES / "metafor_small_sample.csv")
    seen = [case for case in cases if case["model"] == "one"]
    for case in seen:
        mine = [row for row in rows if row["case"] == case["design"]]
        effect, variance, moderator = (np.array([float(row[key]) for row in mine]) for key in ("y", "v", "mod1"))
        design = np.column_stack([np.ones(len(mine)), moderator])
        found = permutation_p_values(effect, variance, design, {"FE": "fixed", "DL": "dl"}[case["method"]])  # type: ignore[arg-type]
        assert found == pytest.approx([case["pval"][1]])
    assert len(seen) == 4


def test_errors_that_hold_whatever_the_correlation_of_outcomes() -> None:
    cases = json.loads((REFERENCES / "clubsandwich_reference.json").read_text(encoding="utf-8"))["cases"]
    rows = rows_of(REFERENCES / "robumeta_correlated_effects.csv")
    names = {"intercept": (), "within": ("within",), "both": ("within", "between")}
    effect = [float(row["effect"]) for row in rows]
    for case in cases:
        terms = [[float(row[name]) for row in rows] for name in names[case["model"]]]
        design = np.column_stack([np.ones(len(rows)), *terms])
        variance = [float(row[case["variances"]]) for row in rows]
        found = robust_pool(effect, variance, [row["study"] for row in rows], design, case["tau2"])
        assert found.coefficients == pytest.approx(case["beta"], rel=1e-10)
        assert found.standard_errors == pytest.approx(case["se"], rel=1e-10)
        assert found.degrees_of_freedom == pytest.approx(case["dof"], rel=1e-9)
        assert found.p_values == pytest.approx(case["pval"], rel=1e-9)
    assert len(cases) == 12


def test_three_levels_of_schools_in_districts() -> None:
    """Konstantopoulos (2011): 56 schools in 11 districts."""
    districts = [row["study"] for row in rows_of(FOLDER / "schools.csv")]
    effect, variance = columns("schools.csv", "yi", "vi")
    fit = three_levels(effect, variance, districts)
    assert fit.coefficients[0] == pytest.approx(0.1847, abs=5e-5)
    assert np.sqrt(fit.covariance[0, 0]) == pytest.approx(0.0846, abs=5e-5)
    assert (fit.between_studies, fit.within_studies) == pytest.approx((0.0651, 0.0327), abs=5e-5)


def test_small_studies_that_find_more() -> None:
    effect, variance = magnesium()
    scaled, mixed = egger(effect, variance), egger(effect, variance, mixed=True)
    assert (scaled.statistic, scaled.p) == pytest.approx((-3.1783, 0.0073), abs=5e-5)
    assert (scaled.limit, *scaled.interval) == pytest.approx((-0.1512, -0.5130, 0.2106), abs=5e-5)
    assert (mixed.statistic, mixed.p, mixed.limit) == pytest.approx((-2.8062, 0.0050, -0.1639), abs=5e-5)
    assert pet_peese(effect, variance)[0] == "pet"


def test_an_effect_that_pet_sees_is_measured_by_peese() -> None:
    variance = np.linspace(0.01, 0.2, 20)
    name, found = pet_peese(np.full(20, 0.5) + 0.02 * np.sin(np.arange(20)), variance)
    assert name == "peese"
    assert found.limit == pytest.approx(0.5, abs=0.02)


def test_a_selection_model_with_three_steps() -> None:
    """Passive smoking and lung cancer, 37 studies (Hackshaw 1998)."""
    effect, variance = columns("passive_smoking.csv", "yi", "vi")
    fit = selection_model(effect, variance, better="higher", cuts=(0.025, 0.10, 0.50))
    assert (fit.estimate, fit.standard_error, fit.tau2) == pytest.approx((0.0020, 0.0889, 0.0096), abs=5e-5)
    assert fit.relative_chances == pytest.approx((0.4946, 0.2136, 0.0618), abs=6e-5)
    assert (fit.likelihood_ratio, fit.p) == pytest.approx((6.4020, 0.0936), abs=5e-5)
    turned = selection_model(-effect, variance, better="lower", cuts=(0.025, 0.10, 0.50))
    assert turned.estimate == pytest.approx(-fit.estimate, abs=1e-6)


def test_studies_on_one_side_of_the_cut_are_refused() -> None:
    with pytest.raises(ValueError, match="no study lies between"):
        selection_model([0.1, 0.2, 0.0], [1.0, 1.0, 1.0], better="higher")


def test_a_prior_that_says_nothing_and_one_that_says_all() -> None:
    """With a wide prior and tau near zero the posterior is the fixed pool; a narrow prior is not moved."""
    effect, variance, _ = bcg()
    fixed = pool(make_studies(effect, variance), "fixed")
    wide = bayes_pool(effect, variance, prior_mean=0.0, prior_sd=1e4, tau_scale=1e-6)
    assert (wide.mean, wide.sd) == pytest.approx((fixed.coefficients[0, 0], fixed.standard_errors[0, 0]), rel=1e-5)
    assert wide.interval() == pytest.approx(fixed.interval[0, 0], rel=1e-4)
    narrow = bayes_pool(effect, variance, prior_mean=-6.6, prior_sd=1e-3, tau_scale=0.5)
    assert narrow.mean == pytest.approx(-6.6, abs=0.01)


def test_two_normals_weigh_as_bayes_says() -> None:
    """One study of -10 (error 2) against a sham course of -6 (sd 2): half way, with the error of two."""
    found = bayes_pool([-10.0], [4.0], prior_mean=-6.0, prior_sd=2.0, tau_scale=1e-6)
    assert (found.mean, found.sd) == pytest.approx((-8.0, np.sqrt(2.0)), rel=1e-5)
    assert found.chance_below(-8.0) == pytest.approx(0.5)
    assert found.chance_new_below(-8.0) == pytest.approx(0.5)


def test_early_looks_need_more() -> None:
    view = sequential_view(*magnesium(), important=0.5)
    assert view.z[-1] == pytest.approx(-4.2049, abs=5e-5)
    assert np.all(view.bound >= 1.9599)
    early = int(np.argmax(np.abs(view.z) > 1.96))
    assert view.bound[early] > 3.0
    assert view.crossed is None or view.crossed > early + 1
