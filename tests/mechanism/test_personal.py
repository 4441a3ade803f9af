"""One person's scores: what they take away, what a null course does to the null, and scores that are none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from present import present

from openpbm.errors import BadInput
from openpbm.facts.scales import outcome_scale
from openpbm.mechanism import personal
from openpbm.mechanism.course_answer import CourseDraws, ScoreBand
from openpbm.mechanism.personal import PersonalAnswer, baseline_of, check_scores

DAYS = np.arange(0.0, 57.0)
RNG = np.random.default_rng(3)
PEOPLE = 4000


def reweighted(of: CourseDraws, scores: dict[float, float]) -> PersonalAnswer:
    return personal.reweighted(of, scores, washout_below=0.1)


def draws() -> CourseDraws:
    """Half of the people are taken down by light, in straight lines over six weeks, by 8 points and 2 more or less."""
    fall = np.minimum(DAYS / 42.0, 1.0)
    sham = 24.0 - np.outer(RNG.normal(6.0, 3.0, PEOPLE), fall)
    null = np.arange(PEOPLE) % 2 == 0
    gain = np.where(null, 0.0, RNG.normal(8.0, 2.0, PEOPLE))
    return CourseDraws(
        scale=outcome_scale("irls"),
        start=24.0,
        days=DAYS,
        sham=sham,
        total=sham - np.outer(gain, fall),
        null=null,
        left=np.exp(-np.outer(~null, np.arange(27.0))),
    )


def test_weights_are_those_of_bayes_where_it_has_a_closed_form() -> None:
    """Of people without light the score at week 6 is normal: its posterior has the mean and spread of the textbook."""
    all_null = replace(draws(), total=draws().sham)
    error = outcome_scale("irls").reliability
    assert error is not None
    observed = 15.0
    answer = reweighted(all_null, {42.0: observed})
    prior_mean, prior_variance = float(all_null.total[:, 42].mean()), float(all_null.total[:, 42].var())
    noise = error.error_at(observed) ** 2
    mean = (prior_mean / prior_variance + observed / noise) / (1.0 / prior_variance + 1.0 / noise)
    assert answer.total.median[42] == pytest.approx(mean, abs=0.25)
    spread = (answer.total.p95[42] - answer.total.p5[42]) / (2.0 * 1.645)
    assert spread == pytest.approx((1.0 / prior_variance + 1.0 / noise) ** -0.5, rel=0.1)


def test_a_deep_fall_speaks_for_light_and_none_against_it() -> None:
    here = draws()
    fell, stayed = (reweighted(here, {28.0: late + 3.0, 42.0: late}) for late in (8.0, 21.0))
    assert fell.weight_null < 0.2 < 0.8 < stayed.weight_null
    assert fell.chance_of_gain is not None
    assert stayed.chance_of_gain is not None
    assert fell.chance_of_gain > 0.8 > 0.2 > stayed.chance_of_gain
    assert fell.effective_people < PEOPLE
    assert fell.shrinkage > 0.0


def test_a_score_before_light_is_the_start_and_no_news() -> None:
    here = draws()
    answer = reweighted(here, {-3.0: 25.0, 0.0: 23.0})
    assert answer.effective_people == pytest.approx(PEOPLE)
    assert answer.weight_null == pytest.approx(0.5)
    assert answer.shrinkage == pytest.approx(0.0, abs=1e-9)
    assert baseline_of({-3.0: 25.0, 0.0: 23.0, 14.0: 3.0}) == 24.0
    assert baseline_of({14.0: 3.0}) is None


def test_equal_weights_give_the_bands_of_all() -> None:
    points = draws().total
    even = ScoreBand.of(points, np.full(PEOPLE, 1.0 / PEOPLE))
    for name in ("p5", "median", "p95"):
        np.testing.assert_allclose(getattr(even, name), getattr(ScoreBand.of(points), name), atol=0.05)


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ({14.0: 41.0}, "must lie between 0 and 40"),
        ({14.0: -1.0}, "must lie between"),
        ({99.0: 4.0}, "shown to day 56"),
        ({-400.0: 24.0}, "is older than 90 days; count days from the first session"),
    ],
)
def test_a_score_that_is_none_is_refused(scores: dict[float, float], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        check_scores(scores, 40.0, 56.0)


def test_a_score_whose_error_nobody_knows_still_has_one() -> None:
    """Where a scale's error grows with the score it is 0 at 0, and every weight would be 0 over 0."""
    growing = replace(present(outcome_scale("irls").reliability), error_fraction=0.1)
    here = replace(draws(), scale=replace(outcome_scale("irls"), reliability=growing))
    answer = reweighted(here, {42.0: 0.0})
    assert np.isfinite(answer.specific.median).all()
    assert answer.effective_people >= 1.0
