"""The drawing of how light is said to work: where each node stands, and the line of each arrow with its sign and link.

Light stands at the left as a bar and how somebody feels at the right, so that what comes from the one or leads to the
other is a straight line.
"""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass

from openpbm.facts.mechanism import Arrow, arrows, nodes

__all__ = ["ArrowMap", "MapArrow", "MapNode", "arrow_map"]

WIDTH, ROW, TOP = 1080.0, 62.0, 36.0
_HALF_WIDTH, _HALF_HEIGHT = 86.0, 24.0
_HEAD, _LINE = 11.0, 18.0
_LETTERS = 19
# Letters stand on their line, a third of their height below its middle.
_BELOW_MIDDLE = 5.0
#: Middle of each node, and its row; half rows pass between the nodes of the rows beside them.
_PLACES = {
    "oxygen": (880.0, 0.0),
    "no_pools": (246.0, 1.0), "cgmp_tone": (460.0, 1.0), "perfusion": (674.0, 1.0),
    "temperature": (246.0, 2.0),
    "conduction": (724.0, 3.0),
    "vegf": (246.0, 4.0), "capillaries": (460.0, 4.0),
    "inflammation": (460.0, 5.0),
    "antioxidants": (246.0, 6.0),
    "cco_redox": (246.0, 10.0), "respiration": (246.0, 11.0), "ros": (246.0, 12.0),
    "small_fibre_block": (246.0, 13.0),
    "endorphins": (640.0, 10.5), "muscle_relaxation": (640.0, 11.5), "dopamine_iron": (640.0, 12.5),
    "pain_threshold": (640.0, 13.5),
}  # fmt: skip
#: Left and right edge of each bar, its first and its last row.
_BARS = {"light": (8.0, 96.0, 0.0, 13.5), "symptom": (984.0, 1072.0, 3.0, 9.0)}
#: Arrows between the bars have rows of their own.
_BETWEEN_BARS = {"light_eases": 7.0, "much_undoes": 8.0, "sessions_dull": 9.0}
#: Where along its line an arrow has its sign; half of the way where nothing is in the way.
_SIGN_AT = {"temperature": 0.4, "inflammation_slows_nerves": 0.4}
#: Lines that pass between two boxes carry their sign behind them.
_PASSING_AT = 0.64

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapNode:
    """A box with the lines of its name: (x, y, text) each."""

    x: float
    y: float
    width: float
    height: float
    words: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapArrow:
    """A line from its start to its head, `head` the corners of that, and where its sign stands."""

    arrow: Arrow
    start: Point
    end: Point
    head: str
    sign: Point

    @property
    def letter_y(self) -> float:
        """The line its letter stands on."""
        return self.sign[1] + _BELOW_MIDDLE


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrowMap:
    """All of the drawing, in units of its own."""

    width: float
    height: float
    nodes: tuple[MapNode, ...]
    arrows: tuple[MapArrow, ...]


def arrow_map() -> ArrowMap:
    """Every node and every arrow in its place."""
    return ArrowMap(
        width=WIDTH,
        height=_row_y(14.0),
        nodes=tuple(_node(node.id, node.plain) for node in nodes),
        arrows=tuple(map(_drawn, arrows)),
    )


def _row_y(row: float) -> float:
    return TOP + ROW * row


def _node(id: str, plain: str) -> MapNode:
    if id in _BARS:
        left, right, first, last = _BARS[id]
        y, height = _row_y(first) - _HALF_HEIGHT, ROW * (last - first) + 2.0 * _HALF_HEIGHT
        return _boxed(plain, (left, y), (right - left, height), letters=10)
    x, row = _PLACES[id]
    size = (2.0 * _HALF_WIDTH, 2.0 * _HALF_HEIGHT)
    return _boxed(plain, (x - _HALF_WIDTH, _row_y(row) - _HALF_HEIGHT), size, letters=_LETTERS)


def _boxed(plain: str, corner: Point, size: Point, *, letters: int) -> MapNode:
    (x, y), (width, height) = corner, size
    lines = textwrap.wrap(plain, letters)
    first = y + height / 2.0 - _LINE * (len(lines) - 1) / 2.0 + _BELOW_MIDDLE
    words = tuple((x + width / 2.0, first + _LINE * number, text) for number, text in enumerate(lines))
    return MapNode(x=x, y=y, width=width, height=height, words=words)


def _drawn(arrow: Arrow) -> MapArrow:
    start, end = _ends(arrow)
    along = _SIGN_AT.get(arrow.id, _SIGN_AT.get(arrow.origin, 0.5))
    if _PLACES.get(arrow.target, (0.0, 0.0))[1] % 1.0:
        along = _PASSING_AT
    sign = (start[0] + along * (end[0] - start[0]), start[1] + along * (end[1] - start[1]))
    return MapArrow(arrow=arrow, start=start, end=end, head=_head(start, end), sign=sign)


def _ends(arrow: Arrow) -> tuple[Point, Point]:
    """Where the line begins and ends: level with what is no bar, else from the side into top or bottom."""
    if arrow.id in _BETWEEN_BARS:
        y = _row_y(_BETWEEN_BARS[arrow.id])
        rightward = (_BARS["light"][1], y), (_BARS["symptom"][0], y)
        return rightward if arrow.origin == "light" else rightward[::-1]
    if arrow.origin == "light":
        x, row = _PLACES[arrow.target]
        return (_BARS["light"][1], _row_y(row)), (x - _HALF_WIDTH, _row_y(row))
    x, row = _PLACES[arrow.origin]
    start = (x + _HALF_WIDTH, _row_y(row))
    if arrow.target == "symptom":
        return start, (_BARS["symptom"][0], start[1])
    to_x, to_row = _PLACES[arrow.target]
    if to_row == row:
        return start, (to_x - _HALF_WIDTH, start[1])
    side = _HALF_HEIGHT if to_row < row else -_HALF_HEIGHT
    # Lines from farther away come in farther to the right, so that two of them do not end in one point.
    return start, (to_x + 14.0 * (abs(to_row - row) - 1.0), _row_y(to_row) + side)


def _head(start: Point, end: Point) -> str:
    """Corners of the head of an arrow, as a polygon has them."""
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    corners = [end] + [
        (end[0] - _HEAD * math.cos(angle + turn), end[1] - _HEAD * math.sin(angle + turn)) for turn in (-0.45, 0.45)
    ]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
