"""One strict reader for every CSV file of a course folder: each fault says file, line, value, limit and way out."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from openpbm.faults import nearest, shown, unusable

__all__ = ["Line", "Table", "iso_date", "iso_time", "read_table", "read_text"]

_LARGEST_FILE_BYTES = 20_000_000
_EARLIEST, _LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
_YES_NO = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


def iso_date(text: str) -> dt.date | None:
    """The day written YYYY-MM-DD between 1900 and 2199, None for anything else.

    >>> iso_date("2026-12-01"), iso_date("1.12.2026")
    (datetime.date(2026, 12, 1), None)
    """
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if _EARLIEST <= day <= _LATEST else None


def iso_time(text: str) -> dt.time | None:
    """The time of day written H:MM, HH:MM or HH:MM:SS on a 24-hour clock, None for anything else.

    >>> iso_time("9:05"), iso_time("9pm")
    (datetime.time(9, 5), None)
    """
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", text)
    if found is None:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups())
    return dt.time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table; each reading gives a value or None, and adds a fault where the cell cannot be read.

    number : of its first row in the file, the header being 1
    """

    file: str
    number: int
    cells: dict[str, str]
    faults: list[str]

    def text(self, column: str, *, needed: bool = False) -> str:
        """The cell without blanks around it; "" where it is blank or the column is not there."""
        text = self.cells.get(column, "")
        if needed and not text:
            self.fault(column, "blank, but needed; fill it in or remove the line")
        return text

    def date(self, column: str) -> dt.date | None:
        """A day of the calendar; needed."""
        text = self.text(column, needed=True)
        day = iso_date(text)
        if text and day is None:
            self.fault(column, "not a day between 1900 and 2199 that exists; write it as YYYY-MM-DD")
        return day

    def time(self, column: str) -> dt.time | None:
        """A time of day, None where blank."""
        text = self.text(column)
        time = iso_time(text)
        if text and time is None:
            self.fault(column, "not a time of day between 00:00 and 23:59; write it as 21:30 or leave it blank")
        return time

    def moment(self, column: str) -> dt.datetime | None:
        """A date and time on the writer's own clock (a zone is left out), None where blank.

        A date alone is the end of that day: it was written at some time during it.
        """
        text = self.text(column)
        day = iso_date(text[:10])
        rest = re.sub(r"(Z|[+-][0-9]{2}:?[0-9]{2})$", "", text[11:]).split(".")[0]
        time = iso_time(rest) if len(text) > 11 and text[10] in "T " else None
        if day is not None and len(text) == 10:
            time = dt.time(23, 59)
        if day is not None and time is not None:
            return dt.datetime.combine(day, time)
        if text:
            self.fault(column, "not a date and time; write it as 2026-12-01T21:30 or leave it blank")
        return None

    def value(self, column: str, lowest: float, highest: float, *, whole: bool = False) -> float | None:
        """A number from `lowest` to `highest`, None where blank: blank is unknown, never zero."""
        text = self.text(column)
        if not text:
            return None
        # Only plain decimals: float() would also take "nan", "1_000" and digits of other scripts.
        if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", text):
            comma = re.fullmatch(r"[0-9]+,[0-9]+", text)
            why = f"a decimal comma; write {text.replace(',', '.')}" if comma else "not a number; write one such as 4.5"
            self.fault(column, f"{why}, or leave it blank")
            return None
        number = float(text)
        if not (math.isfinite(number) and lowest <= number <= highest):
            self.fault(column, f"must be from {lowest:g} to {highest:g}; correct it or leave it blank")
            return None
        if whole and number != int(number):
            self.fault(column, "must be a whole number; correct it or leave it blank")
            return None
        return number

    def word(self, column: str, known: Iterable[str], *, needed: bool = False) -> str | None:
        """One of the known words whatever its case, None where blank."""
        text = self.text(column, needed=needed)
        words = tuple(known)
        if not text:
            return None
        if text.lower() in words:
            return text.lower()
        hint = nearest(text.lower(), words)
        also = "" if hint.startswith("known") else f" (known: {', '.join(words)})"
        self.fault(column, f"not a known word; {hint}{also}")
        return None

    def yes_or_no(self, column: str) -> bool | None:
        """Yes or no, None where blank."""
        text = self.text(column).lower()
        if text and text not in _YES_NO:
            self.fault(column, "must be yes or no; correct it or leave it blank")
        return _YES_NO.get(text)

    def fault(self, column: str, what: str) -> None:
        """Add a fault of this line at that column."""
        self.faults.append(f"{self.file} line {self.number}: {column} = {shown(self.cells.get(column, ''))}: {what}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The lines of one file. `short`: numbers of lines that end before the last column; the rest counts as blank."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    short: tuple[int, ...] = ()


def read_text(path: Path, faults: list[str]) -> str | None:
    """The whole file as text with any byte order mark removed; None, and a fault, where it cannot be read."""
    try:
        size = path.stat().st_size
        if size > _LARGEST_FILE_BYTES:
            faults.append(
                f"{path.name}: {size / 1e6:.0f} MB, at most {_LARGEST_FILE_BYTES / 1e6:.0f} MB; is it the right file?"
            )
            return None
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        faults.append(f"{path.name} line {line}: not UTF-8 text; save the file again as CSV UTF-8")
    except OSError as error:
        faults.append(f"{path.name}: cannot be read ({error.strerror}); check the file")
    return None


def _as_written(heading: str) -> str:
    return heading.strip().lower()


def read_table(
    path: Path,
    needed: Iterable[str],
    optional: Iterable[str],
    faults: list[str],
    column_of: Callable[[str], str] = _as_written,
) -> Table | None:
    """Read one CSV file; faults are added to `faults`.

    needed, optional : names of the columns, in any order in the file; a column of neither is a fault
    column_of : the name of the column that a heading in the file stands for
    Returns None where nothing can be read of it, a table without columns where the file is empty.
    """
    text = read_text(path, faults)
    if text is None:
        return None
    rows = _rows(path.name, text, faults)
    if rows is None:
        return None
    if not rows:
        return Table(columns=(), lines=())
    header = tuple(map(column_of, rows[0][1]))
    found = _faults_of_header(path.name, header, rows[0][1], tuple(needed), tuple(optional))
    if found:
        faults.extend(found)
        return None
    return _table(path.name, header, rows[1:], faults)


def _rows(name: str, text: str, faults: list[str]) -> list[tuple[int, list[str]]] | None:
    """Every row that is not blank, with the number of its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    first = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((first, row))
            first = reader.line_num + 1
    except csv.Error as error:
        faults.append(f"{name} line {first}: not CSV ({error}); check the quotes, each opened one must be closed")
        return None
    return rows


def _faults_of_header(
    name: str, header: tuple[str, ...], written: list[str], needed: tuple[str, ...], optional: tuple[str, ...]
) -> list[str]:
    for mark, words in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            return [f"{name} line 1: columns are parted by {words}; save it as CSV with commas and decimal points"]
    known = (*needed, *optional)
    faults = [
        f"{name} line 1: {shown(cell.strip())}: not a known column; {nearest(column, known)}"
        for column, cell in zip(header, written, strict=True)
        if column not in known
    ]
    faults += [f"{name} line 1: column {column} stands twice; keep one" for column in known if header.count(column) > 1]
    faults += [
        f"{name} line 1: no column {column}; add it (columns: {', '.join(known)})"
        for column in needed
        if column not in header
    ]
    return faults


def _table(name: str, header: tuple[str, ...], rows: list[tuple[int, list[str]]], faults: list[str]) -> Table:
    lines: list[Line] = []
    short: list[int] = []
    for number, row in rows:
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            faults.append(
                f"{name} line {number}: {len(row)} cells under {len(header)} columns; write decimals with a point"
                " and put text that holds a comma in quotes"
            )
            continue
        if len(row) < len(header):
            short.append(number)
        cells = {column: cell.strip() for column, cell in zip(header, row, strict=False)}
        faults.extend(f"{name} line {number}: {fault}" for fault in unusable(dict(cells)))
        lines.append(Line(name, number, cells, faults))
    return Table(columns=header, lines=tuple(lines), short=tuple(short))
