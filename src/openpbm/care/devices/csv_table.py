"""CSV files as meters and spreadsheets write them: encodings, delimiters, decimal commas, units in the header.

A file is taken whole or not at all; what is wrong is said line by line.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from openpbm.care.documents.csv_export import unguarded
from openpbm.errors import BadInput

__all__ = ["LARGEST_BYTES", "MOST_ROWS", "CellFault", "Column", "Table", "read_table"]

LARGEST_BYTES = 1_000_000
MOST_ROWS = 5_000
_LONGEST_CELL = 400
_MOST_FAULTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFault:
    """What is wrong in one cell: its line (the header is 1), column, what stands there, and what would be right."""

    line: int
    column: str
    value: str
    limit: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.value or 'empty'}: {self.limit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that may stand in a file: its kind, the names it goes by, and units with their factor on ours."""

    name: str
    kind: str  # number, date or text
    aliases: tuple[str, ...]
    units: Mapping[str, float]
    needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows as (line, values by column name); None where a cell is empty. `faults` empty when every cell was read."""

    rows: tuple[tuple[int, dict[str, float | str | dt.date | None]], ...]
    faults: tuple[CellFault, ...]


def read_table(content: bytes, columns: tuple[Column, ...]) -> Table:
    """Read a CSV file; raises BadInput for a file that is no such table at all."""
    text = _decoded(content)
    delimiter = _delimiter(text)
    lines = _lines(text, delimiter)
    chosen, faults = _header(lines[0][1], columns)
    rows = []
    for line, cells in lines[1:]:
        # Even one empty cell too many: a decimal comma that was not meant would shift every number after it.
        if len(cells) > len(lines[0][1]):
            said = f"{len(cells)} cells"
            faults.append(
                _fault(line, "row", said, f"the header has {len(lines[0][1])}; is a decimal comma not quoted?")
            )
            continue
        values, wrong = _row(line, cells, chosen, decimal_comma=delimiter != ",")
        rows.append((line, values))
        faults.extend(wrong)
    if not rows and not faults:
        faults.append(_fault(2, "row", "", "the file has a header and no rows; add at least one"))
    return Table(rows=tuple(rows), faults=tuple(faults[:_MOST_FAULTS]))


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST_BYTES:
        raise BadInput(f"file: {len(content)} bytes; at most {LARGEST_BYTES}. Split it into several files")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise BadInput("file: not text in UTF-8, UTF-16 or Windows-1252; save it as CSV (UTF-8)")


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise BadInput("file: empty; give a header line and at least one row")
    return max((";", "\t", ","), key=first.count)


def _lines(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((reader.line_num, [unguarded(cell) for cell in cells]))
            if len(found) > MOST_ROWS + 1:
                raise BadInput(f"file: more than {MOST_ROWS} rows; split it into several files")
    except csv.Error as error:
        raise BadInput(f"file, line {reader.line_num}: cannot be read as CSV ({error}); save it anew") from error
    if not found:
        raise BadInput("file: holds no row, not even a header; save it anew as CSV")
    return found


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKD", name).lower().replace("µ", "u").replace("μ", "u")
    return re.sub(r"[^a-z0-9%/]+", " ", text.replace("²", "2")).strip()


def _header(cells: list[str], columns: tuple[Column, ...]) -> tuple[list[tuple[Column, float] | None], list[CellFault]]:
    """For each cell the column it is and the factor of its unit; None for an unnamed, empty column."""
    chosen: list[tuple[Column, float] | None] = []
    faults: list[CellFault] = []
    have: set[str] = set()
    for cell in cells:
        found, fault = _named(cell, columns)
        if found is not None and found[0].name in have:
            fault = _fault(1, found[0].name, cell, "this column is there twice; keep one")
            found = None
        have |= set() if found is None else {found[0].name}
        chosen.append(found)
        faults += [fault] if fault else []
    faults += [
        _fault(1, column.name, "", f"this column is missing; call it {column.name}")
        for column in columns
        if column.needed and column.name not in have and not faults
    ]
    return chosen, faults


def _named(cell: str, columns: tuple[Column, ...]) -> tuple[tuple[Column, float] | None, CellFault | None]:
    if not cell.strip():
        return None, None
    match = re.fullmatch(r"(.*?)\s*[\[(](.*)[\])]\s*", cell.strip(), flags=re.S)
    name, unit = (_plain(match[1]), _plain(match[2])) if match else (_plain(cell), None)
    for column in columns:
        names = {_plain(alias): factor for alias, factor in _names(column)}
        if name not in names:
            continue
        if unit is None:
            return (column, names[name]), None
        units = {_plain(known): factor for known, factor in column.units.items()}
        if unit not in units:
            known = ", ".join(column.units) or "none"
            return None, _fault(1, column.name, cell, f"this unit is not known; use {known}")
        return (column, units[unit]), None
    return None, _fault(1, cell, cell, f"not a known column; use {', '.join(column.name for column in columns)}")


def _names(column: Column) -> list[tuple[str, float]]:
    """Every name of a column, with and without its unit behind, and the factor the name implies."""
    plain = [(alias, 1.0) for alias in (column.name, *column.aliases)]
    with_unit = [(f"{alias} {unit}", factor) for alias in column.aliases for unit, factor in column.units.items()]
    return plain + with_unit


def _row(
    line: int, cells: list[str], chosen: list[tuple[Column, float] | None], *, decimal_comma: bool
) -> tuple[dict[str, float | str | dt.date | None], list[CellFault]]:
    values: dict[str, float | str | dt.date | None] = {}
    faults = []
    for place, found in enumerate(chosen):
        if found is None:
            continue
        column, factor = found
        cell = cells[place].strip() if place < len(cells) else ""
        try:
            values[column.name] = _value(cell, column, factor, decimal_comma=decimal_comma)
        except ValueError as error:
            faults.append(_fault(line, column.name, cell, str(error)))
    return values, faults


def _value(cell: str, column: Column, factor: float, *, decimal_comma: bool) -> float | str | dt.date | None:
    if not cell:
        if column.needed:
            raise ValueError("missing; fill it in")
        return None
    if len(cell) > _LONGEST_CELL:
        raise ValueError(f"{len(cell)} characters; at most {_LONGEST_CELL}")
    if column.kind == "number":
        return _number(cell, decimal_comma=decimal_comma) * factor
    return _date(cell) if column.kind == "date" else cell


def _number(cell: str, *, decimal_comma: bool) -> float:
    text = cell.replace("\u2212", "-").replace("\u00a0", "").replace(" ", "").removesuffix("%")
    if "," in text:
        if "." in text or text.count(",") > 1:
            raise ValueError("a point and a comma in one number; write it without a thousands sign")
        if not decimal_comma:
            raise ValueError("a comma in a number of a file with commas between cells; write a decimal point")
        text = text.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d{1,12}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,3})?", text):
        raise ValueError("not a number; write digits with a decimal point or comma")
    value = float(text)
    if not math.isfinite(value) or abs(value) > 1e12:
        raise ValueError("too large to be meant; at most 1e12")
    return value


def _date(cell: str) -> dt.date:
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})", cell)
    if match:
        year, month, day = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
        try:
            return dt.date(int(year), int(month), int(day))
        except ValueError:
            pass
    raise ValueError("not a date; write 2026-03-31 or 31.3.2026")


def _fault(line: int, column: str, value: str, limit: str) -> CellFault:
    return CellFault(line=line, column=column[:60], value=value[:60], limit=limit)
