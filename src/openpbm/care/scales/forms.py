"""The forms of a day of the diary and of a scale, made from the table of questions and from the facts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django import forms

from openpbm.care.day_field import DayField
from openpbm.care.people.models import LONGEST_NOTES
from openpbm.care.scales.computed_score import compute_score
from openpbm.care.scales.diary_answers import Answer
from openpbm.care.scales.diary_questions import Kind, Question, questions_for, symptom_word
from openpbm.care.scales.models import DiaryEntry
from openpbm.care.scales.wording import wording_of
from openpbm.errors import BadInput, Problem
from openpbm.facts.scales import Scale, ScaleItem

__all__ = ["DiaryForm", "ScaleForm"]

#: A scale of whole numbers with at most so many steps is a row to tap on.
_MOST_STEPS = 11
_YES_NO = (("yes", "Yes"), ("no", "No"))


class DiaryForm(forms.Form):
    """One day of the diary. Everything may stay blank but not all of it."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    date = DayField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, programme: str | None, today: dt.date, entry: DiaryEntry | None = None, **kwargs: Any
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
            max_length=LONGEST_NOTES,
        )
        self.fields["entry_id"].initial = uuid.uuid4()
        if entry is not None:
            self.initial.update(_shown_answers(entry, self.questions))

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

    def clean(self) -> None:
        """At least one answer."""
        super().clean()
        if not self.errors and not self.answers() and not self.cleaned_data.get("notes", "").strip():
            raise forms.ValidationError("Nothing is filled in yet. Answer at least one question.")

    def answers(self) -> dict[str, Answer]:
        """The answered questions as they are stored."""
        sent = ((question, self.cleaned_data.get(question.name)) for question in self.questions)
        # Not `if not answer`: 0 is a rating.
        return {
            question.name: _stored_answer(question, answer) for question, answer in sent if answer not in (None, "", [])
        }


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
            self.fields["value"] = _number("Total on the form", of.minimum or 0.0, of.maximum, "any")
        for item in of.items:
            self.fields[f"item_{item.id}"] = _item_field(item, self._words(item))

    @property
    def only_labels(self) -> bool:
        """Whether the words of the scale are not here: it is filled on paper, and its numbers are written down."""
        return self.of.ships == "labels" and self.wording is None

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


def checked_date(date: dt.date, today: dt.date) -> dt.date:
    """The day itself; a problem of the form where it has not come or lies too long ago."""
    if date > today:
        raise forms.ValidationError("This day has not come yet. A day is written down when it is there.")
    if date < today - dt.timedelta(days=366):
        raise forms.ValidationError("This is more than a year ago. Check the year.")
    return date


def _plain(problem: Problem) -> str:
    """A problem of the core without the name of the scale before it: the page shows which form it is."""
    text = "; ".join(part for part in (problem.message, problem.remedy) if part)
    return f"{text[:1].upper()}{text[1:]}."


def _field(question: Question, programme: str | None) -> forms.Field:
    field = _FIELDS[question.kind](question, question.label.format(symptom=symptom_word(programme)))
    field.help_text = question.hint
    return field


def _rating_field(question: Question, label: str) -> forms.Field:
    field = _steps(label, [(f"{n}", f"{n}") for n in range(int(question.maximum) + 1)])
    field.low_label, field.high_label = question.low, question.high  # type: ignore[attr-defined]
    return field


def _amount_field(question: Question, label: str) -> forms.Field:
    # Sleep is remembered in quarters of an hour, never in minutes.
    step = "0.25" if question.unit == "hours" else "1"
    highest = question.maximum / question.per_unit
    field = _number(label, 0.0, highest, step, whole=question.kind == "count")
    field.unit = question.unit  # type: ignore[attr-defined]
    return field


def _time_field(_: Question, label: str) -> forms.Field:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


def _areas_field(question: Question, label: str) -> forms.Field:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=question.choices, widget=forms.CheckboxSelectMultiple
    )


def _yes_no_field(_: Question, label: str) -> forms.Field:
    return forms.ChoiceField(label=label, required=False, choices=_YES_NO, widget=forms.RadioSelect)


def _word_field(question: Question, label: str) -> forms.Field:
    return forms.ChoiceField(label=label, required=False, choices=[("", "Not said"), *question.choices])


_FIELDS: dict[Kind, Callable[[Question, str], forms.Field]] = {
    "rating": _rating_field,
    "amount": _amount_field,
    "count": _amount_field,
    "time": _time_field,
    "areas": _areas_field,
    "yes_no": _yes_no_field,
    "word": _word_field,
}


def _item_field(item: ScaleItem, words: str | None) -> forms.Field:
    label = words or f"{item.label[:1].upper()}{item.label[1:]}"
    span = f"{item.minimum:g} to {item.maximum:g}"
    if item.allowed:
        names = item.choices or tuple(f"{one:g}" for one in item.allowed)
        return _steps(label, [(f"{one:g}", said) for one, said in zip(item.allowed, names, strict=True)])
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
    # What is said of a limb that is too cold is for the scorer: a bare "too small" would have the number corrected.
    lowest = None if item.remedy_below else item.minimum
    unit = f" {item.unit}" if item.unit else ""
    return _number(label, lowest, item.maximum, _step(item), whole=item.whole, hint=f"A number from {span}{unit}.")


def _step(item: ScaleItem) -> str:
    if item.whole:
        return "1"
    return "any" if item.step is None else f"{item.step:g}"


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
    label: str, lowest: float | None, highest: float, step: str, *, whole: bool = False, hint: str = ""
) -> forms.FloatField:
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


def _stored_answer(question: Question, answer: Any) -> Answer:
    if question.kind == "time":
        return str(answer.isoformat("minutes"))
    if question.kind == "yes_no":
        return bool(answer == "yes")
    if question.kind == "areas":
        return ", ".join(answer)
    if question.kind in ("amount", "count", "rating"):
        return float(answer) * question.per_unit
    return str(answer)


def _shown_answers(entry: DiaryEntry, questions: Iterable[Question]) -> dict[str, object]:
    """What was answered already, as the form shows it."""
    shown: dict[str, object] = {"notes": entry.notes()}
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
