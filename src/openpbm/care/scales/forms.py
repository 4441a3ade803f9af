"""The forms of a day of the diary and of a scale, made from the table of questions and from the facts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms

from openpbm.care.scales.diary_questions import Question, questions_for, symptom_word
from openpbm.care.scales.models import DiaryEntry
from openpbm.care.scales.reckoned import reckoned
from openpbm.care.scales.wording import wording_of
from openpbm.errors import BadInput
from openpbm.facts.scales import Scale, ScaleItem

__all__ = ["DiaryForm", "ScaleForm"]

#: A scale of whole numbers with at most so many steps is a row to tap on.
_MOST_STEPS = 11
_YES_NO = (("yes", "Yes"), ("no", "No"))


class DiaryForm(forms.Form):
    """One day of the diary. Everything may stay blank but not all of it."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    date = forms.DateField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, programme: str | None, today: dt.date, there: DiaryEntry | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.questions = questions_for(programme)
        for question in self.questions:
            self.fields[question.name] = _field(question, programme)
        self.fields["notes"] = forms.CharField(
            label="Anything else about that day",
            help_text="An illness, a bad night for another reason. Kept sealed.",
            widget=forms.Textarea(attrs={"rows": 3}),
            required=False,
            max_length=4000,
        )
        self.fields["entry_id"].initial = uuid.uuid4()
        if there is not None:
            self.initial.update(_shown_answers(there, self.questions))

    def first(self) -> list[forms.BoundField]:
        """The few questions that are seen at once."""
        return [self[question.name] for question in self.questions if question.first]

    def further(self) -> list[forms.BoundField]:
        """The questions under "more"."""
        return [*(self[question.name] for question in self.questions if not question.first), self["notes"]]

    def further_open(self) -> bool:
        """Whether "more" stands open: something under it is wrong or answered already."""
        return any(field.errors or field.initial not in (None, "", []) for field in self.further())

    def clean_date(self) -> dt.date:
        """A day that has come, and not one of long ago."""
        return checked_date(self.cleaned_data["date"], self.today)

    def clean(self) -> dict[str, Any]:
        """At least one answer."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.answers() and not found.get("notes", "").strip():
            raise forms.ValidationError("Nothing is filled in yet. Answer at least one question.")
        return found

    def answers(self) -> dict[str, Any]:
        """The answered questions as they are stored."""
        given = {row.name: self.cleaned_data.get(row.name) for row in self.questions}
        found: dict[str, Any] = {}
        for question in self.questions:
            answer = given[question.name]
            if answer in (None, "", []):
                continue
            found[question.name] = _stored_answer(question, answer)
        return found


class ScaleForm(forms.Form):
    """One scale. Where its wording may not ship, our short labels name the answers of the person's own paper form."""

    score_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, of: Scale, version: str, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of, self.version, self.today = of, version, today
        self.wording = wording_of(of, version)
        self.fields["score_id"].initial = uuid.uuid4()
        self.fields["date"] = forms.DateField(
            label="Day it was filled in",
            initial=today,
            widget=forms.DateInput(attrs={"type": "date", "max": today.isoformat()}, format="%Y-%m-%d"),
        )
        if self.only_labels and of.total is not None and of.maximum is not None:
            self.fields["value"] = _number("Total on the form", of.minimum or 0.0, of.maximum, "any")
        for item in of.items:
            words = self.wording.items.get(item.id) if self.wording is not None else None
            self.fields[f"item_{item.id}"] = _item_field(item, words)

    @property
    def only_labels(self) -> bool:
        """Whether the words of the scale are not here: it is filled on paper, and its numbers are written down."""
        return self.of.ships == "labels" and self.wording is None

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

    def clean(self) -> dict[str, Any]:
        """Whatever the scorer refuses is said on the form."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                reckoned(self.of, self.version, self.items() or None, self.value())
            except BadInput as error:
                raise forms.ValidationError([_plain(fault) for fault in error.faults]) from error
        return found

    def items(self) -> dict[str, float]:
        """The answered items."""
        given = ((item.id, self.cleaned_data.get(f"item_{item.id}")) for item in self.of.items)
        return {id: answer for id, answer in given if answer is not None}

    def value(self) -> float | None:
        """The total, where it was given."""
        value: float | None = self.cleaned_data.get("value")
        return value


def checked_date(date: dt.date, today: dt.date) -> dt.date:
    """The day itself; a form's fault where it has not come or lies too long ago."""
    if date > today:
        raise forms.ValidationError("This day has not come yet. A day is written down when it is there.")
    if date < today - dt.timedelta(days=366):
        raise forms.ValidationError("This is more than a year ago. Check the year.")
    return date


def _plain(fault: str) -> str:
    """A fault of the core without the name of the scale before it."""
    text = fault.split(": ", 1)[-1]
    return f"{text[:1].upper()}{text[1:]}."


def _field(question: Question, programme: str | None) -> forms.Field:
    label = question.label.format(symptom=symptom_word(programme))
    if question.kind == "rating":
        found: forms.Field = _steps(label, [(f"{n}", f"{n}") for n in range(int(question.maximum) + 1)])
        found.low_label, found.high_label = question.low, question.high  # type: ignore[attr-defined]
    elif question.kind in ("amount", "count"):
        step = "0.25" if question.unit == "hours" else "1"
        found = _number(label, 0.0, question.maximum / question.per_unit, step, whole=question.kind == "count")
        found.unit = question.unit  # type: ignore[attr-defined]
    elif question.kind == "time":
        found = forms.TimeField(
            label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        )
    elif question.kind == "areas":
        found = forms.MultipleChoiceField(
            label=label, required=False, choices=question.choices, widget=forms.CheckboxSelectMultiple
        )
    elif question.kind == "yes_no":
        found = forms.ChoiceField(label=label, required=False, choices=_YES_NO, widget=forms.RadioSelect)
    else:
        found = forms.ChoiceField(label=label, required=False, choices=[("", "Not said"), *question.choices])
    found.help_text = question.hint
    return found


def _item_field(item: ScaleItem, words: str | None) -> forms.Field:
    label = words or f"{item.label[:1].upper()}{item.label[1:]}"
    span = f"{item.minimum:g} to {item.maximum:g}"
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
        return _steps(label, [(f"{n}", f"{n}") for n in numbers])
    step = "1" if item.whole else f"{item.step:g}" if item.step is not None else "any"
    return _number(label, item.minimum, item.maximum, step, whole=item.whole, hint=f"A number from {span}.")


def _steps(label: str, choices: Iterable[tuple[str, str]]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=list(choices),
        coerce=float,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "rating"}),
    )


def _number(
    label: str, lowest: float, highest: float, step: str, *, whole: bool = False, hint: str = ""
) -> forms.FloatField:
    kind: Any = forms.IntegerField if whole else forms.FloatField
    found: forms.FloatField = kind(
        label=label,
        required=False,
        min_value=lowest,
        max_value=highest,
        help_text=hint or f"{lowest:g} to {highest:g}",
        widget=forms.NumberInput(attrs={"step": step, "inputmode": "numeric" if whole else "decimal"}),
    )
    return found


def _stored_answer(question: Question, answer: Any) -> Any:
    if question.kind == "time":
        return answer.isoformat("minutes")
    if question.kind == "yes_no":
        return answer == "yes"
    if question.kind == "areas":
        return ", ".join(answer)
    if question.kind in ("amount", "count", "rating"):
        return float(answer) * question.per_unit
    return answer


def _shown_answers(entry: DiaryEntry, questions: Iterable[Question]) -> dict[str, Any]:
    """What is there already, as the form shows it."""
    shown: dict[str, Any] = {"notes": entry.notes()}
    for question in questions:
        answer = entry.answers.get(question.name)
        if answer is None:
            continue
        if question.kind == "yes_no":
            answer = "yes" if answer else "no"
        elif question.kind == "areas":
            answer = answer.split(", ")
        elif question.kind in ("rating", "amount", "count"):
            answer = f"{answer / question.per_unit:.6g}"
        shown[question.name] = answer
    return shown
