"""The rules of a checkpoint and the numbers they stand on, as rows with their sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import MinLen

from openpbm.errors import FactsError
from openpbm.facts.table import NumberTable, Table, rows_of_csv, rows_of_toml

__all__ = [
    "Bound",
    "CheckpointRule",
    "Decision",
    "OutcomeLimit",
    "Stage",
    "checkpoint_rules",
    "outcome_limit",
    "outcome_limits",
]

Stage = Literal["safety", "first_look", "verdict", "long", "after", "maintenance"]
Decision = Literal["continue", "adjust", "maintain", "taper", "stop", "refer", "inconclusive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A number at least `min` and below `below`; a fact that is unknown lies within no bound."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    # Half open, so that neighbouring rows meet without a gap and without an overlap.
    min: float | None = None
    below: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointRule:
    """At these stages, when the facts are so, this is decided.

    proposal : one change, for a clinician to release
    alarm : said even where another rule decides
    minutes_open : whether other minutes inside every limit may be proposed beside it
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    stages: Annotated[tuple[Stage, ...], MinLen(1)]
    when: Mapping[str, bool | int | float | str | tuple[str, ...] | Bound]
    decision: Decision
    text: Annotated[str, MinLen(1)]
    proposal: str = ""
    alarm: bool = False
    minutes_open: bool = False
    source: Annotated[str, MinLen(1)]
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLimit:
    """One number of the outcome rules, with its unit and source."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    value: float
    unit: str
    source: Annotated[str, MinLen(1)]
    verified: bool
    note: str


# In the order in which they decide: the first that fits.
checkpoint_rules: Table[CheckpointRule] = Table(
    "checkpoint rule",
    rows_of_toml("outcomes/checkpoint_rules.toml", "rules", CheckpointRule),
    unknown=FactsError,
)
outcome_limits: NumberTable[OutcomeLimit] = NumberTable(
    "outcome limit", rows_of_csv("outcomes/limits.csv", OutcomeLimit), unknown=FactsError
)
outcome_limit = outcome_limits.value
