"""The form of the cost page."""

from __future__ import annotations

from typing import Any

from django import forms

from openpbm.care.learn.break_even import Prices, Schedule
from openpbm.facts.conditions import programme_condition
from openpbm.facts.costs import CostInput, cost_inputs
from openpbm.facts.mechanism import Arrow
from openpbm.mechanism.reference_session import LAMPS, Lamp, switched_arrows

__all__ = ["CostForm", "SessionForm"]


_LAMP_WORDS: dict[Lamp, str] = {
    "light": "The lamp",
    "warm": "A sham lamp that warms as much and sends no light",
    "dark": "A sham lamp without light and without warmth",
}


class SessionForm(forms.Form):
    """Which lamp, and which of the unproven steps to suppose; a step that is left alone exists by its weight."""

    lamp = forms.ChoiceField(
        label="Which lamp?", choices=[(lamp, _LAMP_WORDS[lamp]) for lamp in LAMPS], widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for arrow in switched_arrows():
            self.fields[arrow.id] = _switch(arrow)

    def chosen_lamp(self) -> Lamp:
        """The lamp that was chosen."""
        return next(lamp for lamp in LAMPS if lamp == self.cleaned_data["lamp"])

    def forced(self) -> dict[str, bool]:
        """The steps that were switched, by arrow."""
        states = {arrow.id: self.cleaned_data[arrow.id] for arrow in switched_arrows()}
        return {id: state == "on" for id, state in states.items() if state}


def _switch(arrow: Arrow) -> forms.ChoiceField:
    by_weight = f"our guess: so in {100 * arrow.weight:.0f} of 100"
    choices = [("", by_weight), ("on", "suppose it is so"), ("off", "suppose it is not so")]
    return forms.ChoiceField(label=arrow.plain, choices=choices, required=False, help_text=f"Grade {arrow.grade}.")


class CostForm(forms.Form):
    """Prices and habits; every field begins with what we think usual and says the range it comes from."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in cost_inputs:
            self.fields[row.id] = _field(row)
        # A link may name some of the numbers and a box may be left empty: the others keep their usual value.
        if self.is_bound:
            usual = {row.id: f"{row.usual:g}" for row in cost_inputs}
            self.data = usual | {name: self.data[name] for name in self.data if self.data[name].strip()}

    def prices(self) -> Prices:
        """What the reader entered, as prices."""
        entered = self.cleaned_data
        return Prices(
            clinic_session=entered["clinic_session"],
            travel=entered["travel"],
            own_hour=entered["own_hour"],
            clinic_minutes=entered["clinic_minutes"],
            home_minutes=entered["home_minutes"],
            lamp=entered["lamp"],
            lamp_life_years=entered["lamp_life"],
        )

    def schedule(self) -> Schedule:
        """The usual course of the brief, followed by the sessions the reader entered."""
        advice = programme_condition("rls").protocols[0]
        return Schedule(
            sessions_per_week=advice.sessions_per_week[0],
            course_weeks=advice.weeks[1],
            maintenance_per_week=self.cleaned_data["maintenance_per_week"],
            years=self.cleaned_data["years"],
        )


def _field(row: CostInput) -> forms.FloatField:
    help_text = f"Often {row.low:g} to {row.high:g} {_unit(row)}"
    if not row.verified:
        help_text += " (our guess, not checked)"
    field = forms.FloatField(
        label=row.label,
        min_value=row.at_least,
        max_value=row.at_most,
        initial=f"{row.usual:g}",
        required=False,
        help_text=f"{help_text}.",
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any", "autocomplete": "off"}),
    )
    field.unit = _unit(row)  # type: ignore[attr-defined]  # the form's partial prints it beside the box
    return field


def _unit(row: CostInput) -> str:
    return "US dollars" if row.unit == "USD" else row.unit
