"""A column that may stand in a CSV file, and the headings and units it goes by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from openpbm.errors import Problem, quote
from openpbm.files.suggest import suggest

__all__ = ["Column", "find_column"]

# By the unit at the end of a column's name: the unit our numbers are kept in, and what a heading may name instead.
_UNITS: dict[str, tuple[str, ...]] = {
    "mw_cm2": ("mW/cm2", "W/cm2", "W/m2"),
    "j_cm2": ("J/cm2", "J/m2"),
    "mw": ("mW", "W"),
    "mm": ("mm", "cm", "m", "in"),
    "cm": ("cm", "mm", "m", "in"),
    "nm": ("nm", "um"),
    "percent": ("%",),
    "minutes": ("minutes", "hours", "seconds"),
    "seconds": ("seconds", "minutes"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column by its name, whose end is the unit its numbers are kept in.

    aliases : other headings it goes by; where the column has a unit each names one beside it
    number : whether its cells are numbers, where its name ends in no unit
    any_unit : whether the unit does not matter, as for numbers that are scaled by their highest
    implied_unit : the unit of a heading that names none, where whoever printed the form fixed it
    """

    name: str
    needed: bool = False
    aliases: tuple[str, ...] = ()
    number: bool = False
    any_unit: bool = False
    implied_unit: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        """Our unit, and the others a heading mostly names; empty for a column without dimension."""
        if self.implied_unit:
            return (self.implied_unit,)
        return next((units for end, units in _UNITS.items() if f"_{self.name}".endswith(f"_{end}")), ())

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers."""
        return self.number or self.any_unit or bool(self.units)

    @property
    def bare(self) -> str:
        """The name without the unit at its end."""
        return next((self.name.removesuffix(f"_{end}") for end in _UNITS if self.name.endswith(f"_{end}")), self.name)

    def factor_of(self, unit: str) -> float | None:
        """What a number under a heading that names this unit is multiplied by; None where it cannot be this column's.

        >>> Column(name="distance_mm").factor_of("cm")
        10.0
        """
        if self.any_unit:
            return 1.0
        if not self.units:
            return None
        # Most tables name their units in full: the grammar is loaded for the others.
        from openpbm.files.units import unit_factor

        return unit_factor(unit, self.units[0])


def find_column(
    heading: str, columns: Sequence[Column], name_of: Callable[[str], str] | None = None
) -> tuple[Column, float] | Problem | None:
    """The column a heading stands for and the factor of its unit.

    name_of : the name of the column that a heading stands for, where headings are free
    A problem where it stands for no column, or for one with a dimension whose unit it does not name; None where blank.
    """
    if not heading.strip():
        return None
    if name_of is not None:
        return _freely_named(heading, columns, name_of)
    bracketed = re.fullmatch(r"(.*?)\s*[\[(](.*)[\])]\s*", heading.strip(), flags=re.DOTALL)
    exact = next((column for column in columns if _plain(column.name) == _plain(heading)), None)
    if exact is not None and bracketed is None:
        return exact, 1.0
    if bracketed is not None and (named := _named(bracketed[1], columns)) is not None:
        return _with_unit(named, heading, bracketed[2])
    if (bare := _named(heading, columns)) is not None:
        return _without_unit(bare, heading)
    return _unit_behind(heading, columns) or _unknown(heading, columns)


def _freely_named(
    heading: str, columns: Sequence[Column], name_of: Callable[[str], str]
) -> tuple[Column, float] | Problem:
    column = next((column for column in columns if column.name == name_of(heading)), None)
    if column is None:
        return _unknown(heading, columns)
    unit = re.search(r"[\[(,/]\s*([^\])]*)[\])]?\s*$", heading)
    if unit is None or not column.implied_unit:
        return column, 1.0
    # What stands behind the name may be a word: "Done (yes, no or minutes)".
    if column.factor_of(unit[1]) is None and re.search(r"[\s,]", unit[1].strip()):
        return column, 1.0
    return _with_unit(column, heading, unit[1])


def _named(name: str, columns: Sequence[Column]) -> Column | None:
    plain = _plain(name)
    return next((c for c in columns if plain in map(_plain, (c.name, c.bare, *c.aliases))), None)


def _without_unit(column: Column, heading: str) -> tuple[Column, float] | Problem:
    if not column.units or column.any_unit:
        return column, 1.0
    names = " or ".join(f'"{heading.strip()} ({unit})"' for unit in column.units[:3])
    return Problem(key=column.name, value=heading, message="the heading names no unit", remedy=f"write {names}")


def _unit_behind(heading: str, columns: Sequence[Column]) -> tuple[Column, float] | None:
    """A heading that ends in its unit without brackets: "Irradiance, W/m2", "distance cm", "irradiance_w_m2"."""
    for cut in reversed([found.start() for found in re.finditer(r"[\s_,/:]+", heading.strip())]):
        name, unit = heading.strip()[:cut], heading.strip()[cut:].lstrip(" _,/:\t\n")
        column = _named(name, columns)
        factor = None if column is None else column.factor_of(unit)
        if column is not None and factor is not None:
            return column, factor
    return None


def _with_unit(column: Column, heading: str, written: str) -> tuple[Column, float] | Problem:
    if not column.units and not column.any_unit:
        return Problem(key=column.name, value=heading, message="this unit is not known", remedy="leave the unit out")
    factor = column.factor_of(written)
    if factor is not None:
        return column, factor
    use = f"use {', '.join(column.units)}"
    return Problem(key=column.name, value=heading, message="this unit is not known", remedy=use)


def _unknown(heading: str, columns: Iterable[Column]) -> Problem:
    names = [column.name for column in columns]
    return Problem(
        key=quote(heading.strip()), message="not a known column", remedy=suggest(heading.strip().lower(), names)
    )


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKD", name).lower().replace("\u00b5", "u").replace("\u03bc", "u")
    return re.sub(r"[^a-z0-9%/]+", " ", text).strip()
