"""What a begun session gave, as its page and the phone that kept it send it: minutes, skin, and why it was stopped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django import forms

from openpbm.care.audit.constraints import longest
from openpbm.care.devices.ruler import cm_of, mm_of
from openpbm.care.sessions.actions import STOPS, FinishedPlace, status_of
from openpbm.care.sessions.forms import ConfirmedForm, distance_field, minutes_field, reaction_field
from openpbm.care.sessions.models import MOST_PAUSES, SessionRecord
from openpbm.care.sessions.positions import place_in_words
from openpbm.delivery.place import Place
from openpbm.planning import AllowedPlan
from openpbm.wording import touches

__all__ = ["FinishForm", "PhoneForm"]

#: Written for a shorter session that the phone kept, where nobody typed a reason.
_NO_REASON = "Not said: it was written on a phone without a network."


class PhoneForm(forms.Form):
    """What the phone says beside the answers.

    item : the id that the phone made for them: sent twice, they are written once
    late : there was no network when they were written
    passed_s : time from the start to the end of the session on the phone's own clock [s]
    """

    item = forms.UUIDField()
    late = forms.BooleanField(required=False)
    passed_s = forms.FloatField(min_value=0.0)


class FinishForm(ConfirmedForm):
    """What a begun session gave, place by place. The timer fills the minutes in; a person may change them."""

    def __init__(
        self, *args: Any, plan: AllowedPlan, places: Sequence[tuple[Place, float]], distance_mm: float | None,
        late: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.places, self.late = list(places), late
        for number, (place, minutes) in enumerate(self.places):
            field = minutes_field(f"Light: {place_in_words(place)}", minutes)
            field.widget.attrs["data-minutes"] = str(number)
            self.fields[f"minutes_{number}"] = field
            self.fields[f"pauses_{number}"] = forms.CharField(
                required=False, max_length=4000, widget=forms.HiddenInput(attrs={"data-pauses": str(number)})
            )
        self.fields["distance_cm"] = distance_field(plan)
        self.fields["distance_cm"].initial = cm_of(distance_mm)
        if touches(distance_mm):
            # Nobody measures 0 cm; one that lay elsewhere is written down by a correction.
            self.fields["distance_cm"].widget = forms.HiddenInput()
        self.fields["reason"] = forms.CharField(
            label="If it was shorter, or did not take place: why?",
            required=False,
            max_length=longest(SessionRecord, "reason"),
            widget=forms.TextInput(attrs={"data-reason": ""}),
        )
        self.fields["skin_reaction"] = reaction_field("How does the skin look right now?", required=False)
        self.fields["stopped"] = forms.ChoiceField(
            label="Did you stop because something felt wrong?",
            choices=(("", "No"), *STOPS.items()),
            widget=forms.RadioSelect(attrs={"data-stopped-because": ""}),
            required=False,
            initial="",
        )
        self.fields["item"] = forms.UUIDField(required=False, widget=forms.HiddenInput(attrs={"data-item": ""}))

    def clean(self) -> dict[str, Any]:
        """A shorter session needs its reason; pauses are what the timer wrote, or nothing."""
        cleaned = super().clean() or {}
        words = {
            status_of(cleaned.get(f"minutes_{number}"), minutes) for number, (_, minutes) in enumerate(self.places)
        }
        if words & {"partial", "missed"} and not cleaned.get("reason", "").strip():
            self._reason_of(cleaned)
        for number in range(len(self.places)):
            cleaned[f"pauses_{number}"] = _pauses(cleaned.get(f"pauses_{number}", ""))
        return cleaned

    def _reason_of(self, cleaned: dict[str, object]) -> None:
        """A symptom says why it was shorter; what arrives late is never turned away for want of a word."""
        if cleaned.get("stopped"):
            cleaned["reason"] = STOPS[str(cleaned["stopped"])]
        elif self.late:
            cleaned["reason"] = _NO_REASON
        else:
            self.add_error("reason", "Say in a word why it was shorter, or why nobody knows.")

    def lines(self) -> list[FinishedPlace]:
        """One line for each place, as the action wants it."""
        return [self._line(number, place, planned) for number, (place, planned) in enumerate(self.places)]

    def _line(self, number: int, place: Place, planned: float) -> FinishedPlace:
        given = self.cleaned_data
        minutes = given[f"minutes_{number}"]
        status = status_of(minutes, planned)
        lit = status != "missed"
        return {
            "site": place[0],
            "side": place[1],
            "minutes": minutes,
            "distance_mm": mm_of(given["distance_cm"]) if lit else None,
            "status": status,
            "reason": given["reason"] if status != "done" else "",
            "pauses": given[f"pauses_{number}"],
            "confirmed": given["confirmed"],
            "skin_reaction": given["skin_reaction"] if lit else "",
        }


def _pauses(text: str) -> list[list[float]]:
    try:
        written = json.loads(text or "[]")
        return [[float(begin), float(length)] for begin, length in written][:MOST_PAUSES]
    except (TypeError, ValueError, RecursionError):
        # The timer's own note; the minutes are what counts.
        return []
