"""Answers that cannot wait: what to do now, said on the next page and not only when somebody screens."""

from __future__ import annotations

from dataclasses import dataclass

from openpbm.facts.rules import Rule, rules
from openpbm.files import JsonObject
from openpbm.wording import URGENCY

__all__ = ["Urgent", "urgent_of"]

_ORDER = tuple(URGENCY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """One red flag that was answered with yes."""

    rule: Rule

    @property
    def how_soon(self) -> str:
        """In words."""
        return URGENCY.get(self.rule.urgency or "", "")


def urgent_of(document: JsonObject) -> list[Urgent]:
    """The red flags answered with yes, the most urgent first."""
    findings = (document.get("person") or {}).get("findings") or {}
    # A doubt does not alarm here: it is asked about at screening, and a page that cries wolf is not read.
    found = [rule for rule in rules if rule.level == "red_flag" and findings.get(rule.when.finding) is True]
    return [Urgent(rule=rule) for rule in sorted(found, key=_place)]


def _place(rule: Rule) -> int:
    return _ORDER.index(rule.urgency) if rule.urgency in _ORDER else len(_ORDER)
