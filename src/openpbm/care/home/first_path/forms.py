"""What the path asks that is no answer about health: what one can do alone, where the light goes, which lamp."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from openpbm.care.devices.models import Lamp
from openpbm.care.screening.place_forms import PlaceForm
from openpbm.facts.conditions import Condition
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.product_classes import ProductClass, product_classes
from openpbm.facts.sites import Site, sites

__all__ = ["KNOWN_LAMPS", "AbleForm", "LampChoice", "LampForm", "PathPlaces", "offered_sites"]

#: Lamp of the catalogue -> the class whose drawing shows it.
KNOWN_LAMPS = {
    "panel_660_850": "small_panel", "wrap_660_850": "wrap", "nir_890_pads": "led_pad", "whole_body_660_850": "bed",
    "laser_808_probe": "laser_probe",
}  # fmt: skip
_MOST_PLACES = 4


class AbleForm(forms.Form):
    """A yes to everything on the screen; the id keeps a form sent twice from being two answers."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


def offered_sites(condition: Condition) -> tuple[Site, ...]:
    """Where light is given for this complaint; everywhere but where a specialist decides, when that is open."""
    usual = [sites[id] for id in condition.usual_sites]
    return tuple(usual or [site for site in sites if not site.specialist_only])


def _target(site: Site, condition: Condition) -> str:
    """The structure the complaint is about at that place; a member of staff can choose another."""
    there = [target.id for target in site.targets]
    return next((target for target in condition.targets if target in there), there[0])


class PathPlaceForm(PlaceForm):
    """One place with its side; the structure follows from the complaint."""

    def __init__(self, *args: Any, condition: Condition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = ("", "No further place" if self.empty_permitted else "Choose one")
        offered = [
            (f"{site.id}:{_target(site, condition)}", site.plain_name.capitalize()) for site in offered_sites(condition)
        ]
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.label, field.choices = "Place", [none, *offered]


PathPlaces: Any = forms.formset_factory(
    PathPlaceForm, min_num=1, extra=_MOST_PLACES - 1, max_num=_MOST_PLACES, absolute_max=_MOST_PLACES, validate_min=True
)


@dataclass(frozen=True, slots=True)
class LampChoice:
    """One lamp to tap: the value that is sent, its name, its drawing and whether it is chosen."""

    value: str
    name: str
    picture: str
    chosen: bool


class LampForm(forms.Form):
    """A lamp of one's own, or one of a kind that the catalogue knows.

    lamps : one's own, in use; chosen : the value that was chosen before
    """

    lamp = forms.ChoiceField(
        label="Lamp",
        choices=(),
        widget=forms.RadioSelect,
        error_messages={"required": "Tap the picture most like your lamp."},
    )

    def __init__(self, *args: Any, lamps: Sequence[Lamp], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = [(str(lamp.pk), lamp.name, "") for lamp in lamps]
        kinds = [(id, _class_of(id)) for id in KNOWN_LAMPS if id in lamp_catalogue.ids]
        self.kinds = [(id, row.name[:1].upper() + row.name[1:], row.picture) for id, row in kinds]
        choices = [(value, name) for value, name, _ in (*self.own, *self.kinds)]
        self.fields["lamp"].choices = choices  # type: ignore[attr-defined]

    def offered(self) -> list[LampChoice]:
        """Each lamp as the screen shows it."""
        chosen = str(self["lamp"].value() or "")
        return [LampChoice(value, name, picture, value == chosen) for value, name, picture in (*self.own, *self.kinds)]


def _class_of(id: str) -> ProductClass:
    return product_classes[KNOWN_LAMPS[id]]
