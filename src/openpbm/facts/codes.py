"""The code lists a case file may use: findings that can be answered, rules that a clinician can release."""

from __future__ import annotations

import functools

from openpbm.facts.computed_rules import computed_rules
from openpbm.facts.conditions import conditions
from openpbm.facts.rules import rules

__all__ = ["finding_codes", "releasable_rules"]


@functools.cache
def finding_codes() -> tuple[str, ...]:
    """Every code that may stand under [person.findings], sorted."""
    asked = {rule.when.finding for rule in rules if rule.when.finding}
    candidacy = {item.finding for row in conditions for item in row.candidacy if item.finding}
    return tuple(sorted(asked | candidacy))


@functools.cache
def releasable_rules() -> tuple[str, ...]:
    """Ids of the relative rules, sorted."""
    relative = {rule.id for rule in rules if rule.level == "relative"}
    return tuple(sorted(relative | {rule.id for rule in computed_rules if rule.level == "relative"}))
