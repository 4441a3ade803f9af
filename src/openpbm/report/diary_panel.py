"""Panel: the daily rating, day by day, with the days nobody wrote about and the change that would matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from openpbm.facts.scales import outcome_scale
from openpbm.picture_style import INK, SERIES
from openpbm.report.course_time import CourseTime

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PAPER", "change_in_words", "draw_diary", "draw_mean", "draw_threshold", "words"]

_DOT = SERIES[1][0]
_THRESHOLD = SERIES[0][0]
#: Behind words that may stand on a line or a hatching.
PAPER: dict[str, Any] = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1.0}


def draw_diary(axes: Axes, time: CourseTime, measure: Mapping[str, Any], grade: str, *, compared: bool) -> None:
    """Draw one dot a day, a tick for every day without one, means and threshold where a comparison is due.

    measure : the diary's row of a checkpoint's `measures`
    compared : False before week 4, when nothing but the dots is drawn
    """
    days = {dt.date.fromisoformat(row["date"]): float(row["value"]) for row in measure["readings"]}
    shown = {day: value for day, value in days.items() if time.first <= day <= time.last}
    of = outcome_scale(measure["scale"])
    low, high = float(of.minimum or 0.0), float(of.maximum or 10.0)
    row = low - 0.09 * (high - low)
    missing = [time.x(day) for day in _every_day(time) if day not in shown]
    axes.plot([time.x(day) for day in shown], list(shown.values()), "o", markersize=4.2, color=_DOT, zorder=3)
    axes.plot(missing, [row] * len(missing), "|", markersize=7, color=INK, zorder=3)
    step = (high - low) / 5.0
    ticks = [low + step * place for place in range(6)]
    axes.set_yticks([row, *ticks], labels=["no entry", *(f"{tick:g}" for tick in ticks)], fontsize=8)
    axes.set_ylim(row - 0.06 * (high - low), high + 0.06 * (high - low))
    axes.set_title(_title(measure, grade, compared), pad=18, fontsize=9.5)
    if compared:
        draw_mean(axes, time, measure)
        draw_threshold(axes, time, measure)
        if of.sham_course is None:
            words(axes, "no published sham course for this scale")


def draw_mean(axes: Axes, time: CourseTime, measure: Mapping[str, Any]) -> None:
    """Draw the means that are compared over the days they are of."""
    for phase, mean in (("baseline", "baseline_mean"), ("recent", "recent_mean"), ("off", "off_mean")):
        used = [dt.date.fromisoformat(row["date"]) for row in measure["readings"] if row["phase"] == phase]
        if not used or measure[mean] is None:
            continue
        left, right = time.x(min(used)) - 0.4, time.x(max(used)) + 0.4
        axes.plot([left, right], [measure[mean]] * 2, color=INK, linewidth=2.2, solid_capstyle="butt", zorder=4)


def draw_threshold(axes: Axes, time: CourseTime, measure: Mapping[str, Any], *, below: bool = False) -> None:
    """Draw the level at which the smallest published change that matters within a person is reached.

    below : put the words under the line, where a band lies above it
    """
    important, before = measure["important_change"], measure["baseline_mean"]
    if important is None or before is None:
        return
    change = -important if measure["direction"] == "lower" else important
    level = before + change
    start = next((time.x(first) for name, first, _ in time.phases if name == "light"), 0.0)
    axes.plot(
        [start - 0.5, time.x(time.last) + 1.0], [level] * 2, color=_THRESHOLD, linestyle=SERIES[0][1], linewidth=1.3
    )
    axes.annotate(
        f"important change ({change:+.3g})".replace("-", "−"),
        (start - 0.2, level),
        xytext=(0, -3 if below else 3),
        textcoords="offset points",
        fontsize=7.5,
        color=_THRESHOLD,
        va="top" if below else "bottom",
        zorder=5,
        bbox=PAPER,
    )


def change_in_words(measure: Mapping[str, Any], grade: str) -> str:
    """The change with its 90 % interval and the grade beside it."""
    low, high = measure["interval_90"]
    if measure["change"] is None:
        return f"change not known · grade {grade}"
    said = f"change {measure['change']:+.1f}"
    interval = "" if low is None or high is None else f" (90 % interval {low:+.1f} to {high:+.1f})"
    return f"{said}{interval} · grade {grade}".replace("-", "−")


def words(axes: Axes, text: str) -> None:
    """Say something in the panel's lower corner, where a comparator would stand."""
    axes.text(0.995, 0.97, text, transform=axes.transAxes, ha="right", va="top", fontsize=7.5, color=INK, bbox=PAPER)


def _title(measure: Mapping[str, Any], grade: str, compared: bool) -> str:
    name = "Diary, worst of the day, 0 is best"
    return f"{name}: {change_in_words(measure, grade) if compared else 'nothing is compared before week 4'}"


def _every_day(time: CourseTime) -> list[dt.date]:
    # The checkpoint's own day is not looked at, so an empty line there is no missing entry.
    last = time.checkpoint - dt.timedelta(days=1)
    return [time.first + dt.timedelta(days=n) for n in range((last - time.first).days + 1)]
