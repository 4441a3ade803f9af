"""Which lamp, where, from how far; and the signature under a rule."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from openpbm.care.accounts.models import User
from openpbm.care.audit.constraints import longest
from openpbm.care.day_field import DayField
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.ruler import DISTANCE_CM, cm_of, mm_of
from openpbm.care.devices.selectors import lamps_for, passport_of
from openpbm.care.people.account.signature import SignatureForm, SignedReasonField
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.models import Person
from openpbm.care.screening.baseline import proposed_start
from openpbm.care.screening.models import RuleRelease
from openpbm.errors import BadInput, Problem
from openpbm.facts.sites import sites
from openpbm.files import JsonObject

__all__ = [
    "PlaceFormSet", "ReleaseRuleForm", "ScreeningForm", "add_screening_problems", "lamps_of", "places_initial",
]  # fmt: skip

MOST_PLACES = 4
_MEASURED = ("fat_mm", "skinfold_mm", "target_depth_mm")
#: A problem of what was measured at a place, as the reader of cases names it.
_OF_A_PLACE = re.compile(rf"sites\[(\d+)\]\.({'|'.join(_MEASURED)})")


def lamps_of(user: User, person: Person) -> QuerySet[Lamp]:
    """The lamps that can light this person: those of the clinic and the person's own, in use."""
    theirs = Q(pk=None)
    if person.user_id is not None:
        theirs |= Q(owner=person.user)
    if person.clinic_id is not None:
        theirs |= Q(clinic=person.clinic)
    return lamps_for(user).filter(theirs, retired_at=None)


class ScreeningForm(forms.Form):
    """The lamp, its distance and the first day. Everybody measures with a ruler in cm; records hold mm."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    lamp = forms.ModelChoiceField(label="Lamp", queryset=Lamp.objects.none(), empty_label=None)
    mode = forms.ChoiceField(label="Setting of the lamp", required=False, choices=())
    distance_cm = forms.FloatField(
        label="Distance from lamp to skin",
        required=False,
        min_value=DISTANCE_CM.least,
        max_value=DISTANCE_CM.most,
        help_text="Leave it empty for the lamp’s usual distance. 0 lies on the skin.",
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    distance_cm.unit = "cm"  # type: ignore[attr-defined]  # the form's partial prints it beside the box
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
        help_text="Two weeks after the diary began, so that there is a before to compare with. Sooner than one week"
        " after it the plan says that the course cannot be judged.",
    )

    def __init__(self, *args: Any, user: User, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lamps = lamps_of(user, person)
        self.fields["lamp"].queryset = lamps  # type: ignore[attr-defined]
        modes = modes_of(lamps)
        self.fields["mode"].choices = [("", "The whole lamp, at its full output"), *modes]  # type: ignore[attr-defined]
        if not modes:
            del self.fields["mode"]
        self.initial.setdefault("distance_cm", cm_of(self.initial.get("distance_mm")))
        self.initial.setdefault("id", uuid.uuid4())
        self.initial.setdefault("start_date", proposed_start(person))

    def clean(self) -> None:
        """The distance in mm as well, as it is recorded."""
        super().clean()
        self.cleaned_data["distance_mm"] = mm_of(self.cleaned_data.get("distance_cm"))
        self.cleaned_data["places_at_once"] = self.cleaned_data.get("places_at_once") or 1
        lamp, (of_lamp, _, mode) = self.cleaned_data.get("lamp"), self.cleaned_data.get("mode", "").partition(":")
        self.cleaned_data["mode"] = mode or None
        if mode and lamp is not None and of_lamp != str(lamp.pk):
            self.add_error("mode", f"This is a setting of another lamp. Choose one of {lamp.name}.")


def modes_of(lamps: QuerySet[Lamp]) -> list[tuple[str, str]]:
    """Each setting of each of the lamps, by the lamp's id and its own name."""
    return [
        (f"{lamp.pk}:{mode['name']}", f"{lamp.name}: {mode['name']}")
        for lamp in lamps.prefetch_related("passports")
        for mode in passport_of(lamp).document.get("modes") or ()
    ]


def _places() -> list[tuple[str, Any]]:
    """Places on the body, each with the structures one may aim at."""
    return [
        (
            site.plain_name.capitalize() + (" (a specialist decides)" if site.specialist_only else ""),
            [(f"{site.id}:{target.id}", f"{site.plain_name}: {target.plain_name}") for target in site.targets],
        )
        for site in sites
    ]


def _measured_mm(label: str, most: float, help_text: str) -> Any:
    """A field for something measured at a place; empty where nobody measured it."""
    field: Any = forms.FloatField(label=label, required=False, min_value=0.1, max_value=most, help_text=help_text)
    field.widget.attrs |= {"step": "any", "inputmode": "decimal"}
    field.unit = "mm"
    return field


class PlaceForm(forms.Form):
    """One place, side and structure, with what was measured there."""

    place = forms.ChoiceField(label="Place, and what the light is meant for", choices=())
    side = forms.ChoiceField(label="Side", choices=[("both", "Both sides"), ("left", "Left"), ("right", "Right")])
    fat_mm = _measured_mm("Fat under the skin", 150, "By ultrasound, from the skin to the muscle.")
    skinfold_mm = _measured_mm("Fold of skin", 200, "With a calliper: the whole fold, as it shows.")
    target_depth_mm = _measured_mm(
        "Depth of what the light is meant for", 200, "By ultrasound, from the skin to its middle."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the formset permits to be empty is a further place; the first is always asked for.
        none = [("", "No further place" if self.empty_permitted else "Choose one")]
        for name in ("place", "side"):
            self.fields[name].required = not self.empty_permitted
        self.fields["place"].choices = [*none, *_places()]  # type: ignore[attr-defined]

    def has_changed(self) -> bool:
        """A further place is one only when it is named: a side alone says nothing."""
        if not self.is_bound:
            return super().has_changed()
        return bool(self.data.get(self.add_prefix("place")))

    def where(self) -> list[forms.BoundField]:
        """Which place it is."""
        return [self["place"], self["side"]]

    def measured(self) -> list[forms.BoundField]:
        """What was measured there."""
        return [self[name] for name in _MEASURED]

    def anything_measured(self) -> bool:
        """Whether something stands there, or is wrong with it."""
        return any(field.value() not in (None, "") or field.errors for field in self.measured())

    def chosen(self) -> JsonObject:
        """The place as a case file has it."""
        site, target = self.cleaned_data["place"].split(":")
        measured = {name: self.cleaned_data[name] for name in _MEASURED}
        return {"site": site, "side": self.cleaned_data["side"], "target": target, **measured}


class _AtLeastOne(forms.BaseFormSet):  # type: ignore[type-arg]
    def chosen(self) -> list[JsonObject]:
        """Every place that was named."""
        return [form.chosen() for form in self._named()]

    def _named(self) -> list[PlaceForm]:
        return [form for form in self.forms if form.has_changed()]

    def take_problems(self, error: BadInput) -> list[Problem]:
        """Put what is wrong with something measured at its place; the problems that are of nothing here."""
        left = []
        for problem in error.problems:
            match = _OF_A_PLACE.fullmatch(problem.key)
            if match:
                self._named()[int(match[1])].add_error(match[2], problem.for_page().text)
            else:
                left.append(problem)
        return left


def add_screening_problems(form: ScreeningForm, places: _AtLeastOne, error: BadInput) -> None:
    """Put each problem at its field: of the lamp and the day, or of a place."""
    if left := places.take_problems(error):
        add_problems(form, BadInput(left))


PlaceFormSet: Any = forms.formset_factory(
    PlaceForm, formset=_AtLeastOne, min_num=1, extra=1, max_num=MOST_PLACES, absolute_max=MOST_PLACES, validate_min=True
)


def places_initial(case: JsonObject) -> list[JsonObject]:
    """The places of a case as the form shows them."""
    return [row | {"place": f"{row['site']}:{row.get('target', '')}"} for row in case["sites"]]


class ReleaseRuleForm(SignatureForm):
    """Why light is acceptable in spite of a rule, signed."""

    rule = forms.CharField(widget=forms.HiddenInput, max_length=longest(RuleRelease, "rule"))
    reason = SignedReasonField(
        label="Why light is acceptable all the same",
        max_length=longest(RuleRelease, "reason"),
        help_text="What you saw, what will be done differently. It stands under your name.",
    )
