"""The shipped tables: TOML and CSV rows checked against their row classes, and each row found by its id."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from types import GenericAlias
from typing import Any, Generic, Protocol, TypeVar, cast

from openpbm.errors import BadInput, FactsError, OpenPBMError, Problem
from openpbm.files import adapter, csv_rows, decode_utf8, suggest, toml_section

__all__ = [
    "NumberTable",
    "Table",
    "digest",
    "has_table",
    "names",
    "read_bytes_of",
    "read_columns",
    "read_csv",
    "read_list",
    "read_toml",
    "rows_of_csv",
    "rows_of_files",
    "rows_of_toml",
]

Row = TypeVar("Row")


class _HasValue(Protocol):
    @property
    def value(self) -> float: ...


Number = TypeVar("Number", bound=_HasValue)
Read = Callable[[], Iterable[Row]]

_REMEDY = "correct the table"


@dataclass(frozen=True, eq=False, repr=False)
class Table(Generic[Row]):
    """Rows of one kind, read and checked at first use.

    noun : what one row is, for messages
    read : gives the rows, `rows_of_toml` and its like; FactsError when a shipped one breaks its shape
    key : the field a row is found by
    unknown : the error for an id that is not there: BadInput where people type ids, FactsError where our code does

    >>> from openpbm.facts.sites import sites
    >>> sites["foot_sole"].id, sites.ids[:2], "elbow" in sites
    ('foot_sole', ('abdominal_wall', 'anterior_calf'), False)
    >>> sites["foot_sol"]
    Traceback (most recent call last):
    openpbm.errors.BadInput: site = "foot_sol": unknown; did you mean foot_sole, foot_dorsum or toes?
    """

    noun: str
    read: Read[Row]
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


class NumberTable(Table[Number]):
    """A table whose rows are numbers, each in the unit its row names.

    >>> from openpbm.facts.delivery import tolerances
    >>> tolerances.value("sessions_a_day")
    1.0
    """

    def value(self, id: str) -> float:
        """The number of one row."""
        return self[id].value


def rows_of_files(folder: str, row: type[Row]) -> Read[Row]:
    """What reads one row from each TOML file of a folder, in the order of the file names."""
    return lambda: tuple(read_toml(name, row) for name in names(folder, ".toml"))


def rows_of_toml(name: str, key: str, row: type[Row]) -> Read[Row]:
    """What reads the one list of a TOML file, under `key`."""
    return functools.partial(read_list, name, key, row)


def rows_of_csv(name: str, row: type[Row]) -> Read[Row]:
    """What reads every line of a CSV file as one row."""
    return functools.partial(read_csv, name, row)


def _data() -> Traversable:
    return resources.files("openpbm.facts") / "data"


def names(folder: str, suffix: str) -> tuple[str, ...]:
    """Names of the files in one data folder with that suffix, sorted, as `folder/name.suffix`."""
    # Sorted, because the order of a folder differs between file systems, and tables are shown in the order read.
    found = (entry.name for entry in _data().joinpath(folder).iterdir() if entry.name.endswith(suffix))
    return tuple(f"{folder}/{name}" for name in sorted(found))


def has_table(name: str) -> bool:
    """Whether a data file of that name ships."""
    return _data().joinpath(name).is_file()


def read_bytes_of(name: str) -> bytes:
    """A data file as it is."""
    return _data().joinpath(name).read_bytes()


def read_toml(name: str, row: type[Row]) -> Row:
    """One TOML file as one instance of `row`; unknown keys and out-of-range values raise FactsError."""
    content = _data().joinpath(name).read_bytes()
    try:
        section = toml_section(decode_utf8(content, name), name, remedy=_REMEDY)
    except BadInput as error:
        raise _our_mistake(error) from error
    return _check(name, section, row)


def read_list(name: str, key: str, row: type[Row]) -> tuple[Row, ...]:
    """The rows of a TOML file that holds nothing but one list of them under `key`."""
    lists: Any = GenericAlias(dict, (str, GenericAlias(tuple, (row, ...))))
    found = read_toml(name, lists)
    if found.keys() != {key}:
        raise FactsError(f"facts/data/{name}: holds {', '.join(found)}; it must hold [[{key}]] alone")
    return cast("tuple[Row, ...]", found[key])


def read_columns(name: str) -> dict[str, tuple[str, ...]]:
    """The columns of a CSV file as they are written, for a table of numbers that no row class describes."""
    (_, columns), *lines = _lines(name)
    for number, cells in lines:
        _given(f"{name} line {number}", columns, cells)
    return dict(zip(columns, zip(*(cells for _, cells in lines), strict=True), strict=True))


def _lines(name: str) -> list[tuple[int, list[str]]]:
    try:
        return list(csv_rows(_data().joinpath(name).read_bytes(), name).rows)
    except BadInput as error:
        raise _our_mistake(error) from error


def read_csv(name: str, row: type[Row]) -> tuple[Row, ...]:
    """Every line of a CSV file as an instance of `row`; an empty cell is left to the row's default."""
    (_, columns), *lines = _lines(name)
    places = [f"{name} line {number}" for number, _ in lines]
    return tuple(_check(at, _given(at, columns, cells), row) for at, (_, cells) in zip(places, lines, strict=True))


def _given(where: str, columns: list[str], cells: list[str]) -> dict[str, str]:
    """The cells of one line that are not empty, by their column."""
    if len(cells) != len(columns):
        raise FactsError(f"facts/data/{where}: {len(cells)} cells under {len(columns)} columns; {_REMEDY}")
    # An empty cell is dropped rather than read as None: the row's own default is what "not given" means there.
    return {column: cell for column, cell in zip(columns, cells, strict=True) if cell != ""}


def _our_mistake(error: BadInput) -> FactsError:
    """What the readers of anybody's file found wrong with a file that we ship."""
    return FactsError("; ".join(f"facts/data/{problem}" for problem in error.problems))


def _check(where: str, content: Any, row: type[Row]) -> Row:
    # pydantic costs a tenth of a second, which `openpbm --help` must not pay.
    from pydantic import ValidationError

    try:
        return adapter(row).validate_python(content)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise FactsError(f"facts/data/{where}: {problems}") from error


@functools.cache
def digest(*folders: str) -> str:
    """SHA-256 over every shipped table, or those of some folders, so that a plan names the facts it was made from."""
    # A zero byte after name and content: otherwise moving a letter from one file to the next would not show.
    total = hashlib.sha256()
    roots = [(_data().joinpath(folder), f"/{folder}") for folder in folders] or [(_data(), "")]
    for path, content in sorted(found for root, prefix in roots for found in _walk(root, prefix)):
        total.update(path.encode() + b"\0" + content + b"\0")
    return total.hexdigest()


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        path = f"{prefix}/{entry.name}"
        if entry.is_dir():
            found.extend(_walk(entry, path))
        elif path.endswith((".toml", ".csv")):
            found.append((path, entry.read_bytes()))
    return found
