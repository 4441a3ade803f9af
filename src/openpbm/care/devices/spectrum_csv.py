"""A lamp's spectrum from a spectrometer's CSV file."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from openpbm.care.accounts.models import User
from openpbm.care.devices.actions import must_be_theirs, new_passport
from openpbm.care.devices.instrument_table import find_instrument_table
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import carried_over, passport_of
from openpbm.care.devices.uploaded_table import ANY, MOST_PROBLEMS, MOST_ROWS, uploaded_lines
from openpbm.errors import Problem
from openpbm.files import Column, Line

__all__ = ["SPECTRUM_COLUMNS", "Peak", "SpectrumReport", "import_spectrum", "peaks"]

SPECTRUM_COLUMNS = (
    Column(name="wavelength_nm", needed=True, aliases=("wavelength", "lambda")),
    Column(
        name="relative_power",
        needed=True,
        aliases=("power", "intensity", "counts", "irradiance", "value"),
        # The spectrum is scaled to a highest value of 1, so its unit does not matter.
        any_unit=True,
    ),
)
_LOWEST_NM, _HIGHEST_NM, _FEWEST = 200.0, 2500.0, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SpectrumReport:
    """The outcome of a file: the number of rows taken, or none and why.

    skipped : lines before and behind the table; sorted : whether the rows stood in another order
    """

    rows: int = 0
    skipped: int = 0
    sorted: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def sentence(self) -> str:
        """What was taken."""
        sentence = f"The spectrum was taken: {self.rows} rows."
        if self.skipped:
            sentence += f" {self.skipped} lines before and behind the table were skipped."
        if self.sorted:
            sentence += " The rows were sorted by wavelength."
        return sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """A named wavelength and where the spectrum near it has its middle, None where there is no light [nm]."""

    named_nm: float
    centre_nm: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """One row: what shines at one wavelength."""

    line: int
    wavelength_nm: float
    power: float


@transaction.atomic
def import_spectrum(*, lamp: Lamp, csv_bytes: bytes, by: User, id: uuid.UUID | None = None) -> SpectrumReport:
    """Put a spectrum into a new passport of the lamp, scaled to a highest value of 1; the whole file or nothing."""
    must_be_theirs(by, lamp)
    points, skipped, problems = _points(csv_bytes)
    in_order = sorted(points, key=lambda point: point.wavelength_nm)
    was_sorted, points = in_order == points, in_order
    problems = problems or _problems_of_spectrum(points)
    if problems:
        return SpectrumReport(problems=tuple(problems[:MOST_PROBLEMS]))
    highest = max(point.power for point in points)
    spectrum = [[point.wavelength_nm, round(max(0.0, point.power) / highest, 6)] for point in points]
    before = passport_of(lamp)
    new_passport(
        lamp=lamp,
        passport=carried_over(before) | {"spectrum": spectrum},
        by=by,
        id=id,
    )
    return SpectrumReport(rows=len(spectrum), skipped=skipped, sorted=not was_sorted)


def _points(content: bytes) -> tuple[list[_Point], int, list[Problem]]:
    """The rows of a table with headings; else of the table that stands somewhere in a spectrometer's file."""
    problems: list[Problem] = []
    lines = uploaded_lines(content, SPECTRUM_COLUMNS, problems)
    if lines or not problems:
        return [point for line in lines if (point := _point(line)) is not None], 0, problems
    table = find_instrument_table(content)
    if table is None:
        return [], 0, problems
    points = [_Point(line=line, wavelength_nm=nm, power=power) for line, nm, power in table.rows[: MOST_ROWS + 1]]
    if len(points) > MOST_ROWS:
        return [], 0, [Problem(message=f"more than {MOST_ROWS} rows", remedy="export it in coarser steps")]
    return points, table.before + table.behind, list(table.problems)


def _point(line: Line) -> _Point | None:
    wavelength_nm = line.value("wavelength_nm", *ANY, needed=True)
    power = line.value("relative_power", *ANY, needed=True)
    if wavelength_nm is None or power is None:
        return None
    return _Point(line=line.number, wavelength_nm=wavelength_nm, power=power)


def _problems_of_spectrum(points: Sequence[_Point]) -> list[Problem]:
    problems = list(_problems_of_order(points))
    if problems or not points:
        return problems
    if len(points) < _FEWEST:
        few = f"{len(points)} rows; a spectrum has at least {_FEWEST} rows"
        return [Problem(line=points[-1].line, message=few, remedy="measure it in finer steps")]
    if max(point.power for point in points) <= 0.0:
        dark = "no light at any wavelength"
        return [Problem("relative_power", 0.0, dark, "export it again", line=points[0].line)]
    return []


def _problems_of_order(points: Sequence[_Point]) -> Iterator[Problem]:
    before = -math.inf
    for point in points:
        nm = point.wavelength_nm
        if not _LOWEST_NM <= nm <= _HIGHEST_NM:
            limit = f"must be {_LOWEST_NM:g} to {_HIGHEST_NM:g} nm"
            yield Problem("wavelength_nm", nm, limit, "correct it", line=point.line)
        elif nm <= before:
            yield Problem("wavelength_nm", nm, "stands twice", "keep one of the two rows", line=point.line)
        before = nm


def peaks(spectrum: Sequence[Sequence[float]], named_nm: Sequence[float]) -> list[Peak]:
    """The centre of the light within 40 nm of each wavelength that the passport names.

    >>> peaks([[640, 0], [650, 1], [660, 1], [670, 0], [680, 0]], [660])
    [Peak(named_nm=660, centre_nm=655.0)]
    """
    centres = []
    for named in named_nm:
        near = [(nm, power) for nm, power in spectrum if abs(nm - named) <= 40.0]
        total = math.fsum(power for _, power in near)
        centre = None if total <= 0.0 else round(math.fsum(nm * power for nm, power in near) / total, 1)
        centres.append(Peak(named_nm=named, centre_nm=centre))
    return centres
