"""What would follow from a plan if the arrows existed: one session and the course, for virtual people like this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from openpbm.mechanism.compartments import lit_compartments, target_compartment
from openpbm.mechanism.course_answer import CourseAnswer, CourseDraws, draw_course
from openpbm.mechanism.personal import PersonalAnswer, baseline_of, check_scores, reweighted
from openpbm.mechanism.proposal import CheckpointStand, DoseProposal, propose_minutes
from openpbm.mechanism.session_answer import Observable, answer_to_session
from openpbm.mechanism.switches import Switches
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.mechanism.washout import WASHOUT_BELOW
from openpbm.planning import AllowedPlan
from openpbm.response import time_grid
from openpbm.safety import Screening

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["NOT_IDENTIFIED", "Response", "respond"]

# An hour after the light, in which most of what a session does within minutes has passed.
_AFTER_S = 3600.0
#: What no data tells apart, whoever is asked.
NOT_IDENTIFIED = (
    "how well near-infrared light frees nitric oxide at the oxidase, and how much of it is bound there at rest",
    "which mediator would carry an effect: inflammation, small vessels, conduction, or none of them",
    "light apart from warmth, without a lamp that only warms",
    "how long an effect carries over, from a weekly score alone",
    "whether sessions dull the next ones: nobody has looked",
)


@dataclass(frozen=True)
class Response:
    """One session and the course, the arrows that they rest on, and in how many virtual people.

    times_s : (times,)   of the session, from its start [s]
    personal : the course once the person's own scores are known; None without any
    proposal : other minutes that these scores speak for, or why there are none
    """

    times_s: NDArray[np.float64]
    observables: tuple[Observable, ...]
    course: CourseAnswer
    personal: PersonalAnswer | None
    proposal: DoseProposal
    switches: Switches
    people: int
    seed: int

    def plot(self) -> Figure:
        """A figure of the session, warmth apart, and of the course beside a lamp without light."""
        # Imported here, so that whoever only wants the numbers does not load Matplotlib.
        from openpbm.mechanism.response_picture import draw_response

        return draw_response(self.times_s, self.observables, self.course, self.people)


def respond(
    screening: Screening,
    plan: AllowedPlan,
    *,
    forced: Mapping[str, bool] = MappingProxyType({}),
    sham: bool = False,
    sham_heat: bool = False,
    scores: Mapping[float, float] = MappingProxyType({}),
    checkpoint: CheckpointStand | None = None,
    washout_below: float = WASHOUT_BELOW,
    people: int = 1000,
    seed: int = 1,
) -> Response:
    """What a plan would do in virtual people with the tissue, the lamp and the place of the case.

    forced : arrows that are on or off in everybody; the others exist in each person by their weight
    sham : a lamp without light and without heat; sham_heat : one that warms as the lamp does and sends no light
    scores : the person's own, by day from the first session (0 and before: the start) [points]
    checkpoint : what that of the person's course says; without it nothing is proposed
    washout_below : share of what light had changed below which its carry-over counts as gone
    Raises BadInput for an unknown arrow and for a score off its scale.

    >>> from openpbm import Quality, make_plan, read_case, screen
    >>> from pathlib import Path
    >>> screening = screen(read_case(Path("examples/restless_legs.toml")))
    >>> plan = make_plan(screening, quality=Quality(scenarios=8))
    >>> nothing = respond(screening, plan, sham=True, people=20)
    >>> max(float(abs(shown.p95).max()) for shown in nothing.observables)
    0.0
    """
    virtual = VirtualPeople(people, seed=seed)
    switches = Switches.drawn(virtual, forced)
    session_s = 60.0 * plan.exposure_minutes
    times_s = time_grid(session_s, _AFTER_S)
    assert screening.exposure is not None, "an allowed plan has a lamp whose light is known"
    lit = lit_compartments(screening.case, screening.exposure, virtual, times_s=times_s, session_s=session_s)
    if sham or sham_heat:
        lit = {name: each.without_light(warm=sham_heat) for name, each in lit.items()}
    target = target_compartment(screening.case, lit)
    start = baseline_of(scores)

    def course_at(exposure_minutes: float) -> CourseDraws:
        return draw_course(plan, target, virtual, switches, start, exposure_minutes=exposure_minutes)

    draws = course_at(plan.exposure_minutes)
    check_scores(scores, draws.scale.maximum or 0.0, float(draws.days[-1]))
    personal = reweighted(draws, scores, washout_below=washout_below) if scores else None
    return Response(
        times_s=times_s,
        observables=answer_to_session(tuple(lit.values()), virtual, switches, times_s, session_s),
        course=CourseAnswer.of(draws, washout_below=washout_below),
        personal=personal,
        proposal=propose_minutes(
            plan, draws, personal, checkpoint, supposed=bool(forced) or sham or sham_heat, course_at=course_at
        ),
        switches=switches,
        people=people,
        seed=seed,
    )
