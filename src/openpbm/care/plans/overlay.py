"""Light of one session against depth, drawn: one plan's curve, or two plans' in one chart, each by its own dashes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpbm.care.line_chart import Line, LineChart, Span, draw_lines
from openpbm.planning import Plan
from openpbm.planning.document import Band, Curve, CurvePoint
from openpbm.wording import in_words, place_in_words, quantity

__all__ = ["DepthCurve", "curves", "overlay"]

# Less is no light to speak of, and would stretch an axis of powers of ten.
_LEAST_J_CM2 = 1e-4
# Told apart by their dashes too, where colours are not.
_LOOKS = ("", "second")


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthCurve:
    """A curve as a page shows it: its chart, the sentence that says the same, about a dozen rows for a table.

    depth_mm : of the target, in the middle case;  at_target : fluence there [J/cm2], None without a curve
    """

    place: str
    target: str
    depth_mm: float
    at_target: Band | None
    rows: list[CurvePoint]
    chart: LineChart

    @property
    def sentence(self) -> str:
        """The curve in words."""
        said = f"Dose against depth, {self.place}: falling with depth"
        if self.at_target is None:
            return said
        at = f"{quantity(self.depth_mm, 2)} mm deep, about {quantity(self.at_target.median, 2)} J/cm²"
        return f"{said}; at the {self.target}, {at}"


def curves(found: Sequence[Curve], planned: Sequence[Curve] = ()) -> list[DepthCurve]:
    """One for each place.

    planned : the plan's own, to lie under what is tried out at the same places
    """
    own = [*planned, *[None] * len(found)]
    return [_curve(curve, beside) for curve, beside in zip(found, own, strict=False)]


def _curve(curve: Curve, planned: Curve | None) -> DepthCurve:
    together = curve.all_light
    # The axis goes by powers of ten: points of next to no light would stretch it far down and flatten the rest.
    points = [] if together is None else [p for p in together.points if p.fluence_j_cm2.median > _LEAST_J_CM2]
    middle = curve.target_depth_mm.median
    at_target = min(points, key=lambda p: abs(p.depth_mm - middle), default=None)
    return DepthCurve(
        place=place_in_words(curve.site, curve.side),
        target=in_words(curve.target),
        depth_mm=middle,
        at_target=None if at_target is None else at_target.fluence_j_cm2,
        rows=[p for place, p in enumerate(points) if place % max(1, len(points) // 12) == 0],
        chart=_depth_chart(curve, planned),
    )


def _depth_chart(curve: Curve, planned: Curve | None) -> LineChart:
    """The median between its bounds, with the target's depth and the window marked.

    planned : the plan's own curve, to lie under what is tried out
    """
    lines = [
        _line(curve, "median", "median", ""),
        _line(curve, "5 of 100 get less", "p5", "low"),
        _line(curve, "5 of 100 get more", "p95", "high"),
    ]
    if planned is not None:
        lines.append(_line(planned, "as planned", "median", "second"))
    depth, window = curve.target_depth_mm, curve.window_j_cm2
    upright = Span(name=in_words(curve.target), low=depth.p5, high=depth.p95, look="")
    levels = [] if window is None else [Span(name="derived window", low=window[0], high=window[1], look="window")]
    return _drawn(lines, deepest=depth.p95, uprights=[upright], levels=levels)


def overlay(first: Plan, second: Plan, names: tuple[str, str]) -> LineChart | None:
    """The chart of both at their first place: median, and thin the 5th and 95th percentile; None without a dose."""
    if not first.curves or not second.curves:
        return None
    curves = (first.curves[0], second.curves[0])
    lines, targets = [], []
    for curve, name, look in zip(curves, names, _LOOKS, strict=True):
        lines.append(_line(curve, name, "median", look))
        lines += [_line(curve, "", key, f"{look} edge") for key in ("p5", "p95")]
        depth = curve.target_depth_mm.median
        targets.append(Span(name=f"{in_words(curve.target)}, {name}", low=depth, high=depth, look=look))
    return _drawn(lines, deepest=max(curve.target_depth_mm.p95 for curve in curves), uprights=targets, levels=[])


def _drawn(lines: list[Line], *, deepest: float, uprights: list[Span], levels: list[Span]) -> LineChart:
    end = 1.6 * deepest + 2.0
    shown = [
        Line(name=line.name, look=line.look, points=[point for point in line.points if point[0] <= end])
        for line in lines
    ]
    return draw_lines(
        shown, across="mm deep", upward="J/cm²", log=True, x_ends=(0.0, end), uprights=uprights, levels=levels
    )


def _line(curve: Curve, name: str, key: str, look: str) -> Line:
    points = () if curve.all_light is None else curve.all_light.points
    values = [(point.depth_mm, float(getattr(point.fluence_j_cm2, key))) for point in points]
    return Line(name=name, look=look.strip(), points=[row for row in values if row[1] > _LEAST_J_CM2])
