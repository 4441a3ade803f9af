"""The one noun for what a rule says: what it found, how grave that is, and where the rule comes from.

Reasons of a screening, deviations of a session, limits of a plan, checks before a start, rules of a checkpoint.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

__all__ = ["GRAVEST_FIRST", "Kind", "Level", "Reason"]

#: The gravest first. A screening knows no `stop` and `note`; what is found about a session is a stop, caution or note.
Level = Literal["red_flag", "refer_before", "absolute", "relative", "ask", "stop", "caution", "note"]
Kind = Literal["safety", "reach", "missing", "referral"]

# Taken from the type, so that a new level cannot be without a rank.
GRAVEST_FIRST: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What one rule says.

    rule, level : the rule's id, and how grave it is that it fired
    message, remedy : what was found, and what helps, each in whole sentences
    question : what was asked and not answered, where that is what was found
    source, verified : where the rule comes from, and whether somebody read it there
    kind : what it is about, where that sorts it
    urgency, route, action : how soon, to whom, and what is done, for those that refer
    value, limit, unit : what was held against which limit, where a number was
    passed : whether what was held against the rule kept to it; a rule that fired did not pass
    date : the day it is about; None where it is about no single day
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    rule: str
    level: Level
    message: str
    source: str
    verified: bool
    remedy: str = ""
    question: str | None = None
    kind: Kind | None = None
    urgency: str | None = None
    route: str | None = None
    action: str | None = None
    value: float | None = None
    limit: float | None = None
    unit: str | None = None
    passed: bool = False
    date: dt.date | None = None

    @property
    def text(self) -> str:
        """Message and remedy, one after the other, for a reader of both."""
        return f"{self.message} {self.remedy}".rstrip()

    def to_dict(self) -> dict[str, object]:
        """The reason as JSON: the keys that do not apply are left out."""
        always = {"rule": self.rule, "level": self.level, "message": self.message}
        origin = {"source": self.source, "verified": self.verified}
        optional = {
            "kind": self.kind,
            "remedy": self.remedy or None,
            "question": self.question,
            "urgency": self.urgency,
            "route": self.route,
            "action": self.action,
            "value": self.value,
            "limit": self.limit,
            "unit": self.unit,
            "date": None if self.date is None else self.date.isoformat(),
        }
        return always | origin | {key: value for key, value in optional.items() if value is not None}
