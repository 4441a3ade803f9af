"""A table of shipped facts: rows in the order of their file, and each row by its id."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import GenericAlias
from typing import Any, Generic, TypeVar, cast

from openpbm.errors import BadInput, FactsError, OpenPBMError, Problem
from openpbm.facts.load import names, read_csv, read_toml
from openpbm.files import suggest

__all__ = ["Table", "rows_of_csv", "rows_of_files", "rows_of_toml"]

Row = TypeVar("Row")


@dataclass(frozen=True, eq=False, repr=False)
class Table(Generic[Row]):
    """Rows of one kind, read and checked at first use.

    noun : what one row is, for messages
    read : gives the rows; FactsError when a shipped one breaks its shape
    key : the field a row is found by
    unknown : the error for an id that is not there: BadInput where people type ids, FactsError where our code does

    >>> from openpbm.facts.sites import sites
    >>> sites["foot_sole"].id, sites.ids[:2], "elbow" in sites
    ('foot_sole', ('foot_sole', 'lower_back'), False)
    >>> sites["foot_sol"]
    Traceback (most recent call last):
    openpbm.errors.BadInput: site = "foot_sol": unknown; did you mean foot_sole?
    """

    noun: str
    read: Callable[[], Iterable[Row]]
    key: str = "id"
    unknown: type[OpenPBMError] = BadInput

    def __iter__(self) -> Iterator[Row]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, id: object) -> bool:
        return id in self._by_id

    # Looked up by id, walked by row: a Mapping would walk its keys, and nearly every caller wants the rows.
    def __getitem__(self, id: str) -> Row:
        # A hand types "IRLS " for irls; ids differ by more than their case.
        for wanted in (id, id.strip().lower()):
            if wanted in self._by_id:
                return self._by_id[wanted]
        raise self.unknown(Problem(key=self.noun, value=id, message="unknown", remedy=suggest(id, self.ids)))

    def __repr__(self) -> str:
        return f"<{self.noun} table: {', '.join(self.ids)}>"

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id, in the order of the rows."""
        return tuple(self._by_id)

    def get(self, id: str) -> Row | None:
        """The row of that very id; None when there is none."""
        return self._by_id.get(id)

    # cached_property writes past `frozen`: the table never changes, it is only read late.
    @functools.cached_property
    def _by_id(self) -> dict[str, Row]:
        rows: dict[str, Row] = {}
        for row in self.read():
            id = str(getattr(row, self.key))
            if id in rows:
                raise FactsError(f"facts/data: {self.noun} {id!r} is given twice; keep one row")
            rows[id] = row
        return rows


def rows_of_files(folder: str, row: type[Row]) -> tuple[Row, ...]:
    """One row from each TOML file of a folder, in the order of the file names."""
    return tuple(read_toml(name, row) for name in names(folder, ".toml"))


def rows_of_toml(name: str, key: str, row: type[Row]) -> tuple[Row, ...]:
    """The rows of a TOML file that holds nothing but one list of them under `key`."""
    lists: Any = GenericAlias(dict, (str, GenericAlias(tuple, (row, ...))))
    found = read_toml(name, lists)
    if found.keys() != {key}:
        raise FactsError(f"facts/data/{name}: holds {', '.join(found)}; it must hold [[{key}]] alone")
    return cast("tuple[Row, ...]", found[key])


def rows_of_csv(name: str, row: type[Row]) -> tuple[Row, ...]:
    """Every line of a CSV file as one row."""
    return read_csv(name, row)
