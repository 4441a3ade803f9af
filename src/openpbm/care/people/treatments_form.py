"""What was tried before light: a part for each treatment of the programme, open where something was said."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms

from openpbm.care.day_field import DayField
from openpbm.care.form_page import CleanedData
from openpbm.care.people.questions import complaint_of
from openpbm.care.people.step_form import StepForm, said
from openpbm.facts.treatments import Treatment, treatment_of, treatments
from openpbm.files import JsonObject

__all__ = ["TreatmentsForm"]

_EFFECTS = (
    ("", "Not tried, or not said"), ("much", "Helped much"), ("some", "Helped some"), ("none", "Did not help"),
    ("worse", "Made it worse"), ("unknown", "Tried, and I do not know"),
)  # fmt: skip
_STILL = (("", "Not said"), ("yes", "Yes"), ("no", "No"))
_REASONS = (
    ("", "Not said, or not stopped"), ("no_effect", "It did not help"), ("wore_off", "It stopped helping"),
    ("adverse_effect", "Side effects"), ("augmentation", "Symptoms began earlier or spread"),
    ("dependence", "Hard to be without, or fear of it"), ("cost", "Its price"), ("finished", "It was meant to end"),
    ("own_wish", "I wished to"), ("other", "Another reason"),
)  # fmt: skip
_SAID = {"True": "yes", "False": "no"}
_LONGEST = 120
_PARTS = ("effect", "name", "dose", "since", "until", "still_taken", "stopped_because", "adverse_effects")


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentPart:
    """One treatment as the page shows it; `open` where something was said."""

    title: str
    fields: list[forms.BoundField]
    open: bool


class TreatmentsForm(StepForm):
    """Every treatment that is asked about; one that says nothing of its effect was not tried."""

    nothing_tried = forms.BooleanField(label="I have tried nothing before", required=False)

    def build(self) -> None:
        """The parts, in the order of the table."""
        condition = complaint_of(self.document)
        programme = None if condition is None else condition.programme
        known = {row["treatment"] for row in self._kept()}
        self.asked = [row for row in treatments if row.asked_in(programme) or row.id in known]
        for row in self.asked:
            self.fields.update(_fields(row))
        self.initial.update(self._shown())

    def parts(self) -> list[TreatmentPart]:
        """Each treatment with its fields."""
        found = []
        for row in self.asked:
            fields = [self[f"{part}_{row.id}"] for part in _PARTS]
            opened = any(field.errors or field.initial not in (None, "") for field in fields)
            found.append(TreatmentPart(title=row.plain_name, fields=fields, open=opened))
        return found

    def read(self) -> CleanedData:
        """Whether it was said that nothing was tried."""
        return {"nothing_tried": self.document.get("person", {}).get("treatments") == []}

    def put(self, document: JsonObject, given: CleanedData) -> None:
        """What was said, as the case file has it."""
        rows = [row for row in (_row(treatment, given) for treatment in self.asked) if row is not None]
        if rows and given.get("nothing_tried"):
            self.add_error("nothing_tried", "You also named a treatment. Take the tick away, or empty its part.")
        document["person"]["treatments"] = rows or ([] if given.get("nothing_tried") else None)

    def field_of(self, key: str) -> str:
        """The end of a treatment that the core found wrong."""
        rows = self.document.get("person", {}).get("treatments") or []
        number = key.partition("[")[2].partition("]")[0]
        part = key.rpartition(".")[2]
        if number.isdigit() and int(number) < len(rows):
            return f"{part}_{rows[int(number)]['treatment']}"
        return super().field_of(key)

    def _kept(self) -> list[JsonObject]:
        rows = self.document.get("person", {}).get("treatments") or []
        named = ((row, treatment_of(str(row.get("treatment")))) for row in rows)
        return [dict(row) | {"treatment": known.id} for row, known in named if known is not None]

    def _shown(self) -> CleanedData:
        shown: CleanedData = {}
        for row in self._kept():
            still = _SAID.get(str(row.get("still_taken")), "")
            values = row | {"effect": row.get("effect", "unknown"), "still_taken": still}
            shown |= {f"{part}_{row['treatment']}": values.get(part) for part in _PARTS}
        return shown


def _fields(row: Treatment) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        "effect": forms.ChoiceField(label="Did it help?", required=False, choices=_EFFECTS),
        "name": _text("What was it called?"),
        "dose": _text("How much, how often?"),
        "since": DayField(label="From about", required=False),
        "until": DayField(label="Until about", required=False),
        "still_taken": forms.ChoiceField(label="Do you still use it?", required=False, choices=_STILL),
        "stopped_because": forms.ChoiceField(label="Why was it stopped?", required=False, choices=_REASONS),
        "adverse_effects": _text("Side effects"),
    }
    return {f"{part}_{row.id}": field for part, field in fields.items()}


def _text(label: str) -> forms.Field:
    return forms.CharField(label=label, required=False, max_length=_LONGEST)


def _row(row: Treatment, given: CleanedData) -> JsonObject | None:
    """One treatment as it was filled in; None where nothing was."""
    answers = {part: given.get(f"{part}_{row.id}") or None for part in _PARTS}
    if not any(answers.values()):
        return None
    still = {"yes": True, "no": False}.get(answers["still_taken"] or "")
    days = {part: day.isoformat() for part in ("since", "until") if (day := answers[part]) is not None}
    effect = answers["effect"] or "unknown"
    return said(answers | days | {"treatment": row.id, "still_taken": still, "effect": effect})
