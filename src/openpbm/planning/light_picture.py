"""Picture: fluence rate against depth under a lamp, each wavelength with its band, and where the structures lie."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from openpbm.picture_style import ACCENT, GRID, INK, MUTED, SERIES, new_figure, picture_style
from openpbm.planning.depth_curve import DepthCurve, StructureLight

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_light_at_depth"]

# Light this many times fainter than the brightest shown is not worth paper.
_DECADES_SHOWN = 5.5


def draw_light_at_depth(
    curves: tuple[DepthCurve, ...],
    structures: tuple[StructureLight, ...],
    *,
    heading: str,
    lamp: str,
    distance_mm: float,
    notice: str,
) -> Figure:
    """Above the bands of each wavelength and of all together, below them a strip with the depth of every structure."""
    with picture_style():
        figure = new_figure(6.8, 5.3 + 0.25 * len(structures))
        axes, strip = figure.subplots(2, 1, sharex=True, height_ratios=(9.0, 0.75 * len(structures)))
        figure.subplots_adjust(left=0.115, right=0.98, top=0.89, bottom=0.17, hspace=0.04)
        shown = _curves_worth_drawing(curves)
        deepest_mm = _deepest_shown_mm(curves, structures)
        for curve, style in zip(shown, _line_styles(shown), strict=True):
            _draw_curve(axes, curve, style)
        _frame(axes, shown, deepest_mm)
        _draw_structures(strip, structures, deepest_mm)
        figure.text(0.115, 0.955, heading, fontsize=11.0, fontweight="bold")
        figure.text(0.115, 0.92, f"under {lamp}, {_distance_in_words(distance_mm)}", fontsize=9.0)
        figure.text(0.115, 0.02, textwrap.fill(notice, 112), fontsize=7.5, color=MUTED)
        return figure


def _curves_worth_drawing(curves: tuple[DepthCurve, ...]) -> tuple[DepthCurve, ...]:
    """With a single wavelength the sum over all wavelengths is the same line; it is drawn once."""
    if len(curves) == 2:
        return curves[:1]
    return curves


def _deepest_shown_mm(curves: tuple[DepthCurve, ...], structures: tuple[StructureLight, ...]) -> float:
    deepest_structure = max(structure.depth_mm.p95 for structure in structures)
    return min(curves[0].depth_mm[-1], max(10.0, 1.35 * deepest_structure))


def _draw_curve(axes: Axes, curve: DepthCurve, style: tuple[str, Any]) -> None:
    colour, dash = style
    name = "all wavelengths" if curve.wavelength_nm is None else f"{curve.wavelength_nm:g} nm"
    # A log axis has no zero: what the light never reached is drawn below the frame.
    lower, median, upper = (
        [max(getattr(band, quantile), 1e-30) for band in curve.fluence_rate_mw_cm2]
        for quantile in ("p5", "median", "p95")
    )
    # A third wash of colour would hide the two it is the sum of.
    if curve.wavelength_nm is not None:
        axes.fill_between(curve.depth_mm, lower, upper, color=colour, alpha=0.12, linewidth=0.0)
    for edge in (lower, upper):
        axes.plot(curve.depth_mm, edge, color=colour, alpha=0.5, linewidth=0.7)
    axes.plot(curve.depth_mm, median, color=colour, linestyle=dash, linewidth=2.0, label=name)


def _draw_structures(strip: Axes, structures: tuple[StructureLight, ...], deepest_mm: float) -> None:
    """A row for each: a bar from p5 to p95 of its depth, a dot at the median, its name where there is room."""
    for row, structure in enumerate(structures):
        depth = structure.depth_mm
        strip.plot([depth.p5, depth.p95], [row, row], color=ACCENT, linewidth=5.0, alpha=0.35, solid_capstyle="butt")
        strip.plot([depth.median], [row], color=ACCENT, marker="o", markersize=5)
        on_the_left = depth.p95 > 0.55 * deepest_mm
        strip.annotate(
            structure.plain_name,
            ((depth.p95, depth.p5)[on_the_left], row),
            xytext=((6, -6)[on_the_left], 0),
            textcoords="offset points",
            ha=("left", "right")[on_the_left],
            va="center",
            fontsize=8.5,
        )
    strip.set_ylim(len(structures) - 0.4, -0.6)
    strip.set_yticks([])
    strip.spines["left"].set_visible(False)
    strip.set_xlabel("depth below the skin surface, mm")
    strip.grid(True, axis="x", color=GRID, linewidth=0.6)
    strip.set_axisbelow(True)


def _frame(axes: Axes, curves: tuple[DepthCurve, ...], deepest_mm: float) -> None:
    top = 1.8 * max(band.p95 for curve in curves for band in curve.fluence_rate_mw_cm2)
    faintest = min(
        max(band.p5, 1e-30)
        for curve in curves
        for depth, band in zip(curve.depth_mm, curve.fluence_rate_mw_cm2, strict=True)
        if depth <= deepest_mm
    )
    axes.set_yscale("log")
    axes.set_ylim(max(0.2 * faintest, top * 10.0**-_DECADES_SHOWN), top)
    axes.set_xlim(0.0, deepest_mm)
    axes.tick_params(axis="x", length=0)
    axes.set_ylabel("fluence rate, mW/cm²")
    axes.yaxis.set_major_formatter(lambda value, _position: f"{value:g}")
    axes.grid(True, color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.legend(
        loc="upper right",
        frameon=False,
        fontsize=8.5,
        title="median, within p5 to p95",
        title_fontsize=8.5,
        alignment="left",
    )


def _line_styles(curves: tuple[DepthCurve, ...]) -> list[tuple[str, Any]]:
    """A colour and a dash for each wavelength; plain ink for all together."""
    wavelengths = iter(SERIES * len(curves))
    return [(INK, "-") if curve.wavelength_nm is None else next(wavelengths) for curve in curves]


def _distance_in_words(distance_mm: float) -> str:
    if distance_mm == 0.0:
        return "in contact"
    return f"{distance_mm / 10.0:g} cm away"
