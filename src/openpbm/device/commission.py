"""A lamp commissioned: what its readings make of output, half angle, room and fading, and what to be warned of."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.device.lamp_fit import Band, fit_readings, lamp_model
from openpbm.device.output import reading_counts
from openpbm.device.readings import LampReading
from openpbm.errors import BadInput, Problem
from openpbm.facts.lamps import Emitters, Lamp, lamp_catalogue
from openpbm.facts.measurement_rules import commissioning_priors, meter_classes

__all__ = ["Commissioning", "Residual", "commission", "measured_lamp"]

Floats = NDArray[np.float64]
# From here on the readings, and not the data sheet, tell the half angle.
_TOLD_BY_READINGS = 0.5
# Less than a quarter of a year shows no fading through the scatter of readings; a lamp is sold for 30,000 hours.
_LEAST_YEARS, _LEAST_HOURS = 0.25, 100.0
_DAYS_A_YEAR, _HOURS_OF_RATE = 365.25, 1000.0
# A reading so many times the scatter away is one in four hundred.
_OUTLYING = 3.0
# Ten times what readings by hand scatter at most: these are of another lamp, or in another unit.
_MOST_SCATTER = 2.0
# What a case file takes.
_OUTPUT_BOUNDS = (0.1, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Residual:
    """One reading and what the fitted lamp, meter and room make of it [mW/cm2]."""

    reading: LampReading
    fitted_mw_cm2: float

    @property
    def relative(self) -> float:
        """Reading over fit, less one [-]."""
        return self.reading.reading_mw_cm2 / self.fitted_mw_cm2 - 1.0

    @property
    def log(self) -> float:
        """Logarithm of reading over fit [-]."""
        return math.log(self.reading.reading_mw_cm2 / self.fitted_mw_cm2)

    @property
    def in_words(self) -> str:
        """How far off it is: in percent, or where it is more than double or less than half as a multiple."""
        if abs(self.log) > math.log(2.0):
            return f"{self.relative + 1.0:.2g} times the fitted lamp"
        return f"{100.0 * self.relative:+.0f} % from the fitted lamp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commissioning:
    """The lamp as its readings tell it.

    output_scale : actual output over the stated one, on the day of the last reading where they tell days [-]
    half_angle_deg : of the emitters; None where the lamp is described without one
    half_angle_told : whether the readings tell it, and not the data sheet alone
    background_mw_cm2 : light of the room, as the meter shows it
    noise : scatter of one reading beside the bias of its meter [-]
    per_year, per_1000_h : output after a year, and after 1000 hours of light, over that before [-]; None where the
        readings do not say
    by_wavelength : output of each wavelength [nm] that was read alone; empty where any reading is of all together
    """

    output_scale: Band
    residuals: tuple[Residual, ...]
    half_angle_deg: Band | None
    half_angle_told: bool
    background_mw_cm2: Band
    noise: Band
    per_year: Band | None
    per_1000_h: Band | None
    by_wavelength: tuple[tuple[float, Band], ...]

    @property
    def claimed_inside(self) -> bool:
        """Whether the maker's claim lies in the interval."""
        return self.output_scale.p5 <= 1.0 <= self.output_scale.p95

    @property
    def residual_rms(self) -> float:
        """Root mean square of the relative residuals [-]."""
        return math.sqrt(sum(residual.relative**2 for residual in self.residuals) / len(self.residuals))

    @property
    def scatter(self) -> float:
        """The factor by which readings lie above or below the fit: e to the root mean square of their logarithms."""
        return math.exp(math.sqrt(sum(row.log**2 for row in self.residuals) / len(self.residuals)))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What whoever uses the result should know, a sentence each."""
        return tuple([*_about_the_claim(self), *_about_the_meters(self), *_about_the_readings(self)])

    @property
    def unverified(self) -> tuple[str, ...]:
        """The priors it rests on that were not checked against a source."""
        meters = {residual.reading.meter for residual in self.residuals}
        rows = [*(meter_classes[meter] for meter in sorted(meters)), *commissioning_priors]
        return tuple(f"{row.id}: {row.name}" for row in rows if not row.verified)


def commission(lamp: Lamp, readings: Sequence[LampReading]) -> Commissioning:
    """Fit a lamp's output to readings of it.

    lamp : complete by `check_lamp`, with no laser; readings : at least one with the lamp lit
    """
    lit = [reading for reading in readings if reading.lit]
    dark = [reading.reading_mw_cm2 for reading in readings if not reading.lit]
    years, hours = _years(lit), _thousands_of_hours(lit)
    model = lamp_model(lamp, lit, years if years is not None else hours)
    values = np.array([reading.reading_mw_cm2 for reading in lit])
    fit = fit_readings(model, values, dark)
    by_hours = None if hours is None else fit_readings(dataclasses.replace(model, age=hours), values, dark)
    angle = fit.half_angle_deg(model)
    found = Commissioning(
        output_scale=fit.output_scale(),
        residuals=tuple(
            Residual(reading=reading, fitted_mw_cm2=float(level))
            for reading, level in zip(lit, np.exp(fit.fitted), strict=True)
        ),
        half_angle_deg=angle,
        half_angle_told=angle is not None and _told(angle),
        background_mw_cm2=fit.room_mw_cm2(),
        noise=fit.scatter(),
        per_year=None if years is None else fit.change(),
        per_1000_h=None if by_hours is None else by_hours.change(),
        by_wavelength=_by_wavelength(lamp, lit, dark),
    )
    if found.scatter > _MOST_SCATTER:
        raise BadInput([_of_no_lamp(found)])
    return found


def _of_no_lamp(found: Commissioning) -> Problem:
    worst = max((row for row in found.residuals), key=lambda row: abs(row.log))
    message = (
        f"the readings scatter by a factor of {found.scatter:.3g} around the lamp that fits them best, this one most;"
        f" beyond {_MOST_SCATTER:g} they tell nothing of it"
    )
    remedy = "check units and distances, and read again"
    return Problem("reading_mw_cm2", worst.reading.reading_mw_cm2, message, remedy, line=worst.reading.line)


def measured_lamp(lamp: Lamp, found: Commissioning) -> Lamp | None:
    """The lamp as a case file takes it: output as its readings tell, beside the claim, with their own uncertainty.

    None where a wavelength was not read. A lamp counts as read twice where that was on two days and all of it agrees;
    what one evening shows far above the claim may be one slip of the hand.
    """
    scales = dict(found.by_wavelength)
    if scales and any(emitters.wavelength_nm not in scales for emitters in lamp.emitters):
        return None
    emitters = tuple(_scaled(one, scales.get(one.wavelength_nm, found.output_scale), found) for one in lamp.emitters)
    days = _days(found)
    kinds = ", ".join(sorted({row.reading.meter.replace("_", " ") for row in found.residuals}))
    last = f", the last on {max(days)}" if days else ""
    count = len(found.residuals)
    notes = f"Output from {count} {'reading' if count == 1 else 'readings'} ({kinds}){last}."
    return dataclasses.replace(
        lamp,
        id=lamp.id if lamp.id not in lamp_catalogue else f"my_{lamp.id}",
        output_status="measured",
        emitters=emitters,
        reading_confirmed=_confirmed(found),
        notes=f"{lamp.notes} {notes}".strip(),
        verified=False,
    )


def _scaled(emitters: Emitters, scale: Band, found: Commissioning) -> Emitters:
    """The emitters at the median output, beside the claim; rounded outwards to a thousandth."""
    angle = emitters.half_angle_deg
    if found.half_angle_told and found.half_angle_deg is not None and angle is not None:
        angle = round(found.half_angle_deg.median, 1)
    power, irradiance = emitters.power_mw, emitters.irradiance_mw_cm2
    low, high = _OUTPUT_BOUNDS
    return dataclasses.replace(
        emitters,
        power_mw=None if power is None else power * scale.median,
        irradiance_mw_cm2=None if irradiance is None else irradiance * scale.median,
        claimed_power_mw=power,
        claimed_irradiance_mw_cm2=irradiance,
        half_angle_deg=angle,
        output_low=max(low, math.floor(1000.0 * scale.p5 / scale.median) / 1000.0),
        output_high=min(high, math.ceil(1000.0 * scale.p95 / scale.median) / 1000.0),
    )


def _by_wavelength(lamp: Lamp, lit: Sequence[LampReading], dark: Sequence[float]) -> tuple[tuple[float, Band], ...]:
    """Each wavelength's own output, where every reading is of one."""
    own = sorted({reading.wavelength_nm for reading in lit if reading.wavelength_nm is not None})
    if any(reading.wavelength_nm is None for reading in lit):
        return ()
    found = []
    for wavelength_nm in own:
        readings = [reading for reading in lit if reading.wavelength_nm == wavelength_nm]
        values = np.array([reading.reading_mw_cm2 for reading in readings])
        fit = fit_readings(lamp_model(lamp, readings, _years(readings)), values, dark)
        found.append((wavelength_nm, fit.output_scale()))
    return tuple(found)


def _about_the_claim(found: Commissioning) -> list[str]:
    scale = found.output_scale
    if found.claimed_inside:
        return []
    side = "less" if scale.p95 < 1.0 else "more"
    sentences = [
        f"the maker's claim lies outside the interval: the lamp gives {side} than it says,"
        f" {100.0 * scale.median:.0f} % of it ({100.0 * scale.p5:.0f}-{100.0 * scale.p95:.0f} %)"
    ]
    if not reading_counts(scale.median, confirmed=_confirmed(found), signed=False):
        signed = "a clinician has signed the reading" if scale.p95 < 1.0 else "readings on another day agree"
        sentences.append(f"so far from the claim a plan takes the larger of claim and reading until {signed}")
    return sentences


def _about_the_meters(found: Commissioning) -> list[str]:
    used = [meter_classes[name] for name in sorted({residual.reading.meter for residual in found.residuals})]
    best = min(used, key=lambda meter: meter.log_sd)
    if best.log_sd <= meter_classes["calibrated_photodiode"].log_sd:
        return []
    return [
        f"{best.name} shows {best.lower:g} to {best.upper:g} times what falls on it, and no number of readings narrows"
        " that; one reading with a calibrated meter does"
    ]


def _about_the_readings(found: Commissioning) -> list[str]:
    sentences = [f"line {row.reading.line} lies {row.in_words}; read it again" for row in _outlying(found)]
    if found.residual_rms > commissioning_priors["reading_noise"].upper:
        sentences.append("the readings do not fit the lamp as it is described: check rows, pitch and half angle")
    if any(row.reading.date for row in found.residuals) and not all(row.reading.date for row in found.residuals):
        sentences.append("some readings have no day, so that nothing is said of how the lamp fades")
    return sentences


def _days(found: Commissioning) -> set[dt.date]:
    return {row.reading.date for row in found.residuals if row.reading.date is not None}


def _confirmed(found: Commissioning) -> bool:
    """Whether it was read on two days that agree; on the same day one slip is made twice."""
    return len(_days(found)) > 1 and not _outlying(found)


def _outlying(found: Commissioning) -> list[Residual]:
    allowed = _OUTLYING * commissioning_priors["reading_noise"].median
    return [row for row in found.residuals if abs(row.relative) > allowed]


def _told(angle: Band) -> bool:
    """Whether the readings narrow the half angle to half of what the data sheet leaves."""
    prior = commissioning_priors["half_angle"]
    return math.log(angle.p95 / angle.p5) <= _TOLD_BY_READINGS * math.log(prior.upper / prior.lower)


def _years(readings: Sequence[LampReading]) -> Floats | None:
    """Years before the last reading, at most 0; None where a day is not told or they lie close together."""
    days = [reading.date.toordinal() for reading in readings if reading.date is not None]
    return _ages(days, len(readings), _DAYS_A_YEAR, _LEAST_YEARS)


def _thousands_of_hours(readings: Sequence[LampReading]) -> Floats | None:
    hours = [reading.lamp_hours for reading in readings if reading.lamp_hours is not None]
    return _ages(hours, len(readings), _HOURS_OF_RATE, _LEAST_HOURS / _HOURS_OF_RATE)


def _ages(values: Sequence[float], count: int, unit: float, least: float) -> Floats | None:
    if len(values) < count or (max(values) - min(values)) / unit < least:
        return None
    return (np.array(values, dtype=float) - max(values)) / unit
