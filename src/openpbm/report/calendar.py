"""Picture: the course as weeks and days, sessions and checkpoints marked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpbm.picture_style import ACCENT, GRID, INK, MUTED, new_figure, picture_style, save_picture
from openpbm.planning.document.treatment import Schedule
from openpbm.wording import MONTHS, WEEKDAYS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_calendar"]

# Where in its column the disc of a session stands.
_DISC = 0.75


def draw_calendar(schedule: Schedule, path: Path) -> Path:
    """Draw the dated sessions and checkpoints of `schedule` as a grid of weeks and days into `path`.

    A row begins on the weekday of the first session, so that it is a week of the course, not of the wall calendar.
    Returns `path`. The same schedule gives the same bytes.
    """
    sessions = {session.date: session for session in schedule.sessions}
    checkpoints = {check.date: check for check in schedule.checkpoints}
    first = min(sessions)
    weeks = (max([*sessions, *checkpoints]) - first).days // 7 + 1
    with picture_style():
        figure = new_figure(6.4, 1.15 + 0.5 * weeks)
        axes = figure.add_axes((0.02, 0.01, 0.97, 0.98))
        _draw_grid(axes, first, weeks, schedule.weeks)
        _draw_sessions(axes, first, {day: session.number for day, session in sessions.items()})
        for day, checkpoint in checkpoints.items():
            _draw_checkpoint(axes, first, day, checkpoint.week)
        _draw_key(axes, weeks)
        axes.set_xlim(-1.15, 7.05)
        # Upside down, so that time runs down the page as in any calendar.
        axes.set_ylim(weeks + 0.75, -0.55)
        axes.set_aspect("auto")
        axes.axis("off")
        return save_picture(figure, path)


def _draw_grid(axes: Axes, first: dt.date, weeks: int, course_weeks: int) -> None:
    for column in range(7):
        weekday = WEEKDAYS[(first + dt.timedelta(days=column)).weekday()]
        axes.text(column + 0.5, -0.2, weekday[:3], ha="center", va="center", fontsize=9, color=MUTED)
    for row in range(weeks):
        # The last checkpoint falls on the day after the last week: it needs a row, but that row is no week of light.
        name = f"week {row + 1}" if row < course_weeks else "after"
        axes.text(-0.1, row + 0.5, name, ha="right", va="center", fontsize=9, fontweight="bold")
        for column in range(7):
            day = first + dt.timedelta(days=7 * row + column)
            new_month = day.day == 1 or (row == 0 and column == 0)
            text = f"{day.day} {MONTHS[day.month - 1][:3]}" if new_month else str(day.day)
            axes.text(column + 0.06, row + 0.1, text, ha="left", va="top", fontsize=7.5, color=MUTED)
    axes.hlines(range(weeks + 1), 0, 7, color=GRID, linewidth=0.8)
    axes.vlines(range(8), 0, weeks, color=GRID, linewidth=0.8)


def _place(first: dt.date, day: dt.date) -> tuple[int, int]:
    row, column = divmod((day - first).days, 7)
    return column, row


def _draw_sessions(axes: Axes, first: dt.date, numbers: dict[dt.date, int]) -> None:
    """A disc with its number on each day of a session, clear of the date, which may be as long as "19 Oct"."""
    places = [_place(first, day) for day in numbers]
    # One line of markers for all: each of its own is laid out and drawn apart.
    axes.plot(
        [column + _DISC for column, _ in places],
        [row + 0.4 for _, row in places],
        linestyle="none",
        marker="o",
        markersize=18,
        color=ACCENT,
        markeredgecolor="none",
    )
    style: dict[str, Any] = {"ha": "center", "va": "center", "color": "white", "fontsize": 9, "fontweight": "bold"}
    for (column, row), number in zip(places, numbers.values(), strict=True):
        axes.text(column + _DISC, row + 0.41, str(number), **style)


def _draw_checkpoint(axes: Axes, first: dt.date, day: dt.date, week: int) -> None:
    from matplotlib.patches import Rectangle

    column, row = _place(first, day)
    axes.add_patch(Rectangle((column, row), 1, 1, fill=False, edgecolor=INK, linewidth=2.2, zorder=4))
    axes.text(column + 0.5, row + 0.92, f"check wk {week}", ha="center", va="bottom", fontsize=7, fontweight="bold")


def _draw_key(axes: Axes, weeks: int) -> None:
    from matplotlib.patches import Rectangle

    height = weeks + 0.42
    axes.plot([0.15], [height], marker="o", markersize=11, color=ACCENT)
    axes.text(0.35, height, "session, with its number", va="center", fontsize=8.5)
    axes.add_patch(Rectangle((3.15, height - 0.17), 0.3, 0.34, fill=False, edgecolor=INK, linewidth=2.0))
    axes.text(3.6, height, "checkpoint", va="center", fontsize=8.5)
