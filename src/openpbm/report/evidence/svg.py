"""Small drawings as SVG text: no style attributes, colours by class with one that stands without a style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["ACCENT", "Axis", "circle", "line", "picture", "polygon", "rect", "text"]

ACCENT = "#0f6b6b"


@dataclass(frozen=True, slots=True)
class Axis:
    """From values to places on the page, straight."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value, at the edge where it lies outside."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(1.0, max(0.0, share)) * (self.end - self.start)

    def holds(self, value: float) -> bool:
        """Whether a value lies on it."""
        return self.low <= value <= self.high

    def ticks(self) -> tuple[float, ...]:
        """Whole steps, at most nine of them."""
        span = self.high - self.low
        step = next(step for step in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0) if span / step <= 8.0)
        first = -(-self.low // step)
        count = int((self.high - first * step) / step + 1e-9) + 1
        return tuple((first + place) * step for place in range(count))


def text(x: float, y: float, words: str, *, anchor: str = "start", size: int = 12, kind: str = "ink") -> str:
    """Words at a place; `kind`: ink, soft or bold."""
    weight = ' font-weight="bold"' * (kind == "bold")
    faint = ' fill-opacity="0.75"' * (kind == "soft")
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="currentColor"{weight}{faint}>'
        f"{escape(words)}</text>"
    )


def line(
    x1: float, y1: float, x2: float, y2: float, *, width: float = 1.2, dashes: str = "", faint: bool = False
) -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dashes}"' * bool(dashes)
    soft = ' stroke-opacity="0.45"' * faint
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="currentColor" '
        f'stroke-width="{width:g}"{dashed}{soft}/>'
    )


def rect(x: float, y: float, width: float, height: float, *, fill: str = ACCENT, kind: str = "accent") -> str:
    """A box, filled; `fill` none is a frame."""
    edge = ' stroke="currentColor"' * (fill == "none")
    size = f'width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="ev-{kind}" x="{x:.1f}" y="{y:.1f}" {size} fill="{fill}"{edge}/>'


def circle(x: float, y: float, radius: float, *, fill: str = ACCENT, kind: str = "accent") -> str:
    """A disc with an edge."""
    return (
        f'<circle class="ev-{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" stroke="currentColor" '
        'stroke-width="0.8"/>'
    )


def polygon(
    points: Sequence[tuple[float, float]], *, fill: str = ACCENT, kind: str = "accent", opacity: float = 1.0
) -> str:
    """A filled shape."""
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polygon class="ev-{kind}" points="{places}" fill="{fill}" fill-opacity="{opacity:g}"/>'


def picture(width: float, height: float, parts: Sequence[str], *, label: str, name: str) -> str:
    """The whole drawing; `label` is what is read out in its place, `name` parts its ids from those of others."""
    inside = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="evidence-picture" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" aria-labelledby="{name}-label" '
        f'font-family="DejaVu Sans, Verdana, sans-serif"><title id="{name}-label">{escape(label)}</title>{inside}</svg>'
    )
