"""What a symptom feels like and where, in the words people use: one code each, red flags among them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import MinLen

from openpbm.errors import FactsError
from openpbm.facts.alias_table import plain, rows_by_alias
from openpbm.facts.conditions import Programme
from openpbm.facts.rules import Rule, rules
from openpbm.facts.table import Table, read_list, rows_of_toml

__all__ = ["NONE", "BodyArea", "Sensation", "body_areas", "sensation_of", "sensations"]

#: Written where somebody was asked and felt nothing: a blank is unknown.
NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensation:
    """One sensation.

    plain_name : as it is shown to tap on
    programmes : where it stands among the first; empty: for everybody
    finding : the red flag of the screening that it is, None where it is none
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Annotated[str, MinLen(1)]
    plain_name: Annotated[str, MinLen(1)]
    aliases: tuple[str, ...] = ()
    programmes: tuple[Programme, ...] = ()
    finding: str | None = None
    source: Annotated[str, MinLen(1)]
    verified: bool

    @property
    def rule(self) -> Rule | None:
        """The red flag that it is."""
        return None if self.finding is None else rules[self.finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyArea:
    """A part of the body to tap on, and the places of the body map in it on that side."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Annotated[str, MinLen(1)]
    plain_name: Annotated[str, MinLen(1)]
    side: Literal["left", "right", "both"]
    sites: tuple[str, ...]
    source: Annotated[str, MinLen(1)]
    verified: bool


def _read() -> tuple[Sensation, ...]:
    found = read_list("outcomes/sensations.toml", "sensations", Sensation)
    for row in found:
        if row.finding is not None and (row.finding not in rules or rules[row.finding].level != "red_flag"):
            raise FactsError(f"facts/data/outcomes/sensations.toml: {row.id}: no red flag {row.finding!r}")
    return found


# In the order shown.
sensations: Table[Sensation] = Table("sensation", _read)
body_areas: Table[BodyArea] = Table("body area", rows_of_toml("outcomes/body_areas.toml", "areas", BodyArea))


def sensation_of(word: str) -> Sensation | None:
    """The sensation of that id, name or alias; None when it is not listed.

    >>> sensation_of("Pins and needles").id, sensation_of("bliss")
    ('tingling', None)
    """
    return _words().get(plain(word))


@functools.cache
def _words() -> dict[str, Sensation]:
    return rows_by_alias(sensations, ("id", "plain_name"), "sensations.toml")
