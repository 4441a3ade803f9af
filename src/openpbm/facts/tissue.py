"""What is known of tissue: measured spectra, laws, rivals side by side by author, and thermal properties."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, TypeVar

import numpy as np
from annotated_types import Ge, Gt, Le
from numpy.typing import ArrayLike, NDArray

from openpbm.errors import BadInput, FactsError, Problem
from openpbm.facts.sites import LayerName
from openpbm.facts.table import read_csv

__all__ = [
    "Law",
    "LawRow",
    "Spectrum",
    "SpectrumRow",
    "ThermalRow",
    "law",
    "law_rows",
    "laws",
    "quantities",
    "spectrum",
    "spectrum_rows",
    "tables",
    "thermal_rows",
    "thermal_value",
]

_SPECTRA = ("water", "lipid", "haemoglobin", "cytochrome_oxidase", "skin", "muscle")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpectrumRow:
    """One value of one quantity at one wavelength, from one author's table.

    No table is continued beyond the range of its author.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    quantity: str
    table: str
    wavelength_nm: Annotated[float, Ge(600), Le(1000)]
    value: Annotated[float, Gt(0)]
    unit: str
    source: str
    verified: bool
    standard_deviation: Annotated[float, Gt(0)] | None = None
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spectrum:
    """One author's table of one quantity, wavelengths rising; values in `unit`."""

    quantity: str
    table: str
    unit: str
    wavelength_nm: tuple[float, ...]
    value: tuple[float, ...]
    relative_deviation: tuple[float | None, ...]
    sources: tuple[str, ...]
    verified: bool

    @property
    def measured_nm(self) -> tuple[float, float]:
        """The first and last wavelength that the author measured [nm]."""
        return self.wavelength_nm[0], self.wavelength_nm[-1]

    def at(self, wavelength_nm: ArrayLike) -> NDArray[np.float64]:
        """Value [unit] at each wavelength [nm], linear between rows; outside the table raises BadInput.

        >>> float(spectrum("deoxyhaemoglobin_extinction", "prahl").at(660.0))
        3227.0
        """
        return np.asarray(np.interp(self._inside(wavelength_nm), self.wavelength_nm, self.value))

    def relative_deviation_at(self, wavelength_nm: ArrayLike, *, unknown: float) -> NDArray[np.float64]:
        """Standard deviation over value [-] at each wavelength [nm]; a row that prints none counts as `unknown`."""
        rows = [unknown if row is None else row for row in self.relative_deviation]
        return np.asarray(np.interp(self._inside(wavelength_nm), self.wavelength_nm, rows))

    def _inside(self, wavelength_nm: ArrayLike) -> NDArray[np.float64]:
        # Never extrapolated: beyond a table's end nobody measured, and a continued line would look like a measurement.
        asked = np.asarray(wavelength_nm, dtype=np.float64)
        first, last = self.measured_nm
        outside = asked[~((asked >= first) & (asked <= last))]
        if outside.size:
            raise BadInput(
                Problem(
                    key=self.quantity,
                    message=(f"{outside.flat[0]:g} nm is outside the table of {self.table} ({first:g}-{last:g} nm)"),
                    remedy="add rows to facts/data/tissue or choose another wavelength",
                )
            )
        return asked


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRow:
    """One coefficient of one law, in `unit`, with its source."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    quantity: str
    table: str
    parameter: str
    value: float
    unit: str
    source: str
    verified: bool
    standard_deviation: Annotated[float, Ge(0)] | None = None
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The coefficients one author gives for one quantity."""

    quantity: str
    table: str
    rows: tuple[LawRow, ...]

    def __getitem__(self, parameter: str) -> float:
        for row in self.rows:
            if row.parameter == parameter:
                return row.value
        known = ", ".join(row.parameter for row in self.rows)
        raise BadInput(
            Problem(
                key=f"{self.quantity} of {self.table}",
                message=f"no coefficient {parameter}",
                remedy=f"choose one of {known}",
            )
        )

    # Only for terms a shorter law leaves out (a Cauchy C of 0); a missing coefficient must raise.
    def get(self, parameter: str, default: float) -> float:
        """A coefficient, or `default` where the law does not have it."""
        return next((row.value for row in self.rows if row.parameter == parameter), default)


Row = TypeVar("Row", SpectrumRow, LawRow)


@functools.cache
def spectrum_rows() -> tuple[SpectrumRow, ...]:
    """Every row of every spectrum table that ships."""
    return tuple(row for name in _SPECTRA for row in read_csv(f"tissue/{name}.csv", SpectrumRow))


@functools.cache
def _spectra() -> dict[tuple[str, str], Spectrum]:
    return {key: _joined(*key, rows) for key, rows in _by_author(spectrum_rows()).items()}


def _by_author(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """The rows of each quantity and author, in their order."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.quantity, row.table), []).append(row)
    return groups


def _joined(quantity: str, table: str, rows: list[SpectrumRow]) -> Spectrum:
    rows = sorted(rows, key=lambda row: row.wavelength_nm)
    wavelengths = tuple(row.wavelength_nm for row in rows)
    if len(set(wavelengths)) < len(wavelengths):
        raise FactsError(f"facts/data/tissue: {quantity} of {table} gives a wavelength twice; keep one row")
    # The papers print 1/cm, 1/mm and 1/(cm M); a mixed table would be off by ten and look smooth.
    if len({row.unit for row in rows}) > 1:
        raise FactsError(f"facts/data/tissue: {quantity} of {table} mixes units; use one")
    return Spectrum(
        quantity=quantity,
        table=table,
        unit=rows[0].unit,
        wavelength_nm=wavelengths,
        value=tuple(row.value for row in rows),
        relative_deviation=tuple(
            None if row.standard_deviation is None else row.standard_deviation / row.value for row in rows
        ),
        sources=tuple(sorted({row.source for row in rows})),
        verified=all(row.verified for row in rows),
    )


def quantities() -> tuple[str, ...]:
    """Names of the quantities that have a spectrum, sorted."""
    return tuple(sorted({quantity for quantity, _ in _spectra()}))


def tables(quantity: str) -> tuple[str, ...]:
    """Authors who measured a quantity, sorted; raises BadInput for an unknown quantity.

    >>> tables("water_absorption")
    ('hale_querry', 'matcher', 'segelstein')
    """
    found = tuple(sorted(table for known, table in _spectra() if known == quantity))
    if not found:
        raise BadInput(
            Problem(key=f"quantity {quantity}", message="unknown", remedy=f"choose one of {', '.join(quantities())}")
        )
    return found


def spectrum(quantity: str, table: str) -> Spectrum:
    """One author's table of a quantity; raises BadInput naming the choices when there is none."""
    known = tables(quantity)
    if table not in known:
        raise BadInput(Problem(key=quantity, message=f"no table {table}", remedy=f"choose one of {', '.join(known)}"))
    return _spectra()[quantity, table]


@functools.cache
def law_rows() -> tuple[LawRow, ...]:
    """Every coefficient that ships."""
    return read_csv("tissue/laws.csv", LawRow)


@functools.cache
def _all_laws() -> dict[tuple[str, str], Law]:
    return {
        (quantity, table): Law(quantity=quantity, table=table, rows=tuple(rows))
        for (quantity, table), rows in _by_author(law_rows()).items()
    }


def laws(quantity: str) -> tuple[str, ...]:
    """Authors who give a law for a quantity, sorted; raises BadInput for an unknown quantity.

    >>> laws("melanosome_absorption")
    ('jacques1998', 'jacques2013')
    """
    found = tuple(sorted(table for known, table in _all_laws() if known == quantity))
    if not found:
        known = ", ".join(sorted({quantity for quantity, _ in _all_laws()}))
        raise BadInput(Problem(key=f"law for {quantity}", message="unknown", remedy=f"choose one of {known}"))
    return found


def law(quantity: str, table: str) -> Law:
    """One author's law; raises BadInput naming the choices when there is none."""
    known = laws(quantity)
    if table not in known:
        raise BadInput(Problem(key=quantity, message=f"no law {table}", remedy=f"choose one of {', '.join(known)}"))
    return _all_laws()[quantity, table]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThermalRow:
    """One thermal property of one tissue, of blood or of still air, in `unit`."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    tissue: LayerName | Literal["blood", "air"]
    quantity: str
    value: Annotated[float, Ge(0)]
    unit: str
    source: str
    verified: bool
    condition: str = ""


@functools.cache
def thermal_rows() -> tuple[ThermalRow, ...]:
    """Every thermal property."""
    return read_csv("tissue/thermal.csv", ThermalRow)


def thermal_value(tissue: str, quantity: str) -> float:
    """One property in the unit of its row; FactsError where there is none.

    >>> thermal_value("dermis", "conductivity")
    0.37
    """
    for row in thermal_rows():
        if (row.tissue, row.quantity) == (tissue, quantity):
            return row.value
    raise FactsError(f"facts/data/tissue/thermal.csv: no {quantity} of {tissue}; add the row")
