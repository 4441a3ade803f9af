"""The tests of a work-up: what is looked for in whom before light, and after which time it is due again."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Gt, MinLen

from openpbm.facts.alias_table import plain, rows_by_alias
from openpbm.facts.conditions import Programme
from openpbm.facts.table import Table, rows_of_toml

__all__ = ["WorkupTest", "WorkupUnit", "workup_test_of", "workup_tests"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkupUnit:
    """A unit in which a laboratory may write the result, and what can be measured in it at all."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    unit: Annotated[str, MinLen(1)]
    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkupTest:
    """One test, examination or questionnaire.

    programmes : where it is due; elsewhere it is read where it was done, and never asked for
    units : none for a test that is only normal or abnormal
    due_again_after_days : age at the first session from which a result counts as old [days]
    counts_below, counts_from : a result there, in the first unit, is one to act on; "abnormal" always is
    rule : the computed rule that then says so
    answers_yes : the screening question that such a result answers with yes
    settles : the line of the candidacy checklist that is answered once all its tests were done
    stands_for : the test that it may be done in place of
    in_labs : its value stands in person.labs
    vascular_sign : the sign of a vascular part that its result is
    scale : the scale whose filled form gives the result; `scale_items` the items that are added up, () its total
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Annotated[str, MinLen(1)]
    plain_name: Annotated[str, MinLen(1)]
    why: Annotated[str, MinLen(1)]
    aliases: tuple[str, ...] = ()
    programmes: tuple[Programme, ...] = ()
    units: tuple[WorkupUnit, ...] = ()
    due_again_after_days: Annotated[float, Gt(0)]
    counts_below: float | None = None
    counts_from: float | None = None
    rule: str = "workup_abnormal"
    answers_yes: str | None = None
    settles: str | None = None
    stands_for: str | None = None
    in_labs: bool = False
    vascular_sign: str | None = None
    scale: str | None = None
    scale_items: tuple[str, ...] = ()
    source: Annotated[str, MinLen(1)]
    verified: bool

    def counts(self, result: float | None, finding: str | None) -> bool:
        """Whether a result is one to act on; without a bound a number alone never is."""
        if finding == "abnormal":
            return True
        below = result is not None and self.counts_below is not None and result < self.counts_below
        reached = result is not None and self.counts_from is not None and result >= self.counts_from
        return below or reached


# In the order shown.
workup_tests: Table[WorkupTest] = Table(
    "test of the work-up", rows_of_toml("outcomes/workup.toml", "tests", WorkupTest)
)


def workup_test_of(word: str) -> WorkupTest | None:
    """The test of that id or alias; None when it is not listed.

    >>> workup_test_of("ABI").id
    'ankle_brachial_index'
    """
    return _words().get(plain(word))


@functools.cache
def _words() -> dict[str, WorkupTest]:
    return rows_by_alias(workup_tests, ("id",), "workup.toml")
