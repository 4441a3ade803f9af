"""Iron in restless legs: a test that is missing is ordered, low iron is treated; neither ever blocks a plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from openpbm.case import Case
from openpbm.facts.conditions import IronRules, iron_rules
from openpbm.facts.rules import computed
from openpbm.person import Labs
from openpbm.reason import Reason

__all__ = ["IRON_IN_QUESTION", "IronTest", "iron_is_low", "iron_reasons", "iron_tests"]

_ADULT_YEARS = 18.0

#: cautions beside which nobody can tell light from iron
IRON_IN_QUESTION = frozenset({
    "iron_unknown", "iron_low", "iron_test_missing", "iron_test_undated", "iron_test_old", "iron_test_after_start"
})  # fmt: skip

State = Literal["recent", "missing", "undated", "old", "after_start"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IronTest:
    """One of the two tests: its value, its day, and what it is worth for this course."""

    name: str
    unit: str
    value: float | None
    date: dt.date | None
    state: State

    @property
    def recent_value(self) -> float | None:
        """The value where it counts."""
        return self.value if self.state == "recent" else None

    @property
    def words(self) -> str:
        """Name, value and unit.

        >>> IronTest(name="ferritin", unit="ug/l", value=22.0, date=None, state="undated").words
        'ferritin 22 ug/l'
        """
        return f"{self.name} {self.value:g} {self.unit}"


def iron_tests(case: Case) -> tuple[IronTest, IronTest]:
    """Ferritin and transferrin saturation, each in a state of its own: one says nothing about the other."""
    labs, start = case.person.labs or Labs(), case.course.start_date
    ferritin_date, saturation_date = labs.ferritin_date or labs.date, labs.transferrin_saturation_date or labs.date
    return (
        IronTest(
            name="ferritin",
            unit="ug/l",
            value=labs.ferritin_ug_l,
            date=ferritin_date,
            state=_state(labs.ferritin_ug_l, ferritin_date, start),
        ),
        IronTest(
            name="transferrin saturation",
            unit="%",
            value=labs.transferrin_saturation_percent,
            date=saturation_date,
            state=_state(labs.transferrin_saturation_percent, saturation_date, start),
        ),
    )


def _state(value: float | None, drawn: dt.date | None, start: dt.date | None) -> State:
    if value is None:
        return "missing"
    if drawn is None:
        return "undated"
    # Without a first day, which is asked for, the value stands as it was given.
    days = 0 if start is None else (start - drawn).days
    if days < 0:
        return "after_start"
    return "recent" if days <= iron_rules().stale_after_days.value else "old"


def iron_reasons(case: Case) -> list[Reason]:
    """Cautions about iron, for restless legs only."""
    if case.condition.condition().programme != "rls":
        return []
    tests = iron_tests(case)
    if all(test.state == "missing" for test in tests):
        return [computed("iron_unknown")]
    ferritin, saturation = (test.recent_value for test in tests)
    rules = iron_rules()
    found = []
    # Saturation first: above its limit no iron is given, and a low ferritin must not ask for any.
    if saturation is not None and saturation >= rules.tsat_no_iron_percent.value:
        found.append(computed("iron_saturation_high", saturation=saturation))
    elif iron_is_low(ferritin, saturation, rules, case.person.age_years):
        found.append(computed("iron_low", values=", ".join(test.words for test in tests if test.state == "recent")))
    elif ferritin is not None and ferritin <= rules.ferritin_intermediate_ug_l.value:
        found.append(computed("iron_intermediate", ferritin=ferritin))
    return [*found, *(_about(test) for test in tests if test.state != "recent")]


def _about(test: IronTest) -> Reason:
    """What a test that does not count lacks; a value that was given is named, never forgotten."""
    if test.state == "missing":
        return computed("iron_test_missing", name=test.name)
    day = "" if test.date is None else test.date.isoformat()
    return computed(f"iron_test_{test.state}", words=f"{test.words[:1].upper()}{test.words[1:]}", day=day)


def iron_is_low(
    ferritin_ug_l: float | None, saturation_percent: float | None, rules: IronRules, age_years: float | None
) -> bool:
    """True when either value is low for restless legs; a child's ferritin has a threshold of its own."""
    child = age_years is not None and age_years < _ADULT_YEARS
    lowest = rules.ferritin_low_child_ug_l if child else rules.ferritin_low_ug_l
    return (ferritin_ug_l is not None and ferritin_ug_l <= lowest.value) or (
        saturation_percent is not None and saturation_percent < rules.tsat_low_percent.value
    )
