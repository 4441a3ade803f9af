"""Panels: which sessions were done, and the dose at the skin that each gave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from openpbm.delivery import SessionRecord
from openpbm.picture_style import ACCENT, GRID, INK, MUTED, SERIES
from openpbm.report.course_time import CourseTime

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_dose", "draw_sessions"]

#: State, its words, its mark; told apart by form as well as by row.
_STATES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("done", "done", {"marker": "o", "color": ACCENT}),
    ("partial", "partial", {"marker": "o", "fillstyle": "left", "color": ACCENT}),
    ("extra", "extra", {"marker": "P", "color": SERIES[1][0]}),
    ("missed", "missed", {"marker": "x", "color": SERIES[0][0], "markeredgewidth": 1.8}),
    ("elsewhere", "elsewhere", {"marker": "D", "color": SERIES[0][0], "fillstyle": "none"}),
    ("unknown", "not written", {"marker": "$?$", "color": INK}),
)


def draw_sessions(
    axes: Axes, time: CourseTime, records: Sequence[SessionRecord], events: Sequence[Mapping[str, Any]]
) -> None:
    """Draw a mark for each session in the row of its state; only states that occur have a row.

    events : rows of a checkpoint's `events` that are worth a mark; each is named in a row of its own
    """
    rows = [row for row in _STATES if any(record.state == row[0] for record in records)] or [_STATES[0]]
    for place, (state, _, look) in enumerate(rows):
        days = [time.x(record.date) for record in records if record.state == state]
        axes.plot(days, [-place] * len(days), linestyle="none", markersize=5.5, zorder=3, **look)
        axes.axhline(-place, color=GRID, linewidth=0.6, zorder=0.7)
    names = [words for _, words, _ in rows]
    if events:
        names.append("event")
        _draw_events(axes, time, events, 1 - len(names))
    axes.set_yticks([-place for place in range(len(names))], labels=names, fontsize=8)
    axes.set_ylim(-len(names) + 0.4, 0.6)
    axes.set_title("Sessions and events" if events else "Sessions", fontsize=9.5)


def _draw_events(axes: Axes, time: CourseTime, events: Sequence[Mapping[str, Any]], height: float) -> None:
    axes.axhline(height, color=GRID, linewidth=0.6, zorder=0.7)
    places = [time.x(dt.date.fromisoformat(row["date"])) for row in events]
    # What the words of one event take up, in days of the axis.
    room = 0.16 * time.x(time.last)
    for row, x in zip(events, places, strict=True):
        axes.plot([x], [height], marker="v", markersize=6, color=INK, zorder=3)
        free_right = x + room < time.x(time.last) and not any(x < other < x + room for other in places)
        free_left = x > room and not any(x - room < other < x for other in places)
        # Without room the mark stands alone; the page lists every event.
        if free_right or free_left:
            _name_event(axes, x, height, str(row["kind"]).replace("_", " "), to_the_right=free_right)


def _name_event(axes: Axes, x: float, height: float, name: str, *, to_the_right: bool) -> None:
    axes.annotate(
        name,
        (x, height),
        xytext=(6 if to_the_right else -6, 0),
        textcoords="offset points",
        ha="left" if to_the_right else "right",
        va="center",
        fontsize=7.5,
        color=INK,
        zorder=4,
    )


def draw_dose(axes: Axes, time: CourseTime, records: Sequence[SessionRecord]) -> None:
    """Draw the fluence at the skin of each session as a dot with its interval, and a question mark where unknown."""
    lit = [record for record in records if record.lit or record.state == "unknown"]
    known = [(time.x(r.date), *r.fluence_j_cm2) for r in lit if r.fluence_j_cm2 is not None and r.state != "unknown"]
    unknown = [time.x(r.date) for r in lit if r.fluence_j_cm2 is None or r.state == "unknown"]
    for x, lower, planned, upper in known:
        axes.plot([x, x], [lower, upper], color=ACCENT, linewidth=2.0, alpha=0.55, zorder=3)
        axes.plot([x], [planned], marker="_", markersize=7, color=ACCENT, zorder=4)
    top = max((upper for *_, upper in known), default=1.0)
    axes.plot(unknown, [0.12 * top] * len(unknown), linestyle="none", marker="$?$", markersize=6, color=INK, zorder=3)
    axes.set_ylim(0.0, 1.15 * top)
    if known:
        axes.tick_params(axis="y", labelsize=8)
    else:
        axes.set_yticks([])
    note = " · ? dose unknown" if unknown else ""
    axes.set_title(f"Dose at the skin in each session, J/cm², as the lamp is trusted{note}", fontsize=9.5)
    if not lit:
        axes.text(0.5, 0.5, "nothing written down", transform=axes.transAxes, ha="center", color=MUTED, fontsize=8)
