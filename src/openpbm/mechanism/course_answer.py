"""A course in virtual people: what expectation alone would do to the score, and what light might add."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.scales import Scale, outcome_scale
from openpbm.mechanism.compartments import Compartment
from openpbm.mechanism.switched_course import session_stimulus, switched_answer
from openpbm.mechanism.switches import Switches
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.mechanism.washout import WASHOUT_WEEKS, Washout, left_over, washout
from openpbm.planning import AllowedPlan
from openpbm.response import CourseScores, LitSession, course_scores, merged

__all__ = ["CourseAnswer", "CourseDraws", "ScoreBand", "course_scale", "draw_course", "important_change"]

Array = NDArray[np.float64]
# Days shown after the last session, in which carry-over fades.
_AFTER_DAYS = 28
# A score that is high and can still rise, where nobody knows the person's own.
_START_SHARE = 0.6
# A score at the very end of its scale has no logit.
_LEAST_SHARE = 0.01
_CHANCE_DAY = 42


@dataclass(frozen=True)
class ScoreBand:
    """Of the people of each day, (days,) each [points]."""

    p5: Array
    median: Array
    p95: Array

    @classmethod
    def of(cls, points: Array, weights: Array | None = None) -> ScoreBand:
        """points : (people, days); weights : (people,), together 1, of people who do not count alike."""
        if weights is None:
            return cls(*np.percentile(points, [5, 50, 95], axis=0))
        order = np.argsort(points, axis=0)
        upto = np.cumsum(weights[order], axis=0)
        at = [np.argmax(upto >= share, axis=0) for share in (0.05, 0.5, 0.95)]
        ordered = np.take_along_axis(points, order, axis=0)
        return cls(*(np.take_along_axis(ordered, each[None, :], axis=0)[0] for each in at))


def important_change(scale: Scale) -> float | None:
    """The least published change for the better [points]; None where nobody knows."""
    changes = [-row.change for row in scale.thresholds if row.change is not None and row.change < 0]
    return min(changes, default=None)


@dataclass(frozen=True)
class CourseDraws:
    """The course of every virtual person.

    start         score at the start [points]
    days          (days,) from the first session
    sham, total   under a lamp without light, and under the lamp, (people, days) [points]
    null          (people,) whether light does nothing in them: by the form of dose (M0), or since the arrow from light
                  to the symptom does not exist in them
    left          share of the largest change by light that is left, (people, weeks) from the last session on
    """

    scale: Scale
    start: float
    days: Array
    sham: Array
    total: Array
    null: NDArray[np.bool_]
    left: Array

    @property
    def specific(self) -> Array:
        """What the light itself changes, (people, days); below 0 it helps [points]."""
        return self.total - self.sham

    @property
    def important_change(self) -> float | None:
        """The least published change for the better [points]; None where nobody knows."""
        return important_change(self.scale)

    def gained(self) -> NDArray[np.bool_] | None:
        """Whom light itself takes by the important change within six weeks, (people,)."""
        if self.important_change is None:
            return None
        by_week_six = self.specific[:, min(_CHANCE_DAY, self.days.size - 1)]
        return np.asarray(by_week_six <= -self.important_change)


@dataclass(frozen=True)
class CourseAnswer:
    """A score over the days of a course and four weeks after it.

    scale, name               what is scored, its id and its name
    maximum, start            its highest score and the score at the start [points]
    days                      (days,) from the first session
    sham, total               under a lamp without light, and under the lamp [points]
    specific                  what the light itself changes: total less sham; below 0 it helps [points]
    weight_null               share of the people in whom light does nothing (`CourseDraws.null`)
    important_change          change that people call worth having [points], None where nobody knows
    chance_of_gain            share of the people whom light itself takes by that much within six weeks
    washout                   how long without light until its carry-over is gone
    """

    scale: str
    name: str
    maximum: float
    start: float
    days: Array
    sham: ScoreBand
    specific: ScoreBand
    total: ScoreBand
    weight_null: float
    important_change: float | None
    chance_of_gain: float | None
    washout: Washout

    @classmethod
    def of(cls, draws: CourseDraws, *, washout_below: float) -> CourseAnswer:
        """Bands over all people of a course."""
        gained = draws.gained()
        return cls(
            scale=draws.scale.id,
            name=draws.scale.plain_name,
            maximum=draws.scale.maximum or 0.0,
            start=draws.start,
            days=draws.days,
            sham=ScoreBand.of(draws.sham),
            specific=ScoreBand.of(draws.specific),
            total=ScoreBand.of(draws.total),
            weight_null=float(draws.null.mean()),
            important_change=draws.important_change,
            chance_of_gain=None if gained is None else float(gained.mean()),
            washout=washout(draws.left, ~draws.null, below=washout_below),
        )


def draw_course(
    plan: AllowedPlan,
    target: Compartment,
    people: VirtualPeople,
    switches: Switches,
    start: float | None = None,
    *,
    exposure_minutes: float | None = None,
) -> CourseDraws:
    """Follow the planned sessions at the target through the schedule of a plan.

    start : the person's own score before light [points]; None where nobody knows it
    exposure_minutes : light on one spot in each session [min]; None, as planned
    """
    scale = course_scale(plan)
    maximum = scale.maximum or 0.0
    share = _START_SHARE if start is None else min(max(start / maximum, _LEAST_SHARE), 1.0 - _LEAST_SHARE)
    sessions = merged(tuple(_sessions(plan, target, exposure_minutes or plan.exposure_minutes)))
    # The light is the same each time: sessions differ in their minutes alone, where two without a gap are one.
    by_length = {
        each.seconds: session_stimulus(each, target.wavelength_nm, target.name, people, switches) for each in sessions
    }
    stimuli = np.stack([by_length[each.seconds] for each in sessions], axis=1)
    last = sessions[-1].day
    days = np.arange(0.0, last + _AFTER_DAYS + 1.0)
    answer = switched_answer(people.answer(start_share=share), switches)

    def on(asked: Array) -> CourseScores:
        session_days = np.array([session.day for session in sessions])
        return course_scores(answer, stimuli, session_days=session_days, days=asked, treated_until=last)

    scores, after = on(days), on(last + 7.0 * np.arange(WASHOUT_WEEKS + 1.0))
    return CourseDraws(
        scale=scale,
        start=share * maximum,
        days=days,
        sham=scores.sham * maximum,
        total=scores.total * maximum,
        null=np.asarray(~stimuli.any(axis=1), dtype=np.bool_),
        left=left_over(scores.specific, after.specific),
    )


def course_scale(plan: AllowedPlan) -> Scale:
    """Of the outcomes that may decide and run from 0 to a highest, worst score, one with a known course under sham."""
    scales = [outcome_scale(outcome.scale) for outcome in plan.outcomes]
    bounded = [each for each in scales if each.maximum and each.minimum == 0.0 and each.direction == "lower"]
    bounded.sort(key=lambda each: each.sham_course is None)
    return bounded[0] if bounded else outcome_scale("nrs")


def _sessions(plan: AllowedPlan, target: Compartment, exposure_minutes: float) -> list[LitSession]:
    first = plan.schedule.sessions[0].date
    seconds = 60.0 * exposure_minutes
    return [
        LitSession(float((planned.date - first).days), seconds, target.fluence_rate_mw_cm2)
        for planned in plan.schedule.sessions
    ]
