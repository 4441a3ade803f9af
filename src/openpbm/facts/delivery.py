"""How far a session may leave its plan, what each departure means, and the grade of a skin reaction: the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le, MinLen

from openpbm.errors import FactsError
from openpbm.facts.table import NumberTable, Table, rows_of_toml

__all__ = [
    "DeliveryRule",
    "SkinReactionRow",
    "Tolerance",
    "delivery_rules",
    "skin_reactions",
    "tolerance",
    "tolerances",
]

DeliverySeverity = Literal["note", "caution", "stop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """One number that judges a session. `unit`: "1" for a ratio; `note`: what the number decides."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    value: Annotated[float, Ge(0)]
    unit: Literal["1", "mm", "h", "d", "sessions"]
    note: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRule:
    """What is said when a session leaves its plan; `message` is a format string filled with what was found.

    kind : "limit" about light given, "missed" about light not given
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    kind: Literal["limit", "missed"]
    severity: DeliverySeverity
    message: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinReactionRow:
    """One word of the skin column. `grade` 0-5 in the manner of CTCAE, 0 no adverse event; `meaning` in our words."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    reaction: Literal["none", "warmth", "redness", "pain", "blister"]
    grade: Annotated[int, Ge(0), Le(5)]
    meaning: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool


tolerances: NumberTable[Tolerance] = NumberTable(
    "tolerance", rows_of_toml("delivery/tolerances.toml", "tolerances", Tolerance), unknown=FactsError
)
tolerance = tolerances.value

delivery_rules: Table[DeliveryRule] = Table(
    "delivery rule", rows_of_toml("delivery/rules.toml", "rules", DeliveryRule), unknown=FactsError
)

skin_reactions: Table[SkinReactionRow] = Table(
    "skin reaction",
    rows_of_toml("delivery/skin_reactions.toml", "reactions", SkinReactionRow),
    key="reaction",
    unknown=FactsError,
)
