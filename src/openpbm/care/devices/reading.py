"""One reading of a lamp's output: what can be one, what the maker's claim is there, and whether it counts."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from openpbm.care.audit.constraints import field_problems
from openpbm.care.devices.models import Measurement
from openpbm.device import FieldUnknown, beam
from openpbm.device.readings import nearest_wavelength
from openpbm.errors import Problem
from openpbm.facts.lamps import Lamp
from openpbm.facts.measurement_rules import measurement_rule
from openpbm.files import unsupported_values

__all__ = [
    "Reading",
    "claimed_at",
    "claimed_shares",
    "counts",
    "counts_until",
    "months_after",
    "reading_problems",
]

_EARLIEST = dt.date(2000, 1, 1)
_UNITS = {"irradiance_mw_cm2": "mW/cm2", "uncertainty_percent": "%", "distance_mm": "mm"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read, as entered. `wavelength_nm` None: all together. `signed`: a clinician answers for it."""

    measured_on: dt.date
    wavelength_nm: float | None
    irradiance_mw_cm2: float
    distance_mm: float
    uncertainty_percent: float
    meter: str
    meter_calibrated_on: dt.date | None
    note: str = ""
    signed: bool = False


def reading_problems(reading: Reading, lamp: Lamp, today: dt.date) -> list[Problem]:
    """Everything that is wrong with a reading of that lamp; empty when it can be written down."""
    row = Measurement(**asdict(reading))
    checks = (
        _number_problems(row),
        _uncertainty_problems(reading),
        _date_problems(reading, today),
        _text_problems(row),
    )
    return [problem for problems in (*checks, _wavelength_problems(reading, lamp)) for problem in problems]


def _number_problems(row: Measurement) -> Iterator[Problem]:
    for name, unit in _UNITS.items():
        for problem in field_problems(row, name):
            yield replace(problem, message=f"{problem.message} {unit}", remedy="correct it")


def _uncertainty_problems(reading: Reading) -> Iterator[Problem]:
    least = measurement_rule("least_uncertainty")
    if 0.0 < reading.uncertainty_percent < least:
        yield Problem(
            key="uncertainty_percent",
            value=reading.uncertainty_percent,
            message=f"below {least} %, which no meter of light reaches",
            remedy="write 8 for 8 %, not 0.08",
        )


def _date_problems(reading: Reading, today: dt.date) -> Iterator[Problem]:
    if not _EARLIEST <= reading.measured_on <= today:
        yield Problem(
            key="measured_on",
            value=reading.measured_on.isoformat(),
            message=f"must lie between {_EARLIEST} and today, {today}",
            remedy="correct it",
        )
    calibrated = reading.meter_calibrated_on
    if calibrated is not None and not _EARLIEST <= calibrated <= reading.measured_on:
        yield Problem(
            key="meter_calibrated_on",
            value=calibrated.isoformat(),
            message=f"must not be after the reading of {reading.measured_on}",
            remedy="correct one of the two days",
        )


def _text_problems(row: Measurement) -> Iterator[Problem]:
    yield from field_problems(row, "note")
    if row.meter.strip():
        yield from field_problems(row, "meter")
    else:
        remedy = "name the meter, so that its readings can be told from another's"
        yield Problem(key="meter", message="empty", remedy=remedy)
    for name in ("meter", "note"):
        # What a file could not bring back is not taken in by hand either.
        yield from unsupported_values(getattr(row, name), name)


def _wavelength_problems(reading: Reading, lamp: Lamp) -> Iterator[Problem]:
    wavelength_nm = reading.wavelength_nm
    if wavelength_nm is not None and nearest_wavelength(lamp, wavelength_nm) is None:
        known = ", ".join(f"{emitters.wavelength_nm:g}" for emitters in lamp.emitters)
        yield Problem(
            key="wavelength_nm",
            value=wavelength_nm,
            message=f"this lamp has {known} nm",
            remedy="name one, or leave it out",
        )


def claimed_at(lamp: Lamp, wavelength_nm: float | None, distance_mm: float) -> float | None:
    """What a meter would read of the claimed output under the middle of the lamp [mW/cm2]; None where nobody knows.

    wavelength_nm : None for all together
    """
    shares = claimed_shares(lamp, distance_mm)
    if shares is None:
        return None
    per_wavelength, together = shares
    if wavelength_nm is None:
        return together
    return next((level for own, level in per_wavelength if own == wavelength_nm), None)


# A clinic has many lamps of few kinds, read at the same distances; each list of people asks for all of them.
@functools.lru_cache(maxsize=512)
def claimed_shares(lamp: Lamp, distance_mm: float) -> tuple[tuple[tuple[float, float], ...], float] | None:
    """The claim at a distance: (wavelength [nm], irradiance [mW/cm2]) of each emitter in turn, and of all together."""
    try:
        lit = beam(lamp, distance_mm)
    except FieldUnknown:
        return None
    # The pattern of an array repeats, so its brightest point lies within one cell under the middle.
    cell_mm = max((emitters.pitch_mm or 0.0 for emitters in lamp.emitters), default=0.0)
    levels = tuple((part.wavelength_nm, part.peak_mw_cm2(cell_mm, cell_mm)) for part in lit.components)
    return levels, lit.peak_mw_cm2(cell_mm, cell_mm)


def counts(reading: Reading) -> bool:
    """Whether a reading may stand in place of the maker's claim: certain enough, by a meter calibrated not long ago."""
    if reading.uncertainty_percent > measurement_rule("largest_uncertainty") or reading.meter_calibrated_on is None:
        return False
    return reading.measured_on <= months_after(reading.meter_calibrated_on, measurement_rule("calibration_holds"))


def counts_until(reading: Reading, drifted: bool) -> dt.date:
    """The last day on which a reading counts."""
    rule = "remeasure_after_drift" if drifted else "remeasure_after"
    return months_after(reading.measured_on, measurement_rule(rule))


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last.

    >>> months_after(dt.date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))
