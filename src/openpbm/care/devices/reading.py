"""One reading of a lamp's output: what can be one, what the maker's claim is there, and whether it counts."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from dataclasses import dataclass

from openpbm.device import FieldUnknown, beam
from openpbm.facts.lamps import Lamp
from openpbm.facts.measurement_rules import measurement_rule

__all__ = [
    "Reading",
    "ReadingFault",
    "claimed_at",
    "claimed_shares",
    "counts",
    "counts_until",
    "months_after",
    "nearest_wavelength",
    "reading_faults",
]

#: How far the wavelength of a reading may lie from the lamp's own, since a real peak is never the nominal one [nm].
NEAR_NM = 15.0
_EARLIEST = dt.date(2000, 1, 1)
_LIMITS = {
    "irradiance_mw_cm2": (0.0, 100_000.0, "mW/cm2"),
    "uncertainty_percent": (0.0, 100.0, "%"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read, as entered. `wavelength_nm` None: all wavelengths together."""

    measured_on: dt.date
    wavelength_nm: float | None
    irradiance_mw_cm2: float
    distance_mm: float
    uncertainty_percent: float
    meter: str
    meter_calibrated_on: dt.date | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingFault:
    """Why something cannot be a reading: which field, what is wrong with it, and the way out."""

    field: str
    message: str


def reading_faults(reading: Reading, lamp: Lamp, today: dt.date) -> list[ReadingFault]:
    """Everything that is wrong with a reading of that lamp; empty when it can be written down."""
    faults = [fault for name, limits in _LIMITS.items() if (fault := _outside(name, getattr(reading, name), *limits))]
    if not (math.isfinite(reading.distance_mm) and 0.0 <= reading.distance_mm <= 5000.0):
        faults.append(_fault("distance_mm", f"{reading.distance_mm:g} mm: must be 0 to 5000 mm; measure from the lamp"))
    faults.extend(_date_faults(reading, today))
    if not reading.meter.strip():
        faults.append(_fault("meter", "empty: name the meter, so that its readings can be told from another's"))
    faults.extend(
        _fault(name, f"{len(text)} characters: at most {most}; shorten it")
        for name, text, most in (("meter", reading.meter, 120), ("note", reading.note, 200))
        if len(text) > most
    )
    if reading.wavelength_nm is not None and nearest_wavelength(lamp, reading.wavelength_nm) is None:
        known = ", ".join(f"{emitters.wavelength_nm:g}" for emitters in lamp.emitters)
        faults.append(
            _fault(
                "wavelength_nm", f"{reading.wavelength_nm:g} nm: this lamp has {known} nm; name one, or leave it out"
            )
        )
    return faults


def nearest_wavelength(lamp: Lamp, wavelength_nm: float) -> float | None:
    """The lamp's wavelength that a reading is of, None when none is near."""
    near = min((e.wavelength_nm for e in lamp.emitters), key=lambda own: abs(own - wavelength_nm))
    return near if abs(near - wavelength_nm) <= NEAR_NM else None


def _date_faults(reading: Reading, today: dt.date) -> list[ReadingFault]:
    faults = []
    if not _EARLIEST <= reading.measured_on <= today:
        faults.append(
            _fault("measured_on", f"{reading.measured_on}: must lie between {_EARLIEST} and today, {today}; correct it")
        )
    calibrated = reading.meter_calibrated_on
    if calibrated is not None and not _EARLIEST <= calibrated <= reading.measured_on:
        faults.append(
            _fault("meter_calibrated_on", f"{calibrated}: must not be after the reading of {reading.measured_on}")
        )
    return faults


def _outside(name: str, value: float, low: float, high: float, unit: str) -> ReadingFault | None:
    if math.isfinite(value) and low < value <= high:
        return None
    return _fault(name, f"{value:g} {unit}: must be above {low:g} and at most {high:g} {unit}; correct it")


def _fault(field: str, message: str) -> ReadingFault:
    return ReadingFault(field=field, message=message)


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


def claimed_shares(lamp: Lamp, distance_mm: float) -> tuple[list[tuple[float, float]], float] | None:
    """The claim at a distance: (wavelength [nm], irradiance [mW/cm2]) of each emitter in turn, and of all together."""
    try:
        lit = beam(lamp, distance_mm)
    except FieldUnknown:
        return None
    cell_mm = max((emitters.pitch_mm or 0.0 for emitters in lamp.emitters), default=0.0)
    levels = [(part.wavelength_nm, part.peak_mw_cm2(cell_mm, cell_mm)) for part in lit.components]
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
