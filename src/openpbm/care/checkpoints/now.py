"""Where a person stands in their course today: the week, what comes next, what was given, what holds it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpbm.care.checkpoints.course import build_course
from openpbm.care.checkpoints.selectors import WeekNow, weeks_of
from openpbm.care.people.models import Person
from openpbm.care.plans.models import Hold, PlanRow
from openpbm.care.plans.selectors import open_holds
from openpbm.care.sessions.selectors import next_due
from openpbm.delivery import (
    Adherence,
    CumulativeFluence,
    adherence,
    cumulative_fluence,
    fluence_in_words,
    match_sessions,
)
from openpbm.planning import AllowedPlan, PlannedSession
from openpbm.planning.document import PlannedLamp

__all__ = ["CourseNow", "adherence_sentence", "course_now", "lamp_sentence", "light_sentence", "week_at"]

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseNow:
    """One course as of a day.

    week : 1 in the first week; 0 before the start
    over : the last planned week is past
    next_session : today's or a later one about which nothing is written; None where none is left
    done : adherence to the sessions planned before today
    """

    plan: PlanRow
    core: AllowedPlan
    today: dt.date
    week: int
    over: bool
    next_session: PlannedSession | None
    next_checkpoint: WeekNow | None
    checkpoints: list[WeekNow]
    done: Adherence
    light: CumulativeFluence
    holds: list[Hold]

    @property
    def week_shown(self) -> int:
        """The week between 1 and the last."""
        return min(max(self.week, 1), self.core.schedule.weeks)

    @property
    def promise(self) -> str:
        """What is known about light for this condition, in the plan's own words."""
        return self.core.evidence.statement


def course_now(person: Person, plan: PlanRow) -> CourseNow:
    """Read it from the rows; nothing is judged."""
    today, core = person.today(), plan.followed
    course = build_course(person, plan)
    up_to_today = match_sessions(course, today + _DAY)
    checkpoints = weeks_of(person, plan, today)
    return CourseNow(
        plan=plan,
        core=core,
        today=today,
        week=week_at(core, today),
        # A plan of less than a week has zero weeks, but is not over on its first day.
        over=today >= core.start_date + dt.timedelta(weeks=max(1, core.schedule.weeks)),
        next_session=next_due(person=person, today=today, course=course),
        next_checkpoint=next((row for row in checkpoints if not row.has_come), None),
        checkpoints=checkpoints,
        done=adherence(course, today),
        # Sessions of today may have been given, so their light counts; adherence judges only days that are over.
        light=cumulative_fluence(up_to_today),
        holds=open_holds(person),
    )


def week_at(plan: AllowedPlan, day: dt.date) -> int:
    """The week of the course a day lies in, 1 the first; 0 and less before the start."""
    return (day - plan.start_date).days // 7 + 1


def adherence_sentence(done: Mapping[str, Any], until: str = "so far") -> str:
    """How many sessions of how many, in words; those nothing is written about are named as unknown.

    done : `Adherence.to_dict` as of a day

    >>> adherence_sentence({"due": 6, "done": 4, "partial": 1, "missed": 1, "unknown": 0, "extra": 0})
    '4 of the 6 sessions planned so far were done (67 %). 1 was partly done. 1 was missed.'
    """
    due, unknown = done["due"], done["unknown"]
    if not due:
        return f"No session was planned {until}, so there is no share to give."
    noun = "the one session" if due == 1 else f"the {due} sessions"
    sentences = [f"{done['done']} of {noun} planned {until} {_was(due)} done ({100 * done['done'] / due:.0f} %)."]
    if done["partial"]:
        sentences.append(f"{done['partial']} {_was(done['partial'])} partly done.")
    if done["missed"]:
        sentences.append(f"{done['missed']} {_was(done['missed'])} missed.")
    if done.get("elsewhere"):
        sentences.append(f"In {done['elsewhere']} the light went to another place instead.")
    if unknown:
        counts = "it counts" if unknown == 1 else "they count"
        sentences.append(f"Nothing is written about {unknown}, so {counts} as not done.")
    if done["extra"]:
        sentences.append(f"{done['extra']} more {_was(done['extra'])} given than planned.")
    return " ".join(sentences)


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def light_sentence(light: CumulativeFluence) -> str:
    """All light at the skin so far, as an interval, with what is not known."""
    if not light.places and not light.sessions_unknown:
        return "No light was given yet."
    statement = fluence_in_words(light.course_j_cm2, light.sessions_unknown, unit="J/cm²", joint=", and ")
    return f"{statement[:1].upper()}{statement[1:]}."


def lamp_sentence(lamp: PlannedLamp) -> str:
    """How far the lamp's output is trusted."""
    if lamp.output_status == "measured":
        return "The plan rests on a measurement of the lamp."
    return "The plan rests on what the lamp’s maker claims, not on a measurement, so the range is wide."
