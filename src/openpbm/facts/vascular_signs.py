"""Signs of vessels in the legs, with the bounds from which on one counts: the rows of a hypothesis, not of a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import MinLen

from openpbm.errors import FactsError
from openpbm.facts.table import Table, rows_of_toml

__all__ = ["VascularSign", "vascular_signs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VascularSign:
    """One measured or seen sign; it is present below `present_below` or from `present_from` on, exactly one is given.

    unit : "1" for a ratio or a class
    minimum, maximum : what can be measured at all
    unreadable_above : from above this on the value says nothing either way, None where there is no such bound
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Annotated[str, MinLen(1)]
    name: Annotated[str, MinLen(1)]
    unit: Annotated[str, MinLen(1)]
    minimum: float
    maximum: float
    present_below: float | None = None
    present_from: float | None = None
    unreadable_above: float | None = None
    note: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool

    def __post_init__(self) -> None:
        # A sign with both would have a range that is present at its two ends.
        bounds = [bound for bound in (self.present_below, self.present_from) if bound is not None]
        if len(bounds) != 1 or not self.minimum < bounds[0] <= self.maximum:
            raise ValueError("give present_below or present_from, one of them, inside minimum to maximum")


# In the order shown.
vascular_signs: Table[VascularSign] = Table(
    "vascular sign", rows_of_toml("outcomes/vascular_signs.toml", "signs", VascularSign), unknown=FactsError
)
