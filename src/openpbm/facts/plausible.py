"""Which values people, laboratories and lamps have: outside a span a value may be true, and is asked about first."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import MinLen

from openpbm.facts.lamps import LaserClass
from openpbm.facts.table import read_csv

__all__ = ["PlausibleSpan", "plausible_spans"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlausibleSpan:
    """The span of one quantity, named as the case file names it.

    low, high : [unit]; in a date a calendar year, and years ahead of today
    confirmed_by : who may say that a value outside is right all the same; output and distance are a clinician's
    from_age_years, below_age_years : whom it is of; None for any age
    emits, laser_class : which emitters it is of; None for any
    ask : what to ask about a value outside
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    quantity: str
    low: float
    high: float
    unit: Annotated[str, MinLen(1)]
    confirmed_by: Literal["person", "clinician"]
    from_age_years: float | None = None
    below_age_years: float | None = None
    emits: Literal["led", "laser"] | None = None
    laser_class: LaserClass | None = None
    ask: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool
    note: str = ""

    @property
    def is_date(self) -> bool:
        """Whether the quantity is a day."""
        return self.unit == "year"


@functools.cache
def plausible_spans() -> tuple[PlausibleSpan, ...]:
    """Every row, in the order of the table: one quantity has several, for ages and kinds of emitters."""
    return read_csv("limits/plausible.csv", PlausibleSpan)
