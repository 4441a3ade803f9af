"""The table of wavelengths in a file as a spectrometer writes it: where it stands, and in which columns."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from openpbm.errors import Problem
from openpbm.files import Column, decoded, number_of
from openpbm.files.numbers import two_signs

__all__ = ["InstrumentTable", "find_instrument_table"]

_LEAST_ROWS = 5
_HEADING_LINES = 3
_BEGINS = re.compile(r">+\s*begin\b.*data|\[\s*data\s*\]|#?\s*data\s*:?|.*\bbegin (spectral )?data\b.*", re.IGNORECASE)
_ENDS = re.compile(r">+\s*end\b.*|\[\s*end\w*\s*\]|\[/?data\]", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]{1,3})?")
# Some meters write one line for each wavelength: "Spectral Data 380[nm],0.00123".
_NAMED_NM = re.compile(r"[A-Za-z ]*?([0-9]{3,4}([.,][0-9]+)?)\s*[\[(]?\s*nm\s*[\])]?")
_WAVELENGTH = re.compile(r"wave|lambda|λ|\bnm\b|\[nm\]|\(nm\)", re.IGNORECASE)
_POWER = re.compile(r"sample|raw|relative|intens|count|power|irradiance|spectral|value|flux|signal|w/", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentTable:
    """Rows as (line, wavelength [nm], power) as they stand, what is wrong with others, and lines before and behind."""

    rows: tuple[tuple[int, float, float], ...]
    problems: tuple[Problem, ...]
    before: int
    behind: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """Where the table stands, in lines from 0, and what parts its cells; None is blanks."""

    first: int
    last: int
    delimiter: str | None


def find_instrument_table(content: bytes) -> InstrumentTable | None:
    """The first table of at least five rows that begin with two numbers; None where there is none.

    A mark such as `>>>>>Begin Spectral Data<<<<<` says where to look. BadInput where the file is no text.
    """
    lines = decoded(content, "")[0].splitlines()
    begins = [number for number, line in enumerate(lines) if _BEGINS.fullmatch(line.strip(" \t<>,;").strip() or "-")]
    start = begins[0] + 1 if begins else 0
    spans = [span for sign in ("\t", ";", ",", None) if (span := _span(lines, start, sign)) is not None]
    if not spans:
        return None
    span = max(spans, key=lambda span: span.last - span.first)
    headings = _headings(lines, span)
    columns = _columns(headings, _cells(lines[span.first], span.delimiter))
    if isinstance(columns, Problem):
        problems: tuple[Problem, ...] = (columns.within("", span.first + 1),)
        return InstrumentTable(rows=(), problems=problems, before=span.first, behind=0)
    rows, problems = _read(lines, span, columns, _factor(headings, columns[0]))
    before = sum(bool(line.strip()) for line in lines[: span.first])
    behind = sum(bool(line.strip()) for line in lines[span.last + 1 :])
    return InstrumentTable(rows=rows, problems=problems, before=before, behind=behind)


def _span(lines: Sequence[str], start: int, delimiter: str | None) -> _Span | None:
    """From the first run of rows of numbers to the last row of numbers before a mark that ends the table."""
    numeric = [_is_row(_cells(line, delimiter)) for line in lines]
    runs = (at for at in range(start, len(lines) - _LEAST_ROWS + 1) if all(numeric[at : at + _LEAST_ROWS]))
    first = next(runs, None)
    if first is None:
        return None
    ends = (at for at in range(first, len(lines)) if _ENDS.fullmatch(lines[at].strip()))
    end = next(ends, len(lines))
    last = max(at for at in range(first, end) if numeric[at])
    return _Span(first=first, last=last, delimiter=delimiter)


def _cells(line: str, delimiter: str | None) -> list[str]:
    cells = [cell.strip().strip('"').strip() for cell in line.strip("\r\n").split(delimiter)]
    named = _NAMED_NM.fullmatch(cells[0]) if cells else None
    if named is not None:
        cells[0] = named[1]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _is_row(cells: Sequence[str]) -> bool:
    return len(cells) >= 2 and all(_NUMBER.fullmatch(cell) for cell in cells[:2])


def _headings(lines: Sequence[str], span: _Span) -> list[list[str]]:
    """The lines that may head the table, the nearest first: some meters write names, then units, then a blank line."""
    columns = len(_cells(lines[span.first], span.delimiter))
    written = [line for line in lines[max(0, span.first - _HEADING_LINES) : span.first][::-1] if line.strip()]
    cells = [_cells(line, span.delimiter) for line in written]
    return list(itertools.takewhile(lambda heading: len(heading) >= columns - 1, cells))


def _columns(headings: Sequence[Sequence[str]], row: Sequence[str]) -> tuple[int, int] | Problem:
    """The places of wavelength and power: as a heading says, else the only two there are."""
    if len(row) == 2:
        return 0, 1
    for named in headings:
        waves = [at for at, name in enumerate(named) if _WAVELENGTH.search(name) and not _POWER.search(name)]
        powers = [at for at, name in enumerate(named) if _POWER.search(name) and at not in waves]
        if waves and len(powers) == 1:
            return waves[0], powers[0]
    message = f"{len(row)} columns of numbers, and the heading does not say which two are wavelength and power"
    return Problem(message=message, remedy="export wavelength and one column of light alone")


def _factor(headings: Sequence[Sequence[str]], at: int) -> float:
    """What a wavelength is multiplied by to be in nm; a bare number of a spectrometer is in nm."""
    for heading in headings:
        unit = re.search(r"[\[(]([^\])]*)[\])]", heading[at]) if at < len(heading) else None
        factor = Column(name="wavelength_nm").factor_of(unit[1]) if unit is not None else None
        if factor is not None:
            return factor
    return 1.0


def _read(
    lines: Sequence[str], span: _Span, columns: tuple[int, int], factor: float
) -> tuple[tuple[tuple[int, float, float], ...], tuple[Problem, ...]]:
    wanted = [(at, _cells(lines[at], span.delimiter)) for at in range(span.first, span.last + 1) if lines[at].strip()]
    first, both = two_signs((at, cell) for at, cells in wanted for cell in cells)
    decimal = next(iter(first), "." if span.delimiter == "," else None)
    problems = [Problem(message="decimal points and decimal commas", remedy="use one of the two")] if both else []
    rows = []
    for at, cells in wanted:
        pair = [number_of(cells[column], decimal=decimal) for column in columns if column < len(cells)]
        numbers = [value for value in pair if isinstance(value, float)]
        if len(numbers) == 2:
            rows.append((at + 1, numbers[0] * factor, numbers[1]))
        else:
            said = next((value for value in pair if isinstance(value, Problem)), None)
            message = "no row of two numbers" if said is None else said.message
            problems.append(Problem(message=message, remedy="correct it or remove the line", line=at + 1))
    return tuple(rows), tuple(problems)
