"""Picture: fluence rate against depth under a lamp, as a part of the irradiance too, and where the structures lie."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from openpbm.picture_style import MUTED, new_figure, picture_style
from openpbm.planning.depth_curve import DepthCurve, StructureLight
from openpbm.planning.depth_panel import LEFT_IN, WIDTH_IN, DepthPanel, MarkedStructure, add_frame, draw_depth_panel
from openpbm.wording import in_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_light_at_depth"]

_CURVE_IN, _HEADING_IN, _FOOT_IN = 3.4, 0.82, 1.0


def draw_light_at_depth(
    curves: tuple[DepthCurve, ...],
    structures: tuple[StructureLight, ...],
    *,
    irradiance_mw_cm2: float,
    heading: str,
    lamp: str,
    distance_mm: float,
    notice: str,
) -> Figure:
    """One band of all wavelengths together, in mW/cm2 and as a part of the irradiance; below it every structure.

    curves : the last one is of all wavelengths together
    irradiance_mw_cm2 : on the skin, which is 100 % [mW/cm2]
    """
    panel = _panel(curves[-1], structures, irradiance_mw_cm2)
    frame_in = _CURVE_IN + panel.rows_in
    height_in = _HEADING_IN + frame_in + _FOOT_IN
    with picture_style():
        figure = new_figure(WIDTH_IN, height_in)
        draw_depth_panel(add_frame(figure, _FOOT_IN, frame_in), panel, frame_in)
        left, top = LEFT_IN / WIDTH_IN, 1.0 - 0.25 / height_in
        figure.text(left, top, heading, fontsize=11.0, fontweight="bold")
        lit = f"Under {lamp}, {_distance_in_words(distance_mm)}."
        key = f"{lit}\nLine: middle case. Shading: 90 of 100 cases (p5 to p95)."
        figure.text(left, 1.0 - 0.36 / height_in, key, fontsize=8.5, va="top", linespacing=1.3)
        words = textwrap.fill(notice, 104)
        figure.text(left, 0.1 / height_in, words, fontsize=7.5, color=MUTED)
        return figure


def _panel(together: DepthCurve, structures: tuple[StructureLight, ...], irradiance_mw_cm2: float) -> DepthPanel:
    return DepthPanel(
        name="fluence rate",
        unit="mW/cm²",
        depth_mm=together.depth_mm,
        light=together.fluence_rate_mw_cm2,
        at_skin=irradiance_mw_cm2,
        at_skin_name="irradiance on the skin",
        structures=[
            MarkedStructure(
                name=in_words(structure.structure),
                depth_mm=structure.depth_mm.median,
                depth_range_mm=(structure.depth_mm.p5, structure.depth_mm.p95),
                light=structure.fluence_rate_mw_cm2,
            )
            for structure in structures
        ],
    )


def _distance_in_words(distance_mm: float) -> str:
    if distance_mm == 0.0:
        return "in contact"
    return f"{distance_mm / 10.0:g} cm away"
