"""Pictures of the dose: irradiance on the skin, and fluence of one session against depth.

The second shows what reaches the target, and where its p5 to p95 comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpbm.picture_style import ACCENT, INK, MUTED, new_figure, picture_style, save_picture
from openpbm.planning import Plan
from openpbm.planning.depth_panel import LEFT_IN, WIDTH_IN, DepthPanel, MarkedStructure, add_frame, draw_depth_panel
from openpbm.planning.document.dose import Curve, DoseRow, SpreadShares, WavelengthCurve
from openpbm.planning.document.exposure import IrradianceMap
from openpbm.planning.document.treatment import tells_lamps_apart
from openpbm.report.clinical_report import fold_in_words, spread_parts
from openpbm.wording import in_words, part_in_words, percent_in_words, place_in_words, quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["curves_with_dose", "draw_dose_depth", "draw_dose_volume", "draw_irradiance_map"]

#: Below this relative spread the field is flat and a contour line would only trace rounding noise.
FLAT_FIELD = 0.02
#: Share of the map that must lie above half the peak before contour lines are numbered.
ROOM_FOR_NUMBERS = 0.05
_CURVE_IN = 3.1
_TITLE_IN, _KEY_LINE_IN, _AXIS_IN = 0.46, 0.17, 0.62
#: Height that the bar takes with its words [in].
_SPREAD_BAR_IN = 0.9
#: Dark to light and apart for every kind of colour vision; the words below stand in the order of the bar.
_COLOURS = ("#12456b", "#d55e00", "#7fb7dc", "#e6d36b")
# Width of a letter of 8.5 points, and what stands around a word [in].
_LETTER_IN, _AROUND_IN = 0.0585, 0.3


def draw_irradiance_map(irradiance_map: IrradianceMap, path: Path) -> Path:
    """Draw irradiance at the skin [mW/cm2] over x and y [mm], both evenly spaced, into `path`.

    Returns `path`. The same map gives the same bytes.
    """
    import numpy as np
    from matplotlib.ticker import MaxNLocator

    x_mm = np.asarray(irradiance_map.x_mm, dtype=float)
    y_mm = np.asarray(irradiance_map.y_mm, dtype=float)
    irradiance_mw_cm2 = np.asarray(irradiance_map.irradiance_mw_cm2, dtype=float)
    peak = float(irradiance_mw_cm2.max())
    with picture_style():
        figure = new_figure(6.4, 5.2)
        axes = figure.add_axes((0.11, 0.1, 0.72, 0.82))
        image = axes.imshow(
            irradiance_mw_cm2,
            extent=_edges(x_mm) + _edges(y_mm),
            origin="lower",
            # The scale must rise even where the map is dark all over.
            vmin=0.0,
            vmax=max(peak, 1e-9),
            cmap="cividis",
            # In an SVG the map stands as it is, a dot each, and whoever shows it smooths it.
            interpolation="none" if path.suffix == ".svg" else "bilinear",
        )
        bar = figure.colorbar(image, cax=figure.add_axes((0.85, 0.14, 0.03, 0.74)))
        if bar.solids is not None:
            # One small picture and not a shape for each of its colours.
            bar.solids.set_rasterized(True)
        bar.set_label("irradiance at the skin, mW/cm²")
        bar.outline.set_visible(False)
        bar.locator = MaxNLocator(6)
        bar.update_ticks()
        if peak > 0.0 and float(np.ptp(irradiance_mw_cm2)) > FLAT_FIELD * peak:
            _draw_contours(axes, x_mm, y_mm, irradiance_mw_cm2, peak)
        _outline_site(axes, irradiance_map.site_width_mm, irradiance_map.site_height_mm)
        _draw_scale(axes, float(np.ptp(x_mm)), float(x_mm.min()), float(y_mm.min()))
        axes.set_aspect("equal")
        axes.set_xlim(float(x_mm.min()), float(x_mm.max()))
        axes.set_ylim(float(y_mm.min()), float(y_mm.max()))
        axes.set_xlabel("across, mm   (lines: 10, 25, 50, 75, 90 % of the peak)")
        axes.set_ylabel("along, mm")
        # Beside the axes: a title of theirs is laid out against every tick.
        heading = f"Irradiance at the skin, output as stated: peak {peak:.3g} mW/cm²"
        figure.text(0.11, 0.94, heading, fontsize=10, fontweight="bold")
        return save_picture(figure, path)


def _edges(middles_mm: Any) -> tuple[float, float]:
    """Where the first dot of a row begins and the last ends [mm]: the numbers stand for the middles of dots."""
    half_mm = float(middles_mm[1] - middles_mm[0]) / 2.0
    return float(middles_mm[0]) - half_mm, float(middles_mm[-1]) + half_mm


def _draw_contours(axes: Axes, x_mm: Any, y_mm: Any, irradiance_mw_cm2: Any, peak: float) -> None:
    levels = [peak * share for share in (0.1, 0.25, 0.5, 0.75, 0.9) if irradiance_mw_cm2.min() < peak * share]
    lines = axes.contour(
        x_mm, y_mm, irradiance_mw_cm2, levels=levels, colors="white", linewidths=0.9, linestyles="solid", alpha=0.9
    )
    # Around a small spot the numbers would cover the lines they name; there the scale at the side must do.
    roomy = float((irradiance_mw_cm2 > 0.5 * peak).mean()) > ROOM_FOR_NUMBERS
    labels = axes.clabel(lines, fmt=lambda level: f"{level:.3g}", fontsize=8, inline=True) if roomy else []
    for label in labels:
        # Pale centre, dark rim: a dark number reads on the first, a white one on the second.
        label.set_color("white" if float(label.get_text()) < 0.6 * peak else INK)
    dark = [INK if level > 0.6 * peak else "white" for level in levels]
    lines.set_edgecolor(dark)


def _outline_site(axes: Axes, width_mm: float, height_mm: float) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle(
            (-width_mm / 2.0, -height_mm / 2.0), width_mm, height_mm, fill=False, edgecolor=INK, linewidth=3.2, zorder=4
        )
    )
    axes.add_patch(
        Rectangle(
            (-width_mm / 2.0, -height_mm / 2.0),
            width_mm,
            height_mm,
            fill=False,
            edgecolor="white",
            linewidth=1.4,
            linestyle=(0, (4, 2)),
            zorder=5,
        )
    )
    axes.annotate(
        f"site {width_mm:g} × {height_mm:g} mm",
        xy=(0.0, height_mm / 2.0),
        xytext=(0, -5),
        textcoords="offset points",
        ha="center",
        va="top",
        fontsize=8.5,
        color="white",
        bbox={"facecolor": INK, "edgecolor": "none", "pad": 2.0, "alpha": 0.85},
        zorder=6,
    )


def _draw_scale(axes: Axes, width_mm: float, left_mm: float, bottom_mm: float) -> None:
    length_mm = next((step for step in (100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0) if step <= 0.3 * width_mm), width_mm)
    start_mm, height_mm = left_mm + 0.04 * width_mm, bottom_mm + 0.05 * width_mm
    axes.plot(
        [start_mm, start_mm + length_mm], [height_mm, height_mm], color=MUTED, linewidth=6.0, solid_capstyle="butt"
    )
    axes.plot(
        [start_mm, start_mm + length_mm], [height_mm, height_mm], color="white", linewidth=3.0, solid_capstyle="butt"
    )
    axes.annotate(
        f"{length_mm:g} mm",
        xy=(start_mm + length_mm / 2.0, height_mm),
        xytext=(0, 5),
        textcoords="offset points",
        ha="center",
        fontsize=8.5,
        color="white",
        bbox={"facecolor": INK, "edgecolor": "none", "pad": 1.5, "alpha": 0.7},
    )


def curves_with_dose(plan: Plan) -> tuple[Curve, ...]:
    """The curves worth drawing: without minutes the light field is known but its dose is zero."""
    return tuple(curve for curve in plan.curves if _has_dose(curve.all_light))


def _has_dose(line: WavelengthCurve | None) -> bool:
    return line is not None and any(point.fluence_j_cm2.median > 0.0 for point in line.points)


def draw_dose_depth(plan: Plan, path: Path) -> Path:
    """Draw fluence [J/cm2] of one session against depth [mm] into `path`, one panel for each site of `plan`.

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


def draw_dose_volume(plan: Plan, path: Path) -> Path:
    """Draw how much of each target receives at least how much in one session into `path`, and return it."""
    rows = plan.dose_volume
    with picture_style():
        height_in = 0.15 + 2.6 * len(rows)
        figure = new_figure(6.4, height_in)
        for number, row in enumerate(rows):
            bottom = (0.62 + 2.6 * (len(rows) - 1 - number)) / height_in
            axes = figure.add_axes((0.12, bottom, 0.84, 1.75 / height_in))
            shares = [0.0, *(100.0 * point.share for point in row.points)]
            low, middle, high = (
                [
                    getattr(row.points[0].fluence_j_cm2, name),
                    *(getattr(point.fluence_j_cm2, name) for point in row.points),
                ]
                for name in ("p5", "median", "p95")
            )
            axes.fill_betweenx(shares, low, high, color=ACCENT, alpha=0.18, linewidth=0)
            axes.plot(middle, shares, color=ACCENT, linewidth=1.8)
            _mark_window(axes, plan.windows.get(row.place))
            axes.set_ylim(0.0, 104.0)
            axes.set_xlim(0.0, max(high) * 1.05)
            axes.set_ylabel("part of it, %")
            axes.set_title(f"{in_words(row.structure)}, {place_in_words(row.site, row.side).lower()}", fontsize=10)
        axes.set_xlabel("at least so much in one session, J/cm²")
        return save_picture(figure, path)


def _mark_window(axes: Axes, window_j_cm2: tuple[float, float] | None) -> None:
    if window_j_cm2 is None or not tells_lamps_apart(window_j_cm2):
        return
    axes.axvspan(*window_j_cm2, color=_COLOURS[3], alpha=0.35, linewidth=0)
    axes.text(window_j_cm2[0], 101.0, " as in the trials", fontsize=8, color=INK, va="top")
