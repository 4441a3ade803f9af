"""When a lamp's output counts as measured, and what is known of meters and readings: the rows, with their sources."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Gt, MinLen

from openpbm.errors import FactsError
from openpbm.facts.table import Table, rows_of_toml

__all__ = [
    "MeasurementRule",
    "RatioPrior",
    "commissioning_priors",
    "measurement_rule",
    "measurement_rules",
    "meter_classes",
]

_Z_95 = 1.6448536269514722


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioPrior:
    """A positive quantity before it is measured, log-normal: 5th percentile, median and 95th percentile [unit].

    aliases : other words for it, in lower case
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    name: Annotated[str, MinLen(1)]
    lower: Annotated[float, Gt(0)]
    median: Annotated[float, Gt(0)]
    upper: Annotated[float, Gt(0)]
    unit: Annotated[str, MinLen(1)] = "-"
    aliases: tuple[str, ...] = ()
    source: Annotated[str, MinLen(1)]
    verified: bool
    note: str = ""

    @property
    def log_sd(self) -> float:
        """Standard deviation of the logarithm [-].

        >>> round(meter_classes["thermopile"].log_sd, 3)
        0.045
        """
        return math.log(self.upper / self.lower) / (2.0 * _Z_95)


measurement_rules: Table[MeasurementRule] = Table(
    "measurement rule",
    rows_of_toml("limits/measurement_rules.toml", "rules", MeasurementRule),
    unknown=FactsError,
)
#: What a meter shows over what falls on it [-].
meter_classes: Table[RatioPrior] = Table("meter", rows_of_toml("limits/meter_classes.toml", "meters", RatioPrior))
commissioning_priors: Table[RatioPrior] = Table(
    "commissioning prior",
    rows_of_toml("limits/commissioning_priors.toml", "priors", RatioPrior),
    unknown=FactsError,
)


def measurement_rule(identifier: str) -> int:
    """The number of one row, in the unit it names.

    >>> measurement_rule("remeasure_after")
    12
    """
    return measurement_rules[identifier].value
