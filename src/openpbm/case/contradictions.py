"""What no single value shows: two answers that cannot both be, a name that is not known, a release by nobody."""

from __future__ import annotations

import re

from openpbm.case.case import Case
from openpbm.device import check_lamp
from openpbm.errors import Problem, quote
from openpbm.facts.conditions import conditions
from openpbm.facts.implications import PREGNANT
from openpbm.facts.medicine_text import says_none
from openpbm.facts.rules import releasable_rules
from openpbm.facts.sites import sites
from openpbm.files import suggest

__all__ = ["contradictions", "names_somebody_else"]


def contradictions(case: Case) -> list[Problem]:
    """Every contradiction in a case whose single values can all be."""
    condition = _about_condition(case)
    # What a diagnosis implies and whether it refers cannot be told of one that is not in the catalogue.
    about_diagnosis = [] if condition else [*_about_implications(case), *_about_sites(case)]
    return [*condition, *about_diagnosis, *_about_person(case), *_about_release(case),
            *_about_output(case), *(problem.under("device") for problem in check_lamp(case.device))]  # fmt: skip


def _about_condition(case: Case) -> list[Problem]:
    given = case.condition
    for key, clock in (("condition.usual_onset", given.usual_onset), ("person.bedtime", case.person.bedtime)):
        if clock is not None and clock.tzinfo is not None:
            return [Problem(key, str(clock), "names a time zone", 'write the time at home as "21:30"')]
    known = {row.id: row for row in conditions}
    if given.diagnosis is None and given.programme is None:
        remedy = "add one (see docs/case-file.md)"
        return [Problem(key="condition", message="neither diagnosis nor programme is given", remedy=remedy)]
    if given.diagnosis is not None and given.diagnosis not in known:
        hint = suggest(given.diagnosis, known)
        return [Problem("condition.diagnosis", given.diagnosis, "not in the catalogue", hint)]
    if given.diagnosis and given.programme and known[given.diagnosis].programme != given.programme:
        belongs = f"{given.diagnosis} belongs to {known[given.diagnosis].programme}"
        return [Problem("condition.programme", given.programme, belongs, "leave it out")]
    return []


def _about_output(case: Case) -> list[Problem]:
    signed_by = case.device.reading_signed_by
    if not signed_by or names_somebody_else(signed_by):
        return []
    message = "only a clinician signs a reading"
    return [Problem("device.reading_signed_by", signed_by, message, "name the one who does, or leave it out")]


def _about_implications(case: Case) -> list[Problem]:
    """Every no beside a diagnosis, or beside another answer, that says yes."""
    problems = []
    for row in case.implications():
        key = f"person.{row.finding}" if row.finding == PREGNANT else f"person.findings.{row.finding}"
        says_yes = f"{row.answered} = true" if row.answered else f"the diagnosis {case.condition.condition().id}"
        if row.no == "contradiction" and case.answer(row.finding) is False:
            problems.append(Problem(key, False, f"contradicts {says_yes}", "correct one of the two"))
        if row.finding == PREGNANT and case.person.sex == "male":
            problems.append(Problem("person.sex", "male", f"contradicts {says_yes}", "correct one of the two"))
    return problems


def _about_sites(case: Case) -> list[Problem]:
    problems = []
    seen: set[tuple[str, str]] = set()
    known = [one.id for one in sites]
    for number, choice in enumerate(case.sites):
        where = f"sites[{number}]"
        if choice.site not in known:
            # Who must see a doctor hears that, and not that this program does not light the face.
            if case.refers():
                continue
            problems.append(Problem(f"{where}.site", choice.site, "not a known site", suggest(choice.site, known)))
            continue
        targets = [target.id for target in sites[choice.site].targets]
        if choice.target is not None and choice.target not in targets:
            remedy = f"choose {' or '.join(targets)}"
            problems.append(Problem(f"{where}.target", choice.target, f"not at {choice.site}", remedy))
        sides = {"left", "right"} if choice.side == "both" else {choice.side}
        if taken := {(choice.site, side) for side in sides} & seen:
            twice = f"{choice.site} {min(taken)[1]} is listed twice"
            problems.append(Problem(key=where, message=twice, remedy="list each place once"))
        seen |= {(choice.site, side) for side in sides}
    return problems


def _about_person(case: Case) -> list[Problem]:
    problems = []
    if case.person.sex == "male" and case.person.pregnant is True:
        message = 'cannot be with sex = "male"'
        problems.append(Problem("person.pregnant", True, message, "correct one of the two"))
    problems.extend(
        Problem(f"person.medications[{number}]", name, "empty", "give an ingredient or an ATC code, or [] for none")
        for number, name in enumerate(case.person.medications or ())
        if not name.strip()
    )
    # Taken as a name it would be an unknown medicine; taken as the empty list it would outvote the others.
    problems.extend(
        Problem(f"person.medications[{number}]", name, "says that none is taken", _NONE_TAKEN)
        for number, name in enumerate(case.person.medications or ())
        if name.strip() and says_none(name)
    )
    return problems


_NONE_TAKEN = "leave it out; an empty list, medications = [], says that no medicine is taken"


_NOBODY_ELSE = frozenset(
    {"self", "me", "myself", "i", "patient", "nobody", "none", "no", "not", "unknown", "unconfirmed", "internet", "web"}
)


def names_somebody_else(named: str) -> bool:
    """Whether a name given for a clinician can be one: not the person, nobody or a question mark.

    >>> names_somebody_else("neurologist"), names_somebody_else("self-diagnosed"), names_somebody_else("?")
    (True, False, False)
    """
    words = re.findall(r"[^\W\d_]+", named.lower())
    return bool(words) and not _NOBODY_ELSE & set(words)


def _about_release(case: Case) -> list[Problem]:
    known = releasable_rules()
    problems = [
        Problem(
            f"release.rules[{number}]",
            rule,
            "not a rule a clinician can release",
            f"{suggest(rule, known)} (all rules: openpbm screen --codes --json)",
        )
        for number, rule in enumerate(case.release.rules)
        if rule not in known
    ]
    if case.release.rules and not names_somebody_else(case.release.by or ""):
        by = quote(case.release.by) if case.release.by else "not given"
        message = f"{by}, but only a clinician releases rules"
        problems.append(Problem(key="release.by", message=message, remedy="name the one who does"))
    return problems
