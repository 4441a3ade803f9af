"""The forms of a blinded test: its design, a guess, opening a period, ending it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms

from openpbm.care.accounts.models import User
from openpbm.care.audit.constraints import longest
from openpbm.care.day_field import DayField
from openpbm.care.n_of_1.models import DesignStop, PeriodGuess, SealedDesign, Unblinding
from openpbm.care.people.account.signature import SignatureForm, SignedReasonField
from openpbm.single_case import SheetRow

__all__ = ["DrawForm", "GuessForm", "OpenForm", "StopForm"]

_LENGTHS = (4, 7, 10, 14, 21, 28)


class DrawForm(SignatureForm):
    """What is to be drawn, and how the lamp is masked."""

    design_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    first_day = DayField(label="First day of the baseline", help_text="Diary, and no light until the plan begins.")
    pairs = forms.IntegerField(
        label="Pairs of periods",
        min_value=1,
        max_value=20,
        initial=5,
        help_text="One period with light and one without in each. With fewer than 5 the test cannot reach p 0.05.",
    )
    days_per_period = forms.TypedChoiceField(
        label="Days of each period", coerce=int, choices=[(days, f"{days} days") for days in _LENGTHS], initial=7
    )
    half_life_days = forms.FloatField(
        label="Days in which an effect comes, and goes again, by half",
        min_value=0,
        max_value=60,
        initial=4,
        help_text="Nothing is published for light; 4 is a cautious guess. Two of them at the start of each period are"
        " left out as wash-out.",
    )
    method = forms.ChoiceField(label="How is the lamp masked?", choices=SealedDesign.Method.choices)
    keeper = forms.TypedChoiceField(
        label="Who keeps the lamp?",
        coerce=int,
        help_text="An administrator of the clinic who does not treat. They alone see which period gives light.",
    )
    looks_alike = forms.ChoiceField(
        label="Do light and no light look alike, in the dark too?",
        choices=SealedDesign.Alike.choices,
        initial=SealedDesign.Alike.UNKNOWN,
    )
    feels_alike = forms.ChoiceField(
        label="Do they feel alike: warmth, sound, smell?",
        choices=SealedDesign.Alike.choices,
        initial=SealedDesign.Alike.UNKNOWN,
    )
    checked_on = DayField(label="The day somebody tried", required=False)

    def __init__(self, *args: Any, keepers: Iterable[User], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keeper"].choices = [(user.pk, user.shown_name()) for user in keepers]  # type: ignore[attr-defined]
        self.fields["design_id"].initial = uuid.uuid4()
        self.fields["first_day"].initial = today
        if "power" in self.data:
            # To look at the power signs nothing.
            self.fields["password"].required = False

    def clean_password(self) -> str:
        """The password must be the signer's own, where something is signed."""
        return "" if "power" in self.data else super().clean_password()


class GuessForm(forms.Form):
    """What one period was, as the person believes."""

    guess_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    period = forms.TypedChoiceField(label="Which period?", coerce=int)
    belief = forms.ChoiceField(
        label="What do you think the lamp gave?", choices=PeriodGuess.Belief.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, rows: Iterable[SheetRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            (row.number, f"Period {row.number}, {row.first_day:%-d %b} to {row.last_day:%-d %b}") for row in rows
        ]
        self.fields["guess_id"].initial = uuid.uuid4()


class OpenForm(SignatureForm):
    """Why somebody must know what the present period is."""

    opening_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    who = forms.ChoiceField(label="Who will know?", choices=Unblinding.Who.choices, initial=Unblinding.Who.CLINICIAN)
    emergency = forms.BooleanField(label="It is an emergency", required=False)
    reason = SignedReasonField(label="What happened that somebody must know?", max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opening_id"].initial = uuid.uuid4()


class StopForm(SignatureForm):
    """Why the test ends before its last day."""

    reason = SignedReasonField(label="Why does the test end?", max_length=longest(DesignStop, "reason"))
