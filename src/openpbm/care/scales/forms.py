"""The form of a scale, made from the facts."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms

from openpbm.care.day_field import DayField
from openpbm.care.scales.computed_score import compute_score
from openpbm.care.scales.form_fields import checked_date, number_field, steps_field
from openpbm.care.scales.wording import has_words, wording_of
from openpbm.errors import BadInput, Problem
from openpbm.facts.scales import Scale, ScaleItem

__all__ = ["ScaleForm"]

#: A scale of whole numbers with at most so many steps is a row to tap on.
_MOST_STEPS = 11


class ScaleForm(forms.Form):
    """One scale. Where its wording may not ship, our short labels name the answers of the person's own paper form."""

    score_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, of: Scale, version: str, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of, self.version, self.today = of, version, today
        self.wording = wording_of(of, version)
        self.fields["score_id"].initial = uuid.uuid4()
        self.fields["date"] = DayField(
            label="Day it was filled in",
            initial=today,
            widget=forms.DateInput(attrs={"type": "date", "max": today.isoformat()}, format="%Y-%m-%d"),
        )
        if self.only_labels and of.total is not None and of.maximum is not None:
            self.fields["value"] = number_field("Total on the form", of.minimum or 0.0, of.maximum, "any")
        for item in of.items:
            self.fields[f"item_{item.id}"] = _item_field(item, self._words(item))

    @property
    def only_labels(self) -> bool:
        """Whether the words of the scale are not here: it is filled on paper, and its numbers are written down."""
        return not has_words(self.of, self.version)

    def _words(self, item: ScaleItem) -> str | None:
        return None if self.wording is None else self.wording.items.get(item.id)

    def head(self) -> list[forms.BoundField]:
        """The day, and the total where one may be given."""
        return [self[name] for name in ("date", "value") if name in self.fields]

    def asked(self) -> list[forms.BoundField]:
        """The items, those about mood left to `asked_mood`."""
        return self._items(mood=False)

    def asked_mood(self) -> list[forms.BoundField]:
        """The items about mood, which stand beside where help is."""
        return self._items(mood=True)

    def _items(self, *, mood: bool) -> list[forms.BoundField]:
        rows = [item for item in self.of.items if (item.id in self.of.mood_items) == mood]
        return [self[f"item_{item.id}"] for item in rows]

    def clean_date(self) -> dt.date:
        """A day that has come, and not one of long ago."""
        return checked_date(self.cleaned_data["date"], self.today)

    def clean(self) -> None:
        """Whatever the scorer refuses is said on the form."""
        super().clean()
        if not self.errors:
            try:
                compute_score(self.of, self.version, self.items() or None, self.value())
            except BadInput as error:
                raise forms.ValidationError([_plain(problem) for problem in error.problems]) from error

    def items(self) -> dict[str, float]:
        """The answered items."""
        answers = ((item.id, self.cleaned_data.get(f"item_{item.id}")) for item in self.of.items)
        return {id: answer for id, answer in answers if answer is not None}

    def value(self) -> float | None:
        """The total, where it was given."""
        value: float | None = self.cleaned_data.get("value")
        return value


def _plain(problem: Problem) -> str:
    """A problem of the core without the name of the scale before it: the page shows which form it is."""
    text = "; ".join(part for part in (problem.message, problem.remedy) if part)
    return f"{text[:1].upper()}{text[1:]}."


def _item_field(item: ScaleItem, words: str | None) -> forms.Field:
    label = words or f"{item.label[:1].upper()}{item.label[1:]}"
    span = f"{item.minimum:g} to {item.maximum:g}"
    if item.allowed:
        names = item.choices or tuple(f"{one:g}" for one in item.allowed)
        return steps_field(label, [(f"{one:g}", said) for one, said in zip(item.allowed, names, strict=True)])
    if item.whole and item.maximum - item.minimum < _MOST_STEPS:
        numbers = range(int(item.minimum), int(item.maximum) + 1)
        if item.choices:
            return forms.TypedChoiceField(
                label=label,
                required=False,
                choices=[(f"{n}", words) for n, words in zip(numbers, item.choices, strict=True)],
                coerce=float,
                empty_value=None,
                widget=forms.RadioSelect,
            )
        return steps_field(label, [(f"{n}", f"{n}") for n in numbers])
    # What is said of a limb that is too cold is for the scorer: a bare "too small" would have the number corrected.
    lowest = None if item.remedy_below else item.minimum
    unit = f" {item.unit}" if item.unit else ""
    return number_field(label, lowest, item.maximum, _step(item), whole=item.whole, hint=f"A number from {span}{unit}.")


def _step(item: ScaleItem) -> str:
    if item.whole:
        return "1"
    return "any" if item.step is None else f"{item.step:g}"
