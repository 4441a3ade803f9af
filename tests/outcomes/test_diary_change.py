"""The diary as a measure: true steps found, rounding never certain, too few days said."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from courses import diary, make_course
from present import present

from openpbm.outcomes.measures.diary_change import diary_measure
from openpbm.outcomes.measures.measure import Measure
from openpbm.outcomes.measures.phases import find_phases
from openpbm.outcomes.measures.sham_course import better_than_sham


def measured(values: Any, week: int = 6) -> Measure:
    course = make_course(diary=diary(values))
    return diary_measure(course.diary, find_phases(course, week))


def test_interval_covers_a_true_step_of_rounded_days() -> None:
    """Simulation: 300 people, step -2, rounded to whole numbers; nine of ten 90 % intervals hold it (0.84-0.96)."""
    random = np.random.default_rng(8)
    held = 0
    for _ in range(300):
        values = np.round(6 + 1.5 * random.standard_normal(56) - 2.0 * (np.arange(56) >= 14))
        low, high = measured([float(v) for v in values]).to_dict()["interval_90"]
        held += present(low) <= -2.0 <= present(high)
    assert 0.84 <= held / 300 <= 0.96


def test_ratings_that_never_move_have_the_error_of_the_scale() -> None:
    """Once they had that of rounding alone, 0.11, and a fall by 1 of people who always write the same was certain.

    One day is good to 2 sqrt(1 - 0.65) = 1.18 points, a mean of 14 days against one of 14 to 1.18 sqrt(2/14) = 0.45.
    """
    found = measured([7.0] * 14 + [3.0] * 42)
    assert found.estimate == pytest.approx(-4.0)
    assert found.standard_error == pytest.approx(2 * (1 - 0.65) ** 0.5 * (2 / 14) ** 0.5)
    assert found.verdict == "improved"
    assert measured([7.0] * 14 + [6.0] * 42).verdict == "better_not_yet_sure"


@pytest.mark.parametrize("days", [[5.0, 4.0], [5.0, 5.0, 5.0, 5.0, 6.0]])
def test_steady_ratings_are_no_surer_than_the_scale(days: list[float]) -> None:
    """However little the days scatter, and however many there are: never below the error of a week's mean, 0.447."""
    found = measured((days * 28)[:56])
    assert found.standard_error >= 2 * (1 - 0.65) ** 0.5 / 7**0.5 - 1e-9


@pytest.mark.parametrize(
    "values", [[None] * 14 + [3.0] * 42, [7.0] * 4 + [None] * 10 + [3.0] * 42, [7.0] * 42 + [None] * 14]
)
def test_too_few_days_are_said(values: list[float | None]) -> None:
    found = measured(values)
    assert found.insufficient_reason
    assert found.verdict == "inconclusive"


def test_nothing_written_is_no_number() -> None:
    found = measured([])
    assert math.isnan(found.estimate)
    assert found.to_dict()["change"] is None
    assert better_than_sham(found) is None


def test_a_small_certain_change_is_not_called_improved() -> None:
    """A change surely below zero yet below every published threshold is neither an improvement nor "little changed"."""
    values = [6.0, 7.0] * 7 + [5.0, 6.0, 6.0] * 14
    found = measured(values)
    assert found.probability_below(0.0) > 0.95
    assert found.verdict == "better_not_yet_sure"
