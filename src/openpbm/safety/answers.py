"""Reasons from what the person answered, and from what nobody answered."""

from __future__ import annotations

from openpbm.case import Case, names_somebody_else
from openpbm.facts.rules import PREGNANT, Rule, computed, rules
from openpbm.facts.sites import sites
from openpbm.facts.trials import studies_in_words
from openpbm.person import Answer, Person
from openpbm.reason import Kind, Level, Reason

__all__ = ["answer_reasons", "is_confirmed"]

# Pregnancy is asked of everybody it could concern: not of men, nor outside these ages.
_COULD_BE_PREGNANT_YEARS = (10.0, 60.0)


def answer_reasons(case: Case) -> list[Reason]:
    """Every rule that fires on an answer or on a missing one, in the order of the tables."""
    fired = [_by_rule(rule, case) for rule in rules]
    return [*(reason for reason in fired if reason), *_required(case)]


def is_confirmed(case: Case) -> bool:
    """Whether somebody other than the person is named as having confirmed the diagnosis."""
    named = case.condition.confirmed_by
    return named is not None and names_somebody_else(named)


def _by_rule(rule: Rule, case: Case) -> Reason | None:
    if rule.sites and not set(rule.sites) & {choice.site for choice in case.sites}:
        return None
    answer = _answer(rule, case)
    if answer is True:
        kind: Kind = "referral" if rule.level in ("red_flag", "refer_before") else "safety"
        return _fired(rule, kind)
    if answer == "unknown" and _code(rule) in {row.finding for row in case.implications()}:
        # The diagnosis speaks of it: it is asked here even where it would only caution, or not be asked at all.
        return _not_answered(rule, "ask")
    # Whoever writes "unknown" has doubts: then a question is asked that would not have been put to this complaint.
    doubted = rule.when.finding is not None and case.person.findings.get(rule.when.finding) == "unknown"
    if answer == "unknown" and rule.if_unknown != "none" and (doubted or _is_asked(rule, case)):
        return _not_answered(rule, rule.if_unknown)
    return None


def _code(rule: Rule) -> str | None:
    """The finding a rule asks for, as the table of implications names it."""
    return PREGNANT if rule.when.pregnant else rule.when.finding


def _answer(rule: Rule, case: Case) -> Answer:
    when, person = rule.when, case.person
    code = _code(rule)
    if code is not None and case.answer(code) is None and _diagnosis_says_yes(code, case):
        return True
    if when.finding is not None:
        return person.findings.get(when.finding, "unknown")
    if when.pregnant:
        return _pregnant(person)
    if when.age_below_years is not None:
        # An unknown age is asked for once, not once per rule.
        return person.age_years is not None and person.age_years < when.age_below_years
    assert when.skin_type_at_least is not None
    return person.skin_type is not None and person.skin_type >= when.skin_type_at_least


def _diagnosis_says_yes(code: str, case: Case) -> bool:
    return any(row.finding == code and row.silence == "yes" for row in case.implications())


def _pregnant(person: Person) -> Answer:
    if person.pregnant is not None and person.pregnant != "unknown":
        return person.pregnant
    youngest, oldest = _COULD_BE_PREGNANT_YEARS
    if person.sex == "male" or (person.age_years is not None and not youngest <= person.age_years <= oldest):
        return False
    return "unknown"


def _is_asked(rule: Rule, case: Case) -> bool:
    condition = case.condition.condition()
    return (
        (not rule.programmes or condition.programme in rule.programmes)
        and (not rule.conditions or condition.id in rule.conditions)
        # A sex that was not given takes no question away.
        and (not rule.sexes or case.person.sex is None or case.person.sex in rule.sexes)
    )


def _fired(rule: Rule, kind: Kind) -> Reason:
    return Reason(
        rule=rule.id,
        level=rule.level,
        kind=kind,
        message=rule.message,
        remedy=rule.remedy,
        source=rule.source,
        verified=rule.verified,
        urgency=rule.urgency,
        route=rule.route,
    )


def _not_answered(rule: Rule, level: Level) -> Reason:
    # Urgency and route belong to a yes: whoever has not answered yet is sent nowhere.
    return Reason(
        rule=rule.id,
        level=level,
        kind="missing",
        question=rule.question,
        message=f"Not answered: {rule.question} {rule.message}",
        remedy=rule.remedy,
        source=rule.source,
        verified=rule.verified,
    )


def _required(case: Case) -> list[Reason]:
    person, complaint = case.person, case.condition
    found = []
    if person.age_years is None:
        found.append(computed("age_unknown"))
    if complaint.confirmed_by is None:
        found.append(computed("diagnosis_unconfirmed"))
    elif not is_confirmed(case):
        found.append(computed("diagnosis_self_made"))
    condition = complaint.condition()
    if condition.specialist_only:
        found.append(computed("specialist_only", studies=studies_in_words(condition.id, condition.in_sentence)))
    found.extend(
        computed("site_unusual", site=sites[choice.site].plain_name, condition=condition.in_sentence)
        for choice in case.sites
        if condition.usual_sites and choice.site not in condition.usual_sites
    )
    if case.course.start_date is None:
        found.append(computed("start_date_missing"))
    if complaint.usual_onset is None and complaint.condition().programme == "rls":
        found.append(computed("usual_onset_missing"))
    if person.body_mass_index is None:
        found.append(computed("body_size_unknown"))
    if person.skin_type is None:
        found.append(computed("skin_type_unknown"))
    return found
