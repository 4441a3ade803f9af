"""The panel of every picture of light against depth: one band, the skin's light as 100 %, a row for each structure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpbm.picture_style import ACCENT, GRID, INK, MUTED
from openpbm.planning.document import Band
from openpbm.wording import part_in_words, quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["LEFT_IN", "WIDTH_IN", "DepthPanel", "MarkedStructure", "add_frame", "draw_depth_panel"]

#: Of every picture, and where words that belong to no axis begin [in].
WIDTH_IN, LEFT_IN = 6.4, 0.12
# Beside the frame stand the numbers and names of both its axes [in].
_LEFT_OF_FRAME_IN, _FRAME_IN = 0.82, 4.46

_BAND = "#9db8cf"
# Size of the words beside a bar, and how wide a letter of them is with what stands around them [pt, in].
_TEXT_PT, _LETTER_IN = 8.5, 0.0665
_ROW_IN = 0.27
# More than this below the skin's light nobody can use; only a target that lies there is still shown.
_DECADES_SHOWN = 6.0
_HEADROOM = 2.5
_LEAST_DEPTH_SHOWN_MM = 10.0
# A log axis has no zero: what no light reached is drawn below the frame.
_NEVER_REACHED = 1e-30
_STEPS_MM = (1, 2, 5, 10, 20, 50, 100, 1000)
# Below so many decades the axis needs more numbers than the powers of ten.
_FEW_DECADES = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedStructure:
    """One structure under the skin and the light that reaches it, all wavelengths together.

    depth_mm, depth_range_mm : the median, and p5 to p95 where they are known [mm]
    light : in the unit of the panel
    aim : whether the light is meant for it
    """

    name: str
    depth_mm: float
    depth_range_mm: tuple[float, float] | None
    light: Band
    aim: bool = False

    @property
    def deepest_mm(self) -> float:
        """The deepest it is shown [mm]."""
        return self.span_mm[1]

    @property
    def span_mm(self) -> tuple[float, float]:
        """Where its bar begins and ends [mm]."""
        return self.depth_range_mm or (self.depth_mm, self.depth_mm)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthPanel:
    """What one panel draws.

    name, unit : of what is drawn, as on the axis: "fluence in one session", "J/cm²"
    depth_mm, light : the band of all wavelengths together against depth, in `unit`
    at_skin, at_skin_name : what falls on the skin, which is 100 %, in `unit`; None where it is not known
    must_show : values that the axis has to reach down to, in `unit`
    """

    name: str
    unit: str
    depth_mm: Sequence[float]
    light: Sequence[Band]
    at_skin: float | None
    at_skin_name: str
    structures: Sequence[MarkedStructure]
    must_show: Sequence[float] = ()

    @property
    def deepest_mm(self) -> float:
        """How far down the axis goes: past where the deepest structure may lie [mm]."""
        deepest = max((structure.deepest_mm for structure in self.structures), default=0.0)
        return min(self.depth_mm[-1], max(_LEAST_DEPTH_SHOWN_MM, 1.12 * deepest))

    @property
    def rows_in(self) -> float:
        """Height of the rows of structures below the curve [in]."""
        return _ROW_IN * len(self.structures) + 0.06

    def words_of(self, structure: MarkedStructure) -> str:
        """Its name, what reaches it and which part that is; less of it where there is no room beside the bar.

        What reaches the aim stands in larger words, above.
        """
        if structure.aim:
            return structure.name
        light = f"{structure.name}: {quantity(structure.light.median)} {self.unit}"
        words = f"{light}, {_short(structure.light.median / self.at_skin)}" if self.at_skin else light
        start, end = structure.span_mm
        room_in = max(start, self.deepest_mm - end) / self.deepest_mm * _FRAME_IN
        return next((some for some in (words, light) if len(some) * _LETTER_IN < room_in), structure.name)

    def lowest_and_highest(self) -> tuple[float, float]:
        """Both ends of the axis of light: the median is inside down to every structure, and down to the target's p5."""
        shown = [band for depth, band in zip(self.depth_mm, self.light, strict=True) if depth <= self.deepest_mm]
        top = _HEADROOM * max(band.p95 for band in shown)
        medians = [structure.light.median for structure in self.structures]
        wanted = [*medians, *self.must_show, *(structure.light.p5 for structure in self.structures if structure.aim)]
        least = min((value for value in wanted if value > 0.0), default=top * 10.0**-_DECADES_SHOWN)
        targets = [structure.light.median for structure in self.structures if structure.aim]
        never_above = min((value for value in targets if value > 0.0), default=top)
        return min(max(0.5 * least, top * 10.0**-_DECADES_SHOWN), 0.3 * never_above), top


def add_frame(figure: Figure, foot_in: float, frame_in: float) -> Axes:
    """The axes of a panel, `frame_in` high, from `foot_in` above the foot of a figure that is WIDTH_IN wide."""
    height_in = figure.get_figheight()
    box = (_LEFT_OF_FRAME_IN / WIDTH_IN, foot_in / height_in, _FRAME_IN / WIDTH_IN, frame_in / height_in)
    return figure.add_axes(box)


def draw_depth_panel(axes: Axes, panel: DepthPanel, height_in: float) -> None:
    """Draw `panel` into `axes`, which are `height_in` high: the curve above, the rows of structures in their foot."""
    lowest, top = panel.lowest_and_highest()
    rows_share = panel.rows_in / height_in
    # The rows take the foot of the same frame, so that curve and structures share one axis of depth.
    floor = lowest * (lowest / top) ** (rows_share / (1.0 - rows_share))
    axes.set_yscale("log")
    axes.set_ylim(floor, top)
    axes.set_xlim(0.0, panel.deepest_mm)
    axes.minorticks_off()
    values = _round_values(lowest, top, 1.0)
    axes.set_yticks(values, [_plain(value) for value in values])
    step_mm = next(step for step in _STEPS_MM if panel.deepest_mm <= 9.0 * step)
    axes.set_xticks(range(0, int(panel.deepest_mm) + 1, step_mm))
    axes.set_xlabel("depth below the skin surface, mm")
    # Centred on the curve, not on the frame.
    axes.set_ylabel(f"{panel.name}, {panel.unit}", y=0.5 + 0.5 * rows_share)
    axes.grid(True, color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    _draw_band(axes, panel)
    if panel.at_skin:
        _draw_share_axis(axes, panel, lowest, rows_share)
    _draw_rows(axes, panel, lowest, floor)


def _draw_band(axes: Axes, panel: DepthPanel) -> None:
    low, median, high = (
        [max(getattr(band, name), _NEVER_REACHED) for band in panel.light] for name in ("p5", "median", "p95")
    )
    axes.fill_between(panel.depth_mm, low, high, facecolor=_BAND, alpha=0.55, linewidth=0.0)
    axes.plot(panel.depth_mm, median, color=INK, linewidth=2.0)


def _draw_share_axis(axes: Axes, panel: DepthPanel, lowest: float, rows_share: float) -> None:
    """The same light as a part of what falls on the skin, on the right."""
    at_skin = panel.at_skin or 1.0
    floor, top = axes.get_ylim()
    shares = axes.twinx()
    shares.set_yscale("log")
    shares.set_ylim(floor, top)
    shares.minorticks_off()
    values = [value for value in _round_values(lowest, top, at_skin) if value <= at_skin * 1.001]
    shares.set_yticks(values, [_short(value / at_skin) for value in values])
    shares.set_ylabel(f"part of the {panel.at_skin_name} ({quantity(at_skin)} {panel.unit})", y=0.5 + 0.5 * rows_share)
    shares.xaxis.set_visible(False)
    shares.spines["right"].set_visible(True)


def _draw_rows(axes: Axes, panel: DepthPanel, lowest: float, floor: float) -> None:
    """Each structure in a row of its own, under the curve."""
    from matplotlib.patches import Rectangle

    right_mm = panel.deepest_mm
    # Over the foot of the band, which would run on behind the words.
    axes.add_patch(Rectangle((0.0, floor), right_mm, lowest - floor, facecolor="white", edgecolor="none", zorder=2.5))
    axes.plot([0.0, right_mm], [lowest, lowest], color=MUTED, linewidth=0.8, zorder=2.6)
    for number, structure in enumerate(panel.structures):
        height = lowest * (floor / lowest) ** ((number + 0.5) / len(panel.structures))
        _draw_row(axes, structure, height, lowest)
        _write_row(axes, panel, structure, height)


def _draw_row(axes: Axes, structure: MarkedStructure, height: float, lowest: float) -> None:
    """A bar from p5 to p95 of its depth, a dot at the median, another on the curve, and a line between both."""
    light = max(structure.light.median, _NEVER_REACHED)
    at_mm, dash = [structure.depth_mm] * 2, (0, (2, 2))
    style: dict[str, Any] = {"color": MUTED, "linewidth": 0.9, "linestyle": dash, "markersize": 4.0}
    if structure.aim:
        style = {"color": ACCENT, "linewidth": 1.6, "linestyle": "-", "markersize": 5.5}
    axes.plot(at_mm, [height, light], marker="o", zorder=2.9, **style)
    if structure.depth_range_mm is not None:
        axes.plot(
            structure.depth_range_mm,
            [height] * 2,
            color=style["color"],
            alpha=0.4,
            linewidth=6.0,
            solid_capstyle="butt",
            zorder=2.8,
        )


def _write_row(axes: Axes, panel: DepthPanel, structure: MarkedStructure, height: float) -> None:
    start, end = structure.span_mm
    gap_mm = 0.012 * panel.deepest_mm
    # The words stand where there is more room.
    on_the_left = start > panel.deepest_mm - end
    axes.text(
        start - gap_mm if on_the_left else end + gap_mm,
        height,
        panel.words_of(structure),
        ha="right" if on_the_left else "left",
        va="center_baseline",
        fontsize=_TEXT_PT,
        fontweight="bold" if structure.aim else "normal",
        # The line of a deeper structure must not run through them.
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        zorder=3.0,
    )


def _round_values(lowest: float, top: float, unit: float) -> list[float]:
    """Round multiples of `unit` between both ends: powers of ten, and 2 and 5 between where there are few of those."""
    low, high = math.log10(lowest / unit), math.log10(top / unit)
    steps = (1.0, 2.0, 5.0) if high - low < _FEW_DECADES else (1.0,)
    decades = range(math.floor(low), math.ceil(high) + 1)
    values = [unit * step * 10.0**decade for decade in decades for step in steps]
    return [value for value in values if lowest <= value <= top]


def _plain(value: float) -> str:
    """A round value without an exponent."""
    return f"{value:.9f}".rstrip("0").rstrip(".")


def _short(part: float) -> str:
    """A part of the whole for where there is little room: "1 in 1000"."""
    return part_in_words(part).replace("one part", "1")
