"""What was written about a course, day by day and questionnaire by questionnaire, as a table and a sentence.

Nothing is smoothed, joined or counted as a change: that is the judgement's work. `progress_chart` draws the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from openpbm.course import Course
from openpbm.course.records import RecordedScore
from openpbm.facts.scales import Scale, scales
from openpbm.outcomes.measures import score_value

__all__ = [
    "LIT_WORDS",
    "SESSION_WORDS",
    "DayRow",
    "Progress",
    "ScoreSeries",
    "change_words",
    "event_words",
    "progress_of",
]

#: Days before the first session that are drawn at most; an older line would press the course into a corner.
_BEFORE = dt.timedelta(days=60)
_DAY = dt.timedelta(days=1)
#: States of a session that gave light.
LIT_WORDS = ("done", "partial", "extra")
SESSION_WORDS = {"done": "done", "partial": "partly done", "missed": "missed", "extra": "extra"}
_WORST_OF_DAY = {"missed": 0, "partial": 1, "extra": 2, "done": 3}


class _Dated(Protocol):
    @property
    def date(self) -> dt.date: ...


_Row = TypeVar("_Row", bound=_Dated)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One day with anything written about it."""

    date: dt.date
    phase: str
    worst: float | None
    session: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSeries:
    """One questionnaire in one version over time; `rows` (day, value) as written, oldest first."""

    scale: Scale
    version: str
    rows: tuple[tuple[dt.date, float], ...]

    @property
    def id(self) -> str:
        """Name of its chart on the page."""
        return f"score-{self.scale.id}-{self.version}".replace(".", "-").replace("_", "-")

    @property
    def title(self) -> str:
        """The questionnaire's name."""
        return _capitalised(self.scale.name)

    @property
    def name(self) -> str:
        """The questionnaire and its version."""
        return f"{self.title}, version {self.version}"

    @property
    def sentence(self) -> str:
        """The series in words."""
        return f"{self.title}: {self._ends()}; {self.scale.direction} is better."

    def _ends(self) -> str:
        first, last = self.rows[0][1], self.rows[-1][1]
        if len(self.rows) == 1:
            return f"filled once, {_rounded(first)}"
        return f"filled {len(self.rows)} times, first {_rounded(first)}, last {_rounded(last)}"


def _rounded(score: float) -> str:
    # A decimal of a score of twenty says nothing to the person; of a score of three it does.
    return f"{score:.0f}" if abs(score) >= 10 else f"{round(score, 1):g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What the page shows.

    drawn : the course between two months before it and today
    lit_days : day of every session that gave light, in order
    left_out : lines dated after today, or long before the course, that are not drawn
    first, last : the ends of the axis of days
    """

    sentence: str
    drawn: Course
    lit_days: tuple[dt.date, ...]
    days: tuple[DayRow, ...]
    session_of_day: dict[dt.date, str]
    scores: tuple[ScoreSeries, ...]
    left_out: int
    first: dt.date
    last: dt.date

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was written down yet."""
        return not self.days and not self.scores


def progress_of(course: Course, today: dt.date) -> Progress:
    """Everything written about the course between two months before it and today."""
    lit_days = sorted(row.date for row in course.sessions if row.status in LIT_WORDS and row.date <= today)
    began = min(course.plan.start_date, today, *lit_days[:1])
    drawn = _between(course, began - _BEFORE, today)
    session_of_day = _session_of_day(drawn)
    days = _days(drawn, lit_days, session_of_day)
    return Progress(
        sentence=_sentence(drawn),
        drawn=drawn,
        lit_days=tuple(lit_days),
        days=tuple(reversed(days)),
        session_of_day=session_of_day,
        scores=_score_series(drawn.scores),
        left_out=_count(course) - _count(drawn),
        # The axis ends with today whatever a line claims, so that no slip of a date empties the picture.
        first=min([row.date for row in days], default=today) - _DAY,
        last=today + _DAY,
    )


def _between(course: Course, first: dt.date, last: dt.date) -> Course:
    def kept(rows: Iterable[_Row]) -> tuple[_Row, ...]:
        return tuple(row for row in rows if first <= row.date <= last)

    return Course(
        plan=course.plan,
        sessions=kept(course.sessions),
        diary=kept(course.diary),
        scores=kept(course.scores),
        events=kept(course.events),
        timeline=kept(course.timeline),
    )


def _count(course: Course) -> int:
    return sum(map(len, (course.sessions, course.diary, course.scores, course.events, course.timeline)))


def _days(course: Course, lit_days: list[dt.date], session_of_day: dict[dt.date, str]) -> list[DayRow]:
    worst = {row.date: row.severity for row in course.diary}
    notes: dict[dt.date, list[str]] = defaultdict(list)
    for event in course.events:
        notes[event.date].append(event_words(event.kind))
    for change in course.timeline:
        notes[change.date].append(change_words(change.name or change.kind, change.action))
    return [
        DayRow(
            date=day,
            phase=_phase(day, lit_days),
            worst=worst.get(day),
            session=SESSION_WORDS.get(session_of_day.get(day, ""), ""),
            notes=tuple(notes.get(day, ())),
        )
        for day in sorted({*worst, *session_of_day, *notes})
    ]


def _session_of_day(course: Course) -> dict[dt.date, str]:
    """The status of each day's session; of several places on one day the least complete counts."""
    statuses: dict[dt.date, str] = {}
    for row in course.sessions:
        earlier = statuses.get(row.date, row.status)
        statuses[row.date] = min(earlier, row.status, key=lambda status: _WORST_OF_DAY[status])
    return statuses


def _phase(day: dt.date, lit_days: list[dt.date]) -> str:
    if not lit_days or day < lit_days[0]:
        return "before light"
    return "in the weeks of light" if day <= lit_days[-1] else "after the last session so far"


def event_words(kind: str) -> str:
    """What a line of events.csv says; `none` is an answer too."""
    return "asked, nothing had happened" if kind == "none" else kind.replace("_", " ")


def change_words(name: str, action: str) -> str:
    """What a line of timeline.csv says."""
    return f"{name.replace('_', ' ')}: {action.replace('_', ' ') or 'changed'}"


def _sentence(course: Course) -> str:
    rated = [(row.date, row.severity) for row in course.diary if row.severity is not None]
    if not rated:
        return "No day was rated in the diary yet."
    low, high = min(severity for _, severity in rated), max(severity for _, severity in rated)
    days = "1 day" if len(rated) == 1 else f"{len(rated)} days"
    return (
        f"Worst symptom of the day, from 0 to 10: {days} rated from {_date_words(rated[0][0])}"
        f" to {_date_words(rated[-1][0])}, between {low:g} and {high:g}."
    )


def _date_words(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _score_series(scores: Iterable[RecordedScore]) -> tuple[ScoreSeries, ...]:
    """A series for each questionnaire in each version: two versions are never one line."""
    # By version too: editions of one questionnaire may count from other items.
    series: dict[tuple[str, str], list[tuple[dt.date, float]]] = defaultdict(list)
    for row in scores:
        value = score_value(row)
        if value is not None and scales[row.scale].for_change:
            series[row.scale, row.version or scales[row.scale].version].append((row.date, value))
    return tuple(
        ScoreSeries(scale=scales[id], version=version, rows=tuple(sorted(rows)))
        for (id, version), rows in sorted(series.items())
    )


def _capitalised(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
