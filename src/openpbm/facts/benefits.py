"""What people hope light will do for them, each hope with its grade; no hope is counted as met before it was tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import MinLen

from openpbm.facts.conditions import Programme
from openpbm.facts.table import Table, rows_of_toml

__all__ = ["HOPES", "Benefit", "BenefitGrade", "Hope", "benefits"]

Hope = Literal["symptoms", "sleep", "daily_life", "fewer_medicines"]
#: How sure anybody can be that there is such a benefit; "not tested" is no grade of its absence.
BenefitGrade = Literal["not tested", "very low", "low", "low, conflicting"]

#: What each hope is called, in the order they are shown.
HOPES: dict[Hope, str] = {
    "symptoms": "Fewer symptoms",
    "sleep": "Better sleep",
    "daily_life": "An easier daily life",
    "fewer_medicines": "Fewer medicines",
}


# Nothing here is a function: a report of a plan reads it.
@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """One hope in one programme. text : what was found, the nulls included, in plain words"""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    programme: Programme
    hope: Hope
    grade: BenefitGrade
    text: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool


# By programme, in the order of the hopes.
benefits: Table[Benefit] = Table("benefit", rows_of_toml("learn/benefits.toml", "benefits", Benefit))
