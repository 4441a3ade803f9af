"""The reasons that computed rules give, and the verdict that reasons add up to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from openpbm.facts.rules import computed_rules
from openpbm.reason import Level, Reason

__all__ = ["Verdict", "computed", "verdict_of"]

Verdict = Literal["refer", "refused", "needs_clinician", "ask", "allowed"]

_VERDICT_OF_LEVEL: dict[Level, Verdict] = {
    "red_flag": "refer",
    "refer_before": "refer",
    "absolute": "refused",
    "relative": "needs_clinician",
    "ask": "ask",
    "stop": "refused",
    "caution": "allowed",
    "note": "allowed",
}
# Referral stands above refusal: whoever needs a doctor must hear that, whatever else forbids the lamp.
_WORST_FIRST: tuple[Verdict, ...] = ("refer", "refused", "needs_clinician", "ask", "allowed")


def computed(rule_id: str, **values: object) -> Reason:
    """The reason a computed rule gives, its message and remedy filled with `values`."""
    rule = computed_rules[rule_id]
    return Reason(
        rule=rule.id,
        level=rule.level,
        kind=rule.kind,
        message=rule.message.format(**values),
        remedy=rule.remedy.format(**values),
        source=rule.source.format(**values),
        verified=rule.verified,
        urgency=rule.urgency,
        route=rule.route,
        action=rule.action,
    )


def verdict_of(reasons: Iterable[Reason]) -> Verdict:
    """The worst verdict among the reasons; `allowed` when there is none."""
    return min((_VERDICT_OF_LEVEL[reason.level] for reason in reasons), key=_WORST_FIRST.index, default="allowed")
