"""When it began: a row of times around the usual one, or any other time; a time still to come was last night's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django import forms

__all__ = ["NEAR", "chosen_onset", "is_last_night", "onset_fields", "onset_initial"]

#: The row of times; any other time goes into the question's own field.
NEAR = "onset_near"
_BOTH = "Two times are given. Keep one of the two."


def onset_fields(label: str, hint: str, times: Sequence[str]) -> dict[str, forms.Field]:
    """The row and the free time, by their names."""
    row = forms.ChoiceField(
        label=label,
        help_text=hint,
        required=False,
        choices=[*((one, one) for one in times), ("", "Not said")],
        widget=forms.RadioSelect(attrs={"class": "rating"}),
    )
    other = forms.TimeField(
        label="Or at another time", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    return {NEAR: row, "onset": other}


def onset_initial(shown: dict[str, object], times: Sequence[str]) -> dict[str, object]:
    """What was answered, with its time where it is seen: in the row, or else in the field beside it."""
    if shown.get("onset") not in times:
        return shown
    return {**shown, NEAR: shown["onset"], "onset": None}


def chosen_onset(form: forms.Form) -> dt.time | None:
    """The one time of the two fields.

    Of two that differ the one that was changed counts: a row of times cannot be emptied by a tap. Both changed is a
    problem of the form.
    """
    typed: dt.time | None = form.cleaned_data.get("onset")
    tapped = form.cleaned_data.get(NEAR) or ""
    if not tapped:
        return typed
    near = dt.time.fromisoformat(tapped)
    if typed is None or typed == near:
        return near
    changed = [name for name in (NEAR, "onset") if name in form.changed_data]
    if changed == ["onset"]:
        return typed
    if changed == [NEAR]:
        return near
    raise forms.ValidationError({"onset": _BOTH})


def is_last_night(onset: dt.time | None, date: dt.date, now: dt.datetime) -> bool:
    """Whether an onset given for today lies ahead, so that it can only have been last night's.

    now : on the person's own clock
    """
    return onset is not None and date == now.date() and onset > now.time()
