"""A lamp's spectrum from a spectrometer's CSV file."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from openpbm.care.accounts.models import User
from openpbm.care.devices.actions import new_passport
from openpbm.care.devices.csv_table import CellFault, Column, read_table
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import passport_of

__all__ = ["SPECTRUM_COLUMNS", "Peak", "SpectrumReport", "import_spectrum", "peaks"]

SPECTRUM_COLUMNS = (
    Column(name="wavelength_nm", kind="number", aliases=("wavelength", "lambda"), units={"nm": 1.0, "um": 1000.0}),
    Column(
        name="relative_power",
        kind="number",
        aliases=("relative power", "power", "intensity", "counts", "irradiance", "value"),
        units={"a u": 1.0, "counts": 1.0, "%": 1.0, "W/nm": 1.0, "mW/nm": 1.0, "W/m2/nm": 1.0, "uW/cm2/nm": 1.0},
    ),
)
_LOWEST_NM, _HIGHEST_NM, _FEWEST = 200.0, 2500.0, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SpectrumReport:
    """The outcome of a file: the number of rows taken, or none and why."""

    rows: int = 0
    faults: tuple[CellFault, ...] = ()

    @property
    def sentence(self) -> str:
        """What was taken."""
        return f"The spectrum was taken: {self.rows} rows."


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """A named wavelength and where the spectrum near it has its middle, None where there is no light [nm]."""

    named_nm: float
    centre_nm: float | None


@transaction.atomic
def import_spectrum(*, lamp: Lamp, csv_bytes: bytes, by: User, id: uuid.UUID | None = None) -> SpectrumReport:
    """Put a spectrum into a new passport of the lamp, scaled to a highest value of 1; the whole file or nothing."""
    table = read_table(csv_bytes, SPECTRUM_COLUMNS)
    faults = list(table.faults)
    points = [(line, values["wavelength_nm"], values["relative_power"]) for line, values in table.rows if not faults]
    faults += _faults(points)
    if faults:
        return SpectrumReport(faults=tuple(faults))
    highest = max(float(power) for _, _, power in points)  # type: ignore[arg-type]
    spectrum = [[float(nm), round(max(0.0, float(power)) / highest, 6)] for _, nm, power in points]  # type: ignore[arg-type]
    before = passport_of(lamp)
    new_passport(
        lamp=lamp,
        passport={
            "document": before.document,
            "spectrum": spectrum,
            "eye_class": before.eye_class,
            "clearance": before.clearance,
            "indication": before.indication,
            "wearable": before.wearable,
        },
        by=by,
        id=id,
    )
    return SpectrumReport(rows=len(spectrum))


def _faults(points: Sequence[tuple[int, object, object]]) -> list[CellFault]:
    found: list[CellFault] = []
    before = -math.inf
    for line, nm, power in points:
        assert isinstance(nm, float)
        assert isinstance(power, float)
        if not _LOWEST_NM <= nm <= _HIGHEST_NM:
            found.append(_fault(line, "wavelength_nm", nm, f"must be {_LOWEST_NM:g} to {_HIGHEST_NM:g} nm"))
        elif nm <= before:
            found.append(
                _fault(line, "wavelength_nm", nm, f"must be above the row before, {before:g} nm; sort the file")
            )
        before = nm
    if points and not found:
        if len(points) < _FEWEST:
            found.append(_fault(points[-1][0], "row", len(points), f"a spectrum has at least {_FEWEST} rows"))
        elif max(float(power) for _, _, power in points) <= 0.0:  # type: ignore[arg-type]
            found.append(_fault(points[0][0], "relative_power", 0.0, "no light at any wavelength; export it again"))
    return found


def _fault(line: int, column: str, value: float, limit: str) -> CellFault:
    return CellFault(line=line, column=column, value=f"{value:g}", limit=limit)


def peaks(spectrum: Sequence[Sequence[float]], named_nm: Sequence[float]) -> list[Peak]:
    """The centre of the light within 40 nm of each wavelength that the passport names.

    >>> peaks([[640, 0], [650, 1], [660, 1], [670, 0], [680, 0]], [660])
    [Peak(named_nm=660, centre_nm=655.0)]
    """
    found = []
    for named in named_nm:
        near = [(nm, power) for nm, power in spectrum if abs(nm - named) <= 40.0]
        total = math.fsum(power for _, power in near)
        centre = None if total <= 0.0 else round(math.fsum(nm * power for nm, power in near) / total, 1)
        found.append(Peak(named_nm=named, centre_nm=centre))
    return found
