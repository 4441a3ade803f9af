"""Published numbers for other care than light, each with the card of Learn that shows it in words.

The cards take their figures from here: a text names a row in braces, so that no figure stands in two places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, MinLen

from openpbm.errors import FactsError
from openpbm.facts.study_rows import ReadIn
from openpbm.facts.table import Table, rows_of_csv

__all__ = ["SummaryEffect", "filled", "summary_effects"]

Count = Annotated[int, Ge(0)] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryEffect:
    """A published number for another treatment. `card`: its comparator in Learn; `k`, `n`: trials, people."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Annotated[str, MinLen(1)]
    card: str = ""
    condition: Annotated[str, MinLen(1)]
    option: Annotated[str, MinLen(1)]
    versus: Annotated[str, MinLen(1)]
    about: Literal["benefit", "harm"]
    outcome: Annotated[str, MinLen(1)]
    measure: Literal["difference", "risk ratio", "change by arm", "percent by arm", "smd", "nnt", "nnh"]
    value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    treated: float | None = None
    control: float | None = None
    unit: str = ""
    weeks: Annotated[float, Gt(0)] | None = None
    k: Count = None
    n: Count = None
    source: Annotated[str, MinLen(1)]
    read_in: ReadIn
    verified: bool = False
    note: str = ""

    @property
    def size(self) -> float:
        """How far the value lies from no difference, without its sign."""
        return abs(self.value or 0.0)

    @property
    def least(self) -> float:
        """The end of the interval that is nearer to none, without its sign where it lies on the same side."""
        low, high = self.ci_low or 0.0, self.ci_high or 0.0
        return min(abs(low), abs(high)) if low * high > 0.0 else high

    @property
    def most(self) -> float:
        """The end of the interval that is further from none, without its sign."""
        return max(abs(self.ci_low or 0.0), abs(self.ci_high or 0.0))

    @property
    def fall(self) -> float:
        """By how much the score fell in the treated, or the share of them, without a sign."""
        return abs(self.treated or 0.0)

    @property
    def control_fall(self) -> float:
        """The same in the control arm."""
        return abs(self.control or 0.0)


summary_effects: Table[SummaryEffect] = Table("number", rows_of_csv("evidence/comparators.csv", SummaryEffect))


def filled(text: str) -> str:
    """A text with the figures it names: "{iron_irls.size:.1f} points".

    >>> filled("{iron_irls.size:.2f} ({iron_irls.least:.2f} to {iron_irls.most:.2f})")
    '3.78 (1.31 to 6.25)'
    """
    if "{" not in text:
        return text
    known = {row.id: row for row in summary_effects}
    # A name nobody fills would be printed in braces to a patient; it stops the test instead.
    try:
        return text.format_map(known)
    except (KeyError, AttributeError, ValueError) as fault:
        raise FactsError(f"facts/data/evidence/comparators.csv: no row gives {fault} to {text!r}") from fault
