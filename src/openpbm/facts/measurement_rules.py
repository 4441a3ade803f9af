"""When a lamp's output counts as measured, and when it is measured again: the rows, with their sources."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Gt, MinLen

from openpbm.facts.load import read_toml

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    rules: tuple[MeasurementRule, ...]


@functools.cache
def measurement_rules() -> dict[str, MeasurementRule]:
    """Every row by its id."""
    return {row.id: row for row in read_toml("limits/measurement_rules.toml", _File).rules}


def measurement_rule(identifier: str) -> int:
    """The number of one row, in the unit it names.

    >>> measurement_rule("remeasure_after")
    12
    """
    return measurement_rules()[identifier].value
