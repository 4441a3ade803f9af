"""What is asked about a session: before it, at its end, afterwards, and about the skin."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from openpbm.care.audit.constraints import longest
from openpbm.care.day_field import DayField
from openpbm.care.devices.ruler import DISTANCE_CM, mm_of
from openpbm.care.people.account.signature import SignatureForm, SignedReasonField
from openpbm.care.people.models import LONGEST_NOTES
from openpbm.care.sessions.actions import LONGEST_BEFORE_PLAN, WrittenPlace
from openpbm.care.sessions.models import MINUTES, SessionRecord, SessionStart
from openpbm.care.sessions.positions import lamps_at, place_in_words
from openpbm.care.sessions.skin import REACTIONS
from openpbm.care.sessions.time_passed import MoreThanPassed
from openpbm.delivery.place import Place
from openpbm.planning import AllowedPlan

__all__ = [
    "AfterwardsForm", "ConfirmedForm", "OverrideForm", "SkinForm", "StartForm", "distance_field", "minutes_field",
    "reaction_field",
]  # fmt: skip


class AfterwardsPlace(WrittenPlace):
    """Written down on a later day, or without the timer."""

    confirmed: bool
    id: uuid.UUID
    date: dt.date
    time: dt.time | None


class StartForm(forms.Form):
    """Begin a session. The id is made with the page, so that a button pressed twice begins one session."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    ready = forms.BooleanField(label="I have done all of this and feel well today")


class OverrideForm(SignatureForm):
    """A clinician lets a session begin against what was found; the preparation is never left out."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    ready = forms.BooleanField(label="Everything on the list above was done, and the person feels well today")
    reason = SignedReasonField(
        label="Why the session may begin all the same", max_length=longest(SessionStart, "override_reason")
    )


def reaction_field(label: str, *, required: bool) -> forms.ChoiceField:
    """How the skin looks, in the words of `skin`, the mildest first."""
    return forms.ChoiceField(label=label, choices=REACTIONS, widget=forms.RadioSelect, required=required)


def minutes_field(label: str, planned: float) -> forms.FloatField:
    """Minutes of light at one place [min]; empty where nobody knows."""
    field = forms.FloatField(
        label=label,
        min_value=MINUTES.least,
        max_value=MINUTES.most,
        required=False,
        help_text=f"Planned: {planned:g} minutes. Write 0 if none was given. Leave it empty only if you do not know.",
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    field.unit = "minutes"  # type: ignore[attr-defined]
    return field


def distance_field(plan: AllowedPlan) -> forms.FloatField:
    """From the lamp to the skin [cm]."""
    sites = [site.site for site in plan.sites[:1]]
    # Of several lamps the first at the first place is asked for: by its distance the plan is held against.
    beside = len(plan.placement.lamps) > 1
    field = forms.FloatField(
        label=f"Distance from {lamps_at(plan, sites)[0].name if beside else 'lamp'} to skin",
        min_value=DISTANCE_CM.least,
        max_value=DISTANCE_CM.most,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    field.unit = "cm"  # type: ignore[attr-defined]
    if beside:
        field.help_text = "Did another lamp stand nearer than planned? Then write that lamp's distance."
    return field


class ConfirmedForm(forms.Form):
    """A form that asks once whether minutes that cannot have passed yet are right."""

    confirmed = forms.BooleanField(label="Yes, the minutes are right", required=False, widget=forms.HiddenInput)

    def clean_confirmed(self) -> bool:
        """A yes is about the minutes it was shown beside: of others it says nothing."""
        return bool(self.cleaned_data["confirmed"]) and self.data.get("confirmed") in ("on", self._minutes_sent())

    def _minutes_sent(self) -> str:
        names = sorted(name for name in self.data if name.startswith("minutes"))
        return "|".join(str(self.data.get(name, "")).strip() for name in names)

    def ask(self, error: MoreThanPassed) -> None:
        """Show the question beside what was typed; sent again with a yes it is taken."""
        # It was asked, so whatever yes was sent was of other minutes: the box is not ticked beforehand.
        widget = forms.CheckboxInput(attrs={"value": self._minutes_sent()}, check_test=lambda _: False)
        self.fields["confirmed"].widget = widget
        self.order_fields(["confirmed"])
        for problem in error.problems:
            text = problem.text.rstrip(".")
            self.add_error("confirmed", f"{text[:1].upper()}{text[1:]}.")


class AfterwardsForm(ConfirmedForm):
    """A session written down afterwards, or that there was none."""

    HAPPENED = (
        ("done", "It took place as planned, or nearly"),
        ("partial", "It was broken off"),
        ("missed", "There was no light"),
        ("extra", "It was beside the plan"),
    )

    id = forms.UUIDField(widget=forms.HiddenInput)
    date = DayField(label="Day")
    time = forms.TimeField(
        label="When it began", required=False, help_text="Empty if you do not remember.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    status = forms.ChoiceField(label="What happened", choices=HAPPENED, widget=forms.RadioSelect)

    def __init__(self, *args: Any, plan: AllowedPlan, places: Sequence[Place], today: dt.date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today
        self.plan = plan
        names = {f"{site}|{side}": place_in_words((site, side)) for site, side in places}
        self.fields["places"] = forms.MultipleChoiceField(
            label="Where", choices=list(names.items()), widget=forms.CheckboxSelectMultiple, initial=list(names)
        )
        self.fields["minutes"] = minutes_field("Light on each of them", plan.session_minutes)
        self.fields["distance_cm"] = distance_field(plan)
        self.fields["reason"] = forms.CharField(
            label="If it was broken off or did not take place: why?",
            required=False,
            max_length=longest(SessionRecord, "reason"),
        )
        self.fields["skin_reaction"] = reaction_field("How did the skin look right after?", required=False)
        self.fields["date"].widget.attrs["max"] = today.isoformat()

    def clean_date(self) -> dt.date:
        """A session is written down once it has been."""
        day: dt.date = self.cleaned_data["date"]
        if day > self.today:
            raise forms.ValidationError("This day is still to come. A session is written down once it has been.")
        if day < self.plan.start_date - LONGEST_BEFORE_PLAN:
            raise forms.ValidationError("This is more than a year before the plan began. Check the year.")
        return day

    def clean(self) -> dict[str, Any]:
        """No light has no minutes; what was not as planned has a reason."""
        cleaned = super().clean() or {}
        status, minutes = cleaned.get("status"), cleaned.get("minutes")
        if status == "missed" and minutes:
            self.add_error("minutes", "You wrote that there was no light. Empty this, or choose another answer above.")
        if status in ("partial", "missed") and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Say in a word why.")
        return cleaned

    def lines(self) -> list[AfterwardsPlace]:
        """One line for each place, as the action wants it, with its own id made out of the page's."""
        return [self._line(place) for place in self.cleaned_data["places"]]

    def _line(self, place: str) -> AfterwardsPlace:
        given = self.cleaned_data
        lit = given["status"] != "missed"
        site, _, side = place.partition("|")
        return {
            "id": uuid.uuid5(given["id"], place),
            "date": given["date"],
            "time": given["time"],
            "site": site,
            "side": side,
            "minutes": given["minutes"] if lit else None,
            "distance_mm": mm_of(given["distance_cm"]) if lit else None,
            "status": given["status"],
            "reason": given["reason"],
            "skin_reaction": given["skin_reaction"] if lit else "",
            "confirmed": given["confirmed"],
        }


class SkinForm(forms.Form):
    """How the lit skin looks."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    reaction = reaction_field("How does the skin look?", required=True)
    note = forms.CharField(
        label="Anything else about it",
        required=False,
        max_length=LONGEST_NOTES,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
