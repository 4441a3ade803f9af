"""The calibration that ships: made from tables that ship, covering what it was fitted to, and centred before data."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
from qualified import PEOPLE, SEED, qualified

from openpbm.facts.mechanism import calibration, course_posterior, form_weights
from openpbm.mechanism.predicted_courses import without_mediators
from openpbm.mechanism.qualification import qualify
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.response import FORMS, course_scores, stimulus

INPUTS = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "calibration_inputs.py"))


def test_the_tables_are_of_these_sets_priors_and_scripts() -> None:
    """After a change of one of them: benchmarks/calibrate_mechanism.py."""
    assert calibration().inputs == INPUTS["inputs_digest"]()
    assert calibration().sets == tuple(each.id for each in INPUTS["fitted_sets"]())
    assert {each.role for each in INPUTS["fitted_sets"]()} == {"calibration"}


def test_chains_agreed() -> None:
    assert calibration().worst_r_hat <= 1.02
    assert calibration().divergences <= 50


def test_every_form_has_its_draws_and_the_null_its_weight() -> None:
    posterior = course_posterior()
    assert set(posterior) == {*INPUTS["CALIBRATED"], "scatter"}
    for name, by_form in posterior.items():
        assert tuple(by_form) == tuple(FORMS), name
        assert {len(draws) for draws in by_form.values()} == {100}, name
    weights = form_weights()
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights["M0"] > 0.05
    assert weights["M0"] < form_weights(calibrated=False)["M0"], "the fitted studies all report an advantage"


def test_before_data_twelve_sessions_change_restless_legs_by_nothing_give_or_take_four() -> None:
    people = VirtualPeople(4000, seed=1, calibrated=False)
    forms = 1 + np.arange(people.count) % 4
    doses = np.exp(np.random.default_rng(0).normal(np.log(2.0), 1.0, people.count))
    stimuli = np.repeat(stimulus(doses, people.form_shape(), forms)[:, None], 12, axis=1)
    sessions = np.array([7.0 * week + day for week in range(4) for day in (0, 2, 4)])
    for answer in (people.answer(start_share=0.6), without_mediators(people.answer(start_share=0.6))):
        scores = course_scores(answer, stimuli, session_days=sessions, days=np.array([28.0]), treated_until=25.0)
        points = 40.0 * scores.specific[:, 0]
        assert points.mean() == pytest.approx(0.0, abs=0.25)
        assert points.std() == pytest.approx(4.0, rel=0.1)


def test_intervals_hold_four_fifths_of_the_points_and_more_than_before() -> None:
    covered, count = qualified().coverage()
    before, _ = qualify(people=PEOPLE, seed=SEED, calibrated=False).coverage()
    assert count == 21
    assert covered >= 0.8 * count
    assert covered > before


def test_a_person_follows_one_draw_of_their_form() -> None:
    people = VirtualPeople(200, seed=6)
    gains, carry_over = people.course_parameter("gain"), people.course_parameter("carry_over_d")
    posterior = course_posterior()
    for place, form in enumerate(people.forms()):
        name = list(FORMS)[form]
        row = posterior["gain"][name].index(gains[place])
        assert posterior["carry_over_d"][name][row] == carry_over[place]
