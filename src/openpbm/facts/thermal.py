"""Thermal properties of tissue, of blood and of the air on the skin."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge

from openpbm.errors import FactsError
from openpbm.facts.sites import LayerName
from openpbm.facts.table import read_csv

__all__ = ["ThermalRow", "thermal_rows", "thermal_value"]


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
