"""How light fades in a leg: a section of it, each depth as bright as our computed share of the light at the skin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["LegSection", "leg_section"]

#: Radius of the drawn leg, a grown-up's calf [mm]; the person's own is not known here.
RADIUS_MM = 55.0
_NAMED_MM = (5.0, 10.0, 20.0, 30.0)
_LEGS = ("calf", "thigh", "shin", "leg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One depth of the drawing [mm]. share : of the light at the skin, 0-1"""

    depth: float
    thickness: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LegSection:
    """The drawing. named : depth [mm] and share of the light at the skin, in words"""

    layers: tuple[Layer, ...]
    named: tuple[tuple[float, str], ...]

    @property
    def sentence(self) -> str:
        """The drawing for whoever does not see it."""
        told = ", ".join(f"{share} at {depth:g} mm" for depth, share in self.named)
        return f"A leg cut across, with the lamp at the left. Of the light at the skin there is {told}."


def leg_section(site: str, rows: Sequence[tuple[float, float, float, float]]) -> LegSection | None:
    """The section at a place on a leg; None elsewhere, or without a curve.

    rows : depth [mm] and p5, median, p95 of the fluence there [J/cm2], from the skin down
    """
    if len(rows) < 2 or rows[0][2] <= 0.0 or not any(word in site for word in _LEGS):
        return None
    at_skin = rows[0][2]
    layers = tuple(
        Layer(depth=upper[0], thickness=lower[0] - upper[0], share=min(1.0, upper[2] / at_skin))
        for upper, lower in pairwise(rows)
    )
    named = [(depth, next((row[2] for row in rows if row[0] >= depth), None)) for depth in _NAMED_MM]
    return LegSection(
        layers=layers,
        named=tuple((depth, _in_words(light / at_skin)) for depth, light in named if light is not None),
    )


def _in_words(share: float) -> str:
    """A share as one says it.

    >>> _in_words(0.348), _in_words(0.004)
    ('35 %', 'less than 1 %')
    """
    return f"{100.0 * share:.0f} %" if share >= 0.01 else "less than 1 %"
