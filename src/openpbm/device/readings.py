"""Readings of a lamp with a meter, from a CSV file: where the meter stood, what it showed, which kind it is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openpbm.device.beam import Beam, FieldUnknown, beam
from openpbm.device.lamp_problems import check_lamp, emitter_kind
from openpbm.errors import BadInput, Problem
from openpbm.facts.lamps import Lamp
from openpbm.facts.measurement_rules import meter_classes
from openpbm.files import Column, Line, read_table

__all__ = ["NEAR_NM", "LampReading", "expected_mw_cm2", "nearest_wavelength", "read_readings"]

#: How far the wavelength of a reading may lie from the lamp's own, since a real peak is never the nominal one [nm].
NEAR_NM = 15.0
_COLUMNS = (
    Column(name="distance_mm", needed=True, aliases=("distance",)),
    Column(name="offset_x_mm", aliases=("offset x", "x")),
    Column(name="offset_y_mm", aliases=("offset y", "y")),
    Column(name="reading_mw_cm2", needed=True, aliases=("reading", "irradiance", "power density")),
    Column(name="meter", needed=True, aliases=("meter class", "instrument")),
    Column(name="date", aliases=("measured on", "day")),
    Column(name="wavelength_nm", aliases=("wavelength",)),
    Column(name="lamp_hours", aliases=("hours of use",), number=True),
    Column(name="lamp", aliases=("lamp is",)),
)
_FARTHEST_MM, _WIDEST_MM, _MOST_MW_CM2, _MOST_HOURS = 5000.0, 2000.0, 100_000.0, 200_000.0
_EARLIEST = dt.date(2000, 1, 1)
# The window of a meter: it averages over about this much, under the middle of a lamp over a diode and its neighbours.
_WINDOW_MM = 10.0
# Light that falls to less than this of the lamp's middle is not told by a model of its lobe.
_LEAST_OF_MIDDLE = 0.01

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LampReading:
    """One reading. `offset_x_mm, offset_y_mm`: from the axis of the lamp along its columns and its rows.

    wavelength_nm : the lamp's own wavelength that was read alone, None for all together
    lamp_hours : how long the lamp had shone in its life, None where nobody counted
    lit : False for the light of the room, read with the lamp off
    """

    line: int
    distance_mm: float
    reading_mw_cm2: float
    meter: str
    offset_x_mm: float = 0.0
    offset_y_mm: float = 0.0
    date: dt.date | None = None
    wavelength_nm: float | None = None
    lamp_hours: float | None = None
    lit: bool = True


def read_readings(path: Path, lamp: Lamp, today: dt.date) -> tuple[LampReading, ...]:
    """Every reading of a file, at places where the lamp's light is known.

    Raises BadInput with every problem, each with its line, column, value, limit and remedy.
    """
    problems = [*check_lamp(lamp), *_of_a_spot(lamp)]
    if problems:
        raise BadInput(problem.within(lamp.id) for problem in problems)
    table = read_table(path, _COLUMNS, problems)
    lines = () if table is None else table.lines
    readings = [reading for line in lines if (reading := _reading(line, lamp, today)) is not None]
    if not problems:
        problems = [p.within(path.name, r.line) for r in readings if (p := _problem_of_place(lamp, r)) is not None]
    if not problems and not any(reading.lit for reading in readings):
        remedy = "write a line for each reading: distance_mm, reading_mw_cm2 and meter"
        problems = [Problem(document=path.name, message="holds no reading of the lit lamp", remedy=remedy)]
    if problems:
        raise BadInput(problems)
    return tuple(readings)


def nearest_wavelength(lamp: Lamp, wavelength_nm: float) -> float | None:
    """The lamp's wavelength that a reading is of, None when none is near."""
    near = min((e.wavelength_nm for e in lamp.emitters), key=lambda own: abs(own - wavelength_nm))
    return near if abs(near - wavelength_nm) <= NEAR_NM else None


def expected_mw_cm2(lamp: Lamp, readings: Sequence[LampReading]) -> Floats:
    """What an unbiased meter would read of the lamp's stated output at each place [mW/cm2]."""
    beams = {mm: beam(lamp, mm) for mm in {reading.distance_mm for reading in readings}}
    return np.array([_in_the_window(beams[reading.distance_mm], reading) for reading in readings])


def _in_the_window(lit: Beam, reading: LampReading) -> float:
    steps = _WINDOW_MM * np.array([-1.0, 0.0, 1.0]) / 3.0
    x, y = np.meshgrid(reading.offset_x_mm + steps, reading.offset_y_mm + steps)
    read = [c for c in lit.components if reading.wavelength_nm in (None, c.wavelength_nm)]
    return float(np.sum([component.irradiance_mw_cm2(x, y) for component in read], axis=0).mean())


def _of_a_spot(lamp: Lamp) -> list[Problem]:
    message = "a meter's window is wider than the spot of a laser, and would read far too little"
    remedy = "have its power read by a meter that catches the whole beam, and write it as power_mw"
    return [
        Problem("spot_diameter_mm", emitters.spot_diameter_mm, message, remedy)
        for emitters in lamp.emitters
        if emitter_kind(emitters) == "laser"
    ]


def _reading(line: Line, lamp: Lamp, today: dt.date) -> LampReading | None:
    lit = line.word("lamp", ("on", "off")) != "off"
    distance_mm = line.value("distance_mm", 0.0, _FARTHEST_MM, needed=True)
    reading_mw_cm2 = line.value("reading_mw_cm2", 0.0, _MOST_MW_CM2, needed=True)
    meter = _meter(line)
    x_mm, y_mm = (line.value(name, -_WIDEST_MM, _WIDEST_MM) for name in ("offset_x_mm", "offset_y_mm"))
    wavelength_nm, date = _own_wavelength(line, lamp), _day(line, today)
    lamp_hours = line.value("lamp_hours", 0.0, _MOST_HOURS)
    if lit and reading_mw_cm2 == 0.0:
        line.add_problem("reading_mw_cm2", "must be above 0 where the lamp is lit", "leave out what the meter missed")
    if distance_mm is None or not (reading_mw_cm2 or not lit) or meter is None:
        return None
    return LampReading(
        line=line.number,
        distance_mm=distance_mm,
        reading_mw_cm2=reading_mw_cm2 or 0.0,
        meter=meter,
        offset_x_mm=x_mm or 0.0,
        offset_y_mm=y_mm or 0.0,
        date=date,
        wavelength_nm=wavelength_nm,
        lamp_hours=lamp_hours,
        lit=lit,
    )


def _meter(line: Line) -> str | None:
    """The kind of meter that a cell names, alone or among other words such as its maker's."""
    text = f" {_in_words(line.text('meter', needed=True))} "
    if not text.strip():
        return None
    phrases = {row.id: [_in_words(row.id), *row.aliases] for row in meter_classes}
    kinds = [kind for kind, names in phrases.items() if any(f" {name} " in text for name in names)]
    if len(kinds) == 1:
        return kinds[0]
    known = ", ".join(meter_classes.ids)
    message = "names no kind of meter" if not kinds else f"may be {' or '.join(kinds)}"
    line.add_problem("meter", message, f"name one of {known}")
    return None


def _in_words(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def _own_wavelength(line: Line, lamp: Lamp) -> float | None:
    given = line.value("wavelength_nm", 200.0, 2500.0)
    own = None if given is None else nearest_wavelength(lamp, given)
    if given is not None and own is None:
        known = ", ".join(f"{wavelength:g}" for wavelength in sorted({e.wavelength_nm for e in lamp.emitters}))
        message = f"the lamp has {known} nm, and none within {NEAR_NM:g} nm"
        line.add_problem("wavelength_nm", message, "name one, or leave it blank for all together")
    return own


def _day(line: Line, today: dt.date) -> dt.date | None:
    day = line.date("date", needed=False)
    if day is not None and not _EARLIEST <= day <= today:
        line.add_problem("date", f"must lie between {_EARLIEST} and today, {today}", "correct it")
    return day


def _problem_of_place(lamp: Lamp, reading: LampReading) -> Problem | None:
    """Why nothing can be said of the lamp's light where it was read."""
    if not reading.lit:
        return None
    try:
        here, middle = expected_mw_cm2(lamp, [reading, replace(reading, offset_x_mm=0.0, offset_y_mm=0.0)])
    except FieldUnknown as error:
        stated = error.problems[0]
        return Problem("distance_mm", reading.distance_mm, stated.message, stated.remedy)
    if here >= _LEAST_OF_MIDDLE * middle:
        return None
    off_mm = float(np.hypot(reading.offset_x_mm, reading.offset_y_mm))
    message = f"the lamp brings less than {_LEAST_OF_MIDDLE:.0%} of its middle there, and no model tells so little"
    return Problem("offset_x_mm, offset_y_mm", round(off_mm, 1), message, "read nearer to the axis")
