"""Panel: the scores of one questionnaire in one version, with the course a dark lamp would be expected to bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from openpbm.facts.scales import Scale, outcome_scale
from openpbm.picture_style import INK, MUTED, SERIES
from openpbm.report.course_time import CourseTime
from openpbm.report.diary_panel import PAPER, change_in_words, draw_mean, draw_threshold, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_scores"]

_POINT = SERIES[2][0]


def draw_scores(axes: Axes, time: CourseTime, measure: Mapping[str, Any], grade: str, *, compared: bool) -> None:
    """Draw one line of scores; a second version of the same scale has a panel of its own.

    measure : a questionnaire's row of a checkpoint's `measures`
    compared : False before week 4, when nothing but the scores is drawn
    """
    of = outcome_scale(measure["scale"])
    rows = [(dt.date.fromisoformat(row["date"]), float(row["value"])) for row in measure["readings"]]
    shown = [(day, value) for day, value in rows if time.first <= day <= time.last]
    axes.plot(
        [time.x(day) for day, _ in shown],
        [value for _, value in shown],
        marker="D",
        markersize=5,
        color=_POINT,
        linewidth=1.0,
        zorder=3,
    )
    _limits(axes, of, [value for _, value in shown])
    said = change_in_words(measure, grade) if compared else "nothing is compared before week 4"
    axes.set_title(f"{of.id.upper().replace('_', '-')} (version {measure['version']}): {said}", fontsize=9.5)
    if not compared:
        return
    draw_mean(axes, time, measure)
    draw_threshold(axes, time, measure, below=of.sham_course is not None)
    if of.sham_course is None:
        words(axes, "no published sham course for this scale")
    elif measure["baseline_mean"] is not None:
        _sham(axes, time, of, float(measure["baseline_mean"]))


def _sham(axes: Axes, time: CourseTime, of: Scale, before: float) -> None:
    """The expected score on a dark lamp: its mean, and the spread from person to person about it."""
    sham = of.sham_course
    assert sham is not None
    start = next((time.x(first) for name, first, _ in time.phases if name == "light"), 0.0) - 0.5
    end = time.x(time.last) + 1.0
    middle = before + sham.change_mean
    low, high = max(middle - sham.person_sd, of.minimum or 0.0), middle + sham.person_sd
    axes.fill_between([start, end], [low] * 2, [high] * 2, color=MUTED, alpha=0.22, linewidth=0, zorder=1)
    axes.plot([start, end], [middle] * 2, color=MUTED, linewidth=1.2, linestyle=SERIES[1][1], zorder=2)
    axes.annotate(
        f"expected on sham: mean {sham.change_mean:+.1f}, two of three people in the band".replace("-", "−"),
        (end, high),
        xytext=(-4, 3),
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=7.5,
        color=INK,
        zorder=5,
        bbox=PAPER,
    )


def _limits(axes: Axes, of: Scale, values: list[float]) -> None:
    low = of.minimum if of.minimum is not None else min(values, default=0.0)
    high = of.maximum if of.maximum is not None else max(values, default=1.0)
    # One score on a scale without ends has no span, and an axis without height cannot be drawn.
    margin = 0.06 * (high - low or 1.0)
    axes.set_ylim(low - margin, high + margin)
    axes.tick_params(axis="y", labelsize=8)
