"""Which outcome of a trial counts for a condition when its trials are put together, and on what scale."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, MinLen

from openpbm.facts.table import Table, rows_of_toml

__all__ = [
    "CertaintySignature",
    "MainOutcome",
    "PooledScale",
    "certainty_signatures",
    "main_outcome",
    "main_outcomes",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledScale:
    """A scale or an outcome by its id; `factor` brings it to the unit, 0 where its range was not read."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Annotated[str, MinLen(1)]
    factor: Annotated[float, Ge(0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MainOutcome:
    """The outcome that counts for some conditions; lower is better on every one of them.

    plain, unit, short_unit : as they stand in a sentence, and over a picture
    important : the least difference between arms that we call one that matters, in the unit; an assumption
    scales : in the order in which they are looked for
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    plain: Annotated[str, MinLen(1)]
    unit: Annotated[str, MinLen(1)]
    short_unit: Annotated[str, MinLen(1)]
    important: Annotated[float, Gt(0)]
    conditions: Annotated[tuple[str, ...], MinLen(1)]
    scales: Annotated[tuple[PooledScale, ...], MinLen(1)]
    reason: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool = False

    def factor(self, outcome: str) -> float:
        """What brings a figure of this outcome to the unit; 0 where nothing can."""
        return next((scale.factor for scale in self.scales if scale.id == outcome), 0.0)


main_outcomes: Table[MainOutcome] = Table(
    "main outcome", rows_of_toml("evidence/main_outcomes.toml", "outcomes", MainOutcome)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertaintySignature:
    """Who signed the certainty of a condition; `results`: code of the results it was signed for."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    condition: str
    by: Annotated[str, MinLen(1)]
    date: dt.date
    results: Annotated[str, MinLen(1)]


certainty_signatures: Table[CertaintySignature] = Table(
    "signature", rows_of_toml("evidence/signatures.toml", "signatures", CertaintySignature), key="condition"
)


def main_outcome(condition: str) -> MainOutcome:
    """The outcome that counts for a condition; pain where none is named for it.

    >>> main_outcome("rls_ckd").id, main_outcome("carpal_tunnel").factor("pain_vas_mm")
    ('irls', 0.1)
    """
    named = (row for row in main_outcomes if condition in row.conditions)
    return next(named, main_outcomes["pain"])
