"""The lamps of a session on a form: which, in what setting, how far off, and how each stands. A ruler shows cm."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet

from openpbm.care.accounts.models import User
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.ruler import DISTANCE_CM, cm_of, mm_of
from openpbm.care.devices.selectors import lamps_for, passport_of
from openpbm.care.people.models import Person
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.screening.place_forms import MOST_PLACES
from openpbm.care.screening.session_lamps import ChosenLamp
from openpbm.case import Placement
from openpbm.files import JsonObject

__all__ = ["FurtherLampFormSet", "PlacedLampForm", "lamps_initial", "lamps_of", "modes_of"]

# As many as a case may have.
MOST_LAMPS = 6
_FARTHEST_ASIDE_CM = 100
_STANDS = ("tilt_deg", "across_cm", "along_cm", "scanned_area_cm2")


def lamps_of(user: User, person: Person) -> QuerySet[Lamp]:
    """The lamps that can light this person: those of the clinic and the person's own, in use."""
    theirs = Q(pk=None)
    if person.user_id is not None:
        theirs |= Q(owner=person.user)
    if person.clinic_id is not None:
        theirs |= Q(clinic=person.clinic)
    return lamps_for(user).filter(theirs, retired_at=None)


def modes_of(lamps: QuerySet[Lamp]) -> list[tuple[str, str]]:
    """Each setting of each of the lamps, by the lamp's id and its own name."""
    return [
        (f"{lamp.pk}:{mode['name']}", f"{lamp.name}: {mode['name']}")
        for lamp in lamps.prefetch_related("passports")
        for mode in passport_of(lamp).document.get("modes") or ()
    ]


def _number(label: str, unit: str, least: float, most: float, help_text: str) -> Any:
    field: Any = forms.FloatField(label=label, required=False, min_value=least, max_value=most, help_text=help_text)
    field.widget.attrs |= {"step": "any", "inputmode": "decimal"}
    field.unit = unit  # the form's partial prints it beside the box
    return field


class PlacedLampForm(forms.Form):
    """One lamp and where it stands. `apart`: fields that the page shows elsewhere."""

    apart: ClassVar[tuple[str, ...]] = (*_STANDS, "lights")
    lamp = forms.ModelChoiceField(label="Lamp", queryset=Lamp.objects.none(), empty_label=None)
    mode = forms.ChoiceField(label="Setting of the lamp", required=False, choices=())
    distance_cm = _number(
        "Distance from lamp to skin", "cm", DISTANCE_CM.least, DISTANCE_CM.most,
        "Leave it empty for the lamp’s usual distance. 0 lies on the skin.",
    )  # fmt: skip
    tilt_deg = _number(
        "Tilt", "degrees", -75, 75,
        "Of a panel that does not face the skin straight: 0 is straight, plus and minus are its two sides.",
    )  # fmt: skip
    across_cm = _number(
        "Aimed aside, across", "cm", -_FARTHEST_ASIDE_CM, _FARTHEST_ASIDE_CM,
        "Where the middle of its light meets the skin, from the middle of the place, across the limb or body.",
    )  # fmt: skip
    along_cm = _number(
        "Aimed aside, along", "cm", -_FARTHEST_ASIDE_CM, _FARTHEST_ASIDE_CM, "The same, along the limb or body."
    )
    scanned_area_cm2 = _number(
        "Skin over which a laser is moved", "cm²", 0.01, 2000,
        "At one place, all of it alike and without a stop. Empty: the spot stands on each point.",
    )  # fmt: skip
    lights = forms.TypedMultipleChoiceField(
        label="Places it lights, by their number",
        required=False,
        coerce=int,
        choices=[(number, str(number + 1)) for number in range(MOST_PLACES)],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "rating"}),
        help_text="Only where several lamps light different places. Tick none where it lights all of them.",
    )

    def __init__(self, *args: Any, lamps: QuerySet[Lamp], modes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lamp"].queryset = lamps  # type: ignore[attr-defined]
        if self.fields["lamp"].required and len(lamps) > 1:
            # The first of the alphabet would be screened with where nobody looks.
            self.fields["lamp"].empty_label = "Choose one"  # type: ignore[attr-defined]
        self.fields["mode"].choices = [("", "The whole lamp, at its full output"), *modes]  # type: ignore[attr-defined]
        if not modes:
            del self.fields["mode"]

    def clean(self) -> None:
        """A setting belongs to the lamp it is chosen with."""
        super().clean()
        lamp, (of_lamp, _, mode) = self.cleaned_data.get("lamp"), self.cleaned_data.get("mode", "").partition(":")
        self.cleaned_data["mode"] = mode or None
        if mode and lamp is not None and of_lamp != str(lamp.pk):
            self.add_error("mode", f"This is a setting of another lamp. Choose one of {lamp.name}.")

    def which(self) -> list[forms.BoundField]:
        """Which lamp, and how far off."""
        return [field for field in self.visible_fields() if field.name not in self.apart]

    def stands(self) -> list[forms.BoundField]:
        """How it stands where it does not simply face the middle of every place."""
        return [self[name] for name in _STANDS]

    def anything_stands(self) -> bool:
        """Whether something is said there, or is wrong with it."""
        said = [*self.stands(), self["lights"]]
        return any(field.value() not in (None, "", []) or field.errors for field in said)

    def chosen(self, places: Any) -> ChosenLamp:
        """The lamp with its placement; ValueError where it lights a place that was left empty."""
        said = self.cleaned_data
        placement = Placement(
            distance_mm=mm_of(said["distance_cm"]),
            mode=said["mode"],
            places_at_once=said.get("places_at_once") or 1,
            tilt_deg=said["tilt_deg"] or 0.0,
            offset_mm=(mm_of(said["across_cm"]) or 0.0, mm_of(said["along_cm"]) or 0.0),
            scanned_area_cm2=said["scanned_area_cm2"],
            sites=places.sites_of(said["lights"]),
        )
        return ChosenLamp(lamp=said["lamp"], placement=placement)


class FurtherLampForm(PlacedLampForm):
    """A lamp beside the first, in the same session; none where none is chosen."""

    lamp = forms.ModelChoiceField(label="Lamp", queryset=Lamp.objects.none(), empty_label="No further lamp")

    def has_changed(self) -> bool:
        """A further lamp is one only when it is named: a distance alone says nothing."""
        if not self.is_bound:
            return super().has_changed()
        return bool(self.data.get(self.add_prefix("lamp")))

    def is_named(self) -> bool:
        """Whether a lamp stands there."""
        return bool(self["lamp"].value())


class _FurtherLamps(forms.BaseFormSet):  # type: ignore[type-arg]
    def named(self) -> list[FurtherLampForm]:
        """The lamps that were named, as the case counts them."""
        return [form for form in self.forms if form.has_changed()]


FurtherLampFormSet: Any = forms.formset_factory(
    FurtherLampForm, formset=_FurtherLamps, extra=1, max_num=MOST_LAMPS - 1, absolute_max=MOST_LAMPS - 1
)


def lamps_initial(screening: ScreeningRow) -> list[JsonObject]:
    """Every lamp of a screened case as the form shows it."""
    sites = screening.case["sites"]
    return [_initial(lamp, placed["placement"], sites) for lamp, placed in screening.with_placements()]


def _initial(lamp: Lamp, placement: JsonObject, sites: list[JsonObject]) -> JsonObject:
    across_mm, along_mm = placement.get("offset_mm") or (None, None)
    numbers = {row["site"]: number for number, row in enumerate(sites)}
    mode = placement.get("mode")
    return {
        "lamp": lamp.pk,
        "mode": f"{lamp.pk}:{mode}" if mode else "",
        "distance_cm": cm_of(placement.get("distance_mm")),
        "places_at_once": placement.get("places_at_once", 1),
        "tilt_deg": _shown(placement.get("tilt_deg")),
        "across_cm": cm_of(across_mm),
        "along_cm": cm_of(along_mm),
        "scanned_area_cm2": _shown(placement.get("scanned_area_cm2")),
        "lights": [numbers[site] for site in placement.get("sites") or () if site in numbers],
    }


def _shown(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
