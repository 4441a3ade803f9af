"""One thing a reader must know about light given or not given, with how grave it is and where the rule comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from openpbm.facts.delivery import delivery_rules

__all__ = ["Finding", "Severity", "finding", "gravest", "most_restrictive_first"]

Severity = Literal["note", "caution", "stop"]

_GRAVITY: dict[Severity, int] = {"note": 0, "caution": 1, "stop": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found. `id` is the rule's; `date` is the day it is about, None where it is about no single day."""

    id: str
    severity: Severity
    message: str
    date: dt.date | None
    source: str
    verified: bool

    def to_dict(self) -> dict[str, Any]:
        """The finding as JSON."""
        return {
            "id": self.id,
            "severity": self.severity,
            "message": self.message,
            "date": self.date.isoformat() if self.date else None,
            "source": self.source,
            "verified": self.verified,
        }


def finding(rule_id: str, date: dt.date | None, **found: object) -> Finding:
    """The finding of one rule, its message filled with what was found. FactsError where there is no such rule."""
    rule = delivery_rules[rule_id]
    return Finding(
        id=rule.id,
        severity=rule.severity,
        message=rule.message.format(**found),
        date=date,
        source=rule.source,
        verified=rule.verified,
    )


def gravest(findings: Iterable[Finding]) -> Severity | None:
    """The gravest severity, since the most restrictive limit wins; None where nothing was found."""
    return max((found.severity for found in findings), key=_GRAVITY.__getitem__, default=None)


def most_restrictive_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without repetitions, the gravest first, then by day."""
    return tuple(sorted(set(findings), key=lambda f: (-_GRAVITY[f.severity], f.date or dt.date.max, f.id, f.message)))
