"""Trials of light, the null ones included: what was given to whom, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, MinLen

from openpbm.facts.table import Table, rows_of_csv

__all__ = ["Trial", "Use", "trials", "trials_of"]

Use = Literal["P", "F", "U", "N", "prior"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One study. An empty text is "not reported, or not reached".

    condition : id of the condition, or `background` for work on healthy or other people
    n_active, n_control : people analysed in each arm or, where that is not known, enrolled
    n_total : people in all, where the arms are not printed or each person was in both
    wavelength_nm : as reported, in words, since many mix or omit it
    use : P poolable now, F full text needed for mean and deviation, U uncontrolled (never pooled), N null or negative,
        prior: a review or meta-analysis, a prior and never pooled with its own trials
    null : no difference from control on the main outcome
    against_sham : compared with sham light, on other people or on the other limb
    reanalysis : a second look at people whom another row has counted
    funding : "maker" where the maker of the lamp paid or wrote it, else empty: not known
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    condition: str
    design: Annotated[str, MinLen(1)]
    # None rather than 0 where a paper does not say: nobody treated is something else than nobody counted.
    n_active: Annotated[int, Ge(0)] | None = None
    n_control: Annotated[int, Ge(0)] | None = None
    n_total: Annotated[int, Ge(0)] | None = None
    wavelength_nm: str = ""
    dose: str = ""
    schedule: str = ""
    result: Annotated[str, MinLen(1)]
    use: Use
    null: bool = False
    against_sham: bool = False
    reanalysis: bool = False
    funding: str = ""
    source: Annotated[str, MinLen(1)]
    verified: bool = False

    @property
    def people(self) -> int | None:
        """People in all; None where the paper does not say."""
        if self.n_total is not None:
            return self.n_total
        arms = [count for count in (self.n_active, self.n_control) if count is not None]
        return sum(arms) if arms else None


trials: Table[Trial] = Table("trial", rows_of_csv("trials/trials.csv", Trial))


def trials_of(condition: str) -> tuple[Trial, ...]:
    """The trials of one condition id, in the order of the table (nulls are rows like any other)."""
    return tuple(row for row in trials if row.condition == condition)
