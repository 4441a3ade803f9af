"""What the days of a running course are judged by, small enough to be kept beside every person. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpbm.course import Course
from openpbm.course.records import RecordedSession
from openpbm.delivery import match_sessions
from openpbm.files import JsonObject
from openpbm.planning import AllowedPlan

__all__ = ["CourseFacts", "Delivery", "Judged", "course_facts"]

# Below three sessions due one that is missed says nothing; two in a row do, whatever the share.
_FEW = 0.6
_FEWEST_DUE = 3
_IN_A_ROW = 2
_A_DAY = dt.timedelta(days=1)

#: A planned session: its day, and how it stands (`openpbm.delivery.session_record.SessionState`).
Planned = tuple[dt.date, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One judgement of a checkpoint. lasting : its word on whether what was gained lasts"""

    week: int
    lasting: str
    decided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How the sessions go: done of due, and how many were left out one after the other up to now."""

    due: int
    done: int
    in_a_row: int

    @property
    def several_in_a_row(self) -> bool:
        """Whether that many were left out that it says something by itself."""
        return self.in_a_row >= _IN_A_ROW

    @property
    def few(self) -> bool:
        """Whether too few took place."""
        return self.several_in_a_row or (self.due >= _FEWEST_DUE and self.done / self.due < _FEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFacts:
    """The released plan and what was written about its sessions, without the day from which it is looked at.

    lamps : every lamp of the plan · measured : it rests on lamps whose light was measured
    checkpoints : week and day of each · decided : the weeks a clinician has decided
    relapsed : the weeks whose newest judgement says that what was gained is lost
    sessions : every planned one, in the order in which they took place, by all that is written
    written_until : the last day that something is written about
    before : the sessions by what is written about earlier days, for that day itself, whose lines do not count yet;
        None where they stand alike
    """

    plan: str
    lamps: tuple[str, ...]
    measured: bool
    checkpoints: tuple[tuple[int, dt.date], ...]
    decided: tuple[int, ...]
    relapsed: tuple[int, ...]
    sessions: tuple[Planned, ...]
    written_until: dt.date | None
    before: tuple[Planned, ...] | None

    def delivery(self, today: dt.date) -> Delivery:
        """How the sessions went that were planned before that day."""
        counted = self.sessions
        if self.before is not None and self.written_until is not None and today <= self.written_until:
            counted = self.before
        states = [state for day, state in counted if day < today]
        row = 0
        # Unknown counts as left out here, so that somebody asks; the adherence itself keeps the two apart.
        while row < len(states) and states[-1 - row] in ("missed", "unknown"):
            row += 1
        return Delivery(due=len(states), done=states.count("done"), in_a_row=row)

    def checkpoints_due(self, today: dt.date) -> list[int]:
        """The week whose day has come and that nobody decided."""
        come = [week for week, day in self.checkpoints if day <= today]
        # A later look takes the place of an earlier one: only the last that has come waits.
        return [week for week in come[-1:] if week not in self.decided]

    def to_document(self) -> JsonObject:
        """As it is kept."""
        until = self.written_until
        return {
            "plan": self.plan,
            "lamps": list(self.lamps),
            "measured": self.measured,
            "checkpoints": [[week, day.isoformat()] for week, day in self.checkpoints],
            "decided": list(self.decided),
            "relapsed": list(self.relapsed),
            "sessions": [[day.isoformat(), state] for day, state in self.sessions],
            "written_until": None if until is None else until.isoformat(),
            "before": None if self.before is None else [[day.isoformat(), state] for day, state in self.before],
        }

    @classmethod
    def from_document(cls, kept: JsonObject) -> CourseFacts:
        """As it was kept."""
        day_of, until, before = dt.date.fromisoformat, kept["written_until"], kept["before"]
        return cls(
            plan=kept["plan"],
            lamps=tuple(kept["lamps"]),
            measured=kept["measured"],
            checkpoints=tuple((week, day_of(day)) for week, day in kept["checkpoints"]),
            decided=tuple(kept["decided"]),
            relapsed=tuple(kept["relapsed"]),
            sessions=tuple((day_of(day), state) for day, state in kept["sessions"]),
            written_until=None if until is None else day_of(until),
            before=None if before is None else tuple((day_of(day), state) for day, state in before),
        )


def course_facts(
    plan: AllowedPlan,
    sessions: Sequence[RecordedSession],
    judged: Sequence[Judged],
    *,
    plan_id: object,
    lamps: Iterable[object],
) -> CourseFacts:
    """The facts of a course. `judged`: the judgements of its checkpoints, the newest last."""
    newest = {one.week: one.lasting for one in judged}
    last = max((row.date for row in sessions), default=None)
    course = Course(plan=plan, sessions=tuple(sessions))
    planned = [one.date for one in plan.schedule.sessions]
    end = max([*planned, last] if last is not None else planned) + _A_DAY
    everything = _states(course, end)
    before = everything
    if last is not None:
        earlier = tuple(row for row in sessions if row.date < last)
        before = _states(Course(plan=plan, sessions=earlier), end)
    return CourseFacts(
        plan=str(plan_id),
        lamps=tuple(map(str, lamps)),
        measured=plan.lamp.output_status == "measured",
        checkpoints=tuple(plan.checkpoint_days.items()),
        decided=tuple(sorted({one.week for one in judged if one.decided})),
        relapsed=tuple(week for week, word in newest.items() if word == "relapse"),
        sessions=everything,
        written_until=last,
        before=None if before == everything else before,
    )


def _states(course: Course, end: dt.date) -> tuple[Planned, ...]:
    """Up to the end all are due, and whether one is due on a day is told by its own."""
    records = match_sessions(course, end)
    return tuple((one.planned.date, one.state) for one in records if one.planned is not None)
