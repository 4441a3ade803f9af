"""Paired on/off periods: p counted by hand, the smallest p 2^-pairs, and error rates under chance and expectation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbm.errors import BadInput
from openpbm.single_case.blocks import bang_index, belief_adjusted_test, guesses_right, paired_blocks_test

PAIRS = np.repeat(np.arange(6), 2)


def drawn(chance: np.random.Generator) -> np.ndarray:
    """Lamp of twelve periods: the order within each of six pairs by lot."""
    first = chance.random(6) < 0.5
    return np.column_stack([first, ~first]).ravel()


def test_p_counted_by_hand() -> None:
    """Differences -1, -2, +1: the sums -2, -4, 0 ... of the eight sign changes; as low as -2 are -2, -4 and -2."""
    done = paired_blocks_test([4, 3, 6], [5, 5, 5], "lower")
    assert (done.statistic, done.p, done.distribution_size) == pytest.approx((-2 / 3, 3 / 8, 8))


@pytest.mark.parametrize("pairs", [1, 3, 5, 12])
def test_smallest_p_is_one_over_the_distribution(pairs: int) -> None:
    """Closed form: all pairs better by different amounts give 2^-pairs, the other direction gives 1."""
    sham = 5.0 + np.arange(pairs) * 0.1
    active = sham - 1.0 - np.arange(pairs) * 0.37
    assert paired_blocks_test(active, sham, "lower").p == 2.0**-pairs
    assert paired_blocks_test(active, sham, "higher").p == 1.0


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=1, max_size=8))
def test_mirror_and_order_of_pairs_change_nothing(pairs: list[tuple[int, int]]) -> None:
    """Property: negated values with the other direction, or the pairs in another order, give the same p."""
    active, sham = np.array(pairs, dtype=float).T / 10.0
    p = paired_blocks_test(active, sham, "lower").p
    assert paired_blocks_test(-active, -sham, "higher").p == p
    assert paired_blocks_test(active[::-1], sham[::-1], "lower").p == p


def test_no_difference_at_all_is_p_one() -> None:
    assert paired_blocks_test([5.1, 4.2], [5.1, 4.2], "lower").p == 1.0


def test_guesses_that_say_nothing_leave_the_test_as_it_was() -> None:
    """Property: always unsure, or always the same guess, gives the p of the plain test."""
    chance = np.random.default_rng(2)
    active, means = drawn(chance), chance.normal(5, 1, 12)
    plain = paired_blocks_test(means[active], means[~active], "lower")
    for guess in (np.zeros(12), np.ones(12)):
        assert belief_adjusted_test(means, active, guess, PAIRS, "lower").p == plain.p


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_guesses_that_follow_the_lamp_leave_nothing(sign: float) -> None:
    active = drawn(np.random.default_rng(4))
    guess = sign * np.where(active, 1.0, -1.0)
    done = belief_adjusted_test(np.where(active, 2.0, 6.0), active, guess, PAIRS, "lower")
    assert (done.statistic, done.p, done.distribution_size) == (0.0, 1.0, 64)
    assert "belief" in done.note


def test_light_is_still_seen_when_the_guesses_are_by_chance() -> None:
    """Power: a fall of 2 in spite of guesses by coin has p <= 0.05 in more than 80 % of 200 courses."""
    chance, seen = np.random.default_rng(5), 0
    for _ in range(200):
        active, guess = drawn(chance), chance.choice([-1.0, 0.0, 1.0], 12)
        means = 6.0 - 2.0 * active - 0.5 * guess + chance.normal(0, 0.7, 12)
        seen += belief_adjusted_test(means, active, guess, PAIRS, "lower").p <= 0.05
    assert seen / 200 > 0.8


@pytest.mark.parametrize("share_right", [0.5, 0.75, 0.9])
def test_expectation_alone_is_not_taken_for_light(share_right: float) -> None:
    """Error rate: no light effect, a fall of 2 wherever the person believes; p <= 0.05 in at most 6 % of 1,500.

    The plain test is fooled as soon as the guesses are better than chance, which is why the adjusted one exists.
    """
    chance, adjusted, plain = np.random.default_rng(6), 0, 0
    for _ in range(1500):
        active = drawn(chance)
        guess = np.where(active, 1.0, -1.0) * np.where(chance.random(12) < share_right, 1.0, -1.0)
        means = 6.0 - 1.0 * guess + chance.normal(0, 0.7, 12)
        adjusted += belief_adjusted_test(means, active, guess, PAIRS, "lower").p <= 0.05
        plain += paired_blocks_test(means[active], means[~active], "lower").p <= 0.05
    assert adjusted / 1500 <= 0.06
    assert (plain / 1500 > 0.2) == (share_right > 0.6)


def test_bang_index_of_each_arm() -> None:
    """Bang (2004), closed form: right less wrong over all, so 3 right, 1 wrong, 1 unsure of 5 is 0.4."""
    active = np.repeat([True, False], 5)
    index = bang_index(active, [1, 1, 1, -1, 0, -1, 1, -1, 1, 0])
    assert index == {"active": pytest.approx(0.4), "sham": pytest.approx(0.0)}
    assert bang_index([True], [1]) == {"active": 1.0, "sham": None}


def test_guesses_right_counts_only_those_made() -> None:
    """Closed form: 5 of 6 right or better by coin is 7/64."""
    active = np.array([True, False] * 4)
    right, asked, p = guesses_right(active, [1, -1, 1, -1, 1, 1, 0, 0])
    assert (right, asked, p) == pytest.approx((5, 6, 7 / 64))
    assert guesses_right([True], [0]) == (0, 0, 1.0)


@pytest.mark.parametrize(
    ("active", "sham", "word"),
    [([1, 2], [1], "as many"), ([], [], "at least 1"), ([1, np.nan], [1, 2], "no mean"), ([0] * 21, [0] * 21, "20")],
)
def test_broken_pairs_are_refused(active: list[float], sham: list[float], word: str) -> None:
    with pytest.raises(BadInput, match=word):
        paired_blocks_test(active, sham, "lower")


@pytest.mark.parametrize(
    ("active", "guess", "pair", "word"),
    [
        ([True, True], [0, 0], [1, 1], "pair 1"),
        ([True, False], [0, 2], [1, 1], "unsure"),
        ([True, False], [0, 0], [1, 2], "pair 1"),
        ([True, False], [0], [1, 1], "as many"),
    ],
)
def test_broken_belief_data_are_refused(active: list[bool], guess: list[float], pair: list[int], word: str) -> None:
    with pytest.raises(BadInput, match=word):
        belief_adjusted_test([5.0, 4.0], active, guess, pair, "lower")
