"""The form of a day of the diary, made from the table of questions."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django import forms

from openpbm.care.day_field import DayField
from openpbm.care.people.models import LONGEST_NOTES
from openpbm.care.scales.diary_answers import Answer
from openpbm.care.scales.diary_questions import AREAS, QUESTIONS, Kind, Question, questions_for, symptom_word
from openpbm.care.scales.felt_fields import (
    AREA_FIELDS,
    NEW_SIGNS,
    NOTHING_FELT,
    areas_with,
    felt_answer,
    felt_fields,
    felt_initial,
)
from openpbm.care.scales.form_fields import checked_date, number_field, steps_field
from openpbm.care.scales.models import DiaryEntry
from openpbm.care.scales.onset_fields import NEAR, chosen_onset, is_last_night, onset_fields, onset_initial
from openpbm.care.scales.recent_days import last_answers, times_near
from openpbm.errors import BadInput
from openpbm.facts.felt import read_felt

__all__ = ["DiaryForm", "shown_answers"]

_YES_NO = (("yes", "Yes"), ("no", "No"))
#: Kinds of question in the part that asks what it felt like.
_FELT: tuple[Kind, ...] = ("areas", "sensations", "tags")
_LISTS: tuple[Kind, ...] = ("areas", "tags")


class DiaryForm(forms.Form):
    """One day of the diary. Everything may stay blank but not all of it."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    date = DayField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        programme: str | None,
        now: dt.datetime,
        entry: DiaryEntry | None = None,
        recent: Sequence[DiaryEntry] = (),
        **kwargs: Any,
    ) -> None:
        """Now is the time on the person's own clock; `recent` days say what was answered last, the newest first."""
        super().__init__(*args, **kwargs)
        self.now = now
        #: An onset that was given for today and can only have been last night's.
        self.last_night: dt.time | None = None
        times = times_near(recent)
        self.questions = questions_for(programme)
        for question in self.questions:
            if question.kind == "sensations":
                self.fields.update(felt_fields(programme))
            elif question.name == "onset":
                self.fields.update(onset_fields(question.label, question.hint, times))
            else:
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
            shown = onset_initial(shown_answers(entry), times)
            self.initial.update({**shown, "notes": entry.notes(), **felt_initial(entry)})
        for name, said in last_answers(recent, self.questions, self.initial.get("date") or now.date()).items():
            self.fields[name].help_text = said

    def first(self) -> list[forms.BoundField]:
        """The few questions that are seen at once."""
        asked = [question.name for question in self.questions if question.first]
        onset = asked.index("onset")
        return [self[name] for name in (*asked[:onset], NEAR, *asked[onset:])]

    def tags(self) -> forms.BoundField:
        """What else that day or night had."""
        return self["tags"]

    def further(self) -> list[forms.BoundField]:
        """The questions under "more"."""
        asked = (question for question in self.questions if not question.first and question.kind not in _FELT)
        return [*(self[question.name] for question in asked), self["notes"]]

    def felt(self) -> list[forms.BoundField]:
        """What it felt like, a list for each area of the body."""
        return [self[name] for name in AREA_FIELDS]

    def felt_open(self) -> bool:
        """Whether that part stands open: something in it is wrong or answered already."""
        names = ("areas", NOTHING_FELT, NEW_SIGNS, *AREA_FIELDS)
        return any(self[name].errors or self[name].initial for name in names)

    def further_open(self) -> bool:
        """Whether "more" stands open: something under it is wrong or answered already."""
        return any(field.errors or field.initial not in (None, "", []) for field in self.further())

    def clean_date(self) -> dt.date:
        """A day that has come, and not one of long ago."""
        return checked_date(self.cleaned_data["date"], self.now.date())

    def clean(self) -> None:
        """At least one answer."""
        super().clean()
        if not self.errors:
            self._check_felt()
            self._take_onset()
        said = not self.errors and (self.last_night or self.answers() or self.cleaned_data.get("notes", "").strip())
        if not self.errors and not said:
            raise forms.ValidationError("Nothing is filled in yet. Answer at least one question.")

    def _take_onset(self) -> None:
        onset = chosen_onset(self)
        if is_last_night(onset, self.cleaned_data["date"], self.now):
            self.last_night, onset = onset, None
        self.cleaned_data["onset"] = onset

    def _check_felt(self) -> None:
        try:
            read_felt(felt_answer(self.cleaned_data))
        except BadInput as error:
            raise forms.ValidationError(
                "You ticked that you felt nothing, and something. Keep one of the two."
            ) from error

    def answers(self) -> dict[str, Answer]:
        """The answered questions as they are stored."""
        felt = felt_answer(self.cleaned_data)
        sent = self.cleaned_data | {"sensations": felt}
        # Whoever says what an area feels like has said where it is.
        tapped = {*(sent.get("areas") or ()), *areas_with(felt)}
        sent["areas"] = [area for area, _ in AREAS if area in tapped]
        asked = ((question, sent.get(question.name)) for question in self.questions)
        # Not `if not answer`: 0 is a rating.
        return {
            question.name: _stored_answer(question, answer)
            for question, answer in asked
            if answer not in (None, "", [])
        }


def _field(question: Question, programme: str | None) -> forms.Field:
    field = _FIELDS[question.kind](question, question.label.format(symptom=symptom_word(programme)))
    field.help_text = question.hint
    return field


def _rating_field(question: Question, label: str) -> forms.Field:
    field = steps_field(label, [(f"{n}", f"{n}") for n in range(int(question.maximum) + 1)])
    field.low_label, field.high_label = question.low, question.high  # type: ignore[attr-defined]
    return field


def _amount_field(question: Question, label: str) -> forms.Field:
    # Sleep is remembered in quarters of an hour, never in minutes.
    step = "0.25" if question.unit == "hours" else "1"
    highest = question.maximum / question.per_unit
    field = number_field(label, 0.0, highest, step, whole=question.kind == "count")
    field.unit = question.unit  # type: ignore[attr-defined]
    return field


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
    "areas": _areas_field,
    "tags": _areas_field,
    "yes_no": _yes_no_field,
    "word": _word_field,
}


def _stored_answer(question: Question, answer: Any) -> Answer:
    if question.kind == "time":
        return str(answer.isoformat("minutes"))
    if question.kind == "yes_no":
        return bool(answer == "yes")
    if question.kind in _LISTS:
        return ", ".join(answer)
    if question.kind in ("amount", "count", "rating"):
        return float(answer) * question.per_unit
    return str(answer)


def shown_answers(entry: DiaryEntry) -> dict[str, object]:
    """What was answered already, as the form shows it."""
    shown: dict[str, object] = {}
    for question in QUESTIONS:
        answer = entry.answers.get(question.name)
        if answer is None:
            continue
        if question.kind == "yes_no":
            answer = "yes" if answer else "no"
        elif question.kind in _LISTS:
            answer = answer.split(", ")
        elif question.kind in ("rating", "amount", "count"):
            answer = f"{answer / question.per_unit:.6g}"
        shown[question.name] = answer
    return shown
