"""Readings of a lamp from a CSV file, and back into one."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from openpbm.care.accounts.models import User
from openpbm.care.audit.fields import canonical
from openpbm.care.devices.actions import insert_reading, must_be_theirs
from openpbm.care.devices.csv_table import CellFault, Column, read_table
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.passport import lamp_of
from openpbm.care.devices.reading import Reading, reading_problems
from openpbm.care.devices.selectors import measurements_of, passport_of, reading_of
from openpbm.care.documents.csv_export import csv_text

__all__ = ["COLUMNS", "ImportReport", "import_measurements", "measurements_as_csv"]

_IRRADIANCE = {"mW/cm2": 1.0, "W/cm2": 1000.0, "W/m2": 0.1, "mW/mm2": 100.0}
_LENGTH = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4}
_WAVELENGTH = {"nm": 1.0, "um": 1000.0}

COLUMNS = (
    Column(name="measured_on", kind="date", aliases=("date", "day", "measured"), units={}),
    Column(name="wavelength_nm", kind="number", aliases=("wavelength",), units=_WAVELENGTH, needed=False),
    Column(
        name="irradiance_mw_cm2",
        kind="number",
        aliases=("irradiance", "power density", "reading", "value"),
        units=_IRRADIANCE,
    ),
    Column(name="distance_mm", kind="number", aliases=("distance",), units=_LENGTH),
    Column(name="uncertainty_percent", kind="number", aliases=("uncertainty",), units={"%": 1.0, "percent": 1.0}),
    Column(name="meter", kind="text", aliases=("instrument",), units={}),
    Column(name="meter_calibrated_on", kind="date", aliases=("calibrated on", "calibration date", "calibrated"),
           units={}, needed=False),
    Column(name="note", kind="text", aliases=("notes", "comment"), units={}, needed=False),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """The outcome of a file: all rows written, or none and why. `there`: rows that had been written before."""

    written: int = 0
    there: int = 0
    faults: tuple[CellFault, ...] = ()

    @property
    def sentence(self) -> str:
        """What was written down."""
        sentence = f"{self.written} readings were written down"
        if self.there:
            sentence += f"; {self.there} were written down before"
        return f"{sentence}."


@transaction.atomic
def import_measurements(*, lamp: Lamp, csv_bytes: bytes, by: User) -> ImportReport:
    """Write down every reading of a file, or none of them. The same file again writes nothing new.

    Raises BadInput for a file that is no table at all; faults of single cells are in the report.
    """
    must_be_theirs(by, lamp)
    table = read_table(csv_bytes, COLUMNS)
    if table.faults:
        return ImportReport(faults=table.faults)
    noun = lamp_of(passport_of(lamp).document)
    today = timezone.now().date() + dt.timedelta(days=1)
    readings = [(line, _reading(values)) for line, values in table.rows]
    faults = [
        CellFault(line=line, column=problem.key, value="", limit=f"{problem.message}; {problem.remedy}")
        for line, reading in readings
        for problem in reading_problems(reading, noun, today)
    ]
    if faults:
        return ImportReport(faults=tuple(faults))
    known = {_content(reading_of(row)) for row in measurements_of(lamp)}
    fresh = {_content(reading): reading for _, reading in readings if _content(reading) not in known}
    written = 0
    for content, reading in fresh.items():
        # The id comes from the content: a row that was corrected since is found as it was, and stays corrected.
        _, created = insert_reading(lamp=lamp, reading=reading, by=by, id=uuid.uuid5(lamp.pk, content))
        written += created
    return ImportReport(written=written, there=len(readings) - written)


def measurements_as_csv(lamp: Lamp) -> str:
    """The readings that stand, in the columns that an import reads."""
    rows = [[_cell(getattr(row, column.name)) for column in COLUMNS] for row in measurements_of(lamp)]
    return csv_text([column.name for column in COLUMNS], rows)


def _cell(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _reading(values: dict[str, Any]) -> Reading:
    return Reading(
        measured_on=cast(dt.date, values["measured_on"]),
        wavelength_nm=values.get("wavelength_nm"),
        irradiance_mw_cm2=values["irradiance_mw_cm2"],
        distance_mm=values["distance_mm"],
        uncertainty_percent=values["uncertainty_percent"],
        meter=values["meter"],
        meter_calibrated_on=values.get("meter_calibrated_on"),
        note=values.get("note") or "",
    )


def _content(reading: Reading) -> str:
    """A reading as one text, the same before and after the database."""
    return canonical({name: str(getattr(reading, name)) for name in Reading.__dataclass_fields__})
