"""Overlap indices against the published worked examples, counts made by hand, and their symmetries."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbm.errors import BadInput
from openpbm.single_case import (
    Overlap,
    ird,
    make_series,
    nap,
    nap_interval,
    overlap,
    pand,
    pem,
    pnd,
    tau,
    tau_bc,
    tau_u,
)

PARKER = ([20, 20, 26, 25, 22, 23], [28, 25, 24, 27, 30, 30, 29])
wholes = st.lists(st.integers(-6, 6), min_size=1, max_size=9)


def indices(a: Sequence[float], b: Sequence[float], better: str = "higher") -> Overlap:
    return overlap(make_series("A" * len(a) + "B" * len(b), [*a, *b]), "lower" if better == "lower" else "higher")


def test_parker_2011_first_example() -> None:
    """Parker, Vannest and Davis (2011), ex. 1: PND 5/7, PAND 11/13, PEM 1, IRD 6/7 - 1/6, NAP 38.5/42, Tau 35/42."""
    found = indices(*PARKER)
    assert (found.pnd, found.pand, found.pem) == (5 / 7, 11 / 13, 1.0)
    assert found.ird == pytest.approx(6 / 7 - 1 / 6, abs=1e-15)
    assert (found.nap, found.tau) == (38.5 / 42, 35 / 42)


def test_parker_2011_second_example() -> None:
    """Parker, Vannest and Davis (2011), example 2: Tau 16/20 and Tau-U 11/20."""
    found = indices([3, 3, 4, 5], [4, 5, 6, 7, 7])
    assert (found.tau, found.tau_u) == (16 / 20, 11 / 20)


@pytest.mark.parametrize(
    ("origin", "step"), [(0.0, 1.0), (0.0, 0.1), (7.3, 1 / 3), (-1e6, 0.1), (7.3, 1e-7), (-1e6, 1e9)]
)
def test_tarlow_2017(origin: float, step: float) -> None:
    """Tarlow (2017): one straight line through both phases has Tau 1, Tau-U 0.60 and Tau-BC 0, in any unit."""
    line = [origin + step * day for day in range(1, 11)]
    found = indices(line[:5], line[5:])
    assert (found.tau, found.tau_u, found.tau_bc) == (1.0, 0.6, 0.0)


def test_counts_made_by_hand_with_ties() -> None:
    """Counted by hand for A 4 4 6, B 4 2 1 5, lower is better: 12 pairs, 8 better, 2 worse, 2 tied."""
    a, b = [4, 4, 6], [4, 2, 1, 5]
    found = indices(a, b, "lower")
    assert found.tau == (8 - 2) / 12
    assert found.nap == (8 + 2 / 2) / 12
    assert found.pnd == 2 / 4  # 2 and 1 lie below 4
    assert found.pem == (2 + 0.5) / 4  # 4 ties with the median, 5 is worse
    assert found.pand == 5 / 7  # A 4 4 6 against B 2 1
    assert found.ird == pytest.approx((49 * 5 / 7 - 9 - 16) / 24)
    # Phase A has S = -2 in the better direction (4 4 6 rises), so taking it away helps.
    assert found.tau_u == (6 + 2) / 12


def test_total_overlap_the_wrong_way_round() -> None:
    """PAND keeps one whole phase when every B is worse: max(m, n) / (m + n), and IRD follows."""
    assert pand([5, 6], [1, 2, 3], "higher") == 3 / 5
    assert ird([5, 6], [1, 2, 3], "higher") == pytest.approx((25 * 3 / 5 - 4 - 9) / 12)


def test_tau_bc_follows_the_time_that_is_given() -> None:
    """By hand: A 0, 2 at days 0, 1 rises by 2 a day; B 10 at day 5 lies on that line, and above it at day 4."""
    assert tau_bc([0, 2], [10], "higher", time_a=[0, 1], time_b=[5]) == 0.0
    assert tau_bc([0, 2], [10], "higher", time_a=[0, 1], time_b=[4]) == 1.0
    assert tau_bc([3], [1, 2], "higher") is None


def test_a_missing_day_keeps_its_place_in_time() -> None:
    """A line with a gap is still a line: Tau-BC 0; without the gap in time it would not be."""
    gap = make_series("AAAABBB", [1, 2, math.nan, 4, 5, math.nan, 7])
    assert gap.missing == 2
    assert overlap(gap, "higher").tau_bc == 0.0
    closed = make_series("AAABB", [1, 2, 4, 5, 7])
    assert overlap(closed, "higher").tau_bc != 0.0


@given(wholes, wholes)
def test_negated_values_and_the_other_direction_are_the_same(a: list[float], b: list[float]) -> None:
    """Mirror: negating every value and asking for the other direction changes no index."""
    assert indices(a, b, "higher") == indices([-v for v in a], [-v for v in b], "lower")


@given(wholes, wholes)
def test_brute_force(a: list[float], b: list[float]) -> None:
    """Definitions written out pair by pair, and PAND by trying every threshold between the phases."""
    pairs = [(x, y) for x in a for y in b]
    won, lost = sum(y > x for x, y in pairs), sum(y < x for x, y in pairs)
    assert tau(a, b, "higher") == (won - lost) / len(pairs)
    assert nap(a, b, "higher") == pytest.approx((won + 0.5 * (len(pairs) - won - lost)) / len(pairs))
    assert nap(a, b, "higher") == pytest.approx((tau(a, b, "higher") + 1) / 2)
    rise = sum(np.sign(a[j] - a[i]) for i in range(len(a)) for j in range(i + 1, len(a)))
    assert tau_u(a, b, "higher") == pytest.approx((won - lost - rise) / len(pairs))
    # Every A kept lies at or below the cut, every B kept above it.
    kept = max(sum(x <= cut for x in a) + sum(y > cut for y in b) for cut in range(-8, 8))
    assert pand(a, b, "higher") == kept / (len(a) + len(b))
    assert 0 <= pnd(a, b, "higher") <= 1
    assert 0 <= pem(a, b, "higher") <= 1


@given(wholes, wholes, st.integers(-3, 3))
def test_tau_bc_does_not_see_a_trend_added_to_both_phases(a: list[float], b: list[float], slope: int) -> None:
    """Adding one line to the whole series moves the phase A slope by as much, so Tau-BC stays."""
    tilted = [value + slope * day / 7 for day, value in enumerate([*a, *b])]
    before, after = indices(a, b).tau_bc, indices(tilted[: len(a)], tilted[len(a) :]).tau_bc
    assert before == after


@given(wholes, wholes, st.randoms(use_true_random=False))
def test_rows_with_times_may_stand_in_any_order(a: list[float], b: list[float], random: object) -> None:
    """Row order: with times given, a shuffled series gives the same indices."""
    rows = list(enumerate(zip("A" * len(a) + "B" * len(b), [*a, *b], strict=True)))
    random.shuffle(rows)  # type: ignore[attr-defined]
    series = make_series([p for _, (p, _) in rows], [v for _, (_, v) in rows], [t for t, _ in rows])
    assert overlap(series, "lower") == indices(a, b, "lower")


@pytest.mark.parametrize(
    ("phases", "values", "time", "needle"),
    [
        ("AB", [1, 2, 3], None, "2 phases, 3 values"),
        ("ABA", [1, 2, 3], None, "an A follows a B at point 3"),
        ("AAA", [1, 2, 3], None, "no value in phase B"),
        ("AAB", [1, 2, math.nan], None, "no value in phase B"),
        ("AXB", [1, 2, 3], None, "must be A or B"),
        ("AAB", [1, 2, 3], [1, 1, 2], "time 1 stands twice"),
        ("AAB", [1, 2, 3], [1, math.nan, 2], "not a finite number"),
        ("AAB", [1, math.inf, 3], None, "infinite"),
        ("A" * 3000 + "B" * 3000, [1] * 6000, None, "at most 4000"),
    ],
)
def test_a_series_that_is_none_is_refused(phases: str, values: list[float], time: object, needle: str) -> None:
    """Bad input: each problem is named in one line."""
    with pytest.raises(BadInput, match=needle):
        make_series(phases, values, time)  # type: ignore[arg-type]


def test_interval_of_nap_is_the_published_one() -> None:
    """R's SingleCaseES (Newcombe 2006, method 5) prints 0.597 to 0.986 at 95 % for these data, within its tolerance."""
    share = nap(*PARKER, "higher")
    assert nap_interval(share, 6, 7, level=0.95) == pytest.approx((0.5973, 0.9860), abs=1e-4)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_interval_of_nap_holds_it_and_turns_with_it(share: float) -> None:
    """The mirror image has the mirrored interval, and nothing but overlap leaves it open on one side."""
    low, high = nap_interval(share, 5, 9)
    assert 0.0 <= low <= share <= high <= 1.0
    assert nap_interval(1.0 - share, 5, 9) == pytest.approx((1.0 - high, 1.0 - low), abs=1e-6)
    assert high - low > 0.15


def test_interval_of_tau_is_that_of_nap() -> None:
    found = overlap(make_series("AAAAAABBBBBBB", [*PARKER[0], *PARKER[1]]), "higher")
    assert found.nap_interval_90 is not None
    assert found.tau_interval_90 == pytest.approx(tuple(2 * end - 1 for end in found.nap_interval_90))
