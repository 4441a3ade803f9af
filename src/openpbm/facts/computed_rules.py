"""Rules whose condition is arithmetic or a look-up in code; their level, words and source are data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from openpbm.errors import FactsError
from openpbm.facts.rules import RuleLevel
from openpbm.facts.table import Table, rows_of_toml

__all__ = ["ComputedRule", "computed_rules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedRule:
    """One such rule; `message` and `remedy` are format strings filled with what was computed."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    level: RuleLevel
    kind: Literal["safety", "reach", "missing", "referral"]
    message: str
    remedy: str = ""
    source: str
    verified: bool = False
    if_unknown: Literal["ask", "relative", "caution", "none"] = "none"
    action: str | None = None
    urgency: Literal["emergency", "same_day", "urgent", "routine"] | None = None
    route: str | None = None


computed_rules: Table[ComputedRule] = Table(
    "computed rule", lambda: rows_of_toml("safety/computed.toml", "rules", ComputedRule), unknown=FactsError
)
