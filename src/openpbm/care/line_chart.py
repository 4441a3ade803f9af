"""Lines over an axis, drawn by the server: needs no script, weighs a few kB, and has the page's own colours.

The vertical axis may go by powers of ten, as light against depth needs it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from openpbm.care.band_chart import Tick, round_step

__all__ = ["Line", "LineChart", "Span", "draw_lines"]

WIDTH, HEIGHT = 440.0, 270.0
LEFT, TOP = 58.0, 30.0
# The last word of the axis has half its width behind its tick.
_RIGHT, _BOTTOM = 32.0, 46.0

#: The two ends of an axis.
Ends = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line to draw.

    look : its class in care.css, which tells it apart by dashes too;  dotted : a dot at each point
    """

    name: str
    points: Sequence[tuple[float, float]]
    look: str
    dotted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of an axis that is marked, and what it is called. look : as of a line."""

    name: str
    low: float
    high: float
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    name: str
    look: str
    corners: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Box:
    name: str
    look: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """What the template draws, in units of the drawing; `across` and `upward` name the axes."""

    across: str
    upward: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[_Drawn, ...]
    boxes: tuple[_Box, ...]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - _RIGHT
    top: float = TOP
    bottom: float = HEIGHT - _BOTTOM


@dataclass(frozen=True, slots=True)
class _Axis:
    """From values to places. A value beyond an end is drawn at it."""

    ends: Ends
    begin: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        low, high = self.ends
        inside = min(max(value, low), high)
        if self.log:
            low, high, inside = math.log10(low), math.log10(high), math.log10(inside)
        return self.begin + (inside - low) / (high - low) * (self.end - self.begin)

    def ticks(self) -> tuple[Tick, ...]:
        low, high = self.ends
        if self.log:
            powers = range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)
            return tuple(Tick(at=self.at(10.0**power), text=f"{10.0**power:.10g}") for power in powers)
        step = round_step(low, high)
        numbers = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
        return tuple(Tick(at=self.at(number * step), text=f"{number * step:g}") for number in numbers)


def draw_lines(
    lines: Sequence[Line], *, across: str, upward: str, x_ends: Ends, y_ends: Ends | None = None, log: bool = False,
    x_ticks: Sequence[tuple[float, str]] | None = None, uprights: Sequence[Span] = (), levels: Sequence[Span] = (),
) -> LineChart:  # fmt: skip
    """Place the lines.

    y_ends : without them all that is drawn fits in, and nothing too; by powers of ten, whole ones
    x_ticks : values and their words, where these are no plain numbers;  uprights, levels : marked parts of the axes
    """
    x = _Axis(_wide(x_ends), LEFT, WIDTH - _RIGHT)
    y = _Axis(y_ends or _ends_of(lines, log), HEIGHT - _BOTTOM, TOP, log)
    named = tuple(Tick(at=x.at(value), text=text) for value, text in x_ticks or ())
    boxes = [_upright(x, span) for span in uprights] + [_level(y, span) for span in levels]
    return LineChart(
        across=across, upward=upward, x_ticks=named or x.ticks(), y_ticks=y.ticks(),
        lines=tuple(_drawn(line, x, y) for line in lines), boxes=tuple(boxes),
    )  # fmt: skip


def _drawn(line: Line, x: _Axis, y: _Axis) -> _Drawn:
    places = [(x.at(across), y.at(up)) for across, up in line.points]
    corners = " ".join(f"{across:.1f},{up:.1f}" for across, up in places)
    return _Drawn(name=line.name, look=line.look, corners=corners, dots=tuple(places) if line.dotted else ())


def _upright(x: _Axis, span: Span) -> _Box:
    begin, end = x.at(span.low), x.at(span.high)
    return _Box(
        name=span.name, look=span.look, x=begin, y=TOP, width=max(end - begin, 1.0), height=HEIGHT - _BOTTOM - TOP
    )


def _level(y: _Axis, span: Span) -> _Box:
    top, bottom = y.at(span.high), y.at(span.low)
    return _Box(
        name=span.name, look=span.look, x=LEFT, y=top, width=WIDTH - _RIGHT - LEFT, height=max(bottom - top, 1.0)
    )


def _ends_of(lines: Sequence[Line], log: bool) -> Ends:
    values = [up for line in lines for _, up in line.points]
    if not log:
        return _wide((min(0.0, *values, 0.0), max(0.0, *values, 0.0)))
    powers = [math.log10(value) for value in values] or [0.0]
    return 10.0 ** math.floor(min(powers)), 10.0 ** (math.floor(max(powers)) + 1)


def _wide(ends: Ends) -> Ends:
    low, high = ends
    return (low, high) if high > low else (low, low + 1.0)
