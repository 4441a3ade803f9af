"""The doses of two plans in one chart, or of a plan beside what is tried out on it: each by its own dashes."""

from __future__ import annotations

from typing import Any, TypeAlias

from openpbm.planning import Plan
from openpbm.planning.document import Curve

__all__ = ["as_planned", "overlay"]

#: An option of ECharts, or a series of one.
EChart: TypeAlias = dict[str, Any]
#: Told apart by their dashes too, where colours are not.
_LOOKS = (("solid", "var(--chart-1)"), ("dashed", "var(--chart-2)"))
# Less is no light to speak of, and would stretch an axis of powers of ten.
_LEAST_J_CM2 = 1e-4


def overlay(first: Plan, second: Plan, names: tuple[str, str]) -> EChart | None:
    """The chart of both at their first place: median, and thin the 5th and 95th percentile; None without a dose."""
    if not first.curves or not second.curves:
        return None
    curves = (first.curves[0], second.curves[0])
    series: list[EChart] = []
    for curve, name, look in zip(curves, names, _LOOKS, strict=True):
        series += _lines(curve, name, look)
    deepest = max(curve.target_depth_mm.p95 for curve in curves)
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {"top": 0, "data": list(names)},
        "xAxis": {"type": "value", "name": "mm deep", "min": 0, "max": round(1.6 * deepest + 2)},
        "yAxis": {"type": "log", "name": "J/cm²"},
        "series": series,
    }


def as_planned(curve: Curve) -> EChart:
    """The median of a plan's own curve, to lie under what is tried out."""
    return _line(curve, "as planned", "median", "dotted", "var(--chart-2)", 2.0)


def _lines(curve: Curve, name: str, look: tuple[str, str]) -> list[EChart]:
    dashes, colour = look
    middle = _line(curve, name, "median", dashes, colour, 2.5)
    depth = curve.target_depth_mm.median
    label = {"formatter": "target", "color": "var(--ink-soft)"}
    middle["markLine"] = {"silent": True, "symbol": "none", "data": [{"xAxis": depth}], "label": label,
                          "lineStyle": {"color": colour, "type": "dotted"}}  # fmt: skip
    return [middle, *(_line(curve, f"{name}, {key}", key, dashes, colour, 0.8) for key in ("p5", "p95"))]


def _line(curve: Curve, name: str, key: str, dashes: str, colour: str, width: float) -> EChart:
    points = () if curve.all_light is None else curve.all_light.points
    return {
        "name": name,
        "type": "line",
        "showSymbol": False,
        "lineStyle": {"type": dashes, "width": width, "color": colour},
        "itemStyle": {"color": colour},
        "data": [
            [round(point.depth_mm, 3), float(f"{getattr(point.fluence_j_cm2, key):.4g}")]
            for point in points
            if getattr(point.fluence_j_cm2, key) > _LEAST_J_CM2
        ],
    }
