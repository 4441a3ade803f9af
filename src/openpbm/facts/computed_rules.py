"""Rules whose condition is arithmetic or a look-up in code; their level, words and source are data."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import ClassVar, Literal

from openpbm.facts.load import read_toml
from openpbm.facts.rules import Level

__all__ = ["ComputedRule", "computed_rule", "computed_rules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedRule:
    """One such rule; `message` is a format string filled with what was computed."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    level: Level
    kind: Literal["safety", "reach", "missing", "referral"]
    message: str
    source: str
    verified: bool = False
    if_unknown: Literal["ask", "relative", "caution", "none"] = "none"
    action: str | None = None
    urgency: Literal["emergency", "same_day", "urgent", "routine"] | None = None
    route: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    rules: tuple[ComputedRule, ...]


@functools.cache
def computed_rules() -> dict[str, ComputedRule]:
    """Every computed rule by its id."""
    return {rule.id: rule for rule in read_toml("safety/computed.toml", _File).rules}


def computed_rule(rule_id: str) -> ComputedRule:
    """The computed rule of that id."""
    return computed_rules()[rule_id]
