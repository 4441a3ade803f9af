"""Every session of a plan, planned and given, in rows that a page shows as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from openpbm.care.devices.ruler import cm_of
from openpbm.care.sessions.models import SessionRecord
from openpbm.care.sessions.positions import place_in_words
from openpbm.care.sessions.selectors import lines_of
from openpbm.course import Course, Mark
from openpbm.delivery import (
    Adherence,
    CumulativeFluence,
    adherence,
    cumulative_fluence,
    due_in_words,
    find_deviations,
    fluence_in_words,
    match_sessions,
    next_step,
)
from openpbm.delivery import SessionRecord as Matched
from openpbm.planning import AllowedPlan
from openpbm.reason import Reason
from openpbm.wording import date_in_words

__all__ = ["SessionLine", "SessionTable", "session_table"]

# Colour and word of each state; "planned" is still to come.
_BADGES = {
    "done": ("ok", "Done"),
    "partial": ("caution", "Partly"),
    "missed": ("plain", "No light"),
    "elsewhere": ("caution", "Another place"),
    "unknown": ("caution", "Nothing written"),
    "extra": ("caution", "Beside the plan"),
    "planned": ("plain", "To come"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One session: planned, given, or both. ahead : of a day to come, with nothing written"""

    number: int | None
    date: dt.date
    ahead: bool
    badge: str
    word: str
    minutes_planned: float
    minutes_given: str
    minutes_in_short: str
    distance: str
    marks: tuple[Mark, ...]
    back_dated: bool
    records: tuple[SessionRecord, ...]
    to_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTable:
    """The lines, and what they come to."""

    lines: tuple[SessionLine, ...]
    adherence: Adherence
    light: CumulativeFluence
    limits: tuple[Reason, ...]
    next: tuple[Reason, ...]

    @property
    def share_of(self) -> str:
        """What the share done is a share of, its day as people write it."""
        return due_in_words(self.adherence.due, self.adherence.unknown, date_in_words(self.adherence.as_of))

    @property
    def others_in_words(self) -> str:
        """How many went otherwise than planned, each kind that there was."""
        of = self.adherence
        kinds = (
            ("partly done", of.partial),
            ("no light", of.missed),
            ("another place", of.elsewhere),
            ("nothing written", of.unknown),
            ("beside the plan", of.extra),
        )
        return " · ".join(f"{words}: {number}" for words, number in kinds if number).capitalize()

    @property
    def newest_first(self) -> tuple[SessionLine, ...]:
        """What was done or is due, the newest first."""
        return tuple(line for line in reversed(self.lines) if not line.ahead)

    @property
    def to_come(self) -> tuple[SessionLine, ...]:
        """What is still ahead, in the order of days."""
        return tuple(line for line in self.lines if line.ahead)

    @property
    def light_in_words(self) -> str:
        """The light in all."""
        return fluence_in_words(self.light.course_j_cm2, self.light.sessions_unknown, unit="J/cm²")


def session_table(plan: AllowedPlan, records: Sequence[SessionRecord], today: dt.date) -> SessionTable:
    """Lines of one plan; `records` are its newest ones in their order. Today's session counts once it is written."""
    rows = lines_of(list(records))
    of_line = {row.line: record for row, record in zip(rows, records, strict=True)}
    course = Course(plan=plan, sessions=rows)
    tomorrow = today + dt.timedelta(days=1)
    matched = match_sessions(course, tomorrow)
    written = {one.planned for one in matched if one.planned}
    lines = [_line(one, of_line, today) for one in matched]
    lines += [
        SessionLine(
            number=session.number,
            date=session.date,
            ahead=True,
            badge="plain",
            word="To come",
            minutes_planned=plan.session_minutes,
            minutes_given="",
            minutes_in_short="",
            distance="",
            marks=(),
            back_dated=False,
            records=(),
            to_write=False,
        )
        for session in plan.schedule.sessions
        if session not in written
    ]
    return SessionTable(
        lines=tuple(sorted(lines, key=lambda line: (line.date, line.number or 0))),
        adherence=adherence(course, today),
        light=cumulative_fluence(matched),
        limits=find_deviations(plan, matched),
        next=next_step(match_sessions(course, today), today),
    )


def _line(one: Matched, of_line: dict[int, SessionRecord], today: dt.date) -> SessionLine:
    # Until its day is over a planned session is still to come, and no gap that somebody has to explain.
    waiting = one.state == "unknown" and one.date >= today
    badge, word = _BADGES["planned" if waiting else one.state]
    records = tuple(of_line[row.line] for row in one.rows)
    distances = sorted({row.distance_mm for row in one.rows if row.distance_mm is not None})
    return SessionLine(
        number=one.planned.number if one.planned else None,
        date=one.date,
        ahead=waiting and one.date > today,
        badge=badge,
        word="Due today" if waiting and one.date == today else word,
        minutes_planned=one.minutes_planned,
        minutes_given=_given(one) if one.rows else "",
        minutes_in_short=_given(one, f" of {one.minutes_planned:g} min") if one.rows else "",
        distance=", ".join(map(cm_of, distances)),
        marks=one.marks,
        back_dated=any(record.back_dated for record in records),
        records=records,
        to_write=one.state == "unknown" and one.date <= today,
    )


def _given(one: Matched, of: str = "") -> str:
    """Minutes given: once where every place got the same, else place by place. of : what they are told as a part of"""
    if len({place.minutes for place in one.places}) > 1:
        return "; ".join(f"{place_in_words(place.place)}: {_minutes(place.minutes)}{of}" for place in one.places)
    given = f"{_minutes(one.places[0].minutes)}{of}"
    return given if len(one.places) == 1 else f"{given} at each of {len(one.places)} places"


def _minutes(minutes: float | None) -> str:
    return "?" if minutes is None else f"{minutes:g}"
