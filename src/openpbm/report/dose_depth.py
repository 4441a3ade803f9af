"""Picture: fluence of one session against depth, each wavelength with its band, the target and its window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpbm.picture_style import ACCENT, GRID, INK, SERIES, new_figure, picture_style, save_picture
from openpbm.planning.document.dose import Curve, WavelengthCurve
from openpbm.wording import in_words, place_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_dose_depth"]

#: A dose this many times below the strongest one shown is not worth paper.
DECADES_SHOWN = 4.0
DECADES_SHOWN_FOR_WINDOW = 6.0
PANEL_HEIGHT_IN = 4.7
_NEVER_REACHED_J_CM2 = 1e-30


def draw_dose_depth(curves: Sequence[Curve], path: Path) -> Path:
    """Draw fluence [J/cm2] per session against depth [mm], one panel for each of `curves`, into the PNG `path`.

    curves : those of the plan that have a dose.
    Returns `path`. The same curves give the same bytes.
    """
    with picture_style():
        height_in = PANEL_HEIGHT_IN * len(curves)
        figure = new_figure(6.4, height_in)
        panels = figure.subplots(len(curves), 1, squeeze=False)[:, 0]
        figure.subplots_adjust(left=0.105, right=0.98, bottom=1.1 / height_in, top=1.0 - 0.5 / height_in, hspace=0.5)
        for axes, curve in zip(panels, curves, strict=True):
            _draw_panel(axes, curve)
        return save_picture(figure, path)


def _draw_panel(axes: Axes, curve: Curve) -> None:
    series = _series_worth_drawing(curve.wavelengths)
    deepest_mm = _deepest_shown_mm(curve, series)
    _limit_axes(axes, curve, series, deepest_mm)
    _draw_target(axes, curve)
    _draw_window(axes, curve)
    colours = iter(SERIES * len(series))
    for line in series:
        _draw_series(axes, line, next(colours) if line.wavelength_nm is not None else (INK, "-"))
    axes.set_xlabel("depth below the skin surface, mm")
    axes.set_ylabel("fluence per session, J/cm²")
    axes.set_title(f"{place_in_words(curve.site, curve.side)}: dose to the {in_words(curve.target)}", pad=22)
    axes.grid(True, color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(0.0, -0.17),
        ncols=3,
        frameon=False,
        fontsize=8.5,
        title="median; the shaded band runs from p5 to p95",
        title_fontsize=8.5,
        alignment="left",
    )


def _series_worth_drawing(wavelengths: Sequence[WavelengthCurve]) -> Sequence[WavelengthCurve]:
    """With a single wavelength the sum over all wavelengths is the same line; it is drawn once."""
    single = [line for line in wavelengths if line.wavelength_nm is not None]
    return single if len(single) == 1 else wavelengths


def _deepest_shown_mm(curve: Curve, series: Sequence[WavelengthCurve]) -> float:
    deepest_known = max(point.depth_mm for line in series for point in line.points)
    return min(deepest_known, max(10.0, 1.35 * curve.target_depth_mm.p95))


def _limit_axes(axes: Axes, curve: Curve, series: Sequence[WavelengthCurve], deepest_mm: float) -> None:
    shown = [
        fluence
        for line in series
        for point in line.points
        if point.depth_mm <= deepest_mm
        for fluence in (point.fluence_j_cm2.p5, point.fluence_j_cm2.p95)
    ]
    window = curve.window_j_cm2 or ()
    positive = [value for value in [*shown, *window] if value > 0.0] or [1.0]
    top = 1.8 * max(positive)
    bottom = max(0.6 * min(positive), top * 10.0**-DECADES_SHOWN)
    if window and window[0] > 0.0:
        # The window is the point of the picture: the frame goes down to it, within reason.
        bottom = max(min(bottom, 0.5 * window[0]), top * 10.0**-DECADES_SHOWN_FOR_WINDOW)
    axes.set_yscale("log")
    axes.set_ylim(bottom, top)
    axes.set_xlim(0.0, deepest_mm)
    axes.yaxis.set_major_formatter(lambda value, _position: f"{value:g}")


def _draw_target(axes: Axes, curve: Curve) -> None:
    depth = curve.target_depth_mm
    axes.axvspan(depth.p5, depth.p95, facecolor="#e9ecf0", edgecolor="none", zorder=0)
    axes.axvline(depth.median, color="#8a95a1", linewidth=1.0, zorder=0.5)
    axes.annotate(
        f"{in_words(curve.target)}, {depth.median:.3g} mm ({depth.p5:.3g}–{depth.p95:.3g})",
        xy=(depth.median, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(0, 5),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=8.5,
        annotation_clip=False,
    )


def _draw_window(axes: Axes, curve: Curve) -> None:
    if curve.window_j_cm2 is None:
        return
    lower, upper = curve.window_j_cm2
    axes.axhspan(lower, upper, facecolor=ACCENT, alpha=0.10, zorder=0.2)
    for edge in (lower, upper):
        axes.axhline(edge, color=ACCENT, linewidth=0.9, linestyle=(0, (2, 2)), zorder=0.6)
    axes.annotate(
        f"window at the target, derived: {lower:.2g}–{upper:.2g} J/cm²",
        xy=(0.0, max(lower, axes.get_ylim()[0])),
        xycoords=("axes fraction", "data"),
        xytext=(6, 4),
        textcoords="offset points",
        color=ACCENT,
        fontsize=8.5,
        bbox={"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1.0},
        zorder=5,
    )


def _draw_series(axes: Axes, line: WavelengthCurve, style: tuple[str, Any]) -> None:
    colour, dash = style
    name = "all wavelengths together" if line.wavelength_nm is None else f"{line.wavelength_nm:g} nm"
    depth_mm = [point.depth_mm for point in line.points]
    bands = [point.fluence_j_cm2 for point in line.points]
    # A log axis has no zero: what the run never reached is drawn below the frame instead of warned about.
    lower = [max(band.p5, _NEVER_REACHED_J_CM2) for band in bands]
    median = [max(band.median, _NEVER_REACHED_J_CM2) for band in bands]
    upper = [max(band.p95, _NEVER_REACHED_J_CM2) for band in bands]
    axes.fill_between(depth_mm, lower, upper, color=colour, alpha=0.10, linewidth=0.0)
    for edge in (lower, upper):
        axes.plot(depth_mm, edge, color=colour, alpha=0.45, linewidth=0.7)
    axes.plot(depth_mm, median, color=colour, linestyle=dash, linewidth=2.0, label=name)
