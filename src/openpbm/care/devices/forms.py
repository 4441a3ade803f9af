"""What is typed about a lamp."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from openpbm.care.audit.constraints import longest
from openpbm.care.day_field import DayField
from openpbm.care.devices.label_words import LONGEST_WORDS, PREFIX, label_points
from openpbm.care.devices.models import Lamp as LampRow
from openpbm.care.devices.models import LampPassport, Measurement
from openpbm.care.devices.passport import EYE_CLASSES
from openpbm.care.devices.ruler import DISTANCE_CM, mm_of
from openpbm.care.devices.uploaded_table import LARGEST_BYTES
from openpbm.case.read_lamp import as_claimed
from openpbm.errors import BadInput, Problem
from openpbm.facts.lamps import Lamp, lamp_catalogue
from openpbm.files import JsonObject, toml_section

__all__ = [
    "LABEL_FIELDS", "CatalogueLampForm", "FileForm", "IdForm", "LampFileForm", "NamedLampForm", "PassportForm",
    "ReadingForm", "WholePassportForm", "number",
]  # fmt: skip

#: A lamp is described in a page or two.
_LARGEST_LAMP_FILE = 100_000
LABEL_FIELDS = ("eye_class", "clearance", "indication", "wearable")


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


class WholePassportForm(PassportForm):
    """The passport with every field of the buyer's guide."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for point in label_points():
            self.fields[PREFIX + point.id] = forms.CharField(
                label=point.name, required=False, max_length=LONGEST_WORDS, help_text=point.look_for
            )

    def label(self) -> dict[str, object]:
        """The short label, and what the manual says in words."""
        words = {point.id: self.cleaned_data[PREFIX + point.id] for point in label_points()}
        return super().label() | {"on_label": words}


class NamedLampForm(PassportForm):
    """What a lamp is called, with its passport."""

    name = forms.CharField(
        label="Name", max_length=longest(LampRow, "name"), help_text="What you call this lamp, for instance its place."
    )
    serial = forms.CharField(label="Serial number", required=False, max_length=longest(LampRow, "serial"))


class CatalogueLampForm(NamedLampForm):
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


class LampFileForm(NamedLampForm):
    """A lamp's own file, as `openpbm device new` and `openpbm device commission` write one."""

    file = forms.FileField(label="TOML file with a section [device]", help_text="At most 100 kB.")
    file.widget.attrs["accept"] = ".toml,text/plain"
    field_order = ("id", "file", "name", "serial")

    def document(self) -> JsonObject:
        """The `device` section; BadInput for a file that holds none."""
        file = self.cleaned_data["file"]
        try:
            text = file.read(_LARGEST_LAMP_FILE).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadInput(Problem("file", message="is no text", remedy="send a TOML file")) from error
        section = toml_section(text, file.name, remedy="send a file that openpbm device new wrote").get("device")
        if not isinstance(section, dict):
            raise BadInput(Problem("file", message="has no section [device]", remedy="describe the lamp in it"))
        # What was read of it is written down as readings here; the maker’s claim is what a passport holds.
        return as_claimed(section)


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
