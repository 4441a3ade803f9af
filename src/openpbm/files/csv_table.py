"""One rule for every CSV file, whether a person, a spreadsheet or a meter wrote it; every problem has its line.

Cells are parted by commas, semicolons or tabs (a first line `sep=;` says which); a file has one decimal sign, point or
comma; text is UTF-8, UTF-16 or Windows-1252; the heading of a column with a dimension names its unit: "distance (cm)".
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpbm.errors import BadInput, Problem, quote
from openpbm.files.column import Column, find_column
from openpbm.files.line import Line
from openpbm.files.numbers import DecimalSign, two_signs
from openpbm.files.text_file import CsvRows, csv_rows, read_bytes
from openpbm.files.validate import unsupported_values

__all__ = ["Table", "read_table", "table_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The lines of one file. `short`: numbers of lines that end before the last column; the rest counts as blank."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    short: tuple[int, ...] = ()
    delimiter: str = ","
    encoding: str = "utf-8-sig"


def read_table(
    path: Path,
    columns: Sequence[Column],
    problems: list[Problem],
    name_of: Callable[[str], str] | None = None,
    zone: dt.tzinfo | None = None,
) -> Table | None:
    """Read one CSV file; what is wrong is added to `problems`.

    name_of : the name of the column that a heading in the file stands for, where headings are free
    zone : the time zone that moments with an offset are converted to
    Returns None where nothing can be read of it, a table without columns where the file is empty.
    """
    try:
        return table_of(read_bytes(path), path.name, columns, problems, name_of, zone)
    except BadInput as error:
        problems.extend(error.problems)
        return None


def table_of(
    content: bytes,
    document: str,
    columns: Sequence[Column],
    problems: list[Problem],
    name_of: Callable[[str], str] | None = None,
    zone: dt.tzinfo | None = None,
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
    numbers = {choice[0].name for choice in found if isinstance(choice, tuple) and choice[0].is_number}
    decimal = _decimal_sign(document, names, numbers, written, problems)
    return _table(document, names, factors, written, decimal, zone, problems)


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
    document: str,
    names: tuple[str, ...],
    factors: dict[str, float],
    written: CsvRows,
    decimal: DecimalSign | None,
    zone: dt.tzinfo | None,
    problems: list[Problem],
) -> Table:
    lines: list[Line] = []
    short: list[int] = []
    others = {name: factor for name, factor in factors.items() if factor != 1.0}
    for number, full_row in written.rows[1:]:
        row = _without_blank_end(full_row, len(names), written.delimiter)
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
            decimal=decimal,
            factors=others,
            zone=zone,
        )
        lines.append(line)
    return Table(
        columns=names,
        lines=tuple(lines),
        short=tuple(short),
        delimiter=written.delimiter,
        encoding=written.encoding,
    )


def _decimal_sign(
    document: str, names: tuple[str, ...], numbers: set[str], written: CsvRows, problems: list[Problem]
) -> DecimalSign | None:
    """The decimal sign of the whole file; a file that shows both is a problem, since one of them is a slip."""
    cells = [
        (number, cell.strip())
        for number, row in written.rows[1:]
        for name, cell in zip(names, row, strict=False)
        if name in numbers
    ]
    first, both = two_signs(cells)
    if both:
        (_, point), (_, comma) = first["."], first[","]
        line = max(found[0] for found in first.values())
        message = f"a decimal point in {quote(point)}, a decimal comma in {quote(comma)}"
        remedy = "use one of the two in the whole file"
        problems.append(Problem(document=document, line=line, message=message, remedy=remedy))
        return None
    # Whoever writes decimal commas does not part cells with them.
    return next(iter(first), "." if written.delimiter == "," else None)


def _without_blank_end(row: list[str], columns: int, delimiter: str) -> list[str]:
    """The row without blank cells behind its last column, which spreadsheets add.

    Not where a decimal comma may have parted a number: 7,5 would have moved every cell behind it.
    """
    neighbours = itertools.pairwise(row)
    if delimiter == "," and any(first.strip().isdigit() and second.strip().isdigit() for first, second in neighbours):
        return row
    kept = len(row)
    while kept > columns and not row[kept - 1].strip():
        kept -= 1
    return row[:kept]


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
        remedy="write decimals with a point, put text that holds a comma in quotes and remove blank cells at the end",
    )
