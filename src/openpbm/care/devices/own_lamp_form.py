"""A lamp from its label and page, in the keys of a case file: the whole lamp, each wavelength, each setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from openpbm.care.devices.fields_of_class import fields_of_class
from openpbm.care.devices.forms import NamedLampForm, number
from openpbm.care.devices.ruler import LengthField, mm_of
from openpbm.device.lamp_label import even_grid
from openpbm.facts.product_classes import ProductClass
from openpbm.files import JsonObject

__all__ = ["EmittersFormSet", "ModesFormSet", "OwnLampForm"]

_KINDS = (
    ("pad", "Pad that lies on the skin"),
    ("wrap", "Wrap or belt"),
    ("panel", "Panel on a stand"),
    ("laser", "Laser probe"),
    ("whole_body", "Whole-body panel or bed"),
    ("other", "Something else"),
)
_FACE = ("leds", "face_width_cm", "face_height_cm")
_RULER = "Or with its unit: 6 in, 150 mm."


def _length(label: str, unit: str = "cm", help_text: str = _RULER) -> LengthField:
    return LengthField(label=label, unit=unit, required=False, help_text=help_text)


class OwnLampForm(NamedLampForm):
    """A lamp described by its own data sheet; wavelengths and settings have forms of their own.

    product : the class that was picked, whose questions alone are asked; None asks all
    """

    kind = forms.ChoiceField(label="Kind", choices=_KINDS)
    heads = forms.IntegerField(
        label="Applicators",
        initial=1,
        min_value=1,
        max_value=20,
        help_text="Identical pads or heads that can lie on different places at once.",
    )
    contact = forms.BooleanField(label="It is made to lie on the skin", required=False)
    default_distance_cm = _length("Usual distance to the skin", help_text=f"0 on the skin. {_RULER}")
    auto_off_minutes = number(
        "Switches itself off after", "min", help_text="Empty when it does not, or you do not know."
    )
    laser_class = forms.ChoiceField(
        label="Laser class",
        required=False,
        choices=[("", "No laser, or not known"), *((code, code) for code in ("1", "1M", "2", "2M", "3R", "3B", "4"))],
    )
    irradiance_mw_cm2 = number(
        "Irradiance of all wavelengths together",
        "mW/cm²",
        help_text="Where the maker gives one figure for all; each wavelength below then gets its share of it.",
    )
    at_distance_cm = _length("At this distance")
    leds = forms.IntegerField(
        label="How many LEDs", required=False, min_value=1, max_value=20_000, help_text="Of all wavelengths together."
    )
    face_width_cm = _length("Width of the face that shines")
    face_height_cm = _length("Height of the face that shines")
    lit_area_m2 = number("Skin that it lights at once", "m²", help_text="0.8 is about one side of a body.")
    as_on_label = forms.BooleanField(label="What I typed stands so on the label", required=False)
    field_order = (
        "id", "name", "serial", "kind", "heads", "contact", "default_distance_cm", "auto_off_minutes", "laser_class",
        "irradiance_mw_cm2", "at_distance_cm", *_FACE, "lit_area_m2",
    )  # fmt: skip

    def __init__(self, *args: Any, product: ProductClass | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product = product
        asked = None if product is None else fields_of_class(product.id)
        if product is not None and asked is not None:
            _keep(self, asked[0])
            self.initial.setdefault("at_distance_cm", f"{product.at_distance_mm / 10.0:g}")
            low, high = product.claimed_mw_cm2
            if "irradiance_mw_cm2" in self.fields:
                self.fields["irradiance_mw_cm2"].help_text += f" Such lamps claim {low:g} to {high:g}."
        if not self.data.get("as_on_label"):
            # Asked for where something lies outside of what such lamps have, and not before.
            self.fields["as_on_label"].widget = forms.HiddenInput()

    def clean(self) -> None:
        """A face is told by three figures."""
        super().clean()
        asked = [name for name in _FACE if name in self.fields]
        given = [name for name in asked if self.cleaned_data.get(name)]
        for name in asked if given else ():
            if name not in given and name not in self.errors:
                self.add_error(name, "Give number, width and height together, or none of them.")

    def ask_again(self) -> None:
        """Offer the tick that says: it stands so on the label."""
        self.fields["as_on_label"].widget = forms.CheckboxInput()

    def document(self, emitters: Sequence[Mapping[str, object]], modes: Sequence[JsonObject] = ()) -> JsonObject:
        """The `device` section, empty answers left out."""
        said = self.cleaned_data
        together = self._together(said)
        section: JsonObject = {key: said[key] for key in ("name", "heads")}
        section |= {
            "id": "own_lamp",
            "kind": said["kind"] if self.product is None else self.product.kind,
            "contact": bool(said.get("contact")) if self.product is None else self._lies_on_skin(said),
            "default_distance_mm": mm_of(said.get("default_distance_cm")),
            "auto_off_minutes": said["auto_off_minutes"],
            "laser_class": said.get("laser_class") or None,
            "lit_area_m2": said.get("lit_area_m2"),
            **together,
            "emitters": [self._in_grid(one, len(emitters)) for one in emitters],
            "modes": list(modes) or None,
        }
        return {key: value for key, value in section.items() if value is not None}

    def _lies_on_skin(self, said: Mapping[str, Any]) -> bool:
        assert self.product is not None
        return self.product.contact or bool(said.get("contact"))

    def _together(self, said: Mapping[str, Any]) -> JsonObject:
        """The irradiance of all wavelengths; its distance alone, which the form fills in, says nothing."""
        level = said.get("irradiance_mw_cm2")
        at_mm = mm_of(said.get("at_distance_cm"))
        if level is None and self.product is not None:
            at_mm = None
        return {"irradiance_mw_cm2": level, "at_distance_mm": at_mm}

    def _in_grid(self, one: Mapping[str, Any], wavelengths: int) -> JsonObject:
        """One wavelength in its places of the face, which together give what its LEDs give, however many they are."""
        grid, row = self._grid(wavelengths), dict(one)
        if grid and "power_mw" in row:
            places = grid["rows"] * grid["columns"] * max(1, wavelengths)
            row["power_mw"] *= self.cleaned_data["leds"] / places
        return grid | row

    def _grid(self, wavelengths: int) -> JsonObject:
        leds, width_cm, height_cm = (self.cleaned_data.get(name) for name in _FACE)
        if not leds or not width_cm or not height_cm:
            return {}
        return even_grid(leds, 10.0 * width_cm, 10.0 * height_cm, wavelengths=max(1, wavelengths))


class EmittersForm(forms.Form):
    """One wavelength: power and geometry, an irradiance at a distance, or a laser's power and spot; and its pulses."""

    wavelength_nm = number("Wavelength", "nm", required=True)
    share = number("Its share of the light of all", help_text="Of the irradiance of all together; 0.5 is a half.")
    power_mw = number("Light of one diode or laser", "mW", help_text="Optical power, not the watts on the box.")
    spot_diameter_mm = _length("Laser: spot on the skin", "mm", "Diameter to 1/e² of the middle.")
    peak_power_w = number("Pulsed laser: peak of a pulse", "W", help_text="The average power follows from the pulses.")
    pulse_width_ns = number("Pulsed laser: length of a pulse", "ns")
    pulse_frequency_hz = number("Pulses in a second", "Hz", help_text="1 kHz is 1000.")
    beam_angle_deg = number("Beam angle", "°", help_text="The full angle, as on lenses and data sheets.")
    half_angle_deg = number("or: half angle", "°", help_text="From the axis to half the intensity; a 60° lens has 30°.")
    irradiance_mw_cm2 = number("Irradiance of this wavelength alone", "mW/cm²", help_text="At the distance below.")
    at_distance_cm = _length("At this distance")
    duty = number(
        "Pulsed light: share of the time it shines", help_text="0.5 is half of the time; outputs are averages."
    )
    rows = forms.IntegerField(label="Rows of emitters", required=False, min_value=1, max_value=500)
    columns = forms.IntegerField(label="Emitters in a row", required=False, min_value=1, max_value=500)
    pitch_mm = _length("From one emitter to the next", "mm", "Or with its unit: 1 in, 2.5 cm.")
    spot_short_mm = _length("Laser: shorter side of an oval spot", "mm", "The spot above is then the longer one.")
    spot_profile = forms.ChoiceField(
        label="Laser: light over the spot",
        required=False,
        choices=[("", "Brighter in the middle, or not known"), ("flat_top", "The same all over (flat top)")],
    )
    divergence_mrad = number(
        "Laser: divergence", "mrad", help_text="The full angle by which its beam widens, from the manual. 1° is 17.5."
    )
    diodes = forms.IntegerField(
        label="Cluster: how many diodes of this wavelength",
        required=False,
        min_value=1,
        max_value=200,
        help_text="Power and spot above are those of one; eyes and class are judged by all of them.",
    )
    spacing_mm = _length("Cluster: from one diode to the next", "mm", "Middle to middle.")
    energy_per_point_j = number("Cluster: energy on each point", "J", help_text="In place of the power of one diode.")
    seconds_per_point = number("in this time", "s", help_text="Both as the handbook has them.")
    bandwidth_nm = number("Bandwidth", "nm", help_text="Full width at half maximum, where it is known.")
    _FIRST = ("wavelength_nm", "share", "power_mw", "spot_diameter_mm", "peak_power_w", "pulse_width_ns")

    def __init__(self, *args: Any, product: ProductClass | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A further wavelength may be left out; one begun and not named is refused by the core.
        self.fields["wavelength_nm"].required = not self.empty_permitted
        asked = None if product is None else fields_of_class(product.id)
        if product is not None and asked is not None:
            _keep(self, asked[1])
            usual = ", ".join(f"{each:g}" for each in product.wavelengths_nm)
            self.fields["wavelength_nm"].help_text = f"Usual: {usual}."
        # Of LEDs the power of one is on few pages; of a laser it is the first thing on the label.
        self.first = [name for name in self._FIRST if name != "power_mw" or "spot_diameter_mm" in self.fields]

    def asked_first(self) -> list[forms.BoundField]:
        """What most labels say."""
        return [self[name] for name in self.fields if name in self.first]

    def asked_further(self) -> list[forms.BoundField]:
        """What some pages say."""
        return [self[name] for name in self.fields if name not in self.first]

    def further_open(self) -> bool:
        """Whether something stands there, or is wrong with it."""
        return any(field.value() not in (None, "") or field.errors for field in self.asked_further())

    def document(self) -> JsonObject:
        """One entry of `emitters`, empty answers left out."""
        # Sizes of the lamp itself are given in mm, as its data sheet has them; only distances are measured in cm.
        entry = {key: value for key, value in self.cleaned_data.items() if key != "at_distance_cm"}
        entry["at_distance_mm"] = mm_of(self.cleaned_data.get("at_distance_cm"))
        return {key: value for key, value in entry.items() if value not in (None, "")}


class ModeForm(forms.Form):
    """One setting of the lamp: which wavelengths shine, and how strongly."""

    name = forms.CharField(label="Name of the setting", max_length=60, help_text="For instance: red only, or level 2.")
    wavelengths_nm = forms.CharField(
        label="Wavelengths that shine", required=False, max_length=80, help_text="For instance 660, 850. Empty: all."
    )
    output_percent = number("Output", "%", min_value=0.1, max_value=100, help_text="Of its full output. Empty: all.")

    def clean_wavelengths_nm(self) -> list[float]:
        """The wavelengths as numbers; the core says which of them the lamp lacks."""
        words = self.cleaned_data["wavelengths_nm"].replace(";", ",").replace("nm", "").split(",")
        try:
            return [float(word) for word in words if word.strip()]
        except ValueError as error:
            raise forms.ValidationError("Write numbers with commas between them, such as 660, 850.") from error

    def document(self) -> JsonObject:
        """One entry of `modes`."""
        percent = self.cleaned_data["output_percent"]
        output = 1.0 if percent is None else percent / 100.0
        return {
            "name": self.cleaned_data["name"],
            "wavelengths_nm": self.cleaned_data["wavelengths_nm"],
            "output": output,
        }


def _keep(form: forms.Form, asked: frozenset[str]) -> None:
    for name in list(form.fields):
        if name not in asked:
            del form.fields[name]


EmittersFormSet = forms.formset_factory(EmittersForm, extra=3, min_num=1, max_num=8, validate_min=True)
ModesFormSet = forms.formset_factory(ModeForm, extra=4, max_num=12)
