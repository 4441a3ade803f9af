"""The one loader of shipped tables: TOML and CSV rows checked against their row classes."""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import tomllib
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, cast

from openpbm.errors import FactsError

__all__ = ["digest", "names", "read_csv", "read_toml"]

Row = TypeVar("Row")


def _data() -> Traversable:
    return resources.files("openpbm.facts") / "data"


def names(folder: str, suffix: str) -> tuple[str, ...]:
    """Names of the files in one data folder with that suffix, sorted, as `folder/name.suffix`."""
    # Sorted, because the order of a folder differs between file systems, and tables are shown in the order read.
    found = (entry.name for entry in _data().joinpath(folder).iterdir() if entry.name.endswith(suffix))
    return tuple(f"{folder}/{name}" for name in sorted(found))


def read_toml(name: str, row: type[Row]) -> Row:
    """One TOML file as one instance of `row`; unknown keys and out-of-range values raise FactsError."""
    with _data().joinpath(name).open("rb") as handle:
        return _check(name, tomllib.load(handle), row)


def read_csv(name: str, row: type[Row]) -> tuple[Row, ...]:
    """Every line of a CSV file as an instance of `row`; an empty cell is left to the row's default."""
    text = _data().joinpath(name).read_text(encoding="utf-8")
    # An empty cell is dropped rather than read as None: the row's own default is what "not given" means there.
    lines = [{key: cell for key, cell in line.items() if cell != ""} for line in csv.DictReader(io.StringIO(text))]
    return tuple(_check(f"{name} line {number}", line, row) for number, line in enumerate(lines, start=2))


def _check(where: str, content: Any, row: type[Row]) -> Row:
    # pydantic costs a tenth of a second, which `openpbm --help` must not pay.
    from pydantic import ValidationError

    try:
        return cast(Row, _adapter(cast(Any, row)).validate_python(content))
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise FactsError(f"facts/data/{where}: {problems}") from error


@functools.cache
def _adapter(row: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(row)


@functools.cache
def digest() -> str:
    """SHA-256 over every shipped table, so that a plan names the facts it was made from."""
    # A zero byte after name and content: otherwise moving a letter from one file to the next would not show.
    total = hashlib.sha256()
    for path, content in sorted(_walk(_data(), "")):
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
