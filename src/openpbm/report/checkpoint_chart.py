"""Picture: one course up to a checkpoint; diary, questionnaires, sessions and dose on one axis of days."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpbm.delivery import SessionRecord
from openpbm.picture_style import MUTED, new_figure, picture_style, save_picture
from openpbm.report.checkpoint_wording import symptoms_compared
from openpbm.report.course_time import CourseTime, course_time
from openpbm.report.diary_panel import draw_diary
from openpbm.report.score_panel import draw_scores
from openpbm.report.session_panel import draw_dose, draw_sessions

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_checkpoint_chart"]

_WIDTH_IN = 8.4
#: As many as fit beside each other below the last panel, in two lines at most.
_LEGEND_CHARACTERS = 140
_LEFT, _RIGHT = 0.095, 0.985
#: Heights of the panels and of the words above them [in].
_DIARY_IN, _SCORE_IN, _SESSION_ROW_IN, _DOSE_IN, _GAP_IN, _EDGE_IN = 2.5, 1.6, 0.17, 0.85, 0.46, 0.7


def draw_checkpoint_chart(content: Mapping[str, Any], records: Sequence[SessionRecord], path: Path) -> Path:
    """Draw what a checkpoint looked at into the PNG `path` and return it.

    content : a checkpoint's JSON content; before week 4 no mean, threshold or comparator is drawn
    records : the sessions up to the checkpoint (`openpbm.delivery.match_sessions`)
    The same content gives the same bytes.
    """
    measures = [m for m in content["measures"] if m["readings"]]
    diaries = [m for m in measures if m["source"] == "diary"]
    questionnaires = [m for m in measures if m["source"] == "scores"]
    time = course_time(content, _score_days(questionnaires))
    compared = symptoms_compared(content)
    events = [row for row in content["events"] if row["grade"] >= 1 or row["what"] in ("relapse", "red_flag")]
    rows = max(1, len({record.state for record in records})) + bool(events)
    heights = [
        *(_DIARY_IN for _ in diaries),
        *(_SCORE_IN for _ in questionnaires),
        0.15 + _SESSION_ROW_IN * rows,
        _DOSE_IN,
    ]
    with picture_style():
        figure, panels = _panels(heights)
        rest = iter(panels)
        for measure in diaries:
            draw_diary(next(rest), time, measure, content["grade"], compared=compared)
        for measure in questionnaires:
            draw_scores(next(rest), time, measure, content["grade"], compared=compared)
        draw_sessions(next(rest), time, records, events)
        draw_dose(next(rest), time, records)
        for place, axes in enumerate(panels):
            time.draw(axes, named=place == 0, dated=place == len(panels) - 1)
            axes.title.set_y(1.0)
        panels[0].set_title(panels[0].get_title(loc="left"), fontsize=9.5, pad=17)
        _legend(panels[-1], time, compared)
        return save_picture(figure, path)


def _panels(heights: Sequence[float]) -> tuple[Any, list[Axes]]:
    """A figure with one panel above the other, each of its own height [in]."""
    total = sum(heights) + _GAP_IN * len(heights) + _EDGE_IN
    figure = new_figure(_WIDTH_IN, total)
    panels, top = [], total - _GAP_IN
    for height in heights:
        bottom = top - height
        panels.append(figure.add_axes((_LEFT, bottom / total, _RIGHT - _LEFT, height / total)))
        top = bottom - _GAP_IN
    return figure, panels


def _score_days(questionnaires: Sequence[Mapping[str, Any]]) -> list[dt.date]:
    """Days of the scores that a checkpoint used: one filled in a little late still belongs to it."""
    return [dt.date.fromisoformat(r["date"]) for m in questionnaires for r in m["readings"] if r["phase"]]


def _legend(axes: Axes, time: CourseTime, compared: bool) -> None:
    """What the line and the hatching are, below the dates."""
    said = [f"black line down: checkpoint of week {time.week}"]
    if compared:
        said.append("black bar: mean that is compared")
    if time.blurred:
        names = "; ".join(dict.fromkeys(name for name, *_ in time.blurred))
        said.append(f"hatched: could also change symptoms ({names})")
    axes.annotate(
        "\n".join(textwrap.wrap(" · ".join(said), _LEGEND_CHARACTERS, max_lines=2)),
        (0.0, 0.0),
        xytext=(0, -26),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=7.5,
        color=MUTED,
        va="top",
        annotation_clip=False,
    )
