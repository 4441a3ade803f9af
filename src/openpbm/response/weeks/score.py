"""From mediators and expectation to the score that a person gives, equation 19."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.response.threads import over_people
from openpbm.response.weeks.answer import Answer, packed

__all__ = ["CourseScores", "course_scores", "follow_people"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class CourseScores:
    """A score over days as a share of its maximum; every array is (people, days).

    sham    expectation and regression to the mean, as under a lamp without light
    total   with the specific effect
    """

    sham: Array
    total: Array

    @property
    def specific(self) -> Array:
        """What the light itself changes, (people, days); below 0 it helps."""
        return self.total - self.sham


def _expit(logit: Array) -> Array:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logit)))


def _full(mediator: Array, most: Array) -> Array:
    """How much of what a mediator can do has been reached, (people, days)."""
    return mediator / np.where(most > 0.0, most, 1.0)[:, None]


def course_scores(
    people: Answer, stimuli: Array, *, session_days: Array, days: Array, treated_until: float
) -> CourseScores:
    """Follow many people through one course.

    stimuli : (people, sessions)   of each session, from `dose_forms.stimulus`
    session_days : (sessions,)     when, increasing [days]
    days : (days,)                 when scores are asked for, increasing [days]
    treated_until : float          last day on which a person expects the lamp to help
    Returns shares of the score's maximum, between 0 and 1 whatever the parameters.
    """
    from openpbm.response.weeks import kernel

    states = follow_people(people, stimuli, session_days, days, treated_until)
    effect = states[:, :, kernel.EFFECT]
    reached = people.share_direct[:, None] * effect / (1.0 + np.abs(effect))
    calmed = _full(1.0 - states[:, :, kernel.INFLAMMATION], people.inflammation_most)
    reached += people.share_inflammation[:, None] * calmed
    grown = _full(states[:, :, kernel.CAPILLARIES], people.capillary_most - 1.0)
    reached += people.share_capillaries[:, None] * grown
    reached += people.share_conduction[:, None] * (1.0 - states[:, :, kernel.CONDUCTION])

    start = np.log(people.start_share / (1.0 - people.start_share))[:, None]
    regressed = people.regression[:, None] * -np.expm1(-days / people.regression_d[:, None])
    sham = start - states[:, :, kernel.EXPECTATION] - regressed
    specific = people.gain[:, None] * reached
    return CourseScores(sham=_expit(sham), total=_expit(sham - specific))


def follow_people(people: Answer, stimuli: Array, session_days: Array, days: Array, treated_until: float) -> Array:
    """Equations 11-18, (people, days, states) in the order of the kernel; the arguments as in `course_scores`."""
    # Imported here: whoever needs no course loads no compiler.
    from openpbm.response.weeks.kernel import follow

    records, given = packed(people), np.ascontiguousarray(stimuli)

    def part(some: slice) -> Array:
        return np.asarray(follow(records[some], given[some], session_days, days, treated_until))

    return over_people(part, len(records))
