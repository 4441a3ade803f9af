"""Coefficients of optical laws and make-up of tissues, one row a coefficient; rivals side by side, named by author."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge

from openpbm.errors import BadInput, Problem
from openpbm.facts.table import read_csv

__all__ = ["Law", "LawRow", "law", "law_rows", "laws"]


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
        return self._row(parameter).value

    # Only for terms a shorter law leaves out (a Cauchy C of 0); a missing coefficient must raise.
    def get(self, parameter: str, default: float) -> float:
        """A coefficient, or `default` where the law does not have it."""
        return next((row.value for row in self.rows if row.parameter == parameter), default)

    def standard_deviation(self, parameter: str) -> float:
        """Standard deviation of a coefficient, in its unit; 0 where the author gives none."""
        return self._row(parameter).standard_deviation or 0.0

    def has(self, parameter: str) -> bool:
        """Whether the law has that coefficient."""
        return any(row.parameter == parameter for row in self.rows)

    def _row(self, parameter: str) -> LawRow:
        for row in self.rows:
            if row.parameter == parameter:
                return row
        known = ", ".join(row.parameter for row in self.rows)
        raise BadInput(
            Problem(
                key=f"{self.quantity} of {self.table}",
                message=f"no coefficient {parameter}",
                remedy=f"choose one of {known}",
            )
        )


@functools.cache
def law_rows() -> tuple[LawRow, ...]:
    """Every coefficient that ships."""
    return tuple(row for name in ("laws", "composition") for row in read_csv(f"tissue/{name}.csv", LawRow))


@functools.cache
def _all_laws() -> dict[tuple[str, str], Law]:
    groups: dict[tuple[str, str], list[LawRow]] = {}
    for row in law_rows():
        groups.setdefault((row.quantity, row.table), []).append(row)
    return {key: Law(quantity=key[0], table=key[1], rows=tuple(rows)) for key, rows in groups.items()}


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
