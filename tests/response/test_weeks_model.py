"""A course of weeks: what no light and no arrow does, forms of dose, closed forms, and libRoadRunner."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mechanism_reference import WEEK_STATES, week_states

from openpbm.errors import OpenPBMError
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.response import (
    FORMS,
    FormShape,
    LitSession,
    Regimen,
    course_scores,
    effective_dose_j_cm2,
    merged,
    stimulus,
)
from openpbm.response.weeks import kernel
from openpbm.response.weeks.answer import packed

PEOPLE = VirtualPeople(50, seed=3)
ANSWER = PEOPLE.answer(start_share=0.6)
SHAPE = PEOPLE.form_shape()
DAYS = np.arange(0.0, 85.0)
SESSIONS = np.linspace(0.0, 77.0 / 3.0, 12)
FLAT = np.ones((50, 1))
ONE = np.ones(50)


def session(mw_cm2: float, seconds: float, day: float = 0.0) -> LitSession:
    return LitSession(day, seconds, np.full((50, 1), mw_cm2))


@pytest.mark.parametrize("form", range(len(FORMS)))
def test_no_dose_is_no_stimulus(form: int) -> None:
    assert np.all(stimulus(np.zeros(50), SHAPE, np.full(50, form)) == 0.0)


@pytest.mark.parametrize("form", range(1, len(FORMS)))
@pytest.mark.parametrize(("exponent", "same"), [(1.0, True), (0.8, False), (1.3, False)])
def test_equal_doses_are_equal_only_where_brightness_and_time_are_exchangeable(
    form: int, exponent: float, same: bool
) -> None:
    doses = [
        effective_dose_j_cm2(each, weights=FLAT, reciprocity=exponent * ONE)
        for each in (session(20.0, 600.0), session(5.0, 2400.0))
    ]
    first, second = (stimulus(dose, SHAPE, np.full(50, form)) for dose in doses)
    assert np.allclose(first, second, rtol=1e-12, atol=0.0) == same


def test_sessions_without_a_gap_are_one() -> None:
    half = session(10.0, 900.0)
    other = session(10.0, 900.0, day=900.0 / 86_400.0)
    (whole,) = merged((other, half))
    assert (whole.day, whole.seconds) == (0.0, 1800.0)
    assert len(merged((half, session(10.0, 900.0, day=0.5)))) == 2
    assert len(merged((half, replace(other, fluence_rate_mw_cm2=np.full((50, 1), 11.0))))) == 2


def test_sham_is_the_lamp_with_no_stimulus_to_the_bit() -> None:
    lit = course_scores(ANSWER, np.ones((50, 12)), session_days=SESSIONS, days=DAYS, treated_until=26.0)
    sham = course_scores(ANSWER, np.zeros((50, 12)), session_days=SESSIONS, days=DAYS, treated_until=26.0)
    assert np.array_equal(sham.total, lit.sham)
    assert np.array_equal(sham.total, sham.sham)
    assert np.abs(lit.specific).max() > 0.01


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**20),
    start=st.floats(0.01, 0.99),
    least=st.floats(-1.0, 0.0),
    most=st.floats(0.0, 1.0),
)
def test_scores_stay_within_the_scale_whatever_people_and_stimuli(
    seed: int, start: float, least: float, most: float
) -> None:
    people = VirtualPeople(8, seed=seed)
    stimuli = np.random.default_rng(seed).uniform(least, most, (8, 12))
    scores = course_scores(
        people.answer(start_share=start), stimuli, session_days=SESSIONS, days=DAYS, treated_until=26.0
    )
    for shares in (scores.sham, scores.total):
        assert np.all((shares >= 0.0) & (shares <= 1.0))


def test_effect_fades_and_expectation_builds_as_their_closed_forms() -> None:
    answer = replace(ANSWER, tolerance=np.zeros(50))
    states = kernel.follow(packed(answer), np.ones((50, 1)), np.array([2.0]), DAYS, 20.0)
    after = np.exp(-(DAYS[None, 2:] - 2.0) / answer.carry_over_d[:, None])
    np.testing.assert_allclose(states[:, 2:, kernel.EFFECT], after, rtol=1e-12)
    built = answer.placebo * -np.expm1(-10.0 / answer.placebo_d)
    np.testing.assert_allclose(states[:, 10, kernel.EXPECTATION], built, rtol=1e-12)


def test_a_dulling_session_leaves_less_room_for_the_next() -> None:
    answer = replace(ANSWER, tolerance=np.full(50, 0.5), carry_over_d=np.full(50, 1e9))
    states = kernel.follow(packed(answer), np.ones((50, 2)), np.array([0.0, 1.0]), np.array([1.0]), 1.0)
    second = 1.0 - 0.5 * math.exp(-1.0 / 14.0)
    np.testing.assert_allclose(states[:, 0, kernel.EFFECT], 1.0 + second, rtol=1e-6)


def test_a_regimen_that_nobody_can_mean_is_refused() -> None:
    with pytest.raises(OpenPBMError, match="session 1 has a negative dose"):
        Regimen(np.array([850.0]), (session(-1.0, 60.0),))
    with pytest.raises(OpenPBMError, match="10001 sessions are more than 10000"):
        Regimen(np.array([850.0]), (session(1.0, 60.0),) * 10_001)


def test_too_much_of_a_hormetic_dose_is_worse_than_none() -> None:
    shape = FormShape(half_j_cm2=ONE, excess_j_cm2=5.0 * ONE, steepness=2.0 * ONE, width=ONE)
    place = list(FORMS).index("M3")
    little, much = (stimulus(dose * ONE, shape, np.full(50, place)) for dose in (2.0, 500.0))
    assert little.min() > 0.0 > much.max() > -1.0


def test_the_reference_agrees() -> None:
    """libRoadRunner runs the same course, written once more in Antimony, to 1e-6."""
    people = VirtualPeople(200, seed=8)
    answer = people.answer(start_share=0.6)
    stimuli = np.random.default_rng(5).uniform(-0.3, 1.0, (200, 8))
    sessions, days = np.linspace(0.4, 16.5, 8), np.arange(0.0, 43.0, 7.0)
    ours = kernel.follow(packed(answer), stimuli, sessions, days, 20.0)
    theirs = week_states(answer, stimuli, sessions, days, 20.0)
    for state, name in enumerate(WEEK_STATES):
        assert np.abs(ours[:, :, state] - theirs[:, :, state]).max() < 1e-6, name
