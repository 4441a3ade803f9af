"""Which lamps, where, from how far; and the signature under a rule."""

from __future__ import annotations

import dataclasses
import re
import uuid
from typing import Any, get_args

from django import forms
from django.http import QueryDict

from openpbm.care.accounts.models import User
from openpbm.care.audit.constraints import longest
from openpbm.care.day_field import DayField
from openpbm.care.people.account.signature import SignatureForm, SignedReasonField
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.models import Person
from openpbm.care.screening.baseline import proposed_start
from openpbm.care.screening.lamp_forms import FurtherLampFormSet, PlacedLampForm, lamps_initial, lamps_of, modes_of
from openpbm.care.screening.models import RuleRelease, ScreeningRow
from openpbm.care.screening.place_forms import MEASURED, MOST_PLACES, PlaceFormSet, places_initial
from openpbm.care.screening.session_lamps import ChosenLamp
from openpbm.case import Weekday
from openpbm.errors import BadInput, Problem
from openpbm.files import JsonObject

__all__ = ["ReleaseRuleForm", "SessionForms"]

#: A problem of what was measured at a place, and one of a lamp, as the reader of cases names it.
_OF_A_PLACE = re.compile(rf"sites\[(\d+)\]\.({'|'.join(MEASURED)})")
_OF_A_LAMP = re.compile(r"lamps\[(\d+)\]\.(.+)")
#: When a course begins, on which days and at which hour.
_TIMING = ("start_date", "weekdays", "session_time")
#: What a case names otherwise than the form does.
_FIELDS = {
    "device": "lamp",
    "device.heads": "lamp",
    "device.id": "lamp",
    "lamps": "lights",
    "placement.offset_mm": "across_mm",
    "placement.sites": "lights",
}


class ScreeningForm(PlacedLampForm):
    """The first lamp and where it stands, and the first day."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    places_at_once = forms.IntegerField(
        label="Places the lamp lights at once",
        required=False,
        min_value=1,
        max_value=2 * MOST_PLACES,
        initial=1,
        help_text="2 where a panel lights both legs together. Such places count once in the minutes of a session.",
    )
    start_date = DayField(
        label="First day",
        help_text="Two weeks after the diary began, so that there is a before to compare with: keep medicines as they"
        " are in those weeks. A sooner day is signed for with a reason. Sooner than one week after it the plan says"
        " that the course cannot be judged.",
    )
    weekdays = forms.MultipleChoiceField(
        label="Days that suit",
        choices=[(day, day.capitalize()) for day in get_args(Weekday)],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Such as the days of dialysis. Leave all empty where any day will do.",
    )
    session_time = forms.TimeField(
        label="Hour that suits",
        required=False,
        help_text="Such as the first hour in the dialysis chair. Empty: one to two hours before the trouble.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    field_order = ("id", "lamp", "mode", "distance_cm", "places_at_once")
    apart = (*PlacedLampForm.apart, *_TIMING)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("id", uuid.uuid4())
        self.initial.setdefault("start_date", proposed_start(person))


class SessionForms:
    """What a screening asks of a session: its lamps, its places and the first day, on one page.

    posted : what was sent; None where the page is only read
    of : a screening to begin from
    """

    def __init__(self, posted: QueryDict | None, *, user: User, person: Person, of: ScreeningRow | None = None) -> None:
        first: JsonObject
        lamps = lamps_of(user, person)
        choices = {"lamps": lamps, "modes": modes_of(lamps)}
        first, *further = [{}] if of is None else lamps_initial(of)
        if of is not None:
            first |= {name: of.case["course"].get(name) for name in _TIMING}
        places = None if of is None else places_initial(of.case)
        self.form = ScreeningForm(posted, person=person, initial=first, **choices)
        self.lamps = FurtherLampFormSet(posted, prefix="lamps", initial=further, form_kwargs=choices)
        self.places = PlaceFormSet(posted, prefix="places", initial=places)

    def chosen(self) -> JsonObject | None:
        """What `screen_person` takes of it; None where something on the page cannot be, which then says so."""
        # All three are asked, so that whoever corrects sees everything at once.
        valid = [self.form.is_valid(), self.lamps.is_valid(), self.places.is_valid()]
        if not all(valid):
            return None
        lamps = [self._placed(form) for form in (self.form, *self.lamps.named())]
        if None in lamps:
            return None
        said = self.form.cleaned_data
        timing = {name: said[name] for name in _TIMING}
        return {"id": said["id"], "lamps": lamps, "sites": self.places.chosen(), **timing}

    def _placed(self, form: PlacedLampForm) -> ChosenLamp | None:
        try:
            return form.chosen(self.places)
        except ValueError as error:
            form.add_error("lights", str(error))
            return None

    def add_problems(self, error: BadInput) -> None:
        """Put each problem at its field: of a lamp and the day, or of a place."""
        for problem in error.problems:
            self._add(problem)

    def _add(self, problem: Problem) -> None:
        if match := _OF_A_PLACE.fullmatch(problem.key):
            self.places.named()[int(match[1])].add_error(match[2], problem.for_page().text)
            return
        form, key = self.form, problem.key
        if match := _OF_A_LAMP.fullmatch(key):
            form, key = [self.form, *self.lamps.named()][int(match[1])], match[2]
        add_problems(form, BadInput(dataclasses.replace(problem, key=_FIELDS.get(key, key))))


class ReleaseRuleForm(SignatureForm):
    """Why light is acceptable in spite of a rule, signed."""

    rule = forms.CharField(widget=forms.HiddenInput, max_length=longest(RuleRelease, "rule"))
    reason = SignedReasonField(
        label="Why light is acceptable all the same",
        max_length=longest(RuleRelease, "reason"),
        help_text="What you saw, what will be done differently. It stands under your name.",
    )
