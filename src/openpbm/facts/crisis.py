"""Help in a crisis: the text that stands beside anything about mood, and the crisis lines by country."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import MinLen

from openpbm.facts.table import read_toml

__all__ = ["CrisisLine", "crisis_lines", "crisis_message"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisLine:
    """A crisis line of one country (ISO 3166 code); its number is shown to nobody else."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    country: Annotated[str, MinLen(2)]
    country_name: Annotated[str, MinLen(2)]
    name: Annotated[str, MinLen(2)]
    number: Annotated[str, MinLen(2)]
    source: Annotated[str, MinLen(1)]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _CrisisText:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    message: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _CrisisFile:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    text: _CrisisText
    lines: tuple[CrisisLine, ...]


def crisis_message() -> str:
    """What is said at once beside anything about mood; it names no number, since nobody knows where the reader is."""
    return _crisis().text.message


def crisis_lines(country: str | None = None) -> tuple[CrisisLine, ...]:
    """The crisis lines of one country by its ISO 3166 code; none when the country is unknown or not listed."""
    # No country, no number: a wrong number is worse in a crisis than none.
    wanted = (country or "").strip().upper()
    return tuple(line for line in _crisis().lines if line.country == wanted)


@functools.cache
def _crisis() -> _CrisisFile:
    return read_toml("outcomes/crisis.toml", _CrisisFile)
