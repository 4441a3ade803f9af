"""A column that may stand in a CSV file, and the headings and units it goes by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpbm.errors import Problem, quote
from openpbm.files.suggest import suggest

__all__ = ["Column", "find_column"]

# By the unit at the end of a column's name: the units a heading may name instead, and their factor on ours.
_UNITS: dict[str, Mapping[str, float]] = {
    "mw_cm2": {"mW/cm2": 1.0, "W/cm2": 1000.0, "W/m2": 0.1, "mW/mm2": 100.0},
    "mm": {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4},
    "nm": {"nm": 1.0, "um": 1000.0},
    "percent": {"%": 1.0, "percent": 1.0},
    "minutes": {"minutes": 1.0, "min": 1.0, "hours": 60.0, "h": 60.0},
    "seconds": {"seconds": 1.0, "s": 1.0, "minutes": 60.0, "min": 60.0},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column by its name, whose end is the unit its numbers are kept in.

    aliases : other headings it goes by
    units : what a heading may name as its unit, beside those known for the end of the name, with the factor on ours
    """

    name: str
    needed: bool = False
    aliases: tuple[str, ...] = ()
    units: Mapping[str, float] | None = None

    def known_units(self) -> Mapping[str, float]:
        """Every unit a heading may name, with its factor on ours."""
        if self.units is not None:
            return self.units
        return next((units for end, units in _UNITS.items() if f"_{self.name}".endswith(f"_{end}")), {})

    def headings(self) -> dict[str, float]:
        """Every heading of the column in plain letters, with the factor of the unit it names."""
        units = self.known_units()
        named = {_plain(f"{name} {unit}"): units[unit] for name in (self.bare, *self.aliases) for unit in units}
        # Without its unit a bare name is no heading: "sleep" may be in hours. An alias was chosen for its column.
        return named | {_plain(name): 1.0 for name in (self.name, *self.aliases)}

    @property
    def bare(self) -> str:
        """The name without the unit at its end."""
        return next((self.name.removesuffix(f"_{end}") for end in _UNITS if self.name.endswith(f"_{end}")), self.name)


def find_column(
    heading: str, columns: Sequence[Column], name_of: Callable[[str], str] | None = None
) -> tuple[Column, float] | Problem | None:
    """The column a heading stands for and the factor of its unit.

    name_of : the name of the column that a heading stands for, where headings are free
    A problem where it stands for no column, None where it is blank.
    """
    if not heading.strip():
        return None
    if name_of is not None:
        column = next((column for column in columns if column.name == name_of(heading)), None)
        return _unknown(heading, columns) if column is None else (column, 1.0)
    bracketed = re.fullmatch(r"(.*?)\s*[\[(](.*)[\])]\s*", heading.strip(), flags=re.DOTALL)
    if bracketed is not None:
        name = _plain(bracketed[1])
        named = next((c for c in columns if name in map(_plain, (c.name, c.bare, *c.aliases))), None)
        return _unknown(heading, columns) if named is None else _with_unit(named, heading, bracketed[2])
    name = _plain(heading)
    return next(((c, c.headings()[name]) for c in columns if name in c.headings()), _unknown(heading, columns))


def _with_unit(column: Column, heading: str, written: str) -> tuple[Column, float] | Problem:
    units = column.known_units()
    known = {_plain(unit): factor for unit, factor in units.items()}
    if _plain(written) in known:
        return column, known[_plain(written)]
    use = f"use {', '.join(units)}" if units else "leave the unit out"
    return Problem(key=column.name, value=heading, message="this unit is not known", remedy=use)


def _unknown(heading: str, columns: Iterable[Column]) -> Problem:
    names = [column.name for column in columns]
    return Problem(
        key=quote(heading.strip()), message="not a known column", remedy=suggest(heading.strip().lower(), names)
    )


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKD", name).lower().replace("µ", "u").replace("μ", "u")
    return re.sub(r"[^a-z0-9%/]+", " ", text.replace("²", "2")).strip()
