"""Which codes the rules need of one person: for their complaint, sex and age, where the light goes, from which lamp."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from openpbm.care.people.questions import GROUPS, asked_codes, implied_of
from openpbm.facts.lamps import LampKind
from openpbm.facts.rules import PREGNANT, Rule, rules
from openpbm.files import JsonObject
from openpbm.safety import could_be_pregnant

__all__ = ["Chosen", "answered_alone", "needed_codes"]

#: Of what was done before light no rule asks: those questions wait until the course is there.
_NO_RULE_ASKS = frozenset(next(group.codes for group in GROUPS if group.id == "done-so-far"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Where the light goes and from which lamp, as far as it is chosen; None leaves every rule of it in.

    lamp_kinds : the lamp's own kind, and whole_body where it lights a body
    """

    sites: frozenset[str] | None = None
    lamp_kinds: frozenset[LampKind] | None = None

    def leaves_in(self, rule: Rule) -> bool:
        """Whether the rule can fire with what is chosen."""
        return _meets(rule.sites, self.sites) and _meets(rule.lamp_kinds, self.lamp_kinds)


def needed_codes(document: JsonObject, chosen: Chosen) -> set[str]:
    """Every code, `pregnant` among them, of which a rule would speak with these answers, this place and this lamp."""
    person = document.get("person") or {}
    about = _rules_by_code()
    answered = {code for code, answer in (person.get("findings") or {}).items() if answer is not False}
    spoken_of = {row.finding for row in implied_of(document)}
    codes = asked_codes(document) - _NO_RULE_ASKS
    needed = {code for code in codes if any(chosen.leaves_in(rule) for rule in about.get(code, ()))}
    needed |= codes & (answered | spoken_of)
    needed -= _settled(document)
    if not could_be_pregnant(person.get("sex"), person.get("age_years")):
        return needed - {"restless_legs_in_pregnancy"}
    return needed | {PREGNANT}


def _settled(document: JsonObject) -> set[str]:
    """What the complaint has answered with yes, and no other answer fits; one that was kept before is asked about."""
    findings = (document.get("person") or {}).get("findings") or {}
    said = {
        row.finding
        for row in implied_of(document)
        if row.diagnosis and (row.no, row.silence) == ("contradiction", "yes")
    }
    return said - findings.keys()


def answered_alone(code: str, document: JsonObject) -> bool:
    """Whether one tick for the rest must not answer it: nobody may release its rule, or another answer speaks of it."""
    if code in {row.finding for row in implied_of(document)}:
        return True
    return any(rule.level == "absolute" and rule.if_unknown == "ask" for rule in _rules_by_code().get(code, ()))


def _rules_by_code() -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        code = PREGNANT if rule.when.pregnant else rule.when.finding
        if code is not None:
            found[code] = (*found.get(code, ()), rule)
    return found


def _meets(of_rule: Collection[str], chosen: Collection[str] | None) -> bool:
    return not of_rule or chosen is None or not set(of_rule).isdisjoint(chosen)
