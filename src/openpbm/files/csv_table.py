"""One rule for every CSV file, whether a person, a spreadsheet or a meter wrote it; every problem has its line.

Cells are parted by commas, semicolons or tabs (a first line `sep=;` says which); where commas do not part cells one may
stand for the decimal point; text is UTF-8, UTF-16 or Windows-1252; a heading may carry a unit, as in "distance (cm)".
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openpbm.errors import BadInput, Problem
from openpbm.files.cells import iso_time, moment_of, number_of, written_date
from openpbm.files.column import Column, find_column
from openpbm.files.csv_guard import unguarded
from openpbm.files.suggest import nearest
from openpbm.files.text_file import read_bytes
from openpbm.files.validate import unsupported_values

__all__ = ["CsvRows", "Line", "Table", "csv_rows", "read_table", "table_of"]

_YES_NO = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvRows:
    """The rows of a file that are not blank, each with the number of its first line, and how they were written."""

    rows: tuple[tuple[int, list[str]], ...]
    delimiter: str
    encoding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a table; each reading gives a value or None, and adds a problem where the cell cannot be read.

    number : of its first row in the file, the header being 1
    factors : for a column whose heading names another unit than ours, what its numbers are multiplied by
    """

    file: str
    number: int
    cells: dict[str, str]
    problems: list[Problem]
    decimal_comma: bool = False
    factors: dict[str, float] = field(default_factory=dict)

    def text(self, column: str, *, needed: bool = False) -> str:
        """The cell without blanks around it; "" where it is blank or the column is not there."""
        text = self.cells.get(column, "")
        if needed and not text:
            self.add_problem(column, "blank, but needed", "fill it in or remove the line")
        return text

    def date(self, column: str, *, needed: bool = True) -> dt.date | None:
        """A day of the calendar."""
        text = self.text(column, needed=needed)
        day = written_date(text)
        if text and day is None:
            self.add_problem(column, "not a day between 1900 and 2199 that exists", "write it as YYYY-MM-DD")
        return day

    def time(self, column: str) -> dt.time | None:
        """A time of day, None where blank."""
        text = self.text(column)
        time = iso_time(text)
        if text and time is None:
            self.add_problem(column, "not a time of day between 00:00 and 23:59", "write it as 21:30 or leave it blank")
        return time

    def moment(self, column: str) -> dt.datetime | None:
        """A date and time on the writer's own clock, None where blank; a date alone is the end of that day."""
        text = self.text(column)
        moment = moment_of(text)
        if text and moment is None:
            self.add_problem(column, "not a date and time", "write it as 2026-12-01T21:30 or leave it blank")
        return moment

    def value(
        self, column: str, lowest: float, highest: float, *, whole: bool = False, needed: bool = False
    ) -> float | None:
        """A number from `lowest` to `highest`, None where blank: blank is unknown, never zero."""
        text = self.text(column, needed=needed)
        if not text:
            return None
        bare = text.removesuffix("%").rstrip() if column.endswith("_percent") else text
        read = number_of(bare, decimal_comma=self.decimal_comma)
        if isinstance(read, Problem):
            self.add_problem(column, read.message, read.remedy)
            return None
        number = read * self.factors.get(column, 1.0)
        if not lowest <= number <= highest:
            self.add_problem(column, f"must be from {lowest:g} to {highest:g}", "correct it or leave it blank")
            return None
        if whole and number != int(number):
            self.add_problem(column, "must be a whole number", "correct it or leave it blank")
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
        near, all_known = nearest(text.lower(), words), f"known: {', '.join(sorted(words))}"
        remedy = all_known if near is None else f"did you mean {near}? ({all_known})"
        self.add_problem(column, "not a known word", remedy)
        return None

    def yes_or_no(self, column: str) -> bool | None:
        """Yes or no, None where blank."""
        text = self.text(column).lower()
        if text and text not in _YES_NO:
            self.add_problem(column, "must be yes or no", "correct it or leave it blank")
        return _YES_NO.get(text)

    def add_problem(self, column: str, message: str, remedy: str) -> None:
        """Say what is wrong with this line at that column."""
        value = self.cells.get(column, "")
        self.problems.append(Problem(column, value, message, remedy, line=self.number, document=self.file))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The lines of one file. `short`: numbers of lines that end before the last column; the rest counts as blank."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    short: tuple[int, ...] = ()
    delimiter: str = ","
    encoding: str = "utf-8-sig"


def read_table(
    path: Path, columns: Sequence[Column], problems: list[Problem], name_of: Callable[[str], str] | None = None
) -> Table | None:
    """Read one CSV file; what is wrong is added to `problems`.

    name_of : the name of the column that a heading in the file stands for, where headings are free
    Returns None where nothing can be read of it, a table without columns where the file is empty.
    """
    try:
        return table_of(read_bytes(path), path.name, columns, problems, name_of)
    except BadInput as error:
        problems.extend(error.problems)
        return None


def table_of(
    content: bytes,
    document: str,
    columns: Sequence[Column],
    problems: list[Problem],
    name_of: Callable[[str], str] | None = None,
) -> Table | None:
    """The table in the bytes of a CSV file, as `read_table`; raises BadInput where they are no CSV at all."""
    written = csv_rows(content, document)
    if not written.rows:
        return Table(columns=(), lines=())
    found = [find_column(heading, columns, name_of) for heading in written.rows[0][1]]
    wrong = _problems_of_header(document, found, columns)
    if wrong:
        problems.extend(wrong)
        return None
    # A column without a heading keeps its place, under the name "".
    names = tuple(choice[0].name if isinstance(choice, tuple) else "" for choice in found)
    factors = {choice[0].name: choice[1] for choice in found if isinstance(choice, tuple)}
    return _table(document, names, factors, written, problems)


def csv_rows(content: bytes, document: str) -> CsvRows:
    """The rows of a CSV file as text; BadInput where it is none."""
    text, encoding = _decoded(content, document)
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text, skipped = first.strip()[4], rest, 1
    else:
        delimiter = _delimiter(text)
    # Without strict a quote that is never closed swallows the rest of the file in silence.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    number = 1 + skipped
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((number, [unguarded(cell) for cell in row]))
            # A cell in quotes may hold line breaks: the reader's own count is the one a person sees in an editor.
            number = reader.line_num + 1 + skipped
    except csv.Error as error:
        problem = Problem(
            document=document,
            line=number,
            message=f"not CSV ({error})",
            remedy="check the quotes, each opened one must be closed",
        )
        raise BadInput(problem) from error
    return CsvRows(rows=tuple(rows), delimiter=delimiter, encoding=encoding)


def _decoded(content: bytes, document: str) -> tuple[str, str]:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    # Nearly every byte is a letter of Windows-1252, so it is tried last: what is UTF-8 by chance is UTF-8.
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, encoding
    problem = Problem(
        document=document, message="not text in UTF-8, UTF-16 or Windows-1252", remedy="save it again as CSV (UTF-8)"
    )
    raise BadInput(problem)


def _delimiter(text: str) -> str:
    """What parts the cells of the first line that is not blank; a comma where nothing does."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max((",", ";", "\t"), key=first.count)


def _problems_of_header(
    document: str,
    found: Sequence[tuple[Column, float] | Problem | None],
    columns: Sequence[Column],
) -> list[Problem]:
    problems = [choice.within(document, 1) for choice in found if isinstance(choice, Problem)]
    names = [choice[0].name for choice in found if isinstance(choice, tuple)]
    problems += [
        Problem(document=document, line=1, message=f"column {column.name} stands twice", remedy="keep one")
        for column in columns
        if names.count(column.name) > 1
    ]
    known = ", ".join(column.name for column in columns)
    problems += [
        Problem(document=document, line=1, message=f"no column {column.name}", remedy=f"add it (columns: {known})")
        for column in columns
        if column.needed and column.name not in names
    ]
    return problems


def _table(
    document: str, names: tuple[str, ...], factors: dict[str, float], written: CsvRows, problems: list[Problem]
) -> Table:
    lines: list[Line] = []
    short: list[int] = []
    others = {name: factor for name, factor in factors.items() if factor != 1.0}
    for number, row in written.rows[1:]:
        if len(row) > len(names):
            problems.append(_too_many_cells(document, number, len(row), len(names)))
            continue
        if any(cell.strip() for name, cell in zip(names, row, strict=False) if not name):
            problems.append(_under_no_heading(document, number))
        if len(row) < len(names):
            short.append(number)
        cells = {name: cell.strip() for name, cell in zip(names, row, strict=False) if name}
        problems.extend(problem.within(document, number) for problem in unsupported_values(dict(cells)))
        line = Line(
            file=document,
            number=number,
            cells=cells,
            problems=problems,
            # Where commas part the cells, 7,5 is two cells and never a number.
            decimal_comma=written.delimiter != ",",
            factors=others,
        )
        lines.append(line)
    return Table(
        columns=names,
        lines=tuple(lines),
        short=tuple(short),
        delimiter=written.delimiter,
        encoding=written.encoding,
    )


def _under_no_heading(document: str, number: int) -> Problem:
    return Problem(
        document=document, line=number, message="a cell under no heading", remedy="give the column a name or empty it"
    )


def _too_many_cells(document: str, number: int, cells: int, columns: int) -> Problem:
    # A decimal comma that was not meant to part cells would shift every number after it.
    return Problem(
        document=document,
        line=number,
        message=f"{cells} cells under {columns} columns",
        remedy="write decimals with a point and put text that holds a comma in quotes",
    )
