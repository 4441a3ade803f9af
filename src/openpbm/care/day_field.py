"""A day on a form: the browser's own date field, read by the one rule of files whatever the browser's language."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from openpbm.files import is_slashed, written_date

__all__ = ["DayField"]

_SLASHED = "This can be read as day and month or as month and day. Write it as 2026-10-01."
_NO_DAY = "This is not a day. Write it as 2026-10-01."


class DayField(forms.DateField):
    """A date as YYYY-MM-DD, which a browser's date field always sends, or as D.M.YYYY; nothing else is guessed at.

    Django's own field reads 01/10/2026 as 10 January, which half of the people who type it do not mean.
    """

    def __init__(self, label: str = "", *, widget: Any = None, **options: Any) -> None:
        picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label or None, widget=picker if widget is None else widget, **options)

    def to_python(self, value: Any) -> dt.date | None:
        """The day; a ValidationError where it is none or can be read in two ways."""
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        text = str(value).strip()
        day = _iso(text) or written_date(text)
        if day is None:
            raise forms.ValidationError(_SLASHED if is_slashed(text) else _NO_DAY, code="invalid")
        return day


def _iso(text: str) -> dt.date | None:
    """Any day in ISO: that a day lies too far back is for the form to say in its own words."""
    try:
        return dt.date.fromisoformat(text) if text[4:5] + text[7:8] == "--" and len(text) == 10 else None
    except ValueError:
        return None
