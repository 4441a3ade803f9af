"""What a plan's course would be in virtual people, and what one person's scores then say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from openpbm.mechanism.compartments import lit_compartments, target_compartment
from openpbm.mechanism.course_answer import CourseAnswer, draw_course
from openpbm.mechanism.personal import PersonalAnswer, baseline_of, check_scores, reweighted
from openpbm.mechanism.switches import Switches
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.mechanism.washout import WASHOUT_BELOW
from openpbm.planning import AllowedPlan
from openpbm.safety import Screening

__all__ = ["ExpectedCourse", "expect_course"]


@dataclass(frozen=True)
class ExpectedCourse:
    """The course of a plan before the person's scores, and after them.

    start_known : whether the person has a score before light; else the course starts at a high score of the scale
    personal : as all people where no score under light is known
    people : how many virtual people it was drawn in
    """

    course: CourseAnswer
    personal: PersonalAnswer
    start_known: bool
    people: int


def expect_course(
    screening: Screening, plan: AllowedPlan, scores: Mapping[float, float], *, people: int = 6_000, seed: int = 1
) -> ExpectedCourse:
    """Draw the course of a plan in people with the tissue and the lamp of its case, and weigh them by the scores.

    scores : the person's own of the plan's scale, by day from the first session (0 and before: the start) [points]
    Raises BadInput for a score off its scale or later than the course is shown.
    """
    assert screening.exposure is not None, "an allowed plan has a lamp whose light is known"
    virtual = VirtualPeople(people, seed=seed)
    session_s = 60.0 * plan.exposure_minutes
    # Of a course the light alone counts; its warmth is asked for at both ends of a session, since it has to be.
    ends_s = np.array([0.0, session_s])
    lit = lit_compartments(screening.case, screening.exposure, virtual, times_s=ends_s, session_s=session_s)
    baseline = baseline_of(scores)
    target = target_compartment(screening.case, lit)
    draws = draw_course(plan, target, virtual, Switches.drawn(virtual, {}), baseline)
    check_scores(scores, draws.scale.maximum or 0.0, float(draws.days[-1]))
    return ExpectedCourse(
        course=CourseAnswer.of(draws, washout_below=WASHOUT_BELOW),
        personal=reweighted(draws, scores, washout_below=WASHOUT_BELOW),
        start_known=baseline is not None,
        people=people,
    )
