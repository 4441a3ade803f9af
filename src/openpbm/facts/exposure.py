"""Exposure limits for skin and eye, and what audits found of stated outputs: the rows, with their sources."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Gt, MinLen

from openpbm.errors import FactsError
from openpbm.facts.lamps import OutputStatus
from openpbm.facts.load import read_csv, read_toml

__all__ = ["LimitRow", "OutputPriorRow", "exposure_limits", "limit_value", "output_prior_row", "output_prior_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """One coefficient of an exposure limit. `clause`: where the standard has it; `note`: what the number does."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    value: float
    unit: Annotated[str, MinLen(1)]
    clause: str
    source: Annotated[str, MinLen(1)]
    verified: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputPriorRow:
    """Real output over stated output [-]: 5th percentile, median, 95th percentile, and the factor safety uses."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    output_status: OutputStatus
    lower: Annotated[float, Gt(0)]
    median: Annotated[float, Gt(0)]
    upper: Annotated[float, Gt(0)]
    safety_factor: Annotated[float, Gt(0)]
    source: Annotated[str, MinLen(1)]
    verified: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _OutputPriorFile:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    priors: tuple[OutputPriorRow, ...]


@functools.cache
def exposure_limits() -> dict[str, LimitRow]:
    """Every coefficient of the exposure limits, by id."""
    return {row.id: row for row in read_csv("limits/exposure.csv", LimitRow)}


def limit_value(identifier: str) -> float:
    """The value of one coefficient, in the unit its row names; FactsError when there is no such row."""
    try:
        return exposure_limits()[identifier].value
    except KeyError:
        raise FactsError(f"facts/data/limits/exposure.csv: no row {identifier!r}") from None


@functools.cache
def output_prior_rows() -> tuple[OutputPriorRow, ...]:
    """The priors on a lamp's stated output, one per output status."""
    return read_toml("limits/output_priors.toml", _OutputPriorFile).priors


def output_prior_row(output_status: OutputStatus) -> OutputPriorRow:
    """The prior for one output status."""
    return next(row for row in output_prior_rows() if row.output_status == output_status)
