"""Readings of a lamp from a CSV file, and back into one."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.audit.models import canonical
from openpbm.care.devices.actions import insert_reading, must_be_theirs
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.passport import lamp_of
from openpbm.care.devices.reading import Reading, reading_problems
from openpbm.care.devices.selectors import measurements_of, passport_of, reading_of
from openpbm.care.devices.uploaded_table import ANY, MOST_PROBLEMS, uploaded_lines
from openpbm.care.documents.csv_export import csv_text
from openpbm.errors import Problem
from openpbm.files import Column, Line

__all__ = ["COLUMNS", "ImportReport", "import_measurements", "measurements_as_csv"]

COLUMNS = (
    Column(name="measured_on", needed=True, aliases=("date", "day", "measured")),
    Column(name="wavelength_nm", aliases=("wavelength",)),
    Column(name="irradiance_mw_cm2", needed=True, aliases=("irradiance", "power density", "reading", "value")),
    Column(name="distance_mm", needed=True, aliases=("distance",)),
    Column(name="uncertainty_percent", needed=True, aliases=("uncertainty",)),
    Column(name="meter", needed=True, aliases=("instrument",)),
    Column(name="meter_calibrated_on", aliases=("calibrated on", "calibration date", "calibrated")),
    Column(name="note", aliases=("notes", "comment")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """The outcome of a file: all rows written, or none and why. `known`: rows that had been written before."""

    written: int = 0
    known: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def sentence(self) -> str:
        """What was written down."""
        sentence = f"{self.written} readings were written down"
        if self.written == 1:
            sentence = "1 reading was written down"
        if self.known:
            sentence += f"; {self.known} were written down before"
        return f"{sentence}."


@transaction.atomic
def import_measurements(*, lamp: Lamp, csv_bytes: bytes, by: User) -> ImportReport:
    """Write down every reading of a file, or none of them. The same file again writes nothing new.

    Raises BadInput for a file that is no table at all; problems of single cells are in the report.
    """
    must_be_theirs(by, lamp)
    problems: list[Problem] = []
    lines = uploaded_lines(csv_bytes, COLUMNS, problems)
    readings = [(line.number, reading) for line in lines if (reading := _reading(line)) is not None]
    if not problems:
        noun = lamp_of(passport_of(lamp).document)
        today = clock.now().date() + dt.timedelta(days=1)
        problems = [p.within("", line) for line, reading in readings for p in reading_problems(reading, noun, today)]
    if problems:
        return ImportReport(problems=tuple(problems[:MOST_PROBLEMS]))
    known = {_content(reading_of(row)) for row in measurements_of(lamp)}
    fresh = {_content(reading): reading for _, reading in readings if _content(reading) not in known}
    written = 0
    for content, reading in fresh.items():
        # The id comes from the content: a row that was corrected since is found as it was, and stays corrected.
        _, created = insert_reading(lamp=lamp, reading=reading, by=by, id=uuid.uuid5(lamp.pk, content))
        written += created
    return ImportReport(written=written, known=len(readings) - written)


def measurements_as_csv(lamp: Lamp) -> str:
    """The readings that stand, in the columns that an import reads."""
    rows = [[_cell(getattr(row, column.name)) for column in COLUMNS] for row in measurements_of(lamp)]
    return csv_text([column.name for column in COLUMNS], rows)


def _cell(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _reading(line: Line) -> Reading | None:
    """The reading on one line; None, and problems of the line, where a cell that is needed is blank or no value."""
    measured_on = line.date("measured_on")
    wavelength_nm = line.value("wavelength_nm", *ANY)
    irradiance_mw_cm2 = line.value("irradiance_mw_cm2", *ANY, needed=True)
    distance_mm = line.value("distance_mm", *ANY, needed=True)
    uncertainty_percent = line.value("uncertainty_percent", *ANY, needed=True)
    meter = line.text("meter", needed=True)
    if measured_on is None or irradiance_mw_cm2 is None or distance_mm is None or uncertainty_percent is None:
        return None
    return Reading(
        measured_on=measured_on,
        wavelength_nm=wavelength_nm,
        irradiance_mw_cm2=irradiance_mw_cm2,
        distance_mm=distance_mm,
        uncertainty_percent=uncertainty_percent,
        meter=meter,
        meter_calibrated_on=line.date("meter_calibrated_on", needed=False),
        note=line.text("note"),
    )


def _content(reading: Reading) -> str:
    """A reading as one text, the same before and after the database."""
    # A file holds no signature: the same reading, signed since, is not written down again without it.
    names = (name for name in Reading.__dataclass_fields__ if name != "signed")
    return canonical({name: str(getattr(reading, name)) for name in names})
