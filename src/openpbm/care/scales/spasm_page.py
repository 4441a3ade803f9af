"""One cramp, written down as it comes: a tap each for muscle, length, pain and what set it off."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect

from openpbm.care import clock
from openpbm.care.day_field import DayField
from openpbm.care.form_page import posted, render_form
from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, person_page
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.models import Person
from openpbm.care.scales.actions import record_spasm
from openpbm.care.scales.form_fields import checked_date, steps_field
from openpbm.care.scales.models import SpasmRecord
from openpbm.care.scales.selectors import counted_spasms
from openpbm.errors import BadInput

__all__ = ["spasms"]

_SHOWN = 20
_MUSCLES = ("calf", "foot", "thigh", "hand", "neck", "back", "jaw", "elsewhere")
_TRIGGERS = ("lying in bed", "stretching", "exercise", "sitting long", "cold", "dialysis", "nothing I know of")
#: A cramp is not timed with a watch: what is kept is the middle of what was tapped on [s].
_LENGTHS = ((10.0, "seconds"), (60.0, "about a minute"), (180.0, "some minutes"), (600.0, "ten minutes or more"))


class SpasmForm(forms.Form):
    """One cramp. Only the day is needed; what is not tapped on is not known."""

    spasm_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = now.date()
        self.fields["muscle"] = _taps("Which muscle?", [(word, word) for word in _MUSCLES])
        self.fields["seconds"] = _taps("How long?", [(f"{seconds:g}", words) for seconds, words in _LENGTHS])
        self.fields["trigger"] = _taps("What set it off?", [(word, word) for word in _TRIGGERS])
        pain = steps_field("How bad was the pain?", [(f"{n}", f"{n}") for n in range(11)])
        pain.low_label, pain.high_label = "0: none at all", "10: worst I can think of"  # type: ignore[attr-defined]
        self.fields["pain"] = pain
        self.fields["date"] = DayField(label="Day", initial=self.today)
        self.fields["time"] = forms.TimeField(
            label="Time", required=False, initial=f"{now:%H:%M}",
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        )  # fmt: skip
        self.fields["spasm_id"].initial = uuid.uuid4()

    def tapped(self) -> list[forms.BoundField]:
        """What is tapped on, in its order."""
        return [self[name] for name in ("muscle", "seconds", "pain", "trigger")]

    def when(self) -> list[forms.BoundField]:
        """The day and the time: now, unless somebody writes it down later."""
        return [self["date"], self["time"]]

    def clean_date(self) -> dt.date:
        """A day that has come, and not one of long ago."""
        return checked_date(self.cleaned_data["date"], self.today)


def _taps(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    field = forms.ChoiceField(label=label, required=False, widget=forms.RadioSelect, choices=choices)
    field.in_a_row = True  # type: ignore[attr-defined]
    return field


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def spasms(request: PersonRequest, person: Person) -> HttpResponse:
    """Write down one cramp, or take one back that was a slip; the newest stand below."""
    if "drop" in request.POST:
        return _drop(request, person)
    newest = counted_spasms(person).reverse()
    # No muscle is ticked beforehand: a hurried tap would write down a calf that nobody meant.
    form = SpasmForm(posted(request), now=clock.now().astimezone(person.zone))
    if form.is_valid() and _saved(request, person, form):
        messages.success(request, "The cramp is written down.")
        return redirect("scales:spasms", person_id=person.pk)
    rows = [{"row": row, "length": dict(_LENGTHS).get(row.seconds or 0.0, "")} for row in newest[:_SHOWN]]
    return render_form(request, "scales/spasms.html", {"person": person, "form": form, "rows": rows})


def _saved(request: PersonRequest, person: Person, form: SpasmForm) -> bool:
    answers = {name: form.cleaned_data[name] for name in ("date", "time", "muscle", "pain", "trigger")}
    seconds = form.cleaned_data["seconds"]
    try:
        record_spasm(
            id=form.cleaned_data["spasm_id"],
            person=person,
            by=request.user,
            seconds=float(seconds) if seconds else None,
            **answers,
        )
    except BadInput as error:
        add_problems(form, error)
        return False
    return True


def _drop(request: PersonRequest, person: Person) -> HttpResponse:
    try:
        row = person.spasms.filter(pk=uuid.UUID(request.POST["drop"])).first()
    except ValueError:
        row = None
    if row is None:
        raise PermissionDenied(ACCESS_DENIED)
    if not SpasmRecord.objects.filter(supersedes=row).exists():
        record_spasm(person=person, date=row.date, time=row.time, counts=False, supersedes=row, by=request.user)
    messages.success(request, "That cramp does not count any more. It stays in the record as taken back.")
    return redirect("scales:spasms", person_id=person.pk)
