"""Forms of a checkpoint's decision and of a case report's authors."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import escape

from openpbm.care.audit.constraints import longest
from openpbm.care.checkpoints.actions import decisions, lacks_reason, parse_dates
from openpbm.care.checkpoints.aftercare import pause_weeks
from openpbm.care.checkpoints.care_team import LONGEST_CONTACT
from openpbm.care.checkpoints.models import CheckpointDecision
from openpbm.care.day_field import DayField
from openpbm.care.people.account.signature import SignatureForm
from openpbm.errors import BadInput, Problem
from openpbm.files import JsonObject
from openpbm.outcomes.decision import LIGHT_FIELDS, TIDIER_ITEMS, read_authors_part
from openpbm.wording import DECISIONS

__all__ = ["AuthorsForm", "DecisionForm", "NextCourseForm", "PauseForm", "TeamMemberForm"]

#: Keys of case_report.toml whose texts stand one a line in the form, and its sections.
_LISTS = ("authors", "keywords")
_SECTIONS = {"light": LIGHT_FIELDS, "tidier": TIDIER_ITEMS}
#: What a report says from the record where nobody wrote anything else.
_PUT_TOGETHER = (
    "title", "keywords", "abstract", "introduction", "patient_information", "diagnosis", "discussion", "blinding",
    "washout",
)  # fmt: skip
_MOST_WEEKS = 26
_LONG = forms.Textarea(attrs={"rows": 3})


class DecisionForm(SignatureForm):
    """What is decided on a judgement, signed."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    judgement = forms.UUIDField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(label="Your decision", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Reason",
        help_text="Needed where you decide otherwise than proposed. The person can read it.",
        max_length=longest(CheckpointDecision, "reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, proposed: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed = proposed
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            (decision, self._label(decision)) for decision in decisions()
        ]

    def _label(self, decision: str) -> str:
        mark = " (proposed)" if decision == self.proposed else ""
        return f"{DECISIONS[decision].title}{mark}"

    def clean(self) -> None:
        """Another decision than the proposed one needs its reason."""
        super().clean()
        decision, reason = self.cleaned_data.get("decision"), self.cleaned_data.get("reason", "")
        if decision and decision != self.proposed and not reason.strip():
            self.add_error("reason", "You decide otherwise than proposed. Write down why.")
        elif decision and lacks_reason(decision, self.proposed, reason):
            self.add_error("reason", "This says no reason to go on. Write down what was seen.")


class PauseForm(SignatureForm):
    """A planned pause, signed."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    weeks = forms.TypedChoiceField(label="How long", coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shortest, longest = pause_weeks()
        choices = [(weeks, f"{weeks} weeks") for weeks in range(shortest, longest + 1)]
        self.fields["weeks"].choices = choices  # type: ignore[attr-defined]
        self.fields["weeks"].initial = longest


class NextCourseForm(forms.Form):
    """How often, how long and from when the next course goes; lamp, places and minutes stay."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    sessions_per_week = forms.TypedChoiceField(label="Sessions a week", coerce=int)
    weeks = forms.IntegerField(label="Weeks", min_value=1, max_value=_MOST_WEEKS)
    start_date = DayField(label="First day")

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(number, str(number)) for number in range(1, most + 1)]
        self.fields["sessions_per_week"].choices = choices  # type: ignore[attr-defined]


class TeamMemberForm(forms.Form):
    """Who has one role around the person."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label="Name", max_length=LONGEST_CONTACT, required=False, help_text="Leave it empty to take them off the list."
    )
    contact = forms.CharField(
        label="How to reach them", max_length=LONGEST_CONTACT, required=False, help_text="Address, telephone or fax."
    )


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
    consent_date = DayField(label="Day of that consent", required=False)

    #: Shown folded away: what is there already stands in the report without them.
    further = tuple(f"light_{key}" for key in LIGHT_FIELDS) + tuple(f"tidier_{key}" for key in TIDIER_ITEMS)

    def __init__(
        self, *args: Any, light_is_cause: bool, today: dt.date, known: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        """known : what the record says by itself, by key (`light.time`), in words: said at its field"""
        super().__init__(*args, **kwargs)
        self.light_is_cause, self.today = light_is_cause, today
        for name, labels in _SECTIONS.items():
            for key, label in labels.items():
                shown = f"{label[:1].upper()}{label[1:]}"
                # A lamp's name is somebody's own words, and hints are shown as they are.
                said = escape((known or {}).get(f"{name}.{key}", ""))
                self.fields[f"{name}_{key}"] = forms.CharField(
                    label=shown, required=False, max_length=600, help_text=said
                )

    @classmethod
    def initial_of(cls, document: JsonObject) -> dict[str, object]:
        """What the form begins with: the last part that was written."""
        initial: dict[str, object] = {"id": uuid.uuid4()}
        for key, value in document.items():
            if key in _LISTS:
                initial[key] = "\n".join(value)
            elif key in _SECTIONS:
                initial |= {f"{key}_{name}": text for name, text in value.items()}
            else:
                initial[key] = value
        return initial

    def clean(self) -> None:
        """Each problem of the core stands at its own field."""
        super().clean()
        try:
            read_authors_part(
                parse_dates(self.document()), light_is_cause=self.light_is_cause, latest_consent=self.today
            )
        except BadInput as error:
            for problem in error.problems:
                self._add_problem(problem)

    def _add_problem(self, problem: Problem) -> None:
        # A key of a section, light.dose, is the field light_dose.
        field = problem.key.replace(".", "_", 1)
        if field in self.fields:
            self.add_error(field, "; ".join(filter(None, (problem.message, problem.remedy))))
        else:
            self.add_error(None, str(problem))

    def document(self) -> dict[str, object]:
        """The authors' part as `order_case_report` takes it: what is blank is left out."""
        document: dict[str, object] = {}
        sections: dict[str, dict[str, object]] = {}
        for name, value in self.cleaned_data.items():
            section, _, key = name.partition("_")
            if name == "id" or value in ("", None, False):
                continue
            if name in self.further:
                sections.setdefault(section, {})[key] = value
            else:
                document[name] = _written(name, value)
        return document | sections

    def main_fields(self) -> list[forms.BoundField]:
        """Fields that are always shown: what no record can say."""
        aside = {"id", *_PUT_TOGETHER, *self.further}
        return [self[name] for name in self.fields if name not in aside]

    def recorded_fields(self) -> list[forms.BoundField]:
        """Fields that are folded away: the report fills them by itself."""
        return [self[name] for name in _PUT_TOGETHER]

    def recorded_open(self) -> bool:
        """Whether something is written, or wrong, in a field that is folded away."""
        return any(self[name].errors or self[name].value() for name in _PUT_TOGETHER)

    def further_open(self) -> bool:
        """The same of the light and how it was given."""
        return any(self[name].errors or self[name].value() for name in self.further)

    def further_fields(self) -> list[forms.BoundField]:
        """Fields that are folded away."""
        return [self[name] for name in self.further]


def _written(name: str, value: Any) -> object:
    """One answer as case_report.toml holds it; a day as text, since the document is kept as JSON."""
    if name in _LISTS:
        return [line.strip() for line in value.splitlines() if line.strip()]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value
