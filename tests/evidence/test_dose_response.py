"""Effect over dose, as the reference page of dosresmeta prints its three examples."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from openpbm.evidence.pool import (
    DosePool,
    DoseStudy,
    Floats,
    best_dose,
    dose_basis,
    greenland_longnecker,
    pool_doses,
    standardised_by_dose,
)

FOLDER = Path(__file__).parent


def columns(name: str, *keys: str) -> tuple[list[str], dict[str, Floats]]:
    rows = list(csv.DictReader((FOLDER / name).read_text(encoding="utf-8").splitlines()))
    return [row["study"] for row in rows], {key: np.array([float(row[key]) for row in rows]) for key in keys}


def aripiprazole(*, random: bool) -> DosePool:
    names, data = columns("aripiprazole.csv", "dose", "mean", "sd", "n")
    studies = []
    for name in dict.fromkeys(names):
        mine = np.array(names) == name
        effect, covariance = standardised_by_dose(data["mean"][mine], data["sd"][mine], data["n"][mine])
        basis = dose_basis(data["dose"][mine], "quadratic")
        studies.append(DoseStudy(basis=basis[1:] - basis[0], effect=effect, covariance=covariance))
    return pool_doses(studies, random=random)


def alcohol(shape: Literal["linear", "quadratic"]) -> DosePool:
    """Four case-control studies and two of cumulative incidence; the page takes the latter's cases alone."""
    names, data = columns("alcohol_vessels.csv", "dose", "cases", "n", "log_ratio", "standard_error")
    studies = []
    for name in dict.fromkeys(names):
        mine = np.array(names) == name
        effect, errors = data["log_ratio"][mine][1:], data["standard_error"][mine][1:]
        design: Literal["case_control", "person_time"] = "person_time" if "Vliegenthart" in name else "case_control"
        covariance = greenland_longnecker(effect, errors, data["cases"][mine], data["n"][mine], design)
        basis = dose_basis(data["dose"][mine], shape)
        studies.append(DoseStudy(basis=basis[1:] - basis[0], effect=effect, covariance=covariance))
    return pool_doses(studies, random=True)


def test_one_case_control_study() -> None:
    """Alcohol and breast cancer (Rohan and McMichael 1988), the example of Greenland and Longnecker."""
    effect = np.log([0.80, 1.16, 1.57])
    errors = np.log(np.array([1.27, 1.85, 2.51]) / [0.51, 0.73, 0.99]) / (2 * 1.959964)
    covariance = greenland_longnecker(effect, errors, [165, 74, 90, 122], [337, 167, 186, 212], "case_control")
    study = DoseStudy(basis=dose_basis([2, 6, 11], "linear"), effect=effect, covariance=covariance)
    fit = pool_doses([study], random=False)
    slope, error = fit.coefficients[0], fit.standard_errors[0]
    assert (slope, error) == pytest.approx((0.0454, 0.0207), abs=5e-5)
    ratios = np.exp([slope, slope - 1.959964 * error, slope + 1.959964 * error])
    assert ratios == pytest.approx([1.046477, 1.004941, 1.089729], abs=1e-6)


def test_a_quadratic_of_standardised_differences() -> None:
    for random in (False, True):
        fit = aripiprazole(random=random)
        assert fit.coefficients == pytest.approx([0.0461, -0.0011], abs=5e-5)
        assert fit.standard_errors == pytest.approx([0.0084, 0.0003], abs=5e-5)
        assert fit.q == pytest.approx(2.4212, abs=6e-5)
        assert fit.degrees_of_freedom == 8


def test_curves_that_differ_between_studies() -> None:
    """Alcohol and vessels, six studies, REML of two correlated terms."""
    line, curve = alcohol("linear"), alcohol("quadratic")
    assert (line.coefficients[0], line.standard_errors[0]) == pytest.approx((-0.0044, 0.0059), abs=5e-5)
    assert (line.q, float(np.sqrt(line.between[0, 0]))) == pytest.approx((14.1464, 0.0100), abs=6e-5)
    assert curve.coefficients == pytest.approx([-0.0302, 0.0008], abs=5e-5)
    assert curve.standard_errors == pytest.approx([0.0132, 0.0005], abs=5e-5)
    assert curve.q == pytest.approx(35.1177, abs=5e-5)
    spread = np.sqrt(np.diag(curve.between))
    assert spread == pytest.approx([0.0209, 0.0008], abs=5e-5)
    assert curve.between[0, 1] / spread.prod() == pytest.approx(-0.9063, abs=2e-4)


def test_where_a_response_turns() -> None:
    turn, low, high = best_dose(aripiprazole(random=False))
    assert (low, turn, high) == pytest.approx((17.6, 20.6, 28.4), abs=0.05)


def test_a_turn_that_the_data_do_not_show_has_no_bounds() -> None:
    flat = DosePool(
        coefficients=np.array([0.1, -0.01]),
        covariance=np.diag([0.04, 0.01]),
        between=np.zeros((2, 2)),
        q=0.0,
        degrees_of_freedom=1,
    )
    assert best_dose(flat)[1:] == (-np.inf, np.inf)


def test_a_spline_is_straight_beyond_its_outer_knots() -> None:
    terms = dose_basis([10.0, 11.0, 12.0, 0.0, 0.5], "spline", (1.0, 4.0, 9.0))
    assert np.diff(terms[:3, 1], 2) == pytest.approx([0.0], abs=1e-12)
    assert terms[3:, 1] == pytest.approx([0.0, 0.0])
