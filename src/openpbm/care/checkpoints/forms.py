"""Forms of a checkpoint's decision and of a case report's authors."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms

from openpbm.care.checkpoints.actions import decisions, parse_dates
from openpbm.care.people.account.signature import SignatureForm
from openpbm.errors import BadInput
from openpbm.outcomes.decision import LIGHT_FIELDS, TIDIER_ITEMS, read_authors_part
from openpbm.wording import DECISIONS

__all__ = ["AuthorsForm", "DecisionForm"]

_LONG = forms.Textarea(attrs={"rows": 3})


class DecisionForm(SignatureForm):
    """What is decided on a judgement, signed."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    judgement = forms.UUIDField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(label="Your decision", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Reason",
        help_text="Needed where you decide otherwise than proposed. The person can read it.",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, proposed: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed = proposed
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            (one, DECISIONS[one].title + (" (proposed)" if one == proposed else "")) for one in decisions()
        ]

    def clean(self) -> dict[str, Any]:
        """Another decision than the proposed one needs its reason."""
        found: dict[str, Any] = super().clean() or {}
        decision = found.get("decision")
        if decision and decision != self.proposed and not found.get("reason", "").strip():
            self.add_error("reason", "You decide otherwise than proposed. Write down why.")
        return found


class AuthorsForm(forms.Form):
    """The part of a case report that only people can write; the keys of docs/case-report.md."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label="Title", required=False, max_length=300)
    authors = forms.CharField(label="Authors", help_text="One a line.", required=False, widget=_LONG)
    keywords = forms.CharField(label="Key words", help_text="One a line.", required=False, widget=_LONG)
    patient_perspective = forms.CharField(
        label="In the patient’s own words",
        help_text="As it was said. Name nobody.",
        required=False,
        widget=_LONG,
    )
    abstract = forms.CharField(label="Abstract", required=False, widget=_LONG)
    introduction = forms.CharField(label="Introduction", required=False, widget=_LONG)
    patient_information = forms.CharField(label="The person, without a name", required=False, widget=_LONG)
    clinical_findings = forms.CharField(label="Clinical findings", required=False, widget=_LONG)
    diagnosis = forms.CharField(label="How the diagnosis was made", required=False, widget=_LONG)
    discussion = forms.CharField(
        label="Discussion",
        help_text="It opens with the last checkpoint’s own sentence; write no more than that sentence allows.",
        required=False,
        widget=_LONG,
    )
    blinding = forms.CharField(label="Blinding", required=False, widget=_LONG)
    washout = forms.CharField(label="Days without light", required=False, widget=_LONG)
    consent = forms.BooleanField(label="The person has agreed to publication in writing", required=False)
    consent_date = forms.DateField(
        label="Day of that consent", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    #: Shown folded away: what is there already stands in the report without them.
    further = tuple(f"light_{key}" for key in LIGHT_FIELDS) + tuple(f"tidier_{key}" for key in TIDIER_ITEMS)

    def __init__(self, *args: Any, statement: str, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statement, self.today = statement, today
        for name, labels in (("light", LIGHT_FIELDS), ("tidier", TIDIER_ITEMS)):
            for key, label in labels.items():
                shown = f"{label[:1].upper()}{label[1:]}"
                self.fields[f"{name}_{key}"] = forms.CharField(label=shown, required=False, max_length=600)

    @classmethod
    def initial_of(cls, document: dict[str, Any]) -> dict[str, Any]:
        """What the form begins with: the last part that was written."""
        lists = {key: "\n".join(document.get(key, ())) for key in ("authors", "keywords")}
        sections = {
            f"{name}_{key}": text for name in ("light", "tidier") for key, text in document.get(name, {}).items()
        }
        texts = {key: value for key, value in document.items() if key not in ("authors", "keywords", "light", "tidier")}
        return {"id": uuid.uuid4(), **texts, **lists, **sections}

    def clean(self) -> dict[str, Any]:
        """Each fault of the core stands at its own field."""
        found: dict[str, Any] = super().clean() or {}
        try:
            read_authors_part(parse_dates(self.document()), statement=self.statement, latest_consent=self.today)
        except BadInput as error:
            for fault in error.faults:
                said = fault.removeprefix("case_report.toml: ")
                name, _, text = said.partition(": ")
                field = name.split(" = ")[0].replace(".", "_", 1)
                self.add_error(field if field in self.fields else None, text if field in self.fields else said)
        return found

    def document(self) -> dict[str, Any]:
        """The authors' part as `order_case_report` takes it: what is blank is left out."""
        given = self.cleaned_data
        document: dict[str, Any] = {}
        for name, value in given.items():
            section, _, key = name.partition("_")
            if name == "id" or value in ("", None, False):
                continue
            if name in self.further:
                document.setdefault(section, {})[key] = value
            elif name in ("authors", "keywords"):
                document[name] = [line.strip() for line in value.splitlines() if line.strip()]
            else:
                document[name] = value.isoformat() if isinstance(value, dt.date) else value
        return document

    def main_fields(self) -> list[forms.BoundField]:
        """Fields that are always shown."""
        return [self[name] for name in self.fields if name not in self.further and name != "id"]

    def further_fields(self) -> list[forms.BoundField]:
        """Fields that are folded away."""
        return [self[name] for name in self.further]
