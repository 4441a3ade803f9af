"""The lamp's output over the years: every reading as a share of what the maker claims."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from openpbm.care.devices.models import Measurement
from openpbm.care.devices.output import share_of_claim
from openpbm.care.devices.reading import counts
from openpbm.care.devices.selectors import reading_of
from openpbm.care.line_chart import Line, LineChart, draw_lines
from openpbm.facts.lamps import Lamp
from openpbm.wording import date_in_words

__all__ = ["Decay", "Point", "decay_chart", "decay_of"]

_LOOKS = ("", "second", "third", "fourth")


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


def decay_chart(decay: Decay) -> LineChart | None:
    """One line for each light that was read, and one at the claim; None where nothing can be compared with it."""
    drawn = decay.drawn
    if not drawn:
        return None
    first, last = (point.row.measured_on for point in (drawn[0][0], drawn[-1][0]))
    days = max((last - first).days, 30)
    lights = dict.fromkeys(point.of_what for point, _ in drawn)
    lines = [_line(decay, light, look) for light, look in zip(lights, itertools.cycle(_LOOKS), strict=False)]
    claim = Line(name="as claimed", look="claim", points=[(0.0, 100.0), (float(days), 100.0)])
    named = [(float((day - first).days), f"{day:%b %Y}") for day in dict.fromkeys((first, last))]
    return draw_lines([*lines, claim], across="", upward="% of the claim", x_ends=(0.0, float(days)), x_ticks=named)


def _line(decay: Decay, light: str, look: str) -> Line:
    first = decay.drawn[0][0].row.measured_on
    read = [(point, percent) for point, percent in decay.drawn if point.of_what == light]
    points = [(float((point.row.measured_on - first).days), percent) for point, percent in read]
    return Line(name=light, look=look, points=points, dotted=True)


def _day(point: Point) -> str:
    return date_in_words(point.row.measured_on.isoformat())
