"""How far a session may leave its plan, what each departure means, and the grade of a skin reaction: the rows."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le, MinLen

from openpbm.errors import FactsError
from openpbm.facts.load import read_toml

__all__ = [
    "DeliveryRule",
    "SkinReactionRow",
    "Tolerance",
    "delivery_rule",
    "delivery_rules",
    "skin_reaction_rows",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _ToleranceFile:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    tolerances: tuple[Tolerance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _RuleFile:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    rules: tuple[DeliveryRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _SkinFile:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    reactions: tuple[SkinReactionRow, ...]


@functools.cache
def tolerances() -> dict[str, Tolerance]:
    """Every number that judges a session, by id."""
    return {row.id: row for row in read_toml("delivery/tolerances.toml", _ToleranceFile).tolerances}


def tolerance(identifier: str) -> float:
    """The value of one such number, in the unit its row names; FactsError when there is no such row.

    >>> tolerance("sessions_a_day")
    1.0
    """
    try:
        return tolerances()[identifier].value
    except KeyError:
        raise FactsError(f"facts/data/delivery/tolerances.toml: no row {identifier!r}") from None


@functools.cache
def delivery_rules() -> dict[str, DeliveryRule]:
    """Every departure from the plan that is spoken of, by id."""
    return {rule.id: rule for rule in read_toml("delivery/rules.toml", _RuleFile).rules}


def delivery_rule(identifier: str) -> DeliveryRule:
    """The rule of that id; FactsError when there is none."""
    try:
        return delivery_rules()[identifier]
    except KeyError:
        raise FactsError(f"facts/data/delivery/rules.toml: no rule {identifier!r}") from None


@functools.cache
def skin_reaction_rows() -> dict[str, SkinReactionRow]:
    """Every word a person may write about the skin, with its grade."""
    return {row.reaction: row for row in read_toml("delivery/skin_reactions.toml", _SkinFile).reactions}
