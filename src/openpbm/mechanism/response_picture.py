"""Picture: a session over its minutes and the course over its weeks, warmth and sham apart from light."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.notice import NOTICE
from openpbm.mechanism.course_answer import CourseAnswer
from openpbm.mechanism.session_answer import Observable
from openpbm.picture_style import ACCENT, GRID, INK, MUTED, SERIES, new_figure, picture_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_response"]

_WARM = SERIES[0][0]
# What a reader knows by name, and in which compartment it is looked at.
_SHOWN = (
    ("skin", "flow_percent", "blood flow of the skin [%]"),
    ("skin", "temperature_c", "warmth of the skin [°C]"),
    ("muscle", "oxcco_um", "oxidised oxidase, muscle [µM]"),
    ("nerve", "conduction_m_s", "conduction of the nerve [m/s]"),
)


def draw_response(
    times_s: NDArray[np.float64], observables: tuple[Observable, ...], course: CourseAnswer, people: int
) -> Figure:
    """Four observables of a session, each with the part of warmth, and the score over weeks with its sham band.

    times_s : (times,)   of the session [s];  people : how many the bands are of
    """
    panels = [(each, words) for where, name, words in _SHOWN for each in observables
              if (each.compartment, each.name) == (where, name)]  # fmt: skip
    with picture_style():
        figure = new_figure(9.0, 8.6)
        grid = figure.add_gridspec(3, 2, left=0.09, right=0.97, top=0.86, bottom=0.13, hspace=0.55, wspace=0.28)
        figure.text(0.03, 0.965, "What would follow, if", fontsize=13, fontweight="bold")
        key = (
            f"{people} virtual people. Green: middle and 90 of 100 of them, each arrow of the mechanism on or "
            "off by its weight. Orange: the same people under a lamp that only warms. No arrow is shown to be true."
        )
        figure.text(0.03, 0.945, textwrap.fill(key, 118), fontsize=8.5, va="top", linespacing=1.3)
        for place, (shown, words) in enumerate(panels):
            _draw_observable(figure.add_subplot(grid[place // 2, place % 2]), times_s / 60.0, shown, words)
        _draw_course(figure.add_subplot(grid[2, :]), course)
        figure.text(0.03, 0.02, textwrap.fill(NOTICE, 130), fontsize=7.5, color=MUTED)
        return figure


def _frame(axes: Any, title: str, across: str) -> None:
    axes.set_title(title, fontsize=9.5)
    axes.set_xlabel(across, fontsize=8.5)
    axes.tick_params(labelsize=8)
    axes.grid(color=GRID, linewidth=0.6)
    axes.axhline(0.0, color=MUTED, linewidth=0.8)


def _draw_observable(axes: Any, minutes: NDArray[np.float64], shown: Observable, words: str) -> None:
    axes.fill_between(minutes, shown.p5, shown.p95, color=ACCENT, alpha=0.18, linewidth=0)
    axes.fill_between(minutes, 0.0, shown.thermal_median, color=_WARM, alpha=0.25, linewidth=0)
    axes.plot(minutes, shown.thermal_median, color=_WARM, linestyle=SERIES[0][1], linewidth=1.4)
    axes.plot(minutes, shown.median, color=ACCENT, linewidth=1.6)
    _frame(axes, words, "minutes from the start")


def _draw_course(axes: Any, course: CourseAnswer) -> None:
    weeks = course.days / 7.0
    sham = course.sham
    axes.fill_between(weeks, sham.p5, sham.p95, color=MUTED, alpha=0.2, linewidth=0, label="lamp without light")
    axes.plot(weeks, sham.median, color=MUTED, linestyle=(0, (4, 2)), linewidth=1.3)
    axes.plot(weeks, course.total.p5, color=ACCENT, linewidth=1.0)
    axes.plot(weeks, course.total.p95, color=ACCENT, linewidth=1.0, label="with light: 90 of 100")
    axes.plot(weeks, course.total.median, color=ACCENT, linewidth=1.8, label="with light: middle")
    _frame(axes, f"{course.name}, 0 to {course.maximum:g}, over the course", "weeks from the first session")
    axes.set_ylim(0.0, course.maximum)
    axes.set_xticks(np.arange(0.0, weeks[-1] + 0.5, 1.0))
    axes.legend(fontsize=8, frameon=False, loc="upper right", labelcolor=INK)
