"""What is typed about a lamp."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from openpbm.care.devices.csv_table import LARGEST_BYTES
from openpbm.care.devices.passport import EYE_CLASSES
from openpbm.care.devices.ruler import cm_of, mm_of
from openpbm.facts.lamps import Lamp, lamp_catalogue

__all__ = ["CatalogueLampForm", "EmittersFormSet", "FileForm", "OwnLampForm", "PassportForm", "ReadingForm"]

_KINDS = (
    ("pad", "Pad that lies on the skin"),
    ("wrap", "Wrap or belt"),
    ("panel", "Panel on a stand"),
    ("laser", "Laser probe"),
    ("whole_body", "Whole-body panel or bed"),
    ("other", "Something else"),
)


def number(label: str, unit: str = "", *, required: bool = False, help_text: str = "", **limits: Any) -> Any:
    """A field for a number with its unit beside it."""
    field = forms.FloatField(label=label, required=required, help_text=help_text, **limits)
    field.widget.attrs |= {"inputmode": "decimal", "step": "any"}
    field.unit = unit  # type: ignore[attr-defined]
    return field


class IdForm(forms.Form):
    """A form with the id of the record it makes, so that sending it twice makes one record."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("id", uuid.uuid4())

    def add_problems(self, faults: tuple[str, ...]) -> None:
        """Put the core's words beside the field they speak of, else at the top."""
        for fault in faults:
            field = fault.split(":")[0].split(" ")[0].split(".")[-1]
            self.add_error(field if field in self.fields else None, fault)


class PassportForm(IdForm):
    """What a label and a regulator say of a lamp."""

    eye_class = forms.ChoiceField(
        label="Eye-safety class on the label",
        required=False,
        choices=[("", "Not on the label"), *((code, code) for code in EYE_CLASSES)],
        help_text="Risk group (exempt, RG1 to RG3) for LEDs, class 1 to 4 for lasers.",
    )
    clearance = forms.CharField(
        label="Clearance", required=False, max_length=200, help_text="What a regulator said of it, with the number."
    )
    indication = forms.CharField(
        label="Indication", required=False, max_length=200, help_text="What the maker says it is for."
    )
    wearable = forms.BooleanField(label="It is worn on the body", required=False)


class _NamedLampForm(PassportForm):
    name = forms.CharField(label="Name", max_length=120, help_text="What you call this lamp, for instance its place.")
    serial = forms.CharField(label="Serial number", required=False, max_length=80)


class CatalogueLampForm(_NamedLampForm):
    """A lamp of a kind that ships with the catalogue."""

    catalogue_id = forms.ChoiceField(label="Kind of lamp", choices=())
    field_order = ("id", "catalogue_id", "name", "serial", "eye_class", "clearance", "indication", "wearable")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["catalogue_id"].choices = [  # type: ignore[attr-defined]
            ("", "Choose one"),
            *((lamp.id, lamp.name) for lamp in lamp_catalogue),
        ]

    def document(self) -> dict[str, Any]:
        """The `device` section."""
        return {"id": self.cleaned_data["catalogue_id"]}


class OwnLampForm(_NamedLampForm):
    """A lamp described by its own data sheet; the emitters stand in `EmittersFormSet`."""

    kind = forms.ChoiceField(label="Kind", choices=_KINDS)
    heads = forms.IntegerField(
        label="Applicators",
        initial=1,
        min_value=1,
        max_value=20,
        help_text="Identical pads or heads that can lie on different places at once.",
    )
    contact = forms.BooleanField(label="It is made to lie on the skin", required=False)
    default_distance_mm = number("Usual distance to the skin", "mm", help_text="0 for contact.")
    laser_class = forms.ChoiceField(
        label="Laser class",
        required=False,
        choices=[("", "No laser, or not known"), *((code, code) for code in ("1", "1M", "2", "2M", "3R", "3B", "4"))],
    )
    field_order = ("id", "name", "serial", "kind", "heads", "contact", "default_distance_mm", "laser_class")

    def document(self, emitters: list[dict[str, Any]]) -> dict[str, Any]:
        """The `device` section, empty answers left out."""
        said = self.cleaned_data
        section = {
            "id": "own_lamp",
            "name": said["name"],
            "kind": said["kind"],
            "heads": said["heads"],
            "contact": said["contact"],
            "default_distance_mm": said["default_distance_mm"],
            "laser_class": said["laser_class"] or None,
            "emitters": emitters,
        }
        return {key: value for key, value in section.items() if value is not None}


class EmittersForm(forms.Form):
    """One wavelength: power and geometry, or an irradiance at a distance, or a laser's power and spot."""

    wavelength_nm = number("Wavelength", "nm", required=True)
    irradiance_mw_cm2 = number("Irradiance the maker claims", "mW/cm²", help_text="At the distance below.")
    at_distance_mm = number("at this distance", "mm")
    power_mw = number("or: light of one emitter", "mW", help_text="Optical power, not the watts on the box.")
    half_angle_deg = number("Half angle", "°", help_text="From the axis to half the intensity; a 60° lens has 30°.")
    rows = forms.IntegerField(label="Rows of emitters", required=False, min_value=1, max_value=500)
    columns = forms.IntegerField(label="Emitters in a row", required=False, min_value=1, max_value=500)
    pitch_mm = number("From one emitter to the next", "mm")
    spot_diameter_mm = number("Laser: spot on the skin", "mm", help_text="Diameter to 1/e² of the middle.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A further wavelength may be left out; one begun and not named is refused by the core.
        self.fields["wavelength_nm"].required = not self.empty_permitted

    def document(self) -> dict[str, Any]:
        """One entry of `emitters`, empty answers left out."""
        return {key: value for key, value in self.cleaned_data.items() if value is not None}


EmittersFormSet = forms.formset_factory(EmittersForm, extra=1, min_num=1, max_num=4, validate_min=True)


class ReadingForm(IdForm):
    """One reading with a meter; staff give its distance in mm, people on their own in cm."""

    measured_on = forms.DateField(
        label="Measured on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    wavelength = forms.ChoiceField(label="Of which light", choices=())
    irradiance_mw_cm2 = number("Irradiance, as the meter showed it", "mW/cm²", required=True)
    distance_mm = number("Distance from the lamp", "mm", required=True)
    uncertainty_percent = number("Uncertainty", "%", required=True, help_text="Of the reading, at about 95 % coverage.")
    meter = forms.CharField(label="Meter", max_length=120, help_text="Make, model and serial number.")
    meter_calibrated_on = forms.DateField(
        label="Meter calibrated on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Without it the reading is kept but does not replace the claim.",
    )
    note = forms.CharField(label="Note", required=False, max_length=200)
    corrects = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, lamp: Lamp, in_cm: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.in_cm = in_cm
        if in_cm:
            before = list(self.fields)
            del self.fields["distance_mm"]
            self.fields["distance_cm"] = number(
                "Distance from the lamp", "cm", required=True, min_value=0, max_value=500
            )
            self.order_fields("distance_cm" if name == "distance_mm" else name for name in before)
            self.initial["distance_cm"] = cm_of(self.initial.get("distance_mm"))
        waves = sorted({emitters.wavelength_nm for emitters in lamp.emitters})
        together = [("", "All wavelengths together")] if len(waves) > 1 else []
        field = self.fields["wavelength"]
        field.required = len(waves) == 1
        field.choices = [*together, *((f"{wave:g}", f"{wave:g} nm alone") for wave in waves)]  # type: ignore[attr-defined]

    def clean_wavelength(self) -> float | None:
        """The wavelength as a number, None for all together."""
        chosen = self.cleaned_data["wavelength"]
        return float(chosen) if chosen else None

    def clean(self) -> dict[str, Any]:
        """The distance in mm, whatever it was asked in."""
        said: dict[str, Any] = super().clean() or {}
        if self.in_cm and "distance_cm" in said:
            said["distance_mm"] = mm_of(said.pop("distance_cm"))
        return said


class FileForm(IdForm):
    """A CSV file."""

    file = forms.FileField(label="CSV file", help_text=f"At most {LARGEST_BYTES // 1000} kB.")
    file.widget.attrs["accept"] = ".csv,text/csv,text/plain"

    def clean_file(self) -> bytes:
        """The content; refused by size before it is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_BYTES:
            raise forms.ValidationError(f"{file.size} bytes; at most {LARGEST_BYTES}. Split it into several files.")
        content: bytes = file.read()
        return content
