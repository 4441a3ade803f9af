"""The kernel against PyMARE, statsmodels and the numbers of metafor that PyMARE ships, on awkward data too."""

from __future__ import annotations

import csv
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from openpbm.evidence import Model, make_studies, pool, q_profile

with warnings.catch_warnings():
    # It leaves a file of its own open when it is loaded.
    warnings.simplefilter("ignore", ResourceWarning)
    import pymare
    from pymare.estimators import DerSimonianLaird, VarianceBasedLikelihoodEstimator

MODERATORS = {"intercept": (), "one": ("mod1",), "two": ("mod1", "mod2")}
MODELS: dict[str, Model] = {"FE": "fixed", "DL": "dl", "REML": "reml"}
REFERENCES = Path(pymare.__file__).parent / "tests" / "data"


def random_studies(seed: int, k: int) -> tuple[Any, Any, Any]:
    chance = np.random.default_rng(seed)
    variance = chance.uniform(0.02, 0.4, k)
    dose = chance.uniform(0.0, 10.0, k)
    return chance.normal(0.1 + 0.05 * dose, np.sqrt(variance + 0.6)), variance, np.column_stack([np.ones(k), dose])


@pytest.mark.parametrize("seed", range(4))
def test_pymare_with_and_without_a_moderator(seed: int) -> None:
    effect, variance, design = random_studies(seed, 8 + seed)
    for columns in (design[:, :1], design):
        studies = make_studies(effect, variance, columns)
        for model, estimator in (
            ("DL", DerSimonianLaird(small_sample_correction="wald")),
            ("REML", VarianceBasedLikelihoodEstimator("REML", small_sample_correction="wald")),
        ):
            theirs = estimator.fit(effect[:, None], variance[:, None], columns).params_
            ours = pool(studies, MODELS[model])
            assert ours.tau2[0] == pytest.approx(float(np.squeeze(theirs["tau2"])), abs=1e-6)
            assert ours.coefficients[0] == pytest.approx(theirs["fe_params"][:, 0], abs=1e-6)
            assert ours.covariance[0] == pytest.approx(
                np.reshape(theirs["inv_cov"], ours.covariance[0].shape), abs=1e-6
            )


@pytest.mark.parametrize("seed", range(4))
def test_statsmodels_with_hartung_and_knapp(seed: int) -> None:
    effect, variance, _ = random_studies(seed, 8 + seed)
    for theirs, model in (("dl", "dl"), ("iterated", "pm")):
        other = combine_effects(effect, variance, method_re=theirs, use_t=True, atol=1e-7)
        ours = pool(make_studies(effect, variance), MODELS.get(model.upper(), "pm"), knapp_hartung=True)
        assert ours.tau2[0] == pytest.approx(other.tau2, abs=1e-6)
        assert ours.coefficients[0, 0] == pytest.approx(other.mean_effect_re, abs=1e-6)
        assert ours.standard_errors[0, 0] == pytest.approx(other.sd_eff_w_re_hksj, abs=1e-6)


def test_metafor_on_awkward_data() -> None:
    """Five equal trials, five of which one carries all the weight, ten with a variance of 0.001, twenty ordinary ones.

    Fixed and DL to the last digit; REML within what metafor's own stopping rule of 1e-5 leaves open.
    """
    rows, cases = metafor()
    seen = [case for case in cases if case["method"] in MODELS]
    assert len(seen) == 108
    for case in seen:
        studies = studies_of(case, rows)
        student, floor = case["test"] != "z", case["test"] == "adhoc"
        fit = pool(studies, MODELS[case["method"]], knapp_hartung=student, floor=floor)
        close = {"REML": 5e-4}.get(case["method"], 1e-10)
        for ours, name in (
            (fit.tau2[0], "tau2"),
            (fit.coefficients[0], "beta"),
            (fit.standard_errors[0], "se"),
            (fit.p_values[0], "pval"),
            (fit.interval[0, :, 0], "ci_lb"),
            (fit.i2_percent[0], "I2"),
            (fit.h2[0], "H2"),
            (fit.q[0], "QE"),
        ):
            assert ours == pytest.approx(np.array(case[name]), rel=close, abs=close / 10), (case, name)


def test_the_q_profile_of_metafor() -> None:
    rows, cases = metafor()
    seen = [case for case in cases if case["method"] == "DL" and case["test"] == "z"]
    for case in seen:
        low, high = q_profile(studies_of(case, rows), 0.95)
        assert [low[0], high[0]] == pytest.approx([case["tau2_ci_lb"], case["tau2_ci_ub"]], rel=1e-8, abs=1e-10)
    assert len(seen) == 12


def metafor() -> tuple[Any, Any]:
    rows = csv.DictReader((REFERENCES / "metafor_small_sample.csv").read_text(encoding="utf-8").splitlines())
    return list(rows), json.loads((REFERENCES / "metafor_reference.json").read_text(encoding="utf-8"))["cases"]


def studies_of(case: Any, rows: Any) -> Any:
    mine = [row for row in rows if row["case"] == case["design"]]
    columns = [[float(row[name]) for row in mine] for name in MODERATORS[case["model"]]]
    design = np.column_stack([np.ones(len(mine)), *columns])
    return make_studies([float(row["y"]) for row in mine], [float(row["v"]) for row in mine], design)


def test_an_empty_place_changes_nothing() -> None:
    effect, variance, design = random_studies(1, 9)
    alone = pool(make_studies(effect, variance, design))
    missing = np.insert(effect, 4, np.nan), np.insert(variance, 4, 1.0), np.insert(design, 4, [1.0, 99.0], axis=0)
    assert pool(make_studies(*missing)).coefficients == pytest.approx(alone.coefficients, rel=1e-12)
