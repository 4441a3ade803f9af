"""The forms of an effect and of its review."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms

from openpbm.care.audit.constraints import longest
from openpbm.care.day_field import DayField
from openpbm.care.events.models import EventReview
from openpbm.care.events.plain_kinds import COMMON, HOW_BAD, HOW_BAD_CLINICIAN, choices_for, shown_kind
from openpbm.care.people.access import Relation
from openpbm.care.people.account.signature import SignatureForm
from openpbm.care.people.models import LONGEST_NOTES

__all__ = ["ReportForm", "ReviewForm"]


_NOT_OVER = (EventReview.Outcome.NOT_RECOVERED, EventReview.Outcome.FATAL)


def _grade(answer: str) -> int | None:
    return None if answer == "unknown" else int(answer)


class ReportForm(forms.Form):
    """What happened, when, and how bad it was."""

    event_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    common = forms.ChoiceField(
        label="What happened?",
        required=False,
        choices=[*((id, shown_kind(id)) for id in COMMON), ("", "Something else: choose below")],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(label="Everything to choose from", required=False)
    date = DayField(label="When?")
    grade = forms.TypedChoiceField(
        label="How bad was it, or is it?",
        widget=forms.RadioSelect,
        coerce=_grade,
        error_messages={"required": "Choose how bad it was; you may say that you do not know."},
    )
    detail = forms.CharField(
        label="In your own words",
        help_text="Where, how long, and what you did. Sealed: only those who may see this record can read it.",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=LONGEST_NOTES,
    )

    def __init__(self, *args: Any, relation: str, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if relation == Relation.CLINICIAN:
            del self.fields["common"]
            self.fields["kind"].label = "What happened?"
        self.fields["kind"].choices = [("", "Choose one"), *choices_for(relation)]  # type: ignore[attr-defined]
        self.fields["grade"].choices = HOW_BAD_CLINICIAN if relation == Relation.CLINICIAN else HOW_BAD  # type: ignore[attr-defined]
        self.fields["date"].widget.attrs["max"] = today.isoformat()
        self.fields["event_id"].initial = uuid.uuid4()
        self.fields["date"].initial = today

    def clean_kind(self) -> str:
        """What was chosen: from the list where something was, since that says more than one of the common ones."""
        kind: str = self.cleaned_data["kind"] or self.cleaned_data.get("common", "")
        if not kind:
            raise forms.ValidationError("Choose what happened.")
        return kind

    def is_listed(self) -> bool:
        """Whether the list stands open: something in it was chosen, or is wrong."""
        return "common" not in self.fields or bool(self["kind"].errors or self["kind"].value())

    def clean_date(self) -> dt.date:
        """A day that has come, and not one of long ago."""
        date: dt.date = self.cleaned_data["date"]
        if date > self.today:
            raise forms.ValidationError("This day has not come yet. Give the day it happened.")
        if date < self.today - dt.timedelta(days=366):
            raise forms.ValidationError("This is more than a year ago. Check the year.")
        return date


class ReviewForm(SignatureForm):
    """A clinician's view of an effect, signed."""

    review_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    causality = forms.ChoiceField(
        label="Caused by the treatment? (WHO-UMC)", choices=[("", "Choose one"), *EventReview.Causality.choices]
    )
    attributed_to = forms.ChoiceField(
        label="Most likely due to", choices=[("", "Not clear"), *EventReview.AttributedTo.choices], required=False
    )
    serious = forms.BooleanField(
        label="Serious: death, danger to life, hospital, lasting disability, or cancer where the light fell",
        help_text="A serious event goes to the device vigilance authority of your country and, within 24 hours, to the"
        " one responsible in your clinic. This software does not send it.",
        required=False,
    )
    outcome = forms.ChoiceField(label="Outcome so far", choices=[("", "Choose one"), *EventReview.Outcome.choices])
    action = forms.CharField(
        label="What was done", max_length=longest(EventReview, "action"), widget=forms.Textarea(attrs={"rows": 3})
    )
    lift_hold = forms.BooleanField(
        label="Lift the hold: sessions may go on",
        help_text="Leave it unticked while you wait. It stays on hold while the outcome is not recovered or fatal.",
        required=False,
    )

    def __init__(self, *args: Any, held: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_id"].initial = uuid.uuid4()
        if not held:
            del self.fields["lift_hold"]

    def clean(self) -> None:
        """A hold is not lifted while the effect goes on."""
        super().clean()
        if self.cleaned_data.get("lift_hold") and self.cleaned_data.get("outcome") in _NOT_OVER:
            self.add_error("lift_hold", "The effect is not over, so the sessions stay on hold. Review it again then.")
