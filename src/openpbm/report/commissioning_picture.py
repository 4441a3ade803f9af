"""Picture: each reading of a lamp over the fitted lamp, and the output they tell beside what the maker claims."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

from openpbm.device.commission import Commissioning
from openpbm.facts.exposure import output_priors
from openpbm.facts.measurement_rules import meter_classes
from openpbm.picture_style import ACCENT, GRID, INK, MUTED, SERIES, new_figure, picture_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_commissioning"]

_WIDTH_IN, _HEIGHT_IN = 8.0, 4.0
_SIGNS = ("o", "s", "^", "D", "v")
_NEVER_APART = (
    "No reading tells a strong lamp from a meter that shows too much: the width of the interval is mostly that of such"
    " meters."
)


def draw_commissioning(found: Commissioning, *, lamp: str) -> Figure:
    """Left the residuals against the distance, a sign for each kind of meter; right output, claim and prior."""
    with picture_style():
        figure = new_figure(_WIDTH_IN, _HEIGHT_IN)
        left, right = figure.subplots(1, 2, width_ratios=[1.6, 1.0])
        _draw_residuals(left, found)
        _draw_output(right, found)
        figure.text(0.085, 0.945, textwrap.shorten(f"{lamp}: {len(found.residuals)} readings", 80), weight="bold")
        figure.text(0.085, 0.02, textwrap.fill(_NEVER_APART, 130), fontsize=7.0, color=MUTED)
        figure.subplots_adjust(left=0.085, right=0.985, top=0.85, bottom=0.27, wspace=0.3)
        return figure


def _draw_residuals(axes: Any, found: Commissioning) -> None:
    meters = sorted({residual.reading.meter for residual in found.residuals})
    spread = 100.0 * found.noise.median
    axes.axhspan(-spread, spread, color="#eef3f3", zorder=0)
    axes.axhline(0.0, color=MUTED, linewidth=0.8, zorder=1)
    for meter, sign, (colour, _) in zip(meters, _SIGNS, [*SERIES, (INK, "")], strict=False):
        own = [residual for residual in found.residuals if residual.reading.meter == meter]
        on_axis = [_off_axis_mm(residual.reading) == 0.0 for residual in own]
        for filled in (True, False):
            shown = [residual for residual, axial in zip(own, on_axis, strict=True) if axial is filled]
            axes.plot(
                [residual.reading.distance_mm / 10.0 for residual in shown],
                [100.0 * residual.relative for residual in shown],
                sign, color=colour, mfc=colour if filled else "white", markersize=6, linestyle="none",
                label=_label(meter, filled) if shown else None,
            )  # fmt: skip
    reach = max(2.0 * spread, *(130.0 * abs(residual.relative) for residual in found.residuals))
    axes.set(xlabel="Distance from the lamp [cm]", ylabel="Reading over the fit, less one [%]", ylim=(-reach, reach))
    axes.margins(x=0.1)
    axes.legend(fontsize=7.0, frameon=False, loc="upper left", ncols=2, bbox_to_anchor=(-0.02, 1.13))


def _off_axis_mm(reading: Any) -> float:
    return math.hypot(reading.offset_x_mm, reading.offset_y_mm)


def _label(meter: str, axial: bool) -> str:
    name = meter_classes[meter].id.replace("_", " ")
    return f"{name}, on the axis" if axial else f"{name}, beside it"


def _draw_output(axes: Any, found: Commissioning) -> None:
    prior, scale = output_priors["claimed"], found.output_scale
    rows = (
        ("before", prior.lower, prior.median, prior.upper, MUTED),
        ("read", scale.p5, scale.median, scale.p95, ACCENT),
    )
    for height, (_, low, middle, high, colour) in enumerate(rows):
        axes.plot([low, high], [height, height], color=colour, linewidth=4.0, solid_capstyle="butt")
        axes.plot([middle], [height], "o", color=colour, mfc="white", markersize=7)
        axes.text(
            middle, height + 0.16, f"{middle:.2f} ({low:.2f}-{high:.2f})", fontsize=8.0, ha="center", color=colour
        )
    axes.axvline(1.0, color=INK, linewidth=1.0, linestyle=(0, (4, 2)))
    axes.text(1.0, 1.62, "claim", fontsize=8.0, ha="center", color=INK)
    axes.set_yticks(range(len(rows)), ["what audits\nfound", "these\nreadings"], fontsize=8.0)
    axes.set(xlabel="Output over the stated one", ylim=(-0.5, 1.6))
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
