"""Reasons and the verdict they add up to. A refusal is a value, never an exception."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from openpbm.facts.computed_rules import ComputedRule, computed_rules
from openpbm.facts.rules import Level

__all__ = ["Kind", "Reason", "Verdict", "computed", "verdict_of"]

Kind = Literal["safety", "reach", "missing", "referral"]
Verdict = Literal["refer", "refused", "needs_clinician", "ask", "allowed"]

_VERDICT_OF_LEVEL: dict[Level, Verdict] = {
    "red_flag": "refer",
    "refer_before": "refer",
    "absolute": "refused",
    "relative": "needs_clinician",
    "ask": "ask",
    "caution": "allowed",
}
_WORST_FIRST: tuple[Verdict, ...] = ("refer", "refused", "needs_clinician", "ask", "allowed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that speaks against, or for care in, a course of light."""

    rule: str
    level: Level
    kind: Kind
    message: str
    source: str
    verified: bool
    urgency: str | None = None
    route: str | None = None
    action: str | None = None

    @property
    def verdict(self) -> Verdict:
        """The verdict this reason alone would give."""
        return _VERDICT_OF_LEVEL[self.level]

    def to_dict(self) -> dict[str, Any]:
        """The reason as JSON: the keys that do not apply are left out."""
        optional = {"urgency": self.urgency, "route": self.route, "action": self.action}
        return {
            "rule": self.rule,
            "level": self.level,
            "kind": self.kind,
            "message": self.message,
            "source": self.source,
            "verified": self.verified,
        } | {key: value for key, value in optional.items() if value is not None}


def computed(rule_id: str, **values: object) -> Reason:
    """The reason a computed rule gives, its message filled with `values`."""
    rule: ComputedRule = computed_rules[rule_id]
    return Reason(
        rule=rule.id,
        level=rule.level,
        kind=rule.kind,
        message=rule.message.format(**values),
        source=rule.source.format(**values),
        verified=rule.verified,
        urgency=rule.urgency,
        route=rule.route,
        action=rule.action,
    )


def verdict_of(reasons: Iterable[Reason]) -> Verdict:
    """The worst verdict among the reasons; `allowed` when there is none."""
    return min((reason.verdict for reason in reasons), key=_WORST_FIRST.index, default="allowed")
