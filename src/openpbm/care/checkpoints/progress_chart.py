"""The ratings of a course as charts and, for those who do not see them, as a table and a sentence.

Dots are what was written, one a day; nothing is smoothed, joined or counted as a change: that is the judgement's work.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openpbm.course import Course
from openpbm.course.records import RecordedScore
from openpbm.facts.scales import scale
from openpbm.outcomes.recorded_value import score_value

__all__ = ["DayRow", "Progress", "ScoreChart", "progress_of"]

#: Days before the first session that are drawn at most; an older line would press the course into a corner.
_BEFORE = dt.timedelta(days=60)
_DAY = dt.timedelta(days=1)
_GIVEN = ("done", "partial", "extra")
_SESSION_WORDS = {"done": "done", "partial": "partly done", "missed": "missed", "extra": "extra"}
_WORST_OF_DAY = {"missed": 0, "partial": 1, "extra": 2, "done": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One day with anything written about it."""

    date: dt.date
    phase: str
    worst: float | None
    session: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreChart:
    """One questionnaire over time. `option` for ECharts; `rows` (day, value) as written."""

    id: str
    name: str
    sentence: str
    option: dict[str, Any]
    rows: tuple[tuple[dt.date, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What the page shows.

    left_out : lines dated after today, or long before the course, that are not drawn
    """

    sentence: str
    option: dict[str, Any]
    days: tuple[DayRow, ...]
    scores: tuple[ScoreChart, ...]
    left_out: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was written down yet."""
        return not self.days and not self.scores


def progress_of(course: Course, today: dt.date) -> Progress:
    """Everything written about the course between two months before it and today."""
    given = sorted(row.date for row in course.sessions if row.status in _GIVEN and row.date <= today)
    began = min(given[0], course.plan.start_date) if given else course.plan.start_date
    first = min(began, today) - _BEFORE
    drawn = _between(course, first, today)
    days = _days(drawn, given)
    # The axis ends with today whatever a line claims, so that no slip of a date empties the picture.
    axis = (min([row.date for row in days], default=today) - _DAY, today + _DAY)
    return Progress(
        sentence=_sentence(drawn),
        option=_option(drawn, given, axis),
        days=tuple(reversed(days)),
        scores=_score_charts(drawn.scores, axis),
        left_out=_count(course) - _count(drawn),
    )


def _between(course: Course, first: dt.date, last: dt.date) -> Course:
    def kept(rows: Iterable[Any]) -> tuple[Any, ...]:
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


def _days(course: Course, given: list[dt.date]) -> list[DayRow]:
    worst = {row.date: row.severity for row in course.diary}
    sessions = _session_of_day(course)
    notes: dict[dt.date, list[str]] = defaultdict(list)
    for event in course.events:
        notes[event.date].append(_event_words(event.kind))
    for change in course.timeline:
        notes[change.date].append(_change_words(change.name or change.kind, change.action))
    return [
        DayRow(
            date=day,
            phase=_phase(day, given),
            worst=worst.get(day),
            session=_SESSION_WORDS.get(sessions.get(day, ""), ""),
            notes=tuple(notes.get(day, ())),
        )
        for day in sorted({*worst, *sessions, *notes})
    ]


def _session_of_day(course: Course) -> dict[dt.date, str]:
    """Of several places of a day the least is shown."""
    found: dict[dt.date, str] = {}
    for row in course.sessions:
        before = found.get(row.date, row.status)
        found[row.date] = min(before, row.status, key=lambda status: _WORST_OF_DAY[status])
    return found


def _phase(day: dt.date, given: list[dt.date]) -> str:
    if not given or day < given[0]:
        return "before light"
    return "in the weeks of light" if day <= given[-1] else "after the last session so far"


def _event_words(kind: str) -> str:
    return "asked, nothing had happened" if kind == "none" else kind.replace("_", " ")


def _change_words(name: str, action: str) -> str:
    return f"{name.replace('_', ' ')}: {action.replace('_', ' ') or 'changed'}"


def _sentence(course: Course) -> str:
    rated = [row for row in course.diary if row.severity is not None]
    if not rated:
        return "No day was rated in the diary yet."
    first, last = rated[0].date, rated[-1].date
    low, high = min(row.severity or 0.0 for row in rated), max(row.severity or 0.0 for row in rated)
    days = "1 day" if len(rated) == 1 else f"{len(rated)} days"
    return (
        f"Worst symptom of the day, from 0 to 10: {days} rated from {_said(first)} to {_said(last)},"
        f" between {low:g} and {high:g}."
    )


def _said(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _option(course: Course, given: list[dt.date], axis: tuple[dt.date, dt.date]) -> dict[str, Any]:
    """Above the ratings, below a lane each for sessions, effects and other changes, on one axis of days."""
    lanes = _lanes(course)
    ends = _time_axis(axis)
    return {
        "tooltip": {"trigger": "item"},
        "legend": {"show": False},
        "grid": [
            # One left edge for both, wide enough for the names of the lanes: a day stands right below itself.
            {"left": 76, "right": 16, "top": 36, "height": "56%"},
            {"left": 76, "right": 16, "bottom": 28, "height": "24%"},
        ],
        "xAxis": [{**ends, "gridIndex": 0, "axisLabel": {"show": False}}, {**ends, "gridIndex": 1}],
        "yAxis": [
            {"type": "value", "name": "Worst of the day, 0–10", "min": 0, "max": 10, "gridIndex": 0},
            {"type": "category", "data": list(lanes), "gridIndex": 1, "inverse": True, "splitLine": {"show": True}},
        ],
        "series": [_ratings(course, given, axis), *_lane_series(lanes)],
    }


def _time_axis(axis: tuple[dt.date, dt.date]) -> dict[str, Any]:
    return {
        "type": "time",
        "min": axis[0].isoformat(),
        "max": axis[1].isoformat(),
        "minInterval": 7 * 86_400_000,  # [ms]
        "splitNumber": 4,
    }


def _ratings(course: Course, given: list[dt.date], axis: tuple[dt.date, dt.date]) -> dict[str, Any]:
    rated = [[row.date.isoformat(), row.severity] for row in course.diary if row.severity is not None]
    dots: dict[str, Any] = {
        "name": "Worst of the day",
        "type": "scatter",
        "symbolSize": 8,
        "itemStyle": {"color": "var(--chart-1)"},
        "data": rated,
    }
    if given:
        dots["markArea"] = {
            "silent": True,
            "itemStyle": {"color": "var(--primary-tint)"},
            "label": {"color": "var(--ink-soft)", "position": "insideTop", "fontSize": 13},
            "data": [
                [
                    {"name": "weeks with light", "xAxis": given[0].isoformat()},
                    {"xAxis": min(given[-1] + _DAY, axis[1]).isoformat()},
                ]
            ],
        }
    return dots


def _lanes(course: Course) -> dict[str, list[tuple[dt.date, str, str]]]:
    """Lane to (day, what, sign), a sign for each kind so that no colour is needed."""
    signs = {"done": "circle", "extra": "diamond", "partial": "triangle", "missed": "emptyCircle"}
    lanes: dict[str, list[tuple[dt.date, str, str]]] = {
        "Sessions": [
            (day, f"session {_SESSION_WORDS[status]}", signs[status])
            for day, status in sorted(_session_of_day(course).items())
        ]
    }
    effects = [(row.date, _event_words(row.kind), "pin") for row in course.events if row.kind != "none"]
    changes = [
        (row.date, _change_words(row.name or row.kind, row.action), "rect")
        for row in course.timeline
        if row.kind != "none"
    ]
    return lanes | ({"Effects": effects} if effects else {}) | ({"Changes": changes} if changes else {})


def _lane_series(lanes: dict[str, list[tuple[dt.date, str, str]]]) -> list[dict[str, Any]]:
    colours = {"Sessions": "var(--chart-4)", "Effects": "var(--chart-2)", "Changes": "var(--chart-3)"}
    return [
        {
            "name": lane,
            "type": "scatter",
            "xAxisIndex": 1,
            "yAxisIndex": 1,
            "symbolSize": 10,
            "itemStyle": {"color": colours[lane]},
            "data": [{"name": what, "value": [day.isoformat(), lane], "symbol": sign} for day, what, sign in marks],
        }
        for lane, marks in lanes.items()
    ]


def _score_charts(scores: Iterable[RecordedScore], axis: tuple[dt.date, dt.date]) -> tuple[ScoreChart, ...]:
    """A chart for each questionnaire in each version: two versions are never one line."""
    found: dict[tuple[str, str], list[tuple[dt.date, float]]] = defaultdict(list)
    for row in scores:
        value = score_value(row)
        if value is not None and scale(row.scale).for_change:
            found[(row.scale, row.version or scale(row.scale).version)].append((row.date, value))
    return tuple(_score_chart(*key, sorted(rows), axis) for key, rows in sorted(found.items()))


def _score_chart(id: str, version: str, rows: list[tuple[dt.date, float]], axis: tuple[dt.date, dt.date]) -> ScoreChart:
    of = scale(id)
    name = f"{of.name[:1].upper()}{of.name[1:]}"
    forms = "Filled once" if len(rows) == 1 else f"Filled {len(rows)} times"
    better = "lower" if of.direction == "lower" else "higher"
    values = f"{rows[0][1]:g}" if len(rows) == 1 else f"first {rows[0][1]:g}, last {rows[-1][1]:g}"
    option = {
        "tooltip": {"trigger": "axis"},
        "xAxis": _time_axis(axis),
        "yAxis": {"type": "value", "min": of.minimum, "max": of.maximum},
        "series": [
            {
                "name": name,
                "type": "line",
                "symbol": "rect",
                "symbolSize": 9,
                "itemStyle": {"color": "var(--chart-3)"},
                "lineStyle": {"color": "var(--chart-3)", "type": "dotted"},
                "data": [[day.isoformat(), value] for day, value in rows],
            }
        ],
    }
    return ScoreChart(
        id=f"score-{id}-{version}".replace(".", "-").replace("_", "-"),
        name=f"{name}, version {version}",
        sentence=f"{name}: {forms.lower()}, {values}; {better} is better.",
        option=option,
        rows=tuple(rows),
    )
