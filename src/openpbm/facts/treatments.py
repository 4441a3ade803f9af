"""Treatments that may have been tried before light, in plain words."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import MinLen

from openpbm.facts.alias_table import plain, rows_by_alias
from openpbm.facts.conditions import Programme
from openpbm.facts.table import Table, rows_of_toml

__all__ = ["Treatment", "treatment_of", "treatments"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """One treatment.

    programmes : where it is asked about; empty: everywhere
    comparators : ids of its cards of what else there is
    watched : what a course watches it for
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Annotated[str, MinLen(1)]
    plain_name: Annotated[str, MinLen(1)]
    aliases: tuple[str, ...] = ()
    programmes: tuple[Programme, ...] = ()
    comparators: tuple[str, ...] = ()
    watched: Literal["dopamine", "opioid"] | None = None
    source: Annotated[str, MinLen(1)]
    verified: bool

    def asked_in(self, programme: str | None) -> bool:
        """Whether it is asked about in a programme; where that is not known, everything is."""
        return not self.programmes or programme is None or programme in self.programmes


# In the order asked.
treatments: Table[Treatment] = Table("treatment", rows_of_toml("outcomes/treatments.toml", "treatments", Treatment))


def treatment_of(word: str) -> Treatment | None:
    """The treatment of that id or alias; None when it is not listed.

    >>> treatment_of("Gabapentin").id
    'alpha_2_delta'
    """
    return _words().get(plain(word))


@functools.cache
def _words() -> dict[str, Treatment]:
    return rows_by_alias(treatments, ("id",), "treatments.toml")
