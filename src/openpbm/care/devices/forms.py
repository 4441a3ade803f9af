"""What is typed about a lamp."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from openpbm.care.audit.constraints import longest
from openpbm.care.day_field import DayField
from openpbm.care.devices.models import Lamp as LampRow
from openpbm.care.devices.models import LampPassport, Measurement
from openpbm.care.devices.passport import EYE_CLASSES
from openpbm.care.devices.ruler import DISTANCE_CM, mm_of
from openpbm.care.devices.uploaded_table import LARGEST_BYTES
from openpbm.errors import BadInput
from openpbm.facts.lamps import Lamp, lamp_catalogue

__all__ = [
    "LABEL_FIELDS", "CatalogueLampForm", "EmittersFormSet", "FileForm", "OwnLampForm", "PassportForm", "ReadingForm",
]  # fmt: skip

LABEL_FIELDS = ("eye_class", "clearance", "indication", "wearable")
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

    def add_problems(self, error: BadInput) -> None:
        """Put each problem beside the field it is about, else at the top."""
        for problem in (one.for_page() for one in error.problems):
            name = problem.key.rpartition(".")[2]
            # A form asks in cm what the record, and so the problem, names in mm.
            asked = {name, name.removesuffix("_mm") + "_cm"} & self.fields.keys()
            # Of one of several wavelengths it is said at the top, with its number.
            if asked and "[" not in problem.key:
                # The field shows its name and what was typed.
                self.add_error(asked.pop(), "; ".join(filter(None, (problem.message, problem.remedy))))
            else:
                self.add_error(None, str(problem))


class PassportForm(IdForm):
    """What a label and a regulator say of a lamp."""

    eye_class = forms.ChoiceField(
        label="Eye-safety class on the label",
        required=False,
        choices=[("", "Not on the label"), *((code, code) for code in EYE_CLASSES)],
        help_text="Risk group (exempt, RG1 to RG3) for LEDs, class 1 to 4 for lasers.",
    )
    clearance = forms.CharField(
        label="Clearance",
        required=False,
        max_length=longest(LampPassport, "clearance"),
        help_text="What a regulator said of it, with the number.",
    )
    indication = forms.CharField(
        label="Indication",
        required=False,
        max_length=longest(LampPassport, "indication"),
        help_text="What the maker says it is for.",
    )
    wearable = forms.BooleanField(label="It is worn on the body", required=False)

    def label(self) -> dict[str, object]:
        """What the label and the regulator say, as a passport holds it."""
        return {name: self.cleaned_data[name] for name in LABEL_FIELDS}


class _NamedLampForm(PassportForm):
    name = forms.CharField(
        label="Name", max_length=longest(LampRow, "name"), help_text="What you call this lamp, for instance its place."
    )
    serial = forms.CharField(label="Serial number", required=False, max_length=longest(LampRow, "serial"))


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

    def document(self) -> dict[str, object]:
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
    default_distance_cm = number("Usual distance to the skin", "cm", help_text="0 for contact.")
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
    at_distance_cm = number("at this distance", "cm")
    field_order = (
        "id", "name", "serial", "kind", "heads", "contact", "default_distance_cm", "auto_off_minutes", "laser_class",
        "irradiance_mw_cm2", "at_distance_cm",
    )  # fmt: skip

    def document(self, emitters: Sequence[Mapping[str, object]]) -> dict[str, object]:
        """The `device` section, empty answers left out."""
        section = {key: self.cleaned_data[key] for key in ("name", "kind", "heads", "contact")}
        section |= {
            "id": "own_lamp",
            "default_distance_mm": mm_of(self.cleaned_data["default_distance_cm"]),
            "auto_off_minutes": self.cleaned_data["auto_off_minutes"],
            "laser_class": self.cleaned_data["laser_class"] or None,
            "irradiance_mw_cm2": self.cleaned_data["irradiance_mw_cm2"],
            "at_distance_mm": mm_of(self.cleaned_data["at_distance_cm"]),
            "emitters": list(emitters),
        }
        return {key: value for key, value in section.items() if value is not None}


class EmittersForm(forms.Form):
    """One wavelength: power and geometry, an irradiance at a distance, or a laser's power and spot; and its pulses."""

    wavelength_nm = number("Wavelength", "nm", required=True)
    bandwidth_nm = number("Bandwidth", "nm", help_text="Full width at half maximum, where it is known.")
    irradiance_mw_cm2 = number("Irradiance the maker claims", "mW/cm²", help_text="At the distance below.")
    at_distance_cm = number("at this distance", "cm")
    share = number("or: its share of the light of all", help_text="Of the irradiance of all together; 0.5 is a half.")
    power_mw = number("or: light of one emitter", "mW", help_text="Optical power, not the watts on the box.")
    half_angle_deg = number("Half angle", "°", help_text="From the axis to half the intensity; a 60° lens has 30°.")
    beam_angle_deg = number("or: beam angle", "°", help_text="The full angle, as on lenses and data sheets.")
    rows = forms.IntegerField(label="Rows of emitters", required=False, min_value=1, max_value=500)
    columns = forms.IntegerField(label="Emitters in a row", required=False, min_value=1, max_value=500)
    pitch_mm = number("From one emitter to the next", "mm")
    spot_diameter_mm = number("Laser: spot on the skin", "mm", help_text="Diameter to 1/e² of the middle.")
    spot_short_mm = number(
        "Laser: shorter side of an oval spot", "mm", help_text="The spot above is then the longer one."
    )
    spot_profile = forms.ChoiceField(
        label="Laser: light over the spot",
        required=False,
        choices=[("", "Brighter in the middle, or not known"), ("flat_top", "The same all over (flat top)")],
    )
    peak_power_w = number("Pulsed laser: peak of a pulse", "W", help_text="The average power follows from the pulses.")
    pulse_width_ns = number("Pulsed laser: length of a pulse", "ns")
    pulse_frequency_hz = number("Pulses in a second", "Hz", help_text="1 kHz is 1000.")
    duty = number(
        "Pulsed LEDs: share of the time they shine", help_text="0.5 is half of the time; outputs are averages."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A further wavelength may be left out; one begun and not named is refused by the core.
        self.fields["wavelength_nm"].required = not self.empty_permitted

    def document(self) -> dict[str, object]:
        """One entry of `emitters`, empty answers left out."""
        # Sizes of the lamp itself are given in mm, as its data sheet has them; only distances are measured in cm.
        entry = {key: value for key, value in self.cleaned_data.items() if key != "at_distance_cm"}
        entry["at_distance_mm"] = mm_of(self.cleaned_data["at_distance_cm"])
        return {key: value for key, value in entry.items() if value not in (None, "")}


EmittersFormSet = forms.formset_factory(EmittersForm, extra=1, min_num=1, max_num=4, validate_min=True)


class ReadingForm(IdForm):
    """One reading with a meter, its distance measured with a ruler in cm."""

    measured_on = DayField(label="Measured on")
    wavelength = forms.ChoiceField(label="Of which light", choices=())
    irradiance_mw_cm2 = number("Irradiance, as the meter showed it", "mW/cm²", required=True)
    distance_cm = number(
        "Distance from the lamp",
        "cm",
        required=True,
        min_value=DISTANCE_CM.least,
        max_value=DISTANCE_CM.most,
    )
    uncertainty_percent = number("Uncertainty", "%", required=True, help_text="Of the reading, at about 95 % coverage.")
    meter = forms.CharField(
        label="Meter", max_length=longest(Measurement, "meter"), help_text="Make, model and serial number."
    )
    meter_calibrated_on = DayField(
        label="Meter calibrated on",
        required=False,
        help_text="Without it the reading is kept but does not replace the claim.",
    )
    note = forms.CharField(label="Note", required=False, max_length=longest(Measurement, "note"))
    signed = forms.BooleanField(
        label="I have checked this reading and answer for it",
        required=False,
        help_text="Needed where a reading lies far from what the maker claims.",
    )
    corrects = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, lamp: Lamp, may_sign: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_sign:
            del self.fields["signed"]
        waves = sorted({emitters.wavelength_nm for emitters in lamp.emitters})
        choices = [(f"{wave:g}", f"{wave:g} nm alone") for wave in waves]
        field = self.fields["wavelength"]
        # With one wavelength "all together" would be a second name for the same light.
        field.required = len(waves) == 1
        if not field.required:
            choices.insert(0, ("", "All wavelengths together"))
        field.choices = choices  # type: ignore[attr-defined]

    def clean_wavelength(self) -> float | None:
        """The wavelength as a number, None for all together."""
        chosen = self.cleaned_data["wavelength"]
        return float(chosen) if chosen else None

    def reading(self) -> dict[str, Any]:
        """The reading as it is recorded, its distance in mm."""
        names = (
            "id",
            "measured_on",
            "irradiance_mw_cm2",
            "uncertainty_percent",
            "meter",
            "meter_calibrated_on",
            "note",
        )
        return {name: self.cleaned_data[name] for name in names} | {
            "wavelength_nm": self.cleaned_data["wavelength"],
            "distance_mm": mm_of(self.cleaned_data["distance_cm"]),
            "signed": self.cleaned_data.get("signed", False),
        }


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
