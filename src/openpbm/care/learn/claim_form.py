"""The form that holds a seller's number against energy."""

from __future__ import annotations

from django import forms

from openpbm.device.claim_check import LampClaim

__all__ = ["ClaimForm"]

_CM_PER_INCH = 2.54


def _number(label: str, unit: str, low: float, high: float, usual: str, help_text: str = "") -> forms.FloatField:
    field = forms.FloatField(
        label=label,
        min_value=low,
        max_value=high,
        initial=usual,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any", "autocomplete": "off"}),
    )
    field.unit = unit  # type: ignore[attr-defined]  # the form's partial prints it beside the box
    return field


class ClaimForm(forms.Form):
    """What a page says of a panel; it begins with a claim that is often read."""

    use_required_attribute = False

    irradiance = _number("Light on the skin, as claimed", "mW/cm²", 0.1, 10_000, "100")
    distance = _number("At a distance of", "", 0.4, 300, "6")
    unit = forms.ChoiceField(label="The distance is in", choices=[("in", "inches"), ("cm", "cm")], initial="in")
    width = _number("Width of the face that shines", "cm", 2, 250, "18")
    height = _number("Height of the face that shines", "cm", 2, 250, "30")
    watts = _number(
        "Power from the wall",
        "W",
        1,
        5000,
        "110",
        "Not the watts in its name: these add up the LEDs. Look for “input”.",
    )
    angle = _number("Whole angle of its lenses", "°", 2, 160, "60", "Often 30, 60 or 90. Bare LEDs have about 120.")

    def claim(self) -> LampClaim:
        """What was typed, in the units of the check."""
        typed = self.cleaned_data
        cm = typed["distance"] * (_CM_PER_INCH if typed["unit"] == "in" else 1.0)
        return LampClaim(
            irradiance_mw_cm2=typed["irradiance"],
            at_distance_cm=cm,
            width_cm=typed["width"],
            height_cm=typed["height"],
            wall_power_w=typed["watts"],
            half_angle_deg=typed["angle"] / 2.0,
        )
