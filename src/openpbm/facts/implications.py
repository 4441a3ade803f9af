"""What a diagnosis says about findings: nobody has nerve damage from chemotherapy and never had a cancer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import MinLen

from openpbm.facts.conditions import conditions
from openpbm.facts.table import Table, rows_of_toml

__all__ = ["PREGNANT", "Implication", "implications", "implied_by"]

#: stands among the findings for `person.pregnant`, which has a key of its own
PREGNANT = "pregnant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Implication:
    """One finding that a diagnosis, or the yes to another finding, speaks of. One of `diagnosis`, `answered` is set.

    no : whether the answer no contradicts it, or can stand beside it
    silence : what it means when nobody answered: yes, since the diagnosis has answered, or a question to be asked
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    diagnosis: str | None = None
    answered: str | None = None
    finding: str
    no: Literal["contradiction", "possible"]
    silence: Literal["yes", "ask"]
    source: Annotated[str, MinLen(1)]
    verified: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if (self.diagnosis is None) == (self.answered is None):
            raise ValueError(f"{self.id}: set one of diagnosis and answered")


implications: Table[Implication] = Table(
    "implication", rows_of_toml("safety/implications.toml", "implications", Implication)
)


def implied_by(
    diagnosis: str | None, programme: str | None = None, findings: Mapping[str, object] | None = None
) -> tuple[Implication, ...]:
    """The rows that hold for a complaint and for the findings answered with yes.

    programme : counts where no diagnosis is named, with what all of its diagnoses have in common

    >>> [row.finding for row in implied_by("rls_ckd")]
    ['chronic_kidney_disease', 'dialysis']
    >>> [row.finding for row in implied_by(None, "neuropathy")]
    ['neuropathy_known']
    """
    if diagnosis is not None:
        found = _of_diagnosis(diagnosis)
    else:
        found = _shared([_of_diagnosis(row.id) for row in conditions if row.programme == programme])
    answered = {code for code, answer in (findings or {}).items() if answer is True}
    return (*found, *(row for row in implications if row.answered in answered))


def _of_diagnosis(diagnosis: str) -> tuple[Implication, ...]:
    return tuple(row for row in implications if row.diagnosis == diagnosis)


def _shared(each: Iterable[tuple[Implication, ...]]) -> tuple[Implication, ...]:
    """The rows of the first diagnosis whose finding every other diagnosis implies too."""
    first, *others = list(each) or [()]
    return tuple(row for row in first if all(row.finding in {other.finding for other in rows} for rows in others))
