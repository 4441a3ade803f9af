"""What one person's own scores say: the virtual people who went the same way count more."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.errors import BadInput, Problem
from openpbm.mechanism.course_answer import CourseDraws, ScoreBand
from openpbm.mechanism.washout import Washout, washout

__all__ = ["PersonalAnswer", "baseline_of", "check_scores", "reweighted"]

Array = NDArray[np.float64]
# Fewer people than this in effect, and bands are drawn by a handful.
LEAST_EFFECTIVE = 50.0
# What a score says of the start when it is older, nobody knows.
_OLDEST_START_DAYS = 90


@dataclass(frozen=True)
class PersonalAnswer:
    """The course once the person's scores are known.

    scores             points by day, as given
    effective_people   how many equally weighted people the answer rests on (Kish)
    shrinkage          share of the prior's variance of the specific change at week 6 that the scores took away
    specific, total    bands of the reweighted people [points]
    weight_null        weight of the people in whom light does nothing (`CourseDraws.null`)
    chance_of_gain     weight of those whom light itself takes by the important change within six weeks
    washout            how long without light until its carry-over is gone
    weights            (people,) of the virtual people, together 1
    """

    scores: Mapping[float, float]
    effective_people: float
    shrinkage: float
    specific: ScoreBand
    total: ScoreBand
    weight_null: float
    chance_of_gain: float | None
    washout: Washout
    weights: Array

    @property
    def rests_on_enough(self) -> bool:
        """Whether enough virtual people went the same way."""
        return self.effective_people >= LEAST_EFFECTIVE


def check_scores(scores: Mapping[float, float], maximum: float, last_day: float) -> None:
    """BadInput for a score off its scale or a day that the course does not have."""
    problems = []
    for day, points in scores.items():
        if not 0.0 <= points <= maximum:
            problems.append(Problem(f"--score {day:g}", points, f"must lie between 0 and {maximum:g}"))
        if day < -_OLDEST_START_DAYS:
            remedy = "count days from the first session, those before it below 0"
            problems.append(Problem(f"--score {day:g}", points, f"is older than {_OLDEST_START_DAYS} days", remedy))
        if day > last_day:
            remedy = "count days from the first session"
            problems.append(Problem(f"--score {day:g}", points, f"the course is shown to day {last_day:g}", remedy))
    if problems:
        raise BadInput(problems)


def baseline_of(scores: Mapping[float, float]) -> float | None:
    """Mean of the scores before the first session; None without any."""
    before = [points for day, points in scores.items() if day <= 0.0]
    return float(np.mean(before)) if before else None


def reweighted(draws: CourseDraws, scores: Mapping[float, float], *, washout_below: float) -> PersonalAnswer:
    """Weigh people by how near their scores come to the person's own, within the error of the scale.

    scores : points by day; those of day 0 and before are the start and no news
    """
    news = {day: points for day, points in scores.items() if day > 0.0}
    logs = np.zeros(draws.total.shape[0])
    for day, points in news.items():
        expected = np.array([np.interp(day, draws.days, course) for course in draws.total])
        logs -= 0.5 * ((points - expected) / _error(draws, points)) ** 2
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    gained, week_six = draws.gained(), draws.specific[:, min(42, draws.days.size - 1)]
    return PersonalAnswer(
        scores=scores,
        effective_people=float(1.0 / (weights**2).sum()),
        shrinkage=_shrinkage(week_six, weights),
        specific=ScoreBand.of(draws.specific, weights),
        total=ScoreBand.of(draws.total, weights),
        weight_null=float(weights[draws.null].sum()),
        chance_of_gain=None if gained is None else float(weights[gained].sum()),
        washout=washout(draws.left, ~draws.null, below=washout_below, weights=weights),
        weights=weights,
    )


def _error(draws: CourseDraws, points: float) -> float:
    """Standard error of one score: that of the scale, or a tenth of it where nobody measured it."""
    reliability = draws.scale.reliability
    error = math.nan if reliability is None else reliability.error_at(points)
    # Not a number where its table says nothing, and 0 at a score of 0 where it grows with the score.
    return error if error > 0.0 else 0.1 * (draws.scale.maximum or 1.0)


def _shrinkage(values: Array, weights: Array) -> float:
    before = float(values.var())
    if before == 0.0:
        return 0.0
    after = float((weights * (values - weights @ values) ** 2).sum())
    return 1.0 - after / before
