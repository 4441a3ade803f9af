"""Studies of light, the null ones included: what was given to whom, what came of it; and searches that found none."""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
from dataclasses import dataclass
from typing import Annotated, ClassVar, TypeVar

from annotated_types import Ge, MinLen

from openpbm.facts.study_rows import Arm, Bias, Dose, Outcome, OutcomeName, Study
from openpbm.facts.table import Read, Table, digest, read_bytes_of, rows_of_csv

__all__ = [
    "EVIDENCE_ONLY",
    "FOLDER_VARIABLE",
    "EvidenceStatement",
    "Search",
    "against_sham",
    "arms",
    "bias",
    "doses",
    "is_pooled_kind",
    "kept_statement",
    "outcome_names",
    "outcomes",
    "people_in",
    "rows_digest",
    "searches",
    "searches_about",
    "studies",
    "studies_in_words",
    "studies_of",
    "wavelength_in_words",
]

#: What studies may be about without a condition file of its own: no plan is made for it. Low back pain is not spasm.
EVIDENCE_ONLY = {"low_back_pain": "muscle_spasm", "background": ""}

#: A reader's own studies lie in the folder that this variable of the environment names.
FOLDER_VARIABLE = "OPENPBM_EVIDENCE"

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One search for studies.

    about : id of a condition, or a part of the body
    string, corpus, date : what was searched for, in what, and when
    hits, kept : results read, and those of them that became rows; None: not counted
    nearest : what came nearest, where nothing was kept
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    about: Annotated[str, MinLen(1)]
    string: Annotated[str, MinLen(1)]
    corpus: Annotated[str, MinLen(1)]
    date: dt.date
    hits: Annotated[int, Ge(0)] | None = None
    kept: Annotated[int, Ge(0)] = 0
    nearest: str = ""
    source: Annotated[str, MinLen(1)]
    verified: bool = False

    @property
    def text(self) -> str:
        """The search in a sentence."""
        found = f"nearest: {self.nearest}"
        if self.kept:
            found = f"{self.kept} of {self.hits} results kept"
        return f"Searched on {self.date:%-d %B %Y} in {self.corpus} for “{self.string}”; {found}."


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceStatement:
    """What a plan, a page and a document say of the evidence on a condition; `openpbm.evidence.synthesis` makes it.

    certainty : "high" to "very low", or "none" where no study was found
    text : the statement whole, the certainty not in it
    pooled : the sentence on the pool, or why there is none
    no_trial : no study of light was found
    """

    condition: str
    certainty: str
    text: str
    pooled: str
    no_trial: bool


studies: Table[Study] = Table("study", rows_of_csv("evidence/studies.csv", Study))
outcome_names: Table[OutcomeName] = Table("outcome", rows_of_csv("evidence/outcome_names.csv", OutcomeName))

# Each read once a process, at first use; a plan asks for studies, arms and doses alone.
arms: Read[Arm] = functools.cache(rows_of_csv("evidence/arms.csv", Arm))
doses: Read[Dose] = functools.cache(rows_of_csv("evidence/doses.csv", Dose))
outcomes: Read[Outcome] = functools.cache(rows_of_csv("evidence/outcomes.csv", Outcome))
bias: Read[Bias] = functools.cache(rows_of_csv("evidence/bias.csv", Bias))
searches: Read[Search] = functools.cache(rows_of_csv("evidence/searches.csv", Search))


def kept_statement(condition: str) -> EvidenceStatement | None:
    """The statement that was kept beside the rows, so that a plan pools nothing.

    None: the rows have changed since, or the reader has a folder of own studies, and it must be made again.
    """
    return None if os.environ.get(FOLDER_VARIABLE) else _kept(rows_digest()).get(condition)


def rows_digest() -> str:
    """Which rows a statement was made from. Advice of the conditions is not in it: a test holds it to what is kept."""
    return digest("evidence")


@functools.cache
def _kept(rows: str) -> dict[str, EvidenceStatement]:
    content = json.loads(read_bytes_of("evidence/statements.json"))
    if content["rows"] != rows:
        return {}
    return {row["condition"]: EvidenceStatement(**row) for row in content["statements"]}


def studies_of(condition: str) -> tuple[Study, ...]:
    """The studies of one condition id, in the order of the table (nulls are rows like any other)."""
    return tuple(row for row in studies if row.condition == condition)


def people_in(study: Study) -> int | None:
    """People in all, as randomised or else as analysed; None where the text does not say."""
    if study.n_randomised is not None or study.n_analysed is not None:
        return study.n_analysed if study.n_randomised is None else study.n_randomised
    counts = [_people(arm) for arm in arms() if arm.study == study.id]
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _people(arm: Arm) -> int | None:
    if arm.unit != "people":
        return arm.people
    return arm.n_analysed if arm.n_randomised is None else arm.n_randomised


def against_sham(study: Study) -> bool:
    """Compared with sham light, on other people or on the other limb."""
    return any(arm.study == study.id and arm.role == "sham" for arm in arms())


def is_pooled_kind(study: Study) -> bool:
    """Whether it is a study with a control that counts people of its own, whatever else speaks against pooling it."""
    return study.kind in ("randomised", "crossover", "controlled")


def wavelength_in_words(study: Study) -> str:
    """What the text prints of the wavelengths of its arms [nm], in words; empty where it prints none."""
    printed = [
        f"{dose.wavelength_nm} ({dose.wavelength_note})" if dose.wavelength_note else dose.wavelength_nm
        for dose in doses()
        if dose.study == study.id and dose.wavelength_nm
    ]
    return "; ".join(dict.fromkeys(printed))


def searches_about(about: str) -> tuple[Search, ...]:
    """The searches that found no study of a condition or of a part of the body."""
    return tuple(row for row in searches() if row.about == about and not row.kept)


def studies_in_words(condition: str, plain_name: str) -> str:
    """What the table holds about a condition, in a sentence made from its rows.

    >>> studies_in_words("post_stroke_pain", "pain after a stroke")
    'No trial of this light was found for pain after a stroke.'
    """
    rows = studies_of(condition)
    if not rows:
        return f"No trial of this light was found for {plain_name}."
    found = [row for row in rows if row.kind != "review"]
    sham = sum(against_sham(row) for row in found)
    null = sum(row.null for row in found)
    reviews = len(rows) - len(found)
    counted = f"{_count(len(found), 'study', 'studies')} of this light {_was(len(found))} found for {plain_name}"
    also = f", and {_count(reviews, 'review', 'reviews')}" if reviews else ""
    return f"{counted}{also}: {sham} against sham light, {null} without advantage."


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
