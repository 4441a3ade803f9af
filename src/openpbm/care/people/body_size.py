"""Height and weight as people write them: cm, metres or feet and inches; kilograms, pounds or stones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

__all__ = ["HeightField", "WeightField"]

_CM = {"cm": 1.0, "m": 100.0, "ft": 30.48, "feet": 30.48, "foot": 30.48, "'": 30.48, "′": 30.48,
       "in": 2.54, "inch": 2.54, "inches": 2.54, '"': 2.54, "″": 2.54}  # fmt: skip
_KG = {"kg": 1.0, "lb": 0.45359237, "lbs": 0.45359237, "pounds": 0.45359237, "st": 6.35029318, "stone": 6.35029318}
#: A smaller unit that may follow without being named: 5 ft 7, 11 st 4.
_NEXT = {30.48: 2.54, 6.35029318: 0.45359237}
_PART = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*([a-z'\"′″]*)", re.IGNORECASE)
#: Nobody is between these in centimetres, everybody in metres.
_METRES = (0.5, 2.5)


def _sum_of(text: str, units: Mapping[str, float]) -> float | None:
    """The parts of what was written, added up in the first unit; None where it is no number with its unit.

    >>> round(_sum_of("5 ft 7", _CM), 2), round(_sum_of("150 lb", _KG), 1), _sum_of("tall", _CM)
    (170.18, 68.0, None)
    """
    total, position, last = 0.0, 0, None
    text = text.strip().replace("''", '"')
    while position < len(text):
        match = _PART.match(text, position)
        if match is None:
            return None
        factor = units.get(match[2].lower()) if match[2] else _NEXT.get(last or 0.0, 1.0)
        if factor is None or (last is not None and factor >= last):
            return None
        total, position, last = total + float(match[1].replace(",", ".")) * factor, match.end(), factor
    return total


class _SizeField(forms.FloatField):
    """A number, or one with its unit. A text box: with a number's own box nobody could write a unit."""

    units: Mapping[str, float]
    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        """The number in the field's own unit; None where nothing was written."""
        text = str(value if value is not None else "").strip()
        found = _sum_of(text, self.units) if text and not text.startswith("-") else None
        return super().to_python(value) if found is None else round(found, 2)


class HeightField(_SizeField):
    """A height [cm]. A bare 1.68 can only be metres.

    >>> HeightField().clean("1.68"), HeightField().clean("5'7\\""), HeightField().clean("168")
    (168.0, 170.18, 168.0)
    """

    units = _CM

    def to_python(self, value: Any) -> Any:
        """The height [cm]."""
        height = super().to_python(value)
        least, most = _METRES
        if height is not None and least <= height <= most:
            return round(100.0 * height, 2)
        return height


class WeightField(_SizeField):
    """A weight [kg].

    >>> WeightField().clean("150 lb"), WeightField().clean("75")
    (68.04, 75.0)
    """

    units = _KG
