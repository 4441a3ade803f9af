"""Tests that were done before light: a part for each, those of the programme first, open where something was said."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms

from openpbm.care.day_field import DayField
from openpbm.care.form_page import CleanedData
from openpbm.care.people.questions import complaint_of
from openpbm.care.people.step_form import StepForm, said
from openpbm.facts.workup import WorkupTest, workup_test_of, workup_tests
from openpbm.files import JsonObject
from openpbm.wording import unit_in_words

__all__ = ["WorkupForm"]

_DONE = (("", "Not said"), ("yes", "Yes"), ("no", "No"))
_FINDINGS = (("", "Not said"), ("normal", "Normal"), ("abnormal", "Not normal"))
_SAID = {"True": "yes", "False": "no"}
_PARTS = ("done", "date", "result", "unit", "finding")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkupPart:
    """One test as the page shows it; `open` where something was said."""

    title: str
    fields: list[forms.BoundField]
    open: bool


class WorkupForm(StepForm):
    """Every test that has no page of its own; one of which nothing is said is not known."""

    def build(self) -> None:
        """The parts, those that are due in the programme first."""
        self.sent: list[JsonObject] = []
        condition = complaint_of(self.document)
        programme = None if condition is None else condition.programme
        here = [test for test in workup_tests if not test.in_labs]
        self.asked = sorted(here, key=lambda test: programme not in test.programmes)
        for test in self.asked:
            self.fields.update(_fields(test))
        for row in self._newest().values():
            done = _SAID[str(row.get("done", True))]
            self.initial.update({f"{part}_{row['test']}": value for part, value in (row | {"done": done}).items()})

    def parts(self) -> list[WorkupPart]:
        """Each test with its fields."""
        found = []
        for test in self.asked:
            fields = [self[f"{part}_{test.id}"] for part in _PARTS if f"{part}_{test.id}" in self.fields]
            opened = any(field.errors or field.initial not in (None, "") for field in fields)
            found.append(WorkupPart(title=test.plain_name, fields=fields, open=opened))
        return found

    def put(self, document: JsonObject, given: CleanedData) -> None:
        """What was said, as the case file has it; earlier results of a test stay beside its newest."""
        shown = list(self._newest().values())
        earlier = [row for row in self._kept() if row not in shown]
        rows = [row for row in (_row(test, given) for test in self.asked) if row is not None]
        self.sent = [*earlier, *rows]
        document["person"]["workup"] = self.sent or None

    def field_of(self, key: str) -> str:
        """The field of a test that the core found wrong."""
        rows = self.sent
        number, part = key.partition("[")[2].partition("]")[0], key.rpartition(".")[2]
        if number.isdigit() and int(number) < len(rows):
            name = f"{part}_{rows[int(number)]['test']}"
            # A test without a number has no field for its unit.
            return name if name in self.fields else f"done_{rows[int(number)]['test']}"
        return super().field_of(key)

    def _kept(self) -> list[JsonObject]:
        rows = (self.document.get("person") or {}).get("workup") or []
        named = ((row, workup_test_of(str(row.get("test")))) for row in rows)
        return [dict(row) | {"test": known.id} for row, known in named if known is not None]

    def _newest(self) -> dict[str, JsonObject]:
        """The newest of each test, which its part shows."""
        return {row["test"]: row for row in sorted(self._kept(), key=lambda row: str(row.get("date") or ""))}


def _fields(test: WorkupTest) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        "done": forms.ChoiceField(label="Was it done?", required=False, choices=_DONE, help_text=test.why),
        "date": DayField(label="On", required=False),
        "finding": forms.ChoiceField(label="It was", required=False, choices=_FINDINGS),
    }
    units = [(one.unit, unit_in_words(one.unit) or "no unit") for one in test.units]
    if units:
        fields["result"] = forms.FloatField(label="Result", required=False)
        fields["result"].widget.attrs["inputmode"] = "decimal"
        fields["unit"] = forms.ChoiceField(label="Unit", required=False, choices=[("", "Not said"), *units])
    return {f"{part}_{test.id}": fields[part] for part in _PARTS if part in fields}


def _row(test: WorkupTest, given: CleanedData) -> JsonObject | None:
    """One test as it was filled in; None where nothing was."""
    answers = {part: given.get(f"{part}_{test.id}") for part in _PARTS}
    filled = {part: value for part, value in answers.items() if value not in (None, "")}
    if not filled.keys() - {"unit"}:
        return None
    if "date" in filled:
        filled["date"] = filled["date"].isoformat()
    if filled.get("result") is None:
        filled.pop("unit", None)
    return said(filled | {"test": test.id, "done": filled.get("done") != "no"})
