"""Other minutes for one person: within every limit, where the checkpoint leaves them open and scores move them.

It is for a clinician to release as a new plan, and never more than that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.mechanism.course_answer import CourseDraws
from openpbm.mechanism.personal import PersonalAnswer, baseline_of
from openpbm.planning import AllowedPlan, RescaledPlan, rescale

__all__ = ["CheckpointStand", "DoseProposal", "propose_minutes"]

# What is tried, as shares of the planned minutes; half a minute is as fine as a timer is set.
_FACTORS = (0.5, 0.75, 0.9, 1.1, 1.25, 1.5, 2.0)
_STEP_MINUTES = 0.5
# Chance of an important gain by which other minutes have to be better, beyond two standard errors of it: for the
# person, and for the person more than for people in general.
_LEAST_ADVANTAGE = 0.05


@dataclass(frozen=True)
class CheckpointStand:
    """What the checkpoint of the person's course says.

    week           of the checkpoint
    minutes_open   whether its rules leave the minutes open
    says           its words
    minutes        of the plan that was followed, at one place [min]
    """

    week: int
    minutes_open: bool
    says: str
    minutes: float


@dataclass(frozen=True)
class DoseProposal:
    """Minutes at one place, or why there are none.

    minutes            proposed, None for no proposal [min]
    planned_minutes    of the plan [min]
    chance_planned     chance of an important gain by light within six weeks, at the planned minutes and at those
    chance_proposed    proposed, both by the person's scores; None where nothing is proposed
    reason             in words
    """

    minutes: float | None
    planned_minutes: float
    chance_planned: float | None
    chance_proposed: float | None
    reason: str


def propose_minutes(
    plan: AllowedPlan,
    draws: CourseDraws,
    personal: PersonalAnswer | None,
    stand: CheckpointStand | None,
    *,
    supposed: bool,
    course_at: Callable[[float], CourseDraws],
) -> DoseProposal:
    """Other minutes that the person's scores speak for, where nothing stands against it.

    draws : the course at the planned minutes;  course_at : the same people's at another exposure [min]
    supposed : whether arrows or the lamp were set by hand, so that it is no longer about the person
    """
    against = _against(plan, draws, personal, stand, supposed=supposed)
    if against or personal is None:
        return _none(plan, against)
    gained = draws.gained()
    assert gained is not None, "looked at among what stands against it"
    best, advantage = None, 0.0
    for minutes, exposure_minutes in _within_limits(plan):
        better = _better(gained, course_at(exposure_minutes), personal.weights)
        if better > advantage:
            best, advantage = minutes, better
    if best is None:
        return _none(plan, "no other minutes within the limits would be clearly better by these scores")
    chance = float(personal.weights[gained].sum())
    return DoseProposal(
        minutes=best,
        planned_minutes=plan.session_minutes,
        chance_planned=chance,
        chance_proposed=chance + advantage,
        reason="these scores speak for it more than the priors do; it needs a new plan that a clinician releases",
    )


def _none(plan: AllowedPlan, reason: str) -> DoseProposal:
    return DoseProposal(None, plan.session_minutes, None, None, reason)


def _against(
    plan: AllowedPlan,
    draws: CourseDraws,
    personal: PersonalAnswer | None,
    stand: CheckpointStand | None,
    *,
    supposed: bool,
) -> str:
    """The first thing that stands against any proposal, in words; "" for none."""
    if stand is not None and not stand.minutes_open:
        return f"the checkpoint of week {stand.week} does not leave the minutes open. It says: {stand.says}"
    if personal is None or all(day <= 0.0 for day in personal.scores):
        return "there is no score of this person after the first session"
    if baseline_of(personal.scores) is None:
        return "there is no score of this person before light, so that nothing can be compared with it"
    if stand is None:
        return "no checkpoint was asked: give the course's folder (--course) and its week"
    if stand.minutes != plan.session_minutes:
        return f"the course was planned with {stand.minutes:g} minutes and this case with {plan.session_minutes:g}"
    if supposed:
        return "arrows or the lamp were set by hand: what follows is about no person"
    if draws.important_change is None:
        return f"nobody knows which change of {draws.scale.id} matters"
    if not personal.rests_on_enough:
        return "these scores rest on too few virtual people: ask for more with --people"
    return ""


def _within_limits(plan: AllowedPlan) -> list[tuple[float, float]]:
    """Other minutes at one place that keep every limit that the plan keeps, with the light on one spot [min]."""
    kept, own = [], _passed_over(rescale(plan, minutes=plan.session_minutes))
    for factor in _FACTORS:
        minutes = _STEP_MINUTES * round(factor * plan.session_minutes / _STEP_MINUTES)
        if minutes in (0.0, plan.session_minutes):
            continue
        other = rescale(plan, minutes=minutes)
        if _passed_over(other) <= own:
            kept.append((minutes, other.exposure_minutes))
    return kept


def _passed_over(other: RescaledPlan) -> set[str]:
    """Rules that are not kept, and what was not computed: the unknown is no leave."""
    limits = [*other.skin.limits, *other.eye.limits, *other.course.limits]
    limits += [limit for target in other.targets for limit in target.limits]
    return {limit.rule for limit in limits if not limit.passed} | set(other.not_computed)


def _better(gained: NDArray[np.bool_], other: CourseDraws, weights: NDArray[np.float64]) -> float:
    """By how much more likely an important gain is for the person at other minutes; 0 where that is not clear."""
    there = other.gained()
    assert there is not None
    apart = there.astype(np.float64) - gained.astype(np.float64)
    advantage, in_general = float(weights @ apart), float(apart.mean())
    error = float(np.sqrt((weights**2 * (apart - advantage) ** 2).sum()))
    if min(advantage, advantage - in_general) < _LEAST_ADVANTAGE + 2.0 * error:
        return 0.0
    return advantage
