"""What a clinician may ask of a plan, and the signatures under it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from openpbm.care.audit.constraints import longest
from openpbm.care.devices.ruler import DISTANCE_CM, mm_of
from openpbm.care.people.account.signature import SignatureForm, SignedReasonField
from openpbm.care.plans.models import HoldLift, PlanRelease, PlanRow
from openpbm.care.plans.what_if import LightChoice
from openpbm.care.plans.who_agreed import LONGEST_CONTACT
from openpbm.care.screening.models import RuleRelease
from openpbm.facts.conditions import conditions
from openpbm.facts.sites import sites
from openpbm.planning import Plan
from openpbm.tissue import THICKEST_FAT_MM

__all__ = ["ComparisonForm", "LiftForm", "OverridesForm", "OwnLiftForm", "ReleaseForm", "ReleaseRuleForm", "WhatIfForm"]


def _number(label: str, unit: str, most: float, *, least: float = 0.01, help_text: str = "") -> Any:
    """A number above nothing, with its unit beside it."""
    field: Any = forms.FloatField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        help_text=help_text,
        error_messages={
            "min_value": f"%(show_value)s is less than %(limit_value)s {unit}, the least there can be. Correct it.",
            "max_value": f"%(show_value)s is more than %(limit_value)s {unit}, the most there can be. Correct it.",
        },
    )
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


class WhatIfForm(OverridesForm):
    """What can be tried out on a plan: what follows at once, and what needs other light."""

    output_percent = _number(
        "Output of the lamp", "%", 1000, help_text="100 is what the plan was computed with: an older lamp gives less."
    )
    distance_cm = _number(
        "Distance from lamp to skin", "cm", DISTANCE_CM.most, least=DISTANCE_CM.least, help_text="0 lies on the skin."
    )
    mode = forms.ChoiceField(label="Setting of the lamp", required=False, choices=())
    duty_percent = _number(
        "Share of the time the LEDs shine", "%", 100, help_text="Of pulsed LEDs. Empty leaves what the lamp does."
    )
    skin_type = forms.TypedChoiceField(
        label="Skin type",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "As planned"), ("1", "1, the palest"), *((n, n) for n in "2345"), ("6", "6, the darkest")],
    )
    fat_mm = _number(
        "Fat under the skin", "mm", THICKEST_FAT_MM, least=0.1,
        help_text="Measured at the place by ultrasound, or half a calliper’s fold. Empty: drawn as in people alike.",
    )  # fmt: skip
    place = forms.ChoiceField(label="Place, and what the light is meant for", required=False, choices=())

    def __init__(self, *args: Any, plan: Plan, modes: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(f"{_MODE}{name}", name) for name in modes]
        self.fields["mode"].choices = [("", "As planned"), (_MODE, "The whole lamp"), *named]  # type: ignore[attr-defined]
        if not modes:
            del self.fields["mode"]
        if len(plan.placement.lamps) > 1:
            first = plan.placement.lamps[0].name
            self.fields["distance_cm"].label = f"Distance from {first} to skin"
            self.fields["distance_cm"].help_text = "The other lamps move as much nearer or farther."
        self.fields["place"].choices = [("", "As planned"), *_usual_places(plan)]  # type: ignore[attr-defined]

    def choice(self) -> LightChoice:
        """What needs light beside the plan's own."""
        said = self.cleaned_data
        mode, percent = said.get("mode"), said["duty_percent"]
        return LightChoice(
            distance_mm=mm_of(said["distance_cm"]),
            skin_type=said["skin_type"],
            fat_mm=said["fat_mm"],
            place=said["place"],
            mode=mode.removeprefix(_MODE) if mode else None,
            duty=None if percent is None else percent / 100.0,
        )


#: Before the name of a setting, so that the whole lamp is another answer than none.
_MODE = "mode:"
_PLANNED_PLACES = tuple(site.id for site in sites if not site.specialist_only)


def _usual_places(plan: Plan) -> list[tuple[str, str]]:
    """Places where the plan's condition is usually treated, and its own: each structure of them."""
    usual = conditions[plan.condition.id].usual_sites or _PLANNED_PLACES
    places = dict.fromkeys([*(site.site for site in plan.sites), *usual])
    return [
        (f"{id}:{target.id}", f"{sites[id].plain_name}: {target.plain_name}")
        for id in places
        for target in sites[id].targets
    ]


class ReleaseForm(SignatureForm):
    """The signature under a plan."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    statement = forms.CharField(
        label="What you release", max_length=longest(PlanRelease, "statement"), widget=forms.Textarea(attrs={"rows": 3})
    )
    early_start = SignedReasonField(
        label="Why light begins before two weeks of diary",
        max_length=longest(PlanRelease, "early_start"),
        help_text="Two weeks of diary, and no change of a medicine in them, are what a checkpoint compares with. With"
        " less than one week no checkpoint can say whether light helps. Your reason stands under your name.",
    )

    def __init__(self, *args: Any, early: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not early:
            del self.fields["early_start"]
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
    return f"Version {row.version}, {row.screening.lamps_in_short}, {row.created_at:%-d %b %Y}"
