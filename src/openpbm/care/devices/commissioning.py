"""A lamp commissioned on a page: readings of one evening fitted by the core, and accepted as its measured output."""

from __future__ import annotations

import base64
import datetime as dt
import io
import math
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.devices.actions import record_measurement
from openpbm.care.devices.models import Lamp, Measurement
from openpbm.care.devices.passport import lamp_of
from openpbm.care.devices.reading import claimed_at
from openpbm.care.devices.selectors import may_sign, passport_of
from openpbm.device import treatment_distance_mm
from openpbm.device.commission import Commissioning, commission
from openpbm.device.lamp_fit import Band
from openpbm.device.readings import read_readings
from openpbm.errors import BadInput, Problem
from openpbm.facts.lamps import Lamp as LampNoun
from openpbm.facts.measurement_rules import measurement_rule
from openpbm.report.commissioning_picture import draw_commissioning

__all__ = ["Fitted", "accept_commissioning", "fit_readings_of"]

# A reading's uncertainty is told at about 95 %, and the core's interval holds nine in ten.
_Z_95, _Z_90 = 1.96, 1.645


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What readings make of a lamp, as its maker claims it."""

    lamp: LampNoun
    found: Commissioning

    @property
    def picture(self) -> str:
        """The residuals, and the output beside the claim, as a PNG in an address."""
        room = io.BytesIO()
        draw_commissioning(self.found, lamp=self.lamp.name).savefig(room, format="png", dpi=130)
        return "data:image/png;base64," + base64.b64encode(room.getvalue()).decode()

    @property
    def last_day(self) -> dt.date | None:
        """The day of the last reading; None where no reading has a day."""
        return max((row.reading.date for row in self.found.residuals if row.reading.date is not None), default=None)

    @property
    def meters(self) -> str:
        """The kinds of meter that were used."""
        return ", ".join(sorted({row.reading.meter.replace("_", " ") for row in self.found.residuals}))

    @property
    def too_wide(self) -> bool:
        """Whether the interval is wider than a plan trusts: such a reading is kept, and the claim still counts."""
        most = measurement_rule("largest_uncertainty")
        return any(_uncertainty_percent(scale) > most for _, scale in self.outputs())

    def outputs(self) -> list[tuple[float | None, Band]]:
        """Output over the claim for each wavelength [nm] that was read alone, or None for all of them together."""
        alone = dict(self.found.by_wavelength)
        if alone and all(one.wavelength_nm in alone for one in self.lamp.emitters):
            return list(alone.items())
        return [(None, self.found.output_scale)]


def fit_readings_of(lamp: Lamp, csv_bytes: bytes) -> Fitted:
    """Read and fit a file of readings, by the reader of `openpbm device commission`; BadInput with every problem."""
    noun = lamp_of(passport_of(lamp).document)
    with tempfile.TemporaryDirectory() as folder:
        # The name that a problem's line bears.
        path = Path(folder) / "readings.csv"
        path.write_bytes(csv_bytes)
        readings = read_readings(path, noun, clock.now().date() + dt.timedelta(days=1))
    return Fitted(lamp=noun, found=commission(noun, readings))


@transaction.atomic
def accept_commissioning(
    *, lamp: Lamp, csv_bytes: bytes, meter_calibrated_on: dt.date, by: User, id: uuid.UUID
) -> list[Measurement]:
    """Write the fitted output down as readings of the lamp, signed; plans that rest on another output follow by rule.

    The readings are fitted again: what is accepted is what the file says, and not what a page held.
    Raises BadInput for a file that cannot be fitted, PermissionDenied for whoever signs no readings of this lamp.
    """
    if not may_sign(by, lamp):
        raise PermissionDenied("A lamp is commissioned by a clinician of its clinic.")
    fitted = fit_readings_of(lamp, csv_bytes)
    if fitted.last_day is None:
        raise BadInput(Problem("date", message="no reading has a day", remedy="add a column date to the file"))
    distance_mm = treatment_distance_mm(fitted.lamp, None)
    written = []
    for wavelength_nm, scale in fitted.outputs():
        claimed = claimed_at(fitted.lamp, wavelength_nm, distance_mm)
        if claimed is None:
            message = "the maker's claim is not known there, so that nothing can be written down"
            raise BadInput(Problem("distance_mm", distance_mm, message, "describe rows, pitch and half angle"))
        row, _ = record_measurement(
            id=uuid.uuid5(id, str(wavelength_nm)),
            lamp=lamp,
            by=by,
            measured_on=fitted.last_day,
            wavelength_nm=wavelength_nm,
            irradiance_mw_cm2=round(claimed * scale.median, 4),
            distance_mm=distance_mm,
            uncertainty_percent=_uncertainty_percent(scale),
            meter=fitted.meters,
            meter_calibrated_on=meter_calibrated_on,
            note=_note(fitted, scale),
            signed=True,
        )
        written.append(row)
    return written


def _uncertainty_percent(scale: Band) -> float:
    """Half the width of the interval, at about 95 % [%]."""
    half = 0.5 * math.log(scale.p95 / scale.p5) * _Z_95 / _Z_90
    return round(min(100.0, max(2.0, 100.0 * math.expm1(half))), 2)


def _note(fitted: Fitted, scale: Band) -> str:
    low, middle, high = (f"{100.0 * share:.0f}" for share in (scale.p5, scale.median, scale.p95))
    count, scatter = len(fitted.found.residuals), 100.0 * fitted.found.residual_rms
    return f"Commissioned: {count} readings, {middle} % of the claim ({low} to {high} %), scatter {scatter:.1f} %."
