"""The ratings, sessions and questionnaires of a course as options for ECharts.

Dots are what was written, one a day; colours are variables of the page's style sheet, so that both themes fit.
"""

from __future__ import annotations

import datetime as dt

from openpbm.care.checkpoints.progress import SESSION_WORDS, Progress, ScoreSeries, change_words, event_words

__all__ = ["ratings_chart", "score_chart"]

_DAY = dt.timedelta(days=1)
_WEEK_MS = 7 * 86_400_000  # [ms]
# A sign for each kind of session, so that no colour is needed to tell them apart.
_SIGNS = {"done": "circle", "extra": "diamond", "partial": "triangle", "missed": "emptyCircle"}
_COLOURS = {"Sessions": "var(--chart-4)", "Effects": "var(--chart-2)", "Changes": "var(--chart-3)"}

#: One mark in a lane: its day, what stands beside it, its sign.
Mark = tuple[dt.date, str, str]


def ratings_chart(progress: Progress) -> dict[str, object]:
    """Above the ratings, below a lane each for sessions, effects and other changes, on one axis of days."""
    lanes = _lanes(progress)
    ends = _time_axis(progress)
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
        "series": [_ratings(progress), *(_lane_series(lane, marks) for lane, marks in lanes.items())],
    }


def score_chart(series: ScoreSeries, progress: Progress) -> dict[str, object]:
    """One questionnaire on the same axis of days, over the whole span of its scale."""
    return {
        "tooltip": {"trigger": "axis"},
        "xAxis": _time_axis(progress),
        "yAxis": {"type": "value", "min": series.scale.minimum, "max": series.scale.maximum},
        "series": [
            {
                "name": series.title,
                "type": "line",
                "symbol": "rect",
                "symbolSize": 9,
                "itemStyle": {"color": "var(--chart-3)"},
                # Dotted: between two filled forms nothing is known.
                "lineStyle": {"color": "var(--chart-3)", "type": "dotted"},
                "data": [[day.isoformat(), value] for day, value in series.rows],
            }
        ],
    }


def _time_axis(progress: Progress) -> dict[str, object]:
    return {
        "type": "time",
        "min": progress.first.isoformat(),
        "max": progress.last.isoformat(),
        "minInterval": _WEEK_MS,
        "splitNumber": 4,
    }


def _ratings(progress: Progress) -> dict[str, object]:
    rated = [[row.date.isoformat(), row.severity] for row in progress.drawn.diary if row.severity is not None]
    dots: dict[str, object] = {
        "name": "Worst of the day",
        "type": "scatter",
        "symbolSize": 8,
        "itemStyle": {"color": "var(--chart-1)"},
        "data": rated,
    }
    if progress.lit_days:
        dots["markArea"] = _weeks_with_light(progress)
    return dots


def _weeks_with_light(progress: Progress) -> dict[str, object]:
    end = min(progress.lit_days[-1] + _DAY, progress.last)
    return {
        "silent": True,
        "itemStyle": {"color": "var(--primary-tint)"},
        "label": {"color": "var(--ink-soft)", "position": "insideTop", "fontSize": 13},
        "data": [[{"name": "weeks with light", "xAxis": progress.lit_days[0].isoformat()}, {"xAxis": end.isoformat()}]],
    }


def _lanes(progress: Progress) -> dict[str, list[Mark]]:
    """Lane to its marks; a lane without marks is left out, the sessions' stays."""
    sessions = [
        (day, f"session {SESSION_WORDS[status]}", _SIGNS[status])
        for day, status in sorted(progress.session_of_day.items())
    ]
    effects = [(row.date, event_words(row.kind), "pin") for row in progress.drawn.events if row.kind != "none"]
    changes = [
        (row.date, change_words(row.name or row.kind, row.action), "rect")
        for row in progress.drawn.timeline
        if row.kind != "none"
    ]
    lanes: dict[str, list[Mark]] = {"Sessions": sessions, "Effects": effects, "Changes": changes}
    return {lane: marks for lane, marks in lanes.items() if marks or lane == "Sessions"}


def _lane_series(lane: str, marks: list[Mark]) -> dict[str, object]:
    return {
        "name": lane,
        "type": "scatter",
        "xAxisIndex": 1,
        "yAxisIndex": 1,
        "symbolSize": 10,
        "itemStyle": {"color": _COLOURS[lane]},
        "data": [{"name": words, "value": [day.isoformat(), lane], "symbol": sign} for day, words, sign in marks],
    }
