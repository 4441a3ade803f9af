"""When a lamp's output counts as measured, and when it is measured again: the rows, with their sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Gt, MinLen

from openpbm.errors import FactsError
from openpbm.facts.table import Table, rows_of_toml

__all__ = ["MeasurementRule", "measurement_rule", "measurement_rules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementRule:
    """One number of the rule, in its unit."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    value: Annotated[int, Gt(0)]
    unit: Annotated[str, MinLen(1)]
    what: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool


measurement_rules: Table[MeasurementRule] = Table(
    "measurement rule",
    rows_of_toml("limits/measurement_rules.toml", "rules", MeasurementRule),
    unknown=FactsError,
)


def measurement_rule(identifier: str) -> int:
    """The number of one row, in the unit it names.

    >>> measurement_rule("remeasure_after")
    12
    """
    return measurement_rules[identifier].value
