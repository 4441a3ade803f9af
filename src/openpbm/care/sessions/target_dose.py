"""What one session gives at the target, out of the stored plan: the interval, and the curve over depth to draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from openpbm.care.line_chart import Line, LineChart, Span, draw_lines
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.what_if import Kept
from openpbm.care.sessions.leg_section import LegSection, leg_section
from openpbm.care.sessions.positions import place_in_words
from openpbm.facts.sites import sites
from openpbm.planning import AllowedPlan, load_allowed_plan
from openpbm.planning.document import Band, Curve
from openpbm.wording import in_words

__all__ = ["TargetDose", "target_dose"]


#: Depth [mm], then p5, median and p95 of the fluence there [J/cm2].
Points: TypeAlias = tuple[tuple[float, float, float, float], ...]
# Nobody needs to read less than this [J/cm2].
_LEAST = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDose:
    """Light of one session at the structure aimed at [J/cm2]; `points` rows (depth_mm, p5, median, p95).

    depth_mm : where the structure lies (p5, median, p95); None where the plan does not say
    window : the dose the trials' lamps give there by our own model, None without one
    """

    place: str
    structure: str
    fluence: Band
    chance: float | None
    depth_mm: Band | None
    window: tuple[float, float] | None
    points: Points
    chart: LineChart | None
    section: LegSection | None

    @property
    def low(self) -> str:
        """The low end of what reaches it."""
        return _rounded(self.fluence.p5)

    @property
    def median(self) -> str:
        """The middle estimate."""
        return _rounded(self.fluence.median)

    @property
    def high(self) -> str:
        """The high end."""
        return _rounded(self.fluence.p95)

    @property
    def sentence(self) -> str:
        """The curve in words."""
        return (
            f"Light of one session against depth ({self.place}): it falls steeply. At the {self.structure} it is about"
            f" {self.median} J/cm², from {self.low} to {self.high}."
        )

    @property
    def window_text(self) -> str:
        """The dose of the trials there, in a sentence."""
        if self.window is None:
            return ""
        low, high = (_rounded(value) for value in self.window)
        return f"Lamps used in trials give {low} to {high} J/cm² there, by the same computation."

    @property
    def table(self) -> list[tuple[str, str, str, str]]:
        """About every second millimetre of the curve."""
        step = max(1, len(self.points) // 15)
        return [
            (f"{depth:g}", _rounded(low), _rounded(middle), _rounded(high))
            for depth, low, middle, high in self.points[::step]
        ]


def _rounded(value: float) -> str:
    """Two digits, and never a power of ten.

    >>> _rounded(0.01234), _rounded(12.3), _rounded(1e-7)
    ('0.012', '12', 'under 0.0001')
    """
    if value < _LEAST:
        return "under 0.0001"
    return f"{float(f'{value:.2g}'):.6f}".rstrip("0").rstrip(".")


#: Of a plan, which never changes: to read its tables takes a quarter of the time of the page.
_DOSES: Kept[TargetDose | None] = Kept(200)


def target_dose(row: PlanRow) -> TargetDose | None:
    """The first structure of an allowed plan, the one that was aimed at; None where the plan holds no dose."""
    return _DOSES.get((row.pk,), lambda: _target_dose(load_allowed_plan(row.core)))


def _target_dose(plan: AllowedPlan) -> TargetDose | None:
    row = next((row for row in plan.dose if row.wavelength_nm is None), None)
    if row is None:
        return None
    curve = next((curve for curve in plan.curves if (curve.site, curve.side) == (row.site, row.side)), None)
    depth_mm = None if curve is None else curve.target_depth_mm
    points = () if curve is None else _points(curve)
    names = {target.id: target.plain_name for target in sites[row.site].targets} if row.site in sites else {}
    structure = names.get(row.structure, in_words(row.structure))
    return TargetDose(
        place=place_in_words((row.site, row.side)),
        structure=structure,
        fluence=row.fluence_j_cm2,
        chance=row.chance_in_window,
        depth_mm=depth_mm,
        window=None if curve is None else curve.window_j_cm2,
        points=points,
        chart=_chart(points, depth_mm, structure),
        section=leg_section(row.site, points),
    )


def _points(curve: Curve) -> Points:
    if curve.all_light is None:
        return ()
    deepest = 1.6 * curve.target_depth_mm.p95
    return tuple(
        (point.depth_mm, point.fluence_j_cm2.p5, point.fluence_j_cm2.median, point.fluence_j_cm2.p95)
        for point in curve.all_light.points
        if point.depth_mm <= deepest
    )


def _chart(points: Points, depth_mm: Band | None, structure: str) -> LineChart | None:
    """On a scale of powers of ten, with the depth of the structure marked; None without a curve."""
    if not points:
        return None
    columns = (("low end", 1, "low"), ("middle", 2, ""), ("high end", 3, "high"))
    lines = [
        Line(name=name, look=look, points=[(row[0], row[column]) for row in points if row[column] >= _LEAST])
        for name, column, look in columns
    ]
    marked = [] if depth_mm is None else [Span(name=structure, low=depth_mm.p5, high=depth_mm.p95, look="second")]
    return draw_lines(
        lines, across="depth in mm", upward="J/cm²", log=True, x_ends=(0.0, points[-1][0]), uprights=marked
    )
