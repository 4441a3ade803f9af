"""A chart of bands and lines over time, drawn by the server: it needs no script, and its colours are the page's."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

__all__ = ["BandChart", "Span", "Tick", "draw_bands", "draw_dated", "round_step"]

WIDTH, HEIGHT = 440.0, 250.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 12.0, 14.0, 46.0
#: Dates named under the axis.
_DATES = 4
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)

#: Values beside their times, and the two edges of a band.
Values = Sequence[float]
Band = tuple[Values, Values]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark of an axis: where it stands, and what it says."""

    at: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of days with the mean of its values and the band in which the middle half of them lies."""

    css: str
    first: dt.date
    last: dt.date
    low: float
    high: float
    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnSpan:
    """A `Span` in units of the drawing: left, top, width and height of its band, and the height of its mean."""

    css: str
    x: float
    y: float
    width: float
    height: float
    mean: float

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width


@dataclass(frozen=True, slots=True, kw_only=True)
class BandChart:
    """What the template draws, in units of the drawing.

    bands, lines : corners as a polygon has them, by the class that colours them;  dots : (x, y)
    shaded : left edge and width of a time that is marked, None without one
    joined : whether a line goes through the dots
    """

    across: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    bands: Mapping[str, str]
    lines: Mapping[str, str]
    dots: tuple[tuple[float, float], ...]
    shaded: tuple[float, float] | None
    width: float = field(default=WIDTH)
    height: float = field(default=HEIGHT)
    joined: bool = True
    spans: tuple[DrawnSpan, ...] = ()

    @property
    def left(self) -> float:
        """Where times begin."""
        return _LEFT

    @property
    def right(self) -> float:
        """Where times end."""
        return self.width - _RIGHT

    @property
    def top(self) -> float:
        """The highest value."""
        return _TOP

    @property
    def bottom(self) -> float:
        """The lowest value."""
        return self.height - _BOTTOM

    @property
    def joined_dots(self) -> str:
        """The line through the dots, in their order."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.dots)

    @property
    def plot_height(self) -> float:
        """From the lowest to the highest value."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values to places, by the ends of both."""

    low: float
    high: float
    begin: float
    end: float

    def at(self, value: float) -> float:
        return self.begin + (value - self.low) / (self.high - self.low) * (self.end - self.begin)


def draw_bands(
    times: Values,
    *,
    across: str,
    bands: Mapping[str, Band],
    lines: Mapping[str, Values],
    dots: Iterable[tuple[float, float]] = (),
    shaded: tuple[float, float] | None = None,
    limits: tuple[float, float] | None = None,
) -> BandChart:
    """Place bands, lines and dots over `times`.

    across : what the times are;  shaded : a time to mark, from and to
    limits : of the values, as of a scale; without them all that is drawn, and nothing, fit in
    """
    points = list(dots)
    drawn = [value for low, high in bands.values() for value in (*low, *high)]
    drawn += [value for values in lines.values() for value in values] + [value for _, value in points]
    y_ends = limits or (min(0.0, *drawn), max(0.0, *drawn))
    y_step = round_step(*y_ends)
    # Nothing changes: a flat line in the middle, and no axis of a width of zero.
    low, high = y_ends[0], y_ends[1] if y_ends[1] > y_ends[0] else y_ends[0] + 1.0
    x = _Scale(min(times), max(times), _LEFT, WIDTH - _RIGHT)
    y = _Scale(low, high, HEIGHT - _BOTTOM, _TOP)
    marked = None if shaded is None else (x.at(shaded[0]), x.at(shaded[1]) - x.at(shaded[0]))
    return BandChart(
        across=across,
        x_ticks=_ticks(x, round_step(x.low, x.high)),
        y_ticks=_ticks(y, y_step),
        bands={css: _outline(x, y, times, band) for css, band in bands.items()},
        lines={css: _path(x, y, zip(times, values, strict=True)) for css, values in lines.items()},
        dots=tuple((x.at(time), y.at(value)) for time, value in points),
        shaded=marked,
    )


def draw_dated(
    points: Sequence[tuple[dt.date, float]],
    *,
    ends: tuple[dt.date, dt.date],
    limits: tuple[float, float] | None,
    spans: Iterable[Span] = (),
    shaded: tuple[dt.date, dt.date] | None = None,
) -> BandChart:
    """Readings on their days, not joined: between two of them nothing is known. ends : first and last day drawn"""
    first, last = (float(day.toordinal()) for day in ends)
    chart = draw_bands(
        [first, max(last, first + 1.0)],
        across="",
        bands={},
        lines={},
        dots=[(float(day.toordinal()), value) for day, value in points],
        shaded=None if shaded is None else (shaded[0].toordinal(), shaded[1].toordinal() + 1.0),
        limits=limits,
    )
    x = _Scale(first, max(last, first + 1.0), _LEFT, WIDTH - _RIGHT)
    low, high = limits or (0.0, 1.0)
    y = _Scale(low, high, HEIGHT - _BOTTOM, _TOP)
    return replace(chart, joined=False, x_ticks=_days(x), spans=tuple(_drawn(x, y, one) for one in spans))


def _drawn(x: _Scale, y: _Scale, span: Span) -> DrawnSpan:
    left, right = x.at(span.first.toordinal()), x.at(span.last.toordinal())
    top, bottom = y.at(span.high), y.at(span.low)
    # Of values that are all the same the band is still a line that is seen.
    return DrawnSpan(
        css=span.css, x=left, y=top, width=max(right - left, 2.0), height=max(bottom - top, 1.0), mean=y.at(span.mean)
    )


def _days(scale: _Scale) -> tuple[Tick, ...]:
    step = max(1, round((scale.high - scale.low) / _DATES))
    days = range(int(scale.low) + step // 2, int(scale.high) + 1, step)
    dates = [(day, dt.date.fromordinal(day)) for day in days]
    return tuple(Tick(at=scale.at(day), text=f"{date.day} {date:%b}") for day, date in dates)


def _outline(x: _Scale, y: _Scale, times: Values, band: Band) -> str:
    low, high = band
    there, back = zip(times, high, strict=True), zip(times, low, strict=True)
    return _path(x, y, [*there, *reversed(list(back))])


def _path(x: _Scale, y: _Scale, points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x.at(time):.1f},{y.at(value):.1f}" for time, value in points)


def round_step(low: float, high: float) -> float:
    """A round step that gives four to eight marks."""
    rough = (high - low) / 5.0 or 0.5
    size = 10.0 ** math.floor(math.log10(rough))
    return next(step * size for step in _STEPS if step * size >= rough * 0.999)


def _ticks(scale: _Scale, step: float) -> tuple[Tick, ...]:
    first, last = math.ceil(scale.low / step - 1e-9), math.floor(scale.high / step + 1e-9)
    values = [number * step for number in range(first, last + 1)]
    # A real minus sign, which is as wide as the plus.
    return tuple(Tick(at=scale.at(value), text=f"{value:.3g}".replace("-", "−")) for value in values)
