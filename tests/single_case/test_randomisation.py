"""The exact test against every combination written out, counts made by hand, and its false-alarm rate."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpbm.errors import BadInput
from openpbm.single_case import Series, make_series, randomisation_test


def case(values: list[float], first_b: int, name: str = "alice") -> Series:
    return make_series("A" * (first_b - 1) + "B" * (len(values) - first_b + 1), values, name=name)


def written_out(cases: list[Series], start: int, end: int, better: str) -> tuple[float, float, int]:
    """Every combination of starts, one by one."""
    sign = -1 if better == "lower" else 1
    tables = [
        [np.nanmean(c.values[k - 1 :]) - np.nanmean(c.values[: k - 1]) for k in range(start, end + 1)] for c in cases
    ]
    every = [sum(row) / len(cases) for row in itertools.product(*tables)]
    seen = sum(t[c.first_b + 1 - start] for t, c in zip(tables, cases, strict=True)) / len(cases)
    return float(seen), sum(sign * v >= sign * seen - 1e-9 for v in every) / len(every), len(every)


def test_by_hand() -> None:
    """By hand, 3 3 3 0 0: starts at 2 to 5 give -1.5, -2, -3, -2.25, so 4 is the best of four and 2 the last."""
    found = randomisation_test([case([3, 3, 3, 0, 0], 4)], 2, 5, "lower")
    assert (found.statistic, found.p, found.distribution_size, found.exact) == (-3.0, 0.25, 4, True)
    assert randomisation_test([case([3, 3, 3, 0, 0], 2)], 2, 5, "lower").p == 1.0
    assert randomisation_test([case([3, 3, 3, 0, 0], 4)], 2, 5, "higher").p == 1.0


def test_nothing_changes_nothing_is_found() -> None:
    """A flat series: every start ties with the observed one, so p is 1 whatever the rounding."""
    found = randomisation_test([case([0.1] * 12, 6)], 4, 10, "lower")
    assert (found.statistic, found.p) == (0.0, 1.0)


@settings(max_examples=40)
@given(
    st.lists(st.lists(st.integers(0, 4), min_size=9, max_size=9), min_size=1, max_size=3),
    st.sampled_from(["lower", "higher"]),
    st.data(),
)
def test_written_out(rows: list[list[float]], better: str, data: st.DataObject) -> None:
    """Brute force over every combination of one to three cases, many ties among them."""
    cases = [case(row, data.draw(st.integers(3, 7)), str(place)) for place, row in enumerate(rows)]
    found = randomisation_test(cases, 3, 7, better)  # type: ignore[arg-type]
    statistic, p, size = written_out(cases, 3, 7, better)
    assert found.statistic == pytest.approx(statistic, abs=1e-12)
    assert found.p == pytest.approx(p, abs=1e-12)
    assert found.distribution_size == size


def test_missing_days_are_left_out_of_the_means() -> None:
    """Brute force with blanks, and a far-off origin that must cost no digits."""
    values = [1e7 + v for v in (3, math.nan, 2, 4, 3, math.nan, 1, 0, 1, 2)]
    cases = [case(values, 6)]
    found = randomisation_test(cases, 3, 9, "lower")
    assert (found.statistic, found.p, found.distribution_size) == pytest.approx(written_out(cases, 3, 9, "lower"))


def test_six_cases_of_twenty_starts_are_counted_exactly() -> None:
    """64 million combinations: p equals the count by convolution on a grid where every difference is a whole number."""
    # Values of 0 but for one day in the middle: B means differ by known fractions; counted by dynamic programming.
    rows = [[0.0] * 40 for _ in range(6)]
    for number, row in enumerate(rows):
        row[18 + number] = -1.0
    cases = [case(row, 15 + number, str(number)) for number, row in enumerate(rows)]
    found = randomisation_test(cases, 11, 30, "lower")
    assert (found.distribution_size, found.exact) == (20**6, True)
    grid = math.lcm(*(k * (40 - k) for k in range(10, 30)))
    sums: dict[int, int] = {0: 1}
    seen = 0
    for series in cases:
        steps = []
        for k in range(10, 30):
            a, b = sum(series.values[:k]), sum(series.values[k:])
            steps.append(int(b) * grid // (40 - k) - int(a) * grid // k)
        seen += steps[series.first_b - 10]
        new: dict[int, int] = {}
        for total, count in sums.items():
            for step in steps:
                new[total + step] = new.get(total + step, 0) + count
        sums = new
    assert found.p == sum(count for total, count in sums.items() if total <= seen) / 20**6


def test_too_many_to_visit_are_drawn_and_said_so() -> None:
    """20^12 combinations: drawn with a fixed seed, the same twice, and near the p of the normal sum."""
    random = np.random.default_rng(5)
    cases = [case(list(random.normal(size=40)), 20, str(number)) for number in range(12)]
    found = randomisation_test(cases, 11, 30, "lower")
    assert (found.exact, found.distribution_size) == (False, 20**12)
    assert found == randomisation_test(cases, 11, 30, "lower")
    assert 0 < found.p < 1


def test_false_alarms_stay_at_their_rate() -> None:
    """Property: with a start drawn by lot and a strong trend that light did not cause, p <= 0.05 comes in 1 of 20."""
    random = np.random.default_rng(11)
    alarms = 0
    for _ in range(1000):
        values = list(random.normal(size=50) - 0.05 * np.arange(50))
        found = randomisation_test([case(values, int(random.integers(15, 35)))], 15, 34, "lower")
        alarms += found.p <= 0.05
    assert 0.03 <= alarms / 1000 <= 0.07


@pytest.mark.parametrize(
    ("start", "end", "needle"),
    [
        (2, 4, "began B at point 5, outside"),
        (1, 8, "may stand from 2 to 8"),
        (2, 9, "may stand from 2 to 8"),
        (6, 3, "may stand from 2 to 8"),
        (2, 8, "without a value"),
    ],
)
def test_starts_that_cannot_be(start: int, end: int, needle: str) -> None:
    """Bad input: the start that was is not among those drawn from, or a phase would be empty."""
    with pytest.raises(BadInput, match=needle):
        randomisation_test([case([1, 2, 3, 4, 5, 6, 7, math.nan], 5)], start, end, "lower")
