"""What a course of light costs: the inputs of the cost page, each with the range we think usual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, MinLen

from openpbm.facts.table import Table, rows_of_toml

__all__ = ["CostInput", "cost_inputs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostInput:
    """One number that a reader may change.

    low, high : the range we think usual
    usual : where the form begins
    at_least, at_most : the smallest and the largest number the form takes
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    label: Annotated[str, MinLen(1)]
    unit: Annotated[str, MinLen(1)]
    low: Annotated[float, Ge(0)]
    high: Annotated[float, Ge(0)]
    usual: Annotated[float, Ge(0)]
    at_least: Annotated[float, Ge(0)] = 0.0
    at_most: Annotated[float, Ge(0)]
    source: Annotated[str, MinLen(1)]
    verified: bool

    def __post_init__(self) -> None:
        # The form starts at `usual`; a start outside its own bounds could not be sent.
        if not self.at_least <= self.low <= self.usual <= self.high <= self.at_most:
            raise ValueError(f"{self.id}: needs at_least <= low <= usual <= high <= at_most")


cost_inputs: Table[CostInput] = Table("cost", rows_of_toml("learn/costs.toml", "costs", CostInput))
