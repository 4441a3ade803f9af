"""What a clinician may ask of a plan, and the signatures under it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from openpbm.care.audit.constraints import longest
from openpbm.care.people.account.signature import SignatureForm, SignedReasonField
from openpbm.care.plans.models import HoldLift, PlanRelease, PlanRow
from openpbm.care.plans.who_agreed import LONGEST_CONTACT
from openpbm.care.screening.models import RuleRelease

__all__ = ["ComparisonForm", "LiftForm", "LinearForm", "OverridesForm", "OwnLiftForm", "ReleaseForm", "ReleaseRuleForm"]


def _number(label: str, unit: str, most: int, *, help_text: str = "") -> Any:
    """A number above nothing, with its unit beside it."""
    field: Any = forms.FloatField(label=label, required=False, min_value=0.01, max_value=most, help_text=help_text)
    field.widget.attrs |= {"step": "any", "inputmode": "decimal"}
    field.unit = unit
    return field


def _whole(label: str, unit: str, most: int) -> Any:
    field: Any = forms.IntegerField(label=label, required=False, min_value=1, max_value=most)
    field.widget.attrs |= {"inputmode": "numeric"}
    field.unit = unit
    return field


class OverridesForm(forms.Form):
    """Minutes, sessions and weeks in place of those the plan would choose; empty leaves them to the plan."""

    minutes = _number("Minutes at one place", "min", 1440)
    sessions_per_week = _whole("Sessions a week", "a week", 7)
    weeks = _whole("Weeks", "weeks", 52)

    def clean_minutes(self) -> float | None:
        """A timer has hundredths of a minute at the finest."""
        minutes: float | None = self.cleaned_data["minutes"]
        return None if minutes is None else round(minutes, 2)


class LinearForm(OverridesForm):
    """What follows at once, the lamp's output beside it."""

    output_percent = _number(
        "Output of the lamp", "%", 1000, help_text="100 is what the plan was computed with: an older lamp gives less."
    )


class ReleaseForm(SignatureForm):
    """The signature under a plan."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    statement = forms.CharField(
        label="What you release", max_length=longest(PlanRelease, "statement"), widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("id", uuid.uuid4())


class ReleaseRuleForm(SignatureForm):
    """The signature under a rule that only the plan found."""

    rule = forms.CharField(widget=forms.HiddenInput, max_length=longest(RuleRelease, "rule"))
    reason = SignedReasonField(label="Why light is acceptable all the same", max_length=longest(RuleRelease, "reason"))


class LiftForm(SignatureForm):
    """Why sessions may go on, signed."""

    reason = SignedReasonField(
        label="Why sessions may go on",
        max_length=longest(HoldLift, "reason"),
        help_text="What was seen, and what was done about it.",
    )


class OwnLiftForm(LiftForm):
    """Without a clinic: who was asked stands before the reason."""

    agreed_by = forms.CharField(
        label="Which health professional agreed",
        max_length=longest(HoldLift, "agreed_by"),
        help_text="Name and profession. Ask one first, and show them this page.",
    )
    contact = forms.CharField(
        label="Where they can be reached at work",
        max_length=LONGEST_CONTACT,
        help_text="Telephone or e-mail. It is kept sealed with this hold, and stands on this page and in your export.",
    )
    field_order = ("agreed_by", "contact", "reason", "password")


class ComparisonForm(forms.Form):
    """Two versions."""

    first = forms.ModelChoiceField(label="This version", queryset=PlanRow.objects.none(), empty_label=None)
    second = forms.ModelChoiceField(label="beside this one", queryset=PlanRow.objects.none(), empty_label=None)

    def __init__(self, *args: Any, versions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in ("first", "second"):
            self.fields[field].queryset = versions  # type: ignore[attr-defined]
            self.fields[field].label_from_instance = _named  # type: ignore[attr-defined]


def _named(row: PlanRow) -> str:
    return f"Version {row.version}, {row.lamp.name}, {row.created_at:%-d %B %Y}"
