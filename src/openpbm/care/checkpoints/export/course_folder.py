"""The course as the files of a course folder (docs/course-folder.md), each cell as the command line reads it."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from openpbm.course.lines import FILES
from openpbm.course.records import RecordedScore

__all__ = ["csv_file", "table_of", "tables_of"]

Table = tuple[tuple[str, ...], list[list[str]]]


def tables_of(lines: Mapping[str, Sequence[Any]]) -> dict[str, Table]:
    """Name of the file to its heading and rows; a file that may be absent is left out where it would be empty."""
    return {FILES[name].name: table_of(name, nouns) for name, nouns in lines.items() if nouns or FILES[name].wanted}


def table_of(name: str, nouns: Sequence[Any]) -> Table:
    """Heading and rows of one file; further columns stand there where something was written under them."""
    kind = FILES[name]
    rows = [_cells(noun) for noun in nouns]
    columns = (*kind.columns, *(column for column in kind.also if any(row.get(column) for row in rows)))
    return columns, [[row.get(column, "") for column in columns] for row in rows]


def csv_file(table: Table) -> str:
    """The table as a CSV file, every cell exactly as it stands."""
    room = io.StringIO()
    writer = csv.writer(room, lineterminator="\n")
    writer.writerow(table[0])
    writer.writerows(table[1])
    return room.getvalue()


def _cells(noun: Any) -> dict[str, str]:
    cells = {field.name: _cell(getattr(noun, field.name)) for field in dataclasses.fields(noun)}
    if isinstance(noun, RecordedScore):
        cells["items_json"] = ""
        if noun.items is not None:
            cells["items_json"] = json.dumps(dict(noun.items), sort_keys=True)
    return cells


def _cell(value: Any) -> str:
    """Unknown is blank; a whole number has no point; a text stands on one line without what nobody can print."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        # The shortest text that reads back as the same number.
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None).isoformat(timespec="seconds")
    if isinstance(value, dt.time):
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    if isinstance(value, str):
        printable = (letter if letter.isprintable() else " " for letter in value)
        return " ".join("".join(printable).split())
    return str(value)
