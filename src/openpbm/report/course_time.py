"""The time axis that all panels of a checkpoint's chart share: days of the course, its phases, what blurs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpbm.picture_style import GRID, INK, MUTED
from openpbm.wording import MONTHS, in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CourseTime", "course_time"]

_BEFORE, _LIGHT, _WITHOUT = "#eef1f4", "#fdf3d8", "#e6eef2"
_MOST_TICKS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseTime:
    """The days shown. `phases` as (name, first, last); `blurred` as (words, first, last); all days included."""

    first: dt.date
    last: dt.date
    checkpoint: dt.date
    week: int
    phases: tuple[tuple[str, dt.date, dt.date], ...]
    blurred: tuple[tuple[str, dt.date, dt.date], ...]

    def x(self, day: dt.date) -> float:
        """Place of a day on the axis: days since the first one shown."""
        return float((day - self.first).days)

    def draw(self, axes: Axes, *, named: bool, dated: bool) -> None:
        """Shade the phases, hatch the blurred days, mark the checkpoint; names above, dates below where asked."""
        shades = {"before light": _BEFORE, "light": _LIGHT, "without light": _WITHOUT}
        for name, first, last in self.phases:
            left, right = self.x(first) - 0.5, self.x(last) + 0.5
            axes.axvspan(left, right, color=shades[name], linewidth=0, zorder=0)
            axes.axvline(left, color=GRID, linewidth=0.8, zorder=0.5)
            if named:
                _name(axes, 0.5 * (left + right), name)
        for _, first, last in self.blurred:
            left, right = self.x(max(first, self.first)) - 0.5, self.x(min(last, self.last)) + 0.5
            axes.axvspan(left, right, facecolor="none", edgecolor="#b9c0c8", hatch="////", linewidth=0, zorder=0.6)
        # At the edge of the day and not on it: a checkpoint comes before that day's session.
        axes.axvline(self.x(self.checkpoint) - 0.5, color=INK, linewidth=1.4, zorder=1)
        axes.set_xlim(-1.0, self.x(self.last) + 1.0)
        self._ticks(axes, dated)

    def _ticks(self, axes: Axes, dated: bool) -> None:
        weeks = self.x(self.last) / 7.0
        step = 7 * max(1, round(weeks / _MOST_TICKS + 0.49))
        # Counted from the checkpoint, so that its own date is always among those named.
        shift = (self.checkpoint - self.first).days % step
        places = range(shift, int(self.x(self.last)) + 1, step)
        days = [self.first + dt.timedelta(days=place) for place in places]
        labels = [f"{day.day} {MONTHS[day.month - 1][:3]}" for day in days] if dated else []
        axes.set_xticks(list(places), labels=labels or [""] * len(days), fontsize=8)
        axes.tick_params(axis="x", length=3 if dated else 0)


def course_time(content: Mapping[str, Any], dates: Sequence[dt.date]) -> CourseTime:
    """The axis of a checkpoint's content; `dates` are further days that must be seen, such as those of scores."""
    phases = content["phases"]
    began, checkpoint = _day(phases["began"]), _day(content["date"])
    baseline = _day(phases["baseline"][0])
    day_before = checkpoint - dt.timedelta(days=1)
    first = min([baseline, *dates])
    last = max([day_before, *dates])
    spans: list[tuple[str, dt.date, dt.date]] = [("before light", first, began - dt.timedelta(days=1))]
    stopped = content["stage"] == "after" and phases["last_session"]
    last_light = _day(phases["last_session"]) if stopped else last
    spans.append(("light", began, last_light))
    if stopped:
        spans.append(("without light", last_light + dt.timedelta(days=1), last))
    return CourseTime(
        first=first,
        last=last,
        checkpoint=checkpoint,
        week=int(content["week"]),
        phases=tuple(span for span in spans if span[1] <= span[2]),
        blurred=tuple(_blurred(content, first, last)),
    )


def _blurred(content: Mapping[str, Any], first: dt.date, last: dt.date) -> list[tuple[str, dt.date, dt.date]]:
    rows = [
        (f"{row['name'] or in_words(row['kind'])}: {row['action']}", _day(row["first"]), _day(row["last"]))
        for row in content["confounded_windows"]
        if row["lowers_grade"]
    ]
    return [row for row in rows if row[1] <= last and row[2] >= first]


def _name(axes: Axes, middle: float, name: str) -> None:
    axes.text(
        middle, 1.02, name, transform=axes.get_xaxis_transform(), ha="center", va="bottom", fontsize=8.5, color=MUTED
    )


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
