"""The lamp's output over the years: every reading as a share of what the maker claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpbm.care.devices.models import Measurement
from openpbm.care.devices.output import share_of_claim
from openpbm.care.devices.reading import counts
from openpbm.care.devices.selectors import reading_of
from openpbm.facts.lamps import Lamp
from openpbm.report.wording import date_in_words

__all__ = ["Point", "chart", "points", "sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One reading in the curve. `percent` of the claim; None where the claim does not reach."""

    row: Measurement
    percent: float | None
    counts: bool

    @property
    def of_what(self) -> str:
        """The light that was read."""
        return "all wavelengths" if self.row.wavelength_nm is None else f"{self.row.wavelength_nm:g} nm"


def points(lamp: Lamp, rows: Sequence[Measurement]) -> list[Point]:
    """The readings with their share of the claim, in their order."""
    found = []
    for row in rows:
        reading = reading_of(row)
        share = share_of_claim(lamp, reading)
        found.append(Point(row=row, percent=None if share is None else 100.0 * share, counts=counts(reading)))
    return found


def chart(found: Sequence[Point]) -> dict[str, Any]:
    """The curve as an ECharts option: one line for each light that was read, the claim as a line at 100 %."""
    drawn = [point for point in found if point.percent is not None]
    series = []
    for number, what in enumerate(dict.fromkeys(point.of_what for point in drawn), start=1):
        series.append(
            {
                "name": what,
                "type": "line",
                "symbolSize": 9,
                "showAllSymbol": True,
                "symbol": ("circle", "rect", "triangle", "diamond")[(number - 1) % 4],
                "data": [
                    [point.row.measured_on.isoformat(), round(point.percent or 0.0, 1)]
                    for point in drawn
                    if point.of_what == what
                ],
            }
        )
    if series:
        series[0]["markLine"] = {
            "silent": True,
            "symbol": "none",
            "data": [{"yAxis": 100, "name": "claim"}],
            "lineStyle": {"color": "var(--line-strong)", "type": "dashed"},
            "label": {"formatter": "as claimed", "position": "insideEndTop", "color": "var(--ink-soft)"},
        }
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {"top": 0},
        "xAxis": {"type": "time"},
        "yAxis": {"type": "value", "name": "% of the claim", "min": 0},
        "series": series,
    }


def sentence(found: Sequence[Point]) -> str:
    """The curve in one sentence, for those who do not see it."""
    drawn = [point for point in found if point.percent is not None]
    if not drawn:
        return "No reading can be compared with the claim yet."
    first, last = drawn[0], drawn[-1]
    begun = f"{first.percent:.0f} % of the claim on {_day(first)}"
    return f"Output {begun}." if first is last else f"Output {begun}, {last.percent:.0f} % on {_day(last)}."


def _day(point: Point) -> str:
    return date_in_words(point.row.measured_on.isoformat())
