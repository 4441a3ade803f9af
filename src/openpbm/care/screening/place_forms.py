"""Places on the body on a form: each with its side and structure, and what was measured there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from openpbm.facts.sites import sites
from openpbm.files import JsonObject

__all__ = ["MEASURED", "PlaceFormSet", "places_initial"]

# As many as a case may have.
MOST_PLACES = 8
MEASURED = ("fat_mm", "skinfold_mm", "target_depth_mm", "limb_circumference_cm")


def _places() -> list[tuple[str, Any]]:
    """Places on the body, each with the structures one may aim at."""
    return [
        (
            site.plain_name.capitalize() + (" (a specialist decides)" if site.specialist_only else ""),
            [(f"{site.id}:{target.id}", f"{site.plain_name}: {target.plain_name}") for target in site.targets],
        )
        for site in sites
    ]


def _measured(label: str, most: float, help_text: str, *, unit: str = "mm", least: float = 0.1) -> Any:
    """A field for something measured at a place; empty where nobody measured it."""
    field: Any = forms.FloatField(label=label, required=False, min_value=least, max_value=most, help_text=help_text)
    field.widget.attrs |= {"step": "any", "inputmode": "decimal"}
    field.unit = unit
    return field


class PlaceForm(forms.Form):
    """One place, side and structure, with what was measured there."""

    place = forms.ChoiceField(label="Place, and what the light is meant for", choices=())
    side = forms.ChoiceField(label="Side", choices=[("both", "Both sides"), ("left", "Left"), ("right", "Right")])
    fat_mm = _measured("Fat under the skin", 150, "By ultrasound, from the skin to the muscle.")
    skinfold_mm = _measured("Fold of skin", 200, "With a calliper: the whole fold, as it shows.")
    target_depth_mm = _measured(
        "Depth of what the light is meant for", 200, "By ultrasound, from the skin to its middle."
    )
    limb_circumference_cm = _measured(
        "Round the limb there",
        120,
        "With a tape, of an arm or leg: a wrap lights it all round.",
        unit="cm",
        least=3,
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
        return [self[name] for name in MEASURED]

    def anything_measured(self) -> bool:
        """Whether something stands there, or is wrong with it."""
        return any(field.value() not in (None, "") or field.errors for field in self.measured())

    def chosen(self) -> JsonObject:
        """The place as a case file has it."""
        site, target = self.cleaned_data["place"].split(":")
        measured = {name: self.cleaned_data[name] for name in MEASURED}
        return {"site": site, "side": self.cleaned_data["side"], "target": target, **measured}


class _Places(forms.BaseFormSet):  # type: ignore[type-arg]
    def chosen(self) -> list[JsonObject]:
        """Every place that was named."""
        return [form.chosen() for form in self.named()]

    def sites_of(self, numbers: Sequence[int]) -> tuple[str, ...]:
        """The places with these numbers on the page, the first being 0; ValueError for one that was left empty."""
        if wrong := [number for number in numbers if number >= len(self.forms) or not self.forms[number].has_changed()]:
            raise ValueError(f"There is no place {wrong[0] + 1}. Choose it below, or take its tick away.")
        return tuple(self.forms[number].chosen()["site"] for number in numbers)

    def named(self) -> list[PlaceForm]:
        """The places that were named, as the case counts them."""
        return [form for form in self.forms if form.has_changed()]


PlaceFormSet: Any = forms.formset_factory(
    PlaceForm, formset=_Places, min_num=1, extra=1, max_num=MOST_PLACES, absolute_max=MOST_PLACES, validate_min=True
)


def places_initial(case: JsonObject) -> list[JsonObject]:
    """The places of a case as the form shows them."""
    return [row | {"place": f"{row['site']}:{row.get('target', '')}"} for row in case["sites"]]
