"""The lamp's output over the years: every reading as a share of what the maker claims."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from openpbm.care.devices.models import Measurement
from openpbm.care.devices.output import share_of_claim
from openpbm.care.devices.reading import counts
from openpbm.care.devices.selectors import reading_of
from openpbm.facts.lamps import Lamp
from openpbm.wording import date_in_words

__all__ = ["Decay", "Point", "decay_chart", "decay_of"]

# Signs tell the lines apart where colours cannot.
_SIGNS = ("circle", "rect", "triangle", "diamond")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One reading in the curve. `percent` of the claim; None where the claim does not reach."""

    row: Measurement
    percent: float | None
    counts: bool

    @property
    def of_what(self) -> str:
        """The light that was read."""
        if self.row.wavelength_nm is None:
            return "all wavelengths"
        return f"{self.row.wavelength_nm:g} nm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decay:
    """Every reading of a lamp, the oldest first."""

    points: tuple[Point, ...]

    @property
    def drawn(self) -> list[tuple[Point, float]]:
        """The readings that can be compared with the claim, each with its percentage."""
        return [(point, point.percent) for point in self.points if point.percent is not None]

    @property
    def sentence(self) -> str:
        """The curve in one sentence, for those who do not see it."""
        if not self.drawn:
            return "No reading can be compared with the claim yet."
        (first, begun), (last, now) = self.drawn[0], self.drawn[-1]
        sentence = f"Output {begun:.0f} % of the claim on {_day(first)}"
        if last is not first:
            sentence += f", {now:.0f} % on {_day(last)}"
        return f"{sentence}."


def decay_of(lamp: Lamp, rows: Sequence[Measurement]) -> Decay:
    """The readings with their share of the claim, in their order."""
    points = []
    for row in rows:
        reading = reading_of(row)
        share = share_of_claim(lamp, reading)
        percent = None if share is None else 100.0 * share
        points.append(Point(row=row, percent=percent, counts=counts(reading)))
    return Decay(points=tuple(points))


def decay_chart(decay: Decay) -> dict[str, object]:
    """The curve as an ECharts option: one line for each light that was read, the claim as a line at 100 %."""
    lights = dict.fromkeys(point.of_what for point, _ in decay.drawn)
    series = [_line(decay, light, sign) for light, sign in zip(lights, itertools.cycle(_SIGNS), strict=False)]
    if series:
        series[0]["markLine"] = _claim_line()
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {"top": 0},
        "xAxis": {"type": "time"},
        "yAxis": {"type": "value", "name": "% of the claim", "min": 0},
        "series": series,
    }


def _line(decay: Decay, light: str, sign: str) -> dict[str, object]:
    points = [
        [point.row.measured_on.isoformat(), round(percent, 1)]
        for point, percent in decay.drawn
        if point.of_what == light
    ]
    return {"name": light, "type": "line", "symbolSize": 9, "showAllSymbol": True, "symbol": sign, "data": points}


def _claim_line() -> dict[str, object]:
    return {
        "silent": True,
        "symbol": "none",
        "data": [{"yAxis": 100, "name": "claim"}],
        "lineStyle": {"color": "var(--line-strong)", "type": "dashed"},
        "label": {"formatter": "as claimed", "position": "insideEndTop", "color": "var(--ink-soft)"},
    }


def _day(point: Point) -> str:
    return date_in_words(point.row.measured_on.isoformat())
