"""Exposure limits for skin and eye, and what audits found of stated outputs: the rows, with their sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Gt, MinLen

from openpbm.errors import FactsError
from openpbm.facts.lamps import OutputStatus
from openpbm.facts.table import NumberTable, Table, rows_of_csv, rows_of_toml

__all__ = ["LimitRow", "OutputPrior", "exposure_limits", "limit_value", "output_priors"]


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
class OutputPrior:
    """Real output over stated output [-]: 5th percentile, median, 95th percentile, and the factor safety uses."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    output_status: OutputStatus
    lower: Annotated[float, Gt(0)]
    median: Annotated[float, Gt(0)]
    upper: Annotated[float, Gt(0)]
    # A field of its own: the dose takes the whole spread, a limit one cautious factor.
    safety_factor: Annotated[float, Gt(0)]
    source: Annotated[str, MinLen(1)]
    verified: bool
    note: str = ""


exposure_limits: NumberTable[LimitRow] = NumberTable(
    "exposure limit", rows_of_csv("limits/exposure.csv", LimitRow), unknown=FactsError
)
limit_value = exposure_limits.value

output_priors: Table[OutputPrior] = Table(
    "output prior",
    rows_of_toml("limits/output_priors.toml", "priors", OutputPrior),
    key="output_status",
    unknown=FactsError,
)
