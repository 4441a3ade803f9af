"""Questionnaires as measures: published measurement error, several scores, and the sham comparator."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from courses import make_course, scores
from present import present
from scipy.stats import norm

from openpbm.outcomes.measures.measure import Measure
from openpbm.outcomes.measures.phases import find_phases
from openpbm.outcomes.measures.score_change import score_measures
from openpbm.outcomes.measures.sham_course import better_than_sham


def irls(rows: Any, week: int = 4) -> Measure:
    course = make_course(scores=scores(rows))
    (found,) = score_measures(course.scores, find_phases(course, week))
    return found


def test_error_of_a_single_pair_is_the_published_one() -> None:
    """IRLS, SD 6, r 0.87: the standard error of a difference of two scores is 3.06."""
    assert irls({-1: 27, 28: 20}).standard_error == pytest.approx(3.06, abs=0.005)


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ({-8: 27, -1: 27, 28: 20}, 2.16 * 1.5**0.5),
        ({-8: 27, -1: 27, 14: 20, 21: 20, 28: 20}, 2.16),
        ({**dict.fromkeys(range(-50, 0, 7), 27), 14: 20, 21: 20, 28: 20}, 2.16),
    ],
    ids=["two and one", "two and three", "eight and three"],
)
def test_more_scores_make_the_error_smaller_down_to_that_of_one(rows: dict[int, float], error: float) -> None:
    """IRLS, 6 sqrt(1 - 0.87) = 2.16: eight equal scores before the light once made it 1.5."""
    assert irls(rows).standard_error == pytest.approx(error, abs=0.01)


def test_scores_that_never_vary_show_no_error_where_none_is_published() -> None:
    """Two and three equal scores once had the error of rounding, and any change of one point was certain."""
    course = make_course(scores=scores({-8: 20, -1: 20, 14: 18, 21: 18, 28: 18}, scale="isi"))
    (found,) = score_measures(course.scores, find_phases(course, 4))
    assert "never vary" in found.insufficient_reason or found.scale.reliability
    assert found.verdict != "improved"


def test_own_scatter_counts_where_it_is_larger() -> None:
    steady, wild = irls({-8: 27, -1: 27, 14: 20, 21: 20, 28: 20}), irls({-8: 37, -1: 17, 14: 32, 21: 8, 28: 20})
    assert wild.standard_error > 2 * steady.standard_error


def test_better_than_sham_against_the_closed_form() -> None:
    """With a normal change the probability is that of a difference of two normals."""
    found = dataclasses.replace(irls({-8: 27, -1: 27, 21: 12, 28: 12}), degrees_of_freedom=1e9)
    sham = present(found.scale.sham_course)
    spread = (found.standard_error**2 + sham.person_sd**2 + sham.trial_sd**2) ** 0.5
    assert better_than_sham(found) == pytest.approx(norm.cdf((sham.change_mean - found.estimate) / spread), abs=1e-4)


def test_an_average_sham_change_is_better_than_sham_in_half() -> None:
    """No change of its own is taken off: a fall by the pooled sham change beats sham half the time."""
    found = dataclasses.replace(irls({-8: 27, -1: 27, 21: 20, 28: 20}), estimate=-6.58)
    assert better_than_sham(found) == pytest.approx(0.5, abs=0.01)


def test_a_screening_tool_is_no_measure() -> None:
    course = make_course(scores=scores({-1: 6, 28: 2}, scale="dn4"))
    assert score_measures(course.scores, find_phases(course, 4)) == ()


def test_a_scale_whose_error_is_only_assumed_rests_on_its_own_scatter() -> None:
    """Student's t on five scores, widened by half for what weeks share; four scores say nothing."""
    course = make_course(scores=scores({-8: 60, -1: 60, 14: 10, 21: 30, 28: 50}, scale="npsi"))
    (found,) = score_measures(course.scores, find_phases(course, 4))
    pooled = (800.0 / 3.0) ** 0.5
    assert found.standard_error == pytest.approx(1.5 * pooled * (1 / 2 + 1 / 3) ** 0.5)
    assert found.degrees_of_freedom == 3
    assert found.insufficient_reason == ""
    fewer = make_course(scores=scores({-8: 60, -1: 60, 21: 10, 28: 11}, scale="npsi"))
    (silent,) = score_measures(fewer.scores, find_phases(fewer, 4))
    assert "cannot show it" in silent.insufficient_reason
