"""The pages of the intake that are no plain questions: who it is, what is treated, medicines, iron."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from openpbm.care.day_field import DayField
from openpbm.care.form_page import CleanedData
from openpbm.care.people.body_size import HeightField, WeightField
from openpbm.care.people.medicine_names import KEEP_LABEL, offered_names, question_about
from openpbm.care.people.step_form import StepForm, said
from openpbm.facts.conditions import conditions
from openpbm.files import JsonObject

__all__ = ["PROGRAMMES", "SEXES", "SKIN_TYPES", "AboutForm", "ComplaintForm", "IronForm", "MedicinesForm"]

SEXES = (("female", "Female"), ("male", "Male"), ("other", "Other"))
SKIN_TYPES = (
    ("1", "Type 1: very fair, always burns, never tans"),
    ("2", "Type 2: fair, burns easily, tans a little"),
    ("3", "Type 3: light brown, burns at times, tans slowly"),
    ("4", "Type 4: olive or brown, burns seldom, tans well"),
    ("5", "Type 5: dark brown, burns very seldom"),
    ("6", "Type 6: very dark brown or black, does not burn"),
)
PROGRAMMES = {
    "rls": "Restless legs",
    "neuropathic_pain": "Nerve pain",
    "neuropathy": "Nerve damage: numb, tingling",
    "muscle_spasm": "Cramps and muscle spasms",
}
_CONFIRMED_BY = (
    "family doctor", "neurologist", "sleep specialist", "pain specialist", "diabetologist", "oncologist",
    "nephrologist", "rheumatologist", "orthopaedic surgeon",
)  # fmt: skip
_MOST_MEDICINES = 40
_SPARE_LINES = 4


def _short(value: Any) -> Any:
    """52 where the answers hold 52.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class AboutForm(StepForm):
    """Who it is: age, sex, size, skin."""

    age_years = forms.FloatField(label="Age", required=False)
    sex = forms.ChoiceField(label="Sex", required=False, choices=(*SEXES, ("", "Not said")), widget=forms.RadioSelect)
    height_cm = HeightField(label="Height", required=False, help_text="In centimetres, or 5 ft 7 in.")
    weight_kg = WeightField(
        label="Weight",
        required=False,
        help_text="In kilograms, or 150 lb. Height and weight tell how deep the light must go.",
    )
    skin_type = forms.ChoiceField(
        label="Skin without a tan",
        required=False,
        choices=(*SKIN_TYPES, ("", "I am not sure")),
        widget=forms.RadioSelect,
        help_text="Dark skin takes up more light at the surface and warms more, so it starts with less.",
    )

    def build(self) -> None:
        """Name the units beside the fields."""
        for name, unit in (("age_years", "years"), ("height_cm", "cm"), ("weight_kg", "kg")):
            self.fields[name].unit = unit  # type: ignore[attr-defined]
        age = self.fields["age_years"]
        age.widget.attrs["inputmode"] = "decimal"
        if self.age_on_file:
            # Whatever is sent in a disabled field is ignored.
            age.disabled, age.help_text = True, "It follows from the date of birth in the record."

    def read(self) -> CleanedData:
        """The page's fields out of the answers."""
        person = self.document.get("person", {})
        names = ("age_years", "sex", "height_cm", "weight_kg", "skin_type")
        return {name: _short(person.get(name)) for name in names}

    def put(self, document: JsonObject, given: CleanedData) -> None:
        """The page's fields into the answers."""
        person = document["person"]
        for name in ("age_years", "height_cm", "weight_kg"):
            person[name] = given.get(name)
        person["sex"] = given.get("sex") or None
        person["skin_type"] = int(given["skin_type"]) if given.get("skin_type") else None
        if person["sex"] == "male":
            person.pop("pregnant", None)


class ComplaintForm(StepForm):
    """What is treated, who said so, and when it usually begins."""

    diagnosis = forms.ChoiceField(label="What should the light help with?")
    confirmed_by = forms.CharField(
        label="Who has confirmed it?",
        required=False,
        max_length=120,
        help_text="The kind of doctor or clinician. Leave it empty if nobody has yet.",
        widget=forms.TextInput(attrs={"list": "confirmed-by", "autocomplete": "off"}),
    )
    usual_onset = forms.TimeField(
        label="When does it usually begin in the day?",
        required=False,
        help_text="For restless legs: sessions are put before that time. Leave it empty if it changes.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    bedtime = forms.TimeField(
        label="When do you usually go to bed?",
        required=False,
        help_text="Nobody is woken for light. Left empty, half past ten in the evening counts.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    suggestions: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (("confirmed-by", _CONFIRMED_BY),)

    def build(self) -> None:
        """Offer the catalogue's conditions, by programme."""
        groups: list[Any] = [("", "Choose one")]
        for programme, title in PROGRAMMES.items():
            rows = [
                (row.id, row.plain_name + (" (a specialist decides)" if row.specialist_only else ""))
                # The plain complaint comes first, what is rarer after it.
                for row in sorted(conditions, key=lambda row: not row.default_of_programme)
                if row.programme == programme
            ]
            groups.append((title, [*rows, (f"programme:{programme}", "One of these, I do not know which")]))
        field = self.fields["diagnosis"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = groups

    def read(self) -> CleanedData:
        """The page's fields out of the answers."""
        given = self.document.get("condition", {})
        diagnosis = given.get("diagnosis")
        if diagnosis is None and given.get("programme"):
            diagnosis = f"programme:{given['programme']}"
        return {
            "diagnosis": diagnosis,
            "confirmed_by": given.get("confirmed_by"),
            "usual_onset": given.get("usual_onset"),
            "bedtime": self.document.get("person", {}).get("bedtime"),
        }

    def put(self, document: JsonObject, given: CleanedData) -> None:
        """The page's fields into the answers."""
        chosen = given.get("diagnosis") or ""
        onset = given.get("usual_onset")
        by_programme = chosen.startswith("programme:")
        document["condition"] = {
            "diagnosis": None if by_programme else chosen or None,
            "programme": chosen.removeprefix("programme:") if by_programme else None,
            "confirmed_by": given.get("confirmed_by") or None,
            "usual_onset": None if onset is None else onset.strftime("%H:%M"),
        }
        bedtime = given.get("bedtime")
        document["person"]["bedtime"] = None if bedtime is None else bedtime.strftime("%H:%M")


class MedicinesForm(StepForm):
    """Every medicine, one a line. None at all is an answer; nothing said is not."""

    none_taken = forms.BooleanField(label="I take no medicines at all", required=False)

    def build(self) -> None:
        """A line for each medicine there is, and some to spare."""
        there = len(self._kept())
        sent = len([key for key in self.data if key.startswith("medicine_")]) if self.is_bound else 0
        for number in range(min(max(there + _SPARE_LINES, sent, 6), _MOST_MEDICINES)):
            self.fields[f"medicine_{number}"] = forms.CharField(
                label=f"Medicine {number + 1}",
                required=False,
                max_length=120,
                widget=forms.TextInput(attrs={"list": "medicine-names", "autocomplete": "off"}),
            )
        last = ["none_taken"]
        if self._questions():
            widget = forms.CheckboxInput(attrs={"value": self._asked_about()})
            if not self._keeps_names():
                widget.check_test = lambda _: False
            self.fields["keep_names"] = forms.BooleanField(label=KEEP_LABEL, required=False, widget=widget)
            last = ["keep_names", "none_taken"]
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    @property
    def suggestions(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Names the tables know."""
        return (("medicine-names", offered_names()),)

    def read(self) -> CleanedData:
        """The page's fields out of the answers."""
        known = self.document.get("person", {}).get("medications")
        lines = {f"medicine_{number}": name for number, name in enumerate(known or ())}
        return {**lines, "none_taken": known == []}

    def put(self, document: JsonObject, given: CleanedData) -> None:
        """The page's fields into the answers."""
        names = [given[name].strip() for name in self.fields if name.startswith("medicine_") and given.get(name)]
        if names and given.get("none_taken"):
            self.add_error("none_taken", "You also named a medicine. Take the tick away, or empty the lines.")
        # More lines are asked for while somebody still writes: no time to ask back.
        if not self._keeps_names() and "more" not in self.data:
            for name, question in self._questions().items():
                self.add_error(name, question)
        document["person"]["medications"] = names or ([] if given.get("none_taken") else None)

    def _asked_about(self) -> str:
        return "|".join(str(self.data.get(name, "")).strip() for name in self._questions())

    def _keeps_names(self) -> bool:
        """Whether the tick was sent, and beside these names: of others it says nothing."""
        return self.data.get("keep_names") in ("on", self._asked_about())

    def _kept(self) -> list[str]:
        return self.document.get("person", {}).get("medications") or []

    def _questions(self) -> dict[str, str]:
        """What is asked about each line, by its field; what was kept before is not asked about again."""
        lines = {name: text for name, text in self.data.items() if re.fullmatch(r"medicine_\d+", name)}
        asked = {name: question_about(text) for name, text in lines.items() if text.strip() not in self._kept()}
        return {name: question for name, question in asked.items() if question and name in self.fields}

    def field_of(self, key: str) -> str:
        """The line of a medicine."""
        found = re.search(r"medications\[(\d+)\]", key)
        return f"medicine_{found[1]}" if found else super().field_of(key)


class IronForm(StepForm):
    """The iron values of the last blood test."""

    ferritin_ug_l = forms.FloatField(label="Ferritin", required=False)
    transferrin_saturation_percent = forms.FloatField(label="Transferrin saturation (TSAT)", required=False)
    date = DayField(label="Day of the blood test", required=False)
    transferrin_saturation_date = DayField(
        label="Day of the saturation test", required=False, help_text="Only if it was on another day."
    )
    day_unknown = forms.BooleanField(label="I do not know the day", required=False)

    def build(self) -> None:
        """Name the units beside the fields."""
        for name, unit in (("ferritin_ug_l", "µg/L"), ("transferrin_saturation_percent", "%")):
            self.fields[name].unit = unit  # type: ignore[attr-defined]
            self.fields[name].widget.attrs["inputmode"] = "decimal"

    def read(self) -> CleanedData:
        """The page's fields out of the answers."""
        labs = self.document.get("person", {}).get("labs") or {}
        undated = bool(_values(labs)) and not any(labs.get(name) for name in _DAYS)
        return {name: _short(value) for name, value in labs.items()} | {"day_unknown": undated}

    def put(self, document: JsonObject, given: CleanedData) -> None:
        """The page's fields into the answers."""
        days = {name: given.get(name) for name in ("date", "transferrin_saturation_date")}
        self._ask_for_the_day(given)
        # What this page does not show, such as a day of the ferritin of its own, stays as it was.
        earlier = {name: value for name, value in (document["person"].get("labs") or {}).items() if name not in given}
        document["person"]["labs"] = said(
            earlier
            | {name: given.get(name) for name in _VALUES}
            | {name: None if day is None else day.isoformat() for name, day in days.items()}
        )

    def _ask_for_the_day(self, given: CleanedData) -> None:
        """A value without a day counts for nothing: asked here, it is not found out weeks later."""
        earlier = self.document.get("person", {}).get("labs") or {}
        if not _values(given) or given.get("date") or given.get("day_unknown") or "date" in self.errors:
            return
        missing = given.get("ferritin_ug_l") is not None and not earlier.get("ferritin_date")
        if missing or not given.get("transferrin_saturation_date"):
            self.add_error("date", "When was the blood taken? Without the day the value cannot be counted.")


_VALUES = ("ferritin_ug_l", "transferrin_saturation_percent")
_DAYS = ("date", "ferritin_date", "transferrin_saturation_date")


def _values(labs: Mapping[str, object]) -> list[object]:
    """The values of the tests that were given."""
    return [labs[name] for name in _VALUES if labs.get(name) is not None]
