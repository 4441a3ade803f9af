"""Trials of light, the null ones included: what was given to whom, what came of it; and searches that found none."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, MinLen

from openpbm.facts.table import Table, rows_of_csv

__all__ = ["Search", "Trial", "Use", "searches_about", "studies_in_words", "trials", "trials_of"]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One search that found no trial.

    about : id of a condition, or a part of the body
    string, corpus, date : what was searched for, in what, and when
    nearest : what came nearest
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    about: Annotated[str, MinLen(1)]
    string: Annotated[str, MinLen(1)]
    corpus: Annotated[str, MinLen(1)]
    date: dt.date
    nearest: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool = False

    @property
    def text(self) -> str:
        """The search in a sentence."""
        when = f"{self.date:%-d %B %Y}"
        return f"Searched on {when} in {self.corpus} for “{self.string}”; nearest: {self.nearest}."


@functools.cache
def _searches() -> tuple[Search, ...]:
    return tuple(rows_of_csv("trials/searches.csv", Search)())


def searches_about(about: str) -> tuple[Search, ...]:
    """The searches that found no trial of a condition or of a part of the body."""
    return tuple(row for row in _searches() if row.about == about)


def studies_in_words(condition: str, plain_name: str) -> str:
    """What the table holds about a condition, in a sentence made from its rows.

    >>> studies_in_words("post_stroke_pain", "pain after a stroke")
    'No trial of this light was found for pain after a stroke.'
    """
    rows = trials_of(condition)
    if not rows:
        return f"No trial of this light was found for {plain_name}."
    studies = [row for row in rows if row.use != "prior"]
    sham = sum(row.against_sham for row in studies)
    null = sum(row.null for row in studies)
    reviews = len(rows) - len(studies)
    counted = f"{_count(len(studies), 'study', 'studies')} of this light {_was(len(studies))} found for {plain_name}"
    also = f", and {_count(reviews, 'review', 'reviews')}" if reviews else ""
    return f"{counted}{also}: {sham} against sham light, {null} without advantage."


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
