"""What the forms of the diary, of cramps and of scales share: a day that can be, a row to tap on, a number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms

__all__ = ["checked_date", "number_field", "steps_field"]


def checked_date(date: dt.date, today: dt.date) -> dt.date:
    """The day itself; a problem of the form where it has not come or lies too long ago."""
    if date > today:
        raise forms.ValidationError("This day has not come yet. A day is written down when it is there.")
    if date < today - dt.timedelta(days=366):
        raise forms.ValidationError("This is more than a year ago. Check the year.")
    return date


def steps_field(label: str, choices: Iterable[tuple[str, str]]) -> forms.TypedChoiceField:
    """A row of numbers to tap on."""
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=list(choices),
        coerce=float,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "rating"}),
    )


def number_field(
    label: str, lowest: float | None, highest: float, step: str, *, whole: bool = False, hint: str = ""
) -> forms.FloatField:
    """A number from `lowest` to `highest`; its span stands under it where no `hint` is given."""
    kind: Any = forms.IntegerField if whole else forms.FloatField
    # On a telephone the keyboard offers a decimal sign only where one can be typed.
    keyboard = "numeric" if whole else "decimal"
    field: forms.FloatField = kind(
        label=label,
        required=False,
        min_value=lowest,
        max_value=highest,
        help_text=hint or f"{lowest or 0:g} to {highest:g}",
        widget=forms.NumberInput(attrs={"step": step, "inputmode": keyboard}),
    )
    return field
