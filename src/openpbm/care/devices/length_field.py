"""A length as it stands on a ruler or a data sheet: a number, and where it is another than the field's, its unit."""

from __future__ import annotations

import re
from typing import Any

from django import forms

__all__ = ["LengthField"]

_MM = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4, "inch": 25.4, "inches": 25.4, '"': 25.4, "″": 25.4}
_LENGTH = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*([a-z\"″]*)\s*", re.IGNORECASE)


class LengthField(forms.CharField):
    """A length in the field's unit, whatever unit was written.

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
