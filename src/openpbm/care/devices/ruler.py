"""Lengths between a ruler and the record: people measure in cm or inches, every record and the API hold mm."""

from __future__ import annotations

import re
from typing import Any, overload

from django import forms

from openpbm.care.audit.constraints import Within
from openpbm.care.devices.models import DISTANCE_MM

__all__ = ["DISTANCE_CM", "LengthField", "cm_of", "mm_of"]

DISTANCE_CM = Within(DISTANCE_MM.least // 10, DISTANCE_MM.most // 10)
_MM = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4, "inch": 25.4, "inches": 25.4, '"': 25.4, "″": 25.4}
_LENGTH = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*([a-z\"″]*)\s*", re.IGNORECASE)


@overload
def cm_of(distance_mm: float) -> str: ...
@overload
def cm_of(distance_mm: float | None) -> str | None: ...
def cm_of(distance_mm: float | None) -> str | None:
    """What stands in a field or a cell [cm]; nothing of a distance is rounded away.

    >>> cm_of(25.0), cm_of(300.0), cm_of(1234.567), cm_of(None)
    ('2.5', '30', '123.4567', None)
    """
    return None if distance_mm is None else f"{round(distance_mm / 10, 4):.10g}"


@overload
def mm_of(distance_cm: float) -> float: ...
@overload
def mm_of(distance_cm: float | None) -> float | None: ...
def mm_of(distance_cm: float | None) -> float | None:
    """What is recorded [mm] of what was filled in.

    >>> mm_of(2.5), mm_of(33.3), mm_of(None)
    (25.0, 333.0, None)
    """
    return None if distance_cm is None else round(distance_cm * 10, 3)


class LengthField(forms.CharField):
    """A length as it stands on a ruler or a data sheet, in the field's unit, whatever unit was written.

    >>> LengthField(unit="cm").clean("6 in"), LengthField(unit="mm").clean("1,5 cm"), LengthField(unit="cm").clean("15")
    (15.24, 15.0, 15.0)
    """

    def __init__(self, *, unit: str, least: float = 0.0, most: float = 500.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit, self.least, self.most = unit, least, most
        self.widget.attrs |= {"autocomplete": "off", "class": "length"}

    def to_python(self, value: Any) -> Any:
        """The number in the field's unit; None where nothing was written."""
        text = super().to_python(value)
        if not text:
            return None
        match = _LENGTH.fullmatch(text)
        unit = (match[2] if match else "").lower() or self.unit
        if match is None or unit not in _MM:
            raise forms.ValidationError(f"Write a number, such as 15, or with its unit: 6 in, 15 cm or 150 mm; {text}?")
        length = round(float(match[1].replace(",", ".")) * _MM[unit] / _MM[self.unit], 6)
        if not self.least <= length <= self.most:
            raise forms.ValidationError(f"{length:g} {self.unit}: from {self.least:g} to {self.most:g}. Correct it.")
        return length
