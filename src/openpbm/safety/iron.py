"""Iron in restless legs: a test that is missing is ordered, low iron is treated; neither ever blocks a plan."""

from __future__ import annotations

from openpbm.case import Case
from openpbm.facts.conditions import IronRules, iron_rules
from openpbm.facts.rules import computed
from openpbm.person import Labs
from openpbm.reason import Reason

_ADULT_YEARS = 18.0

__all__ = ["iron_is_low", "iron_reasons", "recent_labs"]


def iron_reasons(case: Case) -> list[Reason]:
    """Cautions about iron, for restless legs only."""
    if case.condition.condition().programme != "rls":
        return []
    rules = iron_rules()
    labs = recent_labs(case)
    if labs is None:
        return [computed("iron_unknown")]
    ferritin, saturation = labs.ferritin_ug_l, labs.transferrin_saturation_percent
    found = []
    # Saturation first: above its limit no iron is given, and a low ferritin must not ask for any.
    if saturation is not None and saturation >= rules.tsat_no_iron_percent.value:
        found.append(computed("iron_saturation_high", saturation=saturation))
    elif iron_is_low(labs, rules, case.person.age_years):
        values = [f"ferritin {ferritin:g} ug/l" if ferritin is not None else "",
                  f"transferrin saturation {saturation:g} %" if saturation is not None else ""]  # fmt: skip
        found.append(computed("iron_low", values=", ".join(value for value in values if value)))
    elif ferritin is not None and ferritin <= rules.ferritin_intermediate_ug_l.value:
        found.append(computed("iron_intermediate", ferritin=ferritin))
    if ferritin is None or saturation is None:
        found.append(computed("iron_unknown"))
    return found


def iron_is_low(labs: Labs, rules: IronRules, age_years: float | None) -> bool:
    """True when either value is low for restless legs; a child's ferritin has a threshold of its own."""
    ferritin, saturation = labs.ferritin_ug_l, labs.transferrin_saturation_percent
    child = age_years is not None and age_years < _ADULT_YEARS
    lowest = rules.ferritin_low_child_ug_l if child else rules.ferritin_low_ug_l
    return (ferritin is not None and ferritin <= lowest.value) or (
        saturation is not None and saturation < rules.tsat_low_percent.value
    )


def recent_labs(case: Case) -> Labs | None:
    """The laboratory values when they are dated, not stale and not dated after the course has started."""
    labs, start = case.person.labs, case.course.start_date
    if labs is None or labs.date is None or start is None:
        return None
    if labs.ferritin_ug_l is None and labs.transferrin_saturation_percent is None:
        return None
    return labs if 0 <= (start - labs.date).days <= iron_rules().stale_after_days.value else None
