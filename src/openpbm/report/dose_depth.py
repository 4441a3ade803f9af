"""Picture: fluence of one session against depth, what reaches the target, and where its p5 to p95 comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from openpbm.picture_style import ACCENT, new_figure, picture_style, save_picture
from openpbm.planning import Plan
from openpbm.planning.depth_panel import LEFT_IN, WIDTH_IN, DepthPanel, MarkedStructure, add_frame, draw_depth_panel
from openpbm.planning.document.dose import Curve, DoseRow, SpreadShares, WavelengthCurve
from openpbm.planning.document.treatment import tells_lamps_apart
from openpbm.report.clinical_report import fold_in_words, spread_parts
from openpbm.wording import in_words, part_in_words, percent_in_words, place_in_words, quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["curves_with_dose", "draw_dose_depth"]

_CURVE_IN = 3.1
_TITLE_IN, _KEY_LINE_IN, _AXIS_IN = 0.46, 0.17, 0.62
#: Height that the bar takes with its words [in].
_SPREAD_BAR_IN = 0.9
#: Dark to light and apart for every kind of colour vision; the words below stand in the order of the bar.
_COLOURS = ("#12456b", "#d55e00", "#7fb7dc", "#e6d36b")
# Width of a letter of 8.5 points, and what stands around a word [in].
_LETTER_IN, _AROUND_IN = 0.0585, 0.3


def curves_with_dose(plan: Plan) -> tuple[Curve, ...]:
    """The curves worth drawing: without minutes the light field is known but its dose is zero."""
    return tuple(curve for curve in plan.curves if _has_dose(curve.all_light))


def _has_dose(line: WavelengthCurve | None) -> bool:
    return line is not None and any(point.fluence_j_cm2.median > 0.0 for point in line.points)


def draw_dose_depth(plan: Plan, path: Path) -> Path:
    """Draw fluence [J/cm2] of one session against depth [mm] into the PNG `path`, one panel for each site of `plan`.

    `plan` has a curve with a dose. Returns `path`. The same plan gives the same bytes.
    """
    panels = [_panel(plan, curve) for curve in curves_with_dose(plan)]
    heights_in = [panel.words_in + panel.frame_in + _AXIS_IN + panel.spread_in for panel in panels]
    with picture_style():
        figure = new_figure(WIDTH_IN, sum(heights_in))
        for number, panel in enumerate(panels):
            _draw_site(figure, panel, sum(heights_in[number:]))
        return save_picture(figure, path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SitePanel:
    """One site of the plan: its curve, its target among the structures, and the words and shares about that."""

    curve: Curve
    depth: DepthPanel
    row: DoseRow | None
    key: list[str]

    @property
    def words_in(self) -> float:
        return _TITLE_IN + _KEY_LINE_IN * len(self.key)

    @property
    def frame_in(self) -> float:
        return _CURVE_IN + self.depth.rows_in

    @property
    def spread_in(self) -> float:
        return 0.0 if self.row is None or self.row.spread is None else _SPREAD_BAR_IN


def _panel(plan: Plan, curve: Curve) -> _SitePanel:
    here = [row for row in plan.dose if row.wavelength_nm is None and (row.site, row.side) == curve.place[:2]]
    points = () if curve.all_light is None else curve.all_light.points
    aimed = next((row for row in here if row.place == curve.place), None)
    return _SitePanel(
        curve=curve,
        row=aimed,
        key=_key(curve, aimed),
        depth=DepthPanel(
            name="fluence in one session",
            unit="J/cm²",
            depth_mm=[point.depth_mm for point in points],
            light=[point.fluence_j_cm2 for point in points],
            at_skin=None if plan.skin is None else plan.skin.fluence_j_cm2,
            at_skin_name="dose at the skin",
            structures=[_marked(row, aim=row.place == curve.place) for row in here],
            must_show=curve.window_j_cm2 or (),
        ),
    )


def _marked(row: DoseRow, *, aim: bool) -> MarkedStructure:
    return MarkedStructure(
        name=in_words(row.structure),
        depth_mm=row.depth_mm,
        depth_range_mm=row.depth_range_mm,
        light=row.fluence_j_cm2,
        aim=aim,
    )


def _draw_site(figure: Figure, panel: _SitePanel, top_in: float) -> None:
    """One site from `top_in` above the foot of the figure downward: title, curve with rows, where p5 to p95 is from."""
    height_in = figure.get_figheight()
    curve, frame_in = panel.curve, panel.frame_in
    foot_in = top_in - panel.words_in - frame_in
    axes = add_frame(figure, foot_in, frame_in)
    draw_depth_panel(axes, panel.depth, frame_in)
    if curve.window_j_cm2 is not None:
        _draw_window(axes, curve, curve.window_j_cm2)
    if panel.row is not None:
        _draw_target_words(axes, panel, panel.row)
    left, title = LEFT_IN / WIDTH_IN, f"{place_in_words(curve.site, curve.side)}: dose to the {in_words(curve.target)}"
    figure.text(left, (top_in - 0.25) / height_in, title, fontsize=11.0, fontweight="bold")
    key = "\n".join(panel.key)
    figure.text(left, (top_in - 0.36) / height_in, key, fontsize=8.5, va="top", linespacing=1.3)
    if panel.row is not None and panel.row.spread is not None:
        _draw_spread_bar(figure, panel.row, panel.row.spread, foot_in - _AXIS_IN)


def _draw_window(axes: Axes, curve: Curve, window_j_cm2: tuple[float, float]) -> None:
    """What the trials' lamps bring to the target, as a box just where the target lies."""
    from matplotlib.patches import Rectangle

    low, high = window_j_cm2
    depth = curve.target_depth_mm
    axes.add_patch(
        Rectangle(
            (depth.p5, low),
            depth.p95 - depth.p5,
            high - low,
            facecolor=ACCENT + "26",
            edgecolor=ACCENT,
            linewidth=1.3,
            linestyle=(0, (3, 1.5)),
            zorder=2.4,
        )
    )


def _draw_target_words(axes: Axes, panel: _SitePanel, row: DoseRow) -> None:
    """What reaches the target, in the empty upper right, where the curve has left."""
    dose = row.fluence_j_cm2
    words = f"{quantity(dose.median)} J/cm² reach the {in_words(row.structure)}"
    if panel.depth.at_skin:
        words += f",\n{part_in_words(dose.median / panel.depth.at_skin)} of the dose at the skin"
    axes.text(
        0.985,
        0.98,
        words,
        transform=axes.transAxes,
        ha="right",
        va="top",
        fontsize=10.0,
        fontweight="bold",
        color=ACCENT,
        zorder=4.0,
    )


def _key(curve: Curve, row: DoseRow | None) -> list[str]:
    """What line, shading and box are, in lines."""
    lines = ["Line: middle case. Shading: 90 of 100 cases (p5 to p95)."]
    if row is not None:
        dose = row.fluence_j_cm2
        lines = [f"{lines[0][:-1]}, {quantity(dose.p5)} to {quantity(dose.p95)} J/cm² at the {in_words(curve.target)}."]
    if curve.window_j_cm2 is not None:
        low, high = map(quantity, curve.window_j_cm2)
        lines.append(f"Dashed box: what the trials’ lamps bring there, by our own model, {low} to {high} J/cm².")
        if not tells_lamps_apart(curve.window_j_cm2):
            lines.append(
                f"{fold_in_words(curve.window_j_cm2).capitalize()} wide, it cannot tell one lamp from another."
            )
    return lines


def _draw_spread_bar(figure: Figure, row: DoseRow, spread: SpreadShares, top_in: float) -> None:
    """Draw the parts of `spread` into `figure`, from `top_in` above its foot downward."""
    dose = row.fluence_j_cm2
    heading = (
        f"Where the spread at the {in_words(row.structure)}, {quantity(dose.p5)} to {quantity(dose.p95)} J/cm²,"
        " comes from"
    )
    _write(figure, LEFT_IN, top_in - 0.16, heading, bold=True)
    bar_in = figure.get_figwidth() - 2 * LEFT_IN
    left_in = word_in = LEFT_IN
    for (name, share), colour in zip(spread_parts(spread).items(), _COLOURS, strict=True):
        _fill(figure, (left_in, top_in - 0.46, share * bar_in, 0.2), colour)
        _fill(figure, (word_in, top_in - 0.71, 0.12, 0.12), colour)
        words = f"{name} {percent_in_words(share)}"
        _write(figure, word_in + 0.17, top_in - 0.7, words)
        left_in += share * bar_in
        word_in += _LETTER_IN * len(words) + _AROUND_IN


def _fill(figure: Figure, box_in: tuple[float, float, float, float], colour: str) -> None:
    from matplotlib.patches import Rectangle

    width_in, height_in = figure.get_size_inches()
    left, foot, wide, high = box_in
    figure.add_artist(
        Rectangle(
            (left / width_in, foot / height_in),
            wide / width_in,
            high / height_in,
            facecolor=colour,
            edgecolor="white",
            linewidth=1.2,
            transform=figure.transFigure,
        )
    )


def _write(figure: Figure, left_in: float, foot_in: float, words: str, *, bold: bool = False) -> None:
    width_in, height_in = figure.get_size_inches()
    weight, size = ("bold", 9.0) if bold else ("normal", 8.5)
    figure.text(left_in / width_in, foot_in / height_in, words, fontsize=size, fontweight=weight)
