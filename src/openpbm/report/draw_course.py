"""The picture of a course as SVG: one axis of days, a row for each thing, told apart by form and words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from html import escape
from itertools import pairwise

from openpbm.picture_style import ACCENT, GRID, INK, MUTED, SERIES
from openpbm.report.course_picture import CoursePicture, GivenSession, Happening, HappeningRow, Line, in_words

__all__ = ["draw_course"]

_WIDTH, _LEFT, _RIGHT = 940.0, 172.0, 14.0
_LINE_HEIGHT, _SESSION_HEIGHT, _ROW_HEIGHT, _GAP, _AXIS_HEIGHT = 92.0, 52.0, 26.0, 10.0, 34.0
#: Days between two marks of the axis: of these the smallest that leaves their words room.
_STEPS = (1, 2, 7, 14, 28, 56, 91, 182, 364)
_MOST_TICKS = 12
_LETTER = 7.0
_LEAST_LETTERS = 7

#: Colours of a picture that stands alone, on paper; on a page the style sheet gives them, for light and dark.
_STYLE = f"""text{{font:13px "Libertinus Serif","DejaVu Sans",sans-serif;fill:{INK}}}
.cp-soft,.cp-tick{{fill:{MUTED}}}.cp-grid{{stroke:{GRID}}}.cp-dot{{fill:{ACCENT}}}.cp-score{{fill:{SERIES[1][0]}}}
.cp-bar{{fill:{ACCENT}}}.cp-unknown{{fill:none;stroke:{ACCENT};stroke-width:1.5}}.cp-missed{{stroke:{MUTED};stroke-width:1.5}}
.cp-lamp{{fill:{SERIES[3][0]}}}.cp-medicine{{fill:{SERIES[2][0]}}}.cp-effect{{fill:{SERIES[0][0]}}}
.cp-hold{{fill:#a1191d}}.cp-checkpoint{{fill:{SERIES[1][0]}}}"""


def draw_course(picture: CoursePicture, *, alone: bool = False) -> str:
    """The SVG. alone : with colours of its own, for paper; without them the page's style sheet colours its classes."""
    axes = _Axes(picture)
    parts = [*_lines(axes, picture), *_sessions(axes, picture)]
    for row in picture.rows:
        parts += _row(axes, row)
    grid = list(_days_axis(axes, picture))
    style = f"<style>{_STYLE}</style>" if alone else ""
    label = escape(". ".join(f"{name}: {text}" for name, text in in_words(picture)))
    return (
        f'<svg class="course-picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {axes.bottom:.0f}"'
        f' width="{_WIDTH:.0f}" height="{axes.bottom:.0f}" role="img" aria-label="{label}">'
        f"{style}{''.join(grid)}{''.join(parts)}</svg>"
    )


class _Axes:
    """Where days lie across, and how far down the rows have come."""

    def __init__(self, picture: CoursePicture) -> None:
        self.first, self.last = picture.first, max(picture.last, picture.first + 1)
        self.y = 8.0
        rows = len(picture.rows) * _ROW_HEIGHT
        lines = len(picture.lines) * (_LINE_HEIGHT + _GAP)
        self.floor = self.y + lines + _SESSION_HEIGHT + _GAP + rows
        self.bottom = self.floor + _AXIS_HEIGHT

    def x(self, day: float) -> float:
        """The place of a day; what lies outside is drawn at the edge."""
        share = (min(max(day, self.first), self.last) - self.first) / (self.last - self.first)
        return _LEFT + 6.0 + share * (_WIDTH - _LEFT - _RIGHT - 12.0)

    def next(self, height: float) -> float:
        """The top of the next row."""
        top, self.y = self.y, self.y + height
        return top


def _lines(axes: _Axes, picture: CoursePicture) -> Iterator[str]:
    for number, line in enumerate(picture.lines):
        top = axes.next(_LINE_HEIGHT + _GAP)
        yield _name(line.name, top + 14.0)
        yield f'<text class="cp-soft" x="0" y="{top + 30:.1f}">{escape(line.better)} is better</text>'
        yield from _scale(line, top)
        for day, value in line.points:
            yield _reading(axes, picture, line, (day, value), top, squares=number > 0)


def _scale(line: Line, top: float) -> Iterator[str]:
    for value in (line.low, (line.low + line.high) / 2.0, line.high):
        y = _height(line, value, top)
        yield f'<line class="cp-grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="cp-tick" text-anchor="end" x="{_LEFT - 6}" y="{y + 4:.1f}">{value:g}</text>'


def _height(line: Line, value: float, top: float) -> float:
    share = (value - line.low) / ((line.high - line.low) or 1.0)
    return top + _LINE_HEIGHT - 6.0 - share * (_LINE_HEIGHT - 12.0)


def _reading(
    axes: _Axes, picture: CoursePicture, line: Line, point: tuple[int, float], top: float, *, squares: bool
) -> str:
    x, y = axes.x(point[0]), _height(line, point[1], top)
    title = f"<title>{escape(line.name)}, {picture.day_words(point[0])}: {point[1]:g}</title>"
    if squares:
        return f'<rect class="cp-score" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8">{title}</rect>'
    return f'<circle class="cp-dot" cx="{x:.1f}" cy="{y:.1f}" r="2.8">{title}</circle>'


def _sessions(axes: _Axes, picture: CoursePicture) -> Iterator[str]:
    top = axes.next(_SESSION_HEIGHT + _GAP)
    base = top + _SESSION_HEIGHT - 8.0
    most = max((one.fluence_j_cm2 or 0.0 for one in picture.sessions), default=0.0)
    yield _name("Sessions", top + 14.0)
    yield f'<text class="cp-soft" x="0" y="{top + 30:.1f}">J/cm² at the skin</text>'
    if most:
        yield f'<text class="cp-tick" text-anchor="end" x="{_LEFT - 6}" y="{top + 12:.1f}">{most:.3g}</text>'
    yield f'<line class="cp-grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{base:.1f}" y2="{base:.1f}"/>'
    for one in picture.sessions:
        yield _session(axes, picture, one, base, most)


def _session(axes: _Axes, picture: CoursePicture, one: GivenSession, base: float, most: float) -> str:
    x, day = axes.x(one.day), picture.day_words(one.day)
    if not one.lit:
        cross = f"M{x - 3:.1f} {base + 1:.1f}l6 6m0 -6l-6 6"
        return f'<path class="cp-missed" d="{cross}"><title>{day}: no light</title></path>'
    if one.fluence_j_cm2 is None:
        title = f"<title>{day}: light, dose not known</title>"
        return f'<circle class="cp-unknown" cx="{x:.1f}" cy="{base - 8:.1f}" r="4">{title}</circle>'
    height = (_SESSION_HEIGHT - 14.0) * one.fluence_j_cm2 / (most or 1.0)
    title = f"<title>{day}: {one.fluence_j_cm2:.3g} J/cm² at the skin</title>"
    rect = f'x="{x - 2:.1f}" y="{base - height:.1f}" width="4" height="{height:.1f}"'
    return f'<rect class="cp-bar" {rect}>{title}</rect>'


def _row(axes: _Axes, row: HappeningRow) -> Iterator[str]:
    top = axes.next(_ROW_HEIGHT)
    yield _name(row.name, top + 17.0)
    ends = [*(axes.x(item.day) for item in row.items), _WIDTH - _RIGHT]
    taken = _LEFT
    for item, (x, following) in zip(row.items, pairwise(ends), strict=True):
        yield _sign(axes, row, item, top)
        words, before = _fitting(item.text, following - x - 14.0), _fitting(item.text, x - 24.0 - taken)
        if words and len(words) >= len(before):
            taken = x + 9.0 + len(words) * _LETTER
            yield f'<text class="cp-words" x="{x + 9:.1f}" y="{top + 17:.1f}">{escape(words)}</text>'
        elif before:
            # At the right edge there is less room behind the sign than before it.
            taken = x + 9.0
            yield f'<text class="cp-words" text-anchor="end" x="{x - 9:.1f}" y="{top + 17:.1f}">{escape(before)}</text>'
        else:
            taken = x + 9.0


def _sign(axes: _Axes, row: HappeningRow, item: Happening, top: float) -> str:
    x, middle = axes.x(item.day), top + 13.0
    title = f"<title>{escape(item.text)}</title>"
    drawn = f'<path class="cp-{row.kind}" d="M{x:.1f} {middle - 6:.1f}l6 6l-6 6l-6 -6z">{title}</path>'
    end = axes.last if item.open_end else item.until
    if end is None or end <= item.day:
        return drawn
    width = max(axes.x(end) - x, 2.0)
    bar = f'<rect class="cp-{row.kind}" x="{x:.1f}" y="{top + 20:.1f}" width="{width:.1f}" height="4">{title}</rect>'
    return drawn + bar


def _fitting(text: str, room: float) -> str:
    letters = int(room / _LETTER)
    if len(text) <= letters:
        return text
    return f"{text[: letters - 1].rstrip()}…" * (letters >= _LEAST_LETTERS)


def _name(text: str, y: float) -> str:
    return f'<text class="cp-name" x="0" y="{y:.1f}">{escape(_fitting(text, _LEFT - 30.0))}</text>'


def _days_axis(axes: _Axes, picture: CoursePicture) -> Iterator[str]:
    span = axes.last - axes.first
    step = next((step for step in _STEPS if span / step <= _MOST_TICKS), _STEPS[-1])
    # Counted back from the last day, or from the start of light where days are counted from it.
    anchor = axes.last if picture.dated else 0
    for day in range(axes.first, axes.last + 1):
        if (day - anchor) % step == 0:
            x = axes.x(day)
            yield f'<line class="cp-grid" x1="{x:.1f}" x2="{x:.1f}" y1="6" y2="{axes.floor:.1f}"/>'
            yield (
                f'<text class="cp-tick" text-anchor="middle" x="{x:.1f}" y="{axes.floor + 18:.1f}">'
                f"{_tick(picture, day)}</text>"
            )


def _tick(picture: CoursePicture, day: int) -> str:
    if not picture.dated:
        return f"day {day}".replace("-", "−")
    date = dt.date.fromordinal(day)
    return f"{date.day} {date:%b}"
