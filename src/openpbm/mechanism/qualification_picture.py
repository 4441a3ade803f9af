"""Picture: every study beside its predictive intervals, every order, and every trial in which light did nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpbm.mechanism.judged_points import JudgedPoint
from openpbm.mechanism.qualification import JudgedSet, Qualification
from openpbm.picture_style import ACCENT, GRID, INK, MUTED, SERIES, new_figure, picture_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_qualification"]

_MISSED = SERIES[0][0]
_ARMS = {"active": "light", "sham": "sham", "difference": "difference"}
_UNITS = {"oxcco_um": "µM", "hbo2_um": "µM", "store_nm": "nM"}


def draw_qualification(report: Qualification) -> Figure:
    """Sets with points, one panel each; below them the orders and the trials without advantage."""
    with_points = [judged for judged in report.sets if judged.points]
    with picture_style():
        figure = new_figure(11.0, 17.0)
        rows = -(-len(with_points) // 2)
        grid = figure.add_gridspec(rows + 2, 2, left=0.13, right=0.98, top=0.925, bottom=0.04, hspace=0.42, wspace=0.42)
        figure.text(0.03, 0.975, "The model beside published studies", fontsize=14, fontweight="bold")
        figure.text(
            0.03,
            0.962,
            "Dots: printed means. Bars: 90 % predictive intervals, thick as they were fitted, thin with errors as "
            "printed.\nOrange: missed. A triangle is a bound that the study passed.",
            fontsize=9.5,
            va="top",
        )
        for place, judged in enumerate(with_points):
            _draw_points(figure.add_subplot(grid[place // 2, place % 2]), judged)
        _draw_orders(figure.add_subplot(grid[rows:, 0]), report)
        _draw_nulls(figure.add_subplot(grid[rows:, 1]), report)
        return figure


def _label(each: JudgedPoint, judged: JudgedSet) -> str:
    point = each.point
    if judged.data_set.kind == "course":
        return f"{_ARMS[point.arm]}, week {point.at / 7.0:.0f}"
    return f"{_ARMS[point.arm]}, {point.quantity.split('_')[0]}"


def _draw_points(axes: Any, judged: JudgedSet) -> None:
    for place, each in enumerate(judged.points):
        colour = ACCENT if each.covered else _MISSED
        row = -place
        axes.plot([each.trusted.p5, each.trusted.p95], [row, row], color=colour, linewidth=5, alpha=0.35)
        axes.plot([each.printed.p5, each.printed.p95], [row, row], color=colour, linewidth=1.6)
        axes.plot(each.trusted.median, row, "|", color=colour, markersize=11)
        marker = ">" if each.point.relation == "above" else "o"
        axes.plot(each.point.value, row, marker, color=INK if each.covered else _MISSED, markersize=6)
    axes.set_yticks([-place for place in range(len(judged.points))])
    axes.set_yticklabels([_label(each, judged) for each in judged.points], fontsize=8.5)
    axes.set_ylim(-len(judged.points) + 0.4, 0.6)
    unit = _UNITS.get(judged.points[0].point.quantity, f"points of {judged.data_set.maximum or 0:g}")
    axes.set_xlabel(unit, fontsize=8.5)
    title = f"{judged.data_set.name}: {judged.verdict}"
    if judged.data_set.role == "demonstration":
        title += ", not fitted"
    axes.set_title(title, fontsize=9.5)
    axes.grid(axis="x", color=GRID, linewidth=0.6)


def _draw_orders(axes: Any, report: Qualification) -> None:
    labels: list[str] = []
    for judged in report.sets:
        for each in judged.orders:
            row = -len(labels)
            axes.plot(
                each.share, row, "o" if each.holds else "X", color=ACCENT if each.holds else _MISSED, markersize=6
            )
            labels.append(f"{judged.data_set.id}: {each.order.says}")
    axes.set_title("Orders: people who show it; cross, the typical one does not", fontsize=9.5)
    _rows(axes, labels)


def _draw_nulls(axes: Any, report: Qualification) -> None:
    for place, null in enumerate(report.nulls):
        holds = null.chance_of_nothing > 0.5
        axes.plot(null.chance_of_nothing, -place, "o" if holds else "X", color=ACCENT if holds else _MISSED)
    axes.axvline(0.5, color=MUTED, linewidth=0.8)
    axes.set_title("Trials without advantage: chance of nothing", fontsize=9.5)
    _rows(axes, [null.trial for null in report.nulls])


def _rows(axes: Any, labels: list[str]) -> None:
    """Rows from the top down; the words stand inside where they are long."""
    long = max(map(len, labels)) > 30
    axes.set_yticks([-place for place in range(len(labels))])
    axes.set_yticklabels(labels, fontsize=8)
    if long:
        for place, words in enumerate(labels):
            axes.text(0.0, -place + 0.28, words, fontsize=7.5, color=MUTED)
        axes.set_yticklabels([])
    axes.set_ylim(-len(labels) + 0.4, 0.9)
    axes.set_xlim(-0.02, 1.04)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
