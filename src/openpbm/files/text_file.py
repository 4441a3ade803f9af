"""The text of a file, of any encoding that programs write, and what it holds as TOML, as JSON or as rows of CSV.

JSON is read strictly: every key once, and no number that JSON does not know. Rows are guarded against formulas.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from openpbm.errors import BadInput, Problem, quote
from openpbm.files.validate import not_finite

__all__ = [
    "CsvRows",
    "JsonObject",
    "csv_rows",
    "decode_utf8",
    "decoded",
    "guarded",
    "json_object",
    "read_bytes",
    "read_json",
    "read_text",
    "read_toml",
    "toml_section",
    "unguarded",
]

_LARGEST_FILE_BYTES = 20_000_000
#: What has come out of JSON or TOML and has no noun yet, or goes into JSON and has lost it.
JsonObject: TypeAlias = dict[str, Any]
# Half of the bytes of a table in UTF-16 are zero, fewer where letters of other scripts stand in it.
_MOSTLY_ZERO = 0.8
_LINES_LOOKED_AT = 5
# A spreadsheet begins a formula at any of these, the wide forms and leading blanks included.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def read_bytes(path: Path, remedy: str = "check the file") -> bytes:
    """The whole file; BadInput where it cannot be read or is too large to be the one that was meant."""
    try:
        size = path.stat().st_size
        if size > _LARGEST_FILE_BYTES:
            limit = f"{size / 1e6:.0f} MB, at most {_LARGEST_FILE_BYTES / 1e6:.0f} MB"
            raise BadInput(Problem(document=path.name, message=limit, remedy="is it the right file?"))
        return path.read_bytes()
    except OSError as error:
        why = f"cannot be read ({error.strerror or 'no reason given'})"
        raise BadInput(Problem(document=str(path), message=why, remedy=remedy)) from error


def read_text(path: Path, remedy: str = "check the file") -> str:
    """The whole file as text without its byte order mark; BadInput where it is not UTF-8."""
    return decode_utf8(read_bytes(path, remedy), path.name)


def decode_utf8(content: bytes, document: str) -> str:
    """Text out of bytes, without a byte order mark; BadInput with the line of the first byte that is none."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = Problem(document=document, line=line, message="not UTF-8 text", remedy="save the file again as UTF-8")
        raise BadInput(problem) from error


def read_toml(path: Path, *, remedy: str, unreadable: str = "check the file") -> JsonObject:
    """The content of a TOML file; BadInput with the line that is none.

    remedy : what helps where it is not TOML, mostly where the format is described
    unreadable : what helps where the file cannot be read at all
    """
    return toml_section(read_text(path, unreadable), path.name, remedy=remedy)


def toml_section(text: str, document: str, *, remedy: str) -> JsonObject:
    """The content of TOML text, said of `document` where it is none."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(_toml_problem(error, text, document, remedy)) from error
    except (ValueError, RecursionError) as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else "a number has thousands of digits"
        problem = Problem(document=document, message=f"cannot be read as TOML ({why})", remedy=remedy)
        raise BadInput(problem) from error


def _toml_problem(error: tomllib.TOMLDecodeError, text: str, document: str, remedy: str) -> Problem:
    # Before Python 3.14 the parser says the line, and that a date is at fault, in its words alone.
    said = str(error)
    place = re.search(r"line (\d+)", said)
    number = int(place[1]) if place else None
    lines = text.splitlines()
    known = number is not None and number <= len(lines)
    key = quote(lines[number - 1].strip())[1:-1] if number is not None and known else ""
    if number is None:
        key = "at the end of the file"
    if "date" in said.lower():
        message, remedy = "this date does not exist", "write a day of the calendar as YYYY-MM-DD"
    else:
        message = f"not valid TOML ({error})"
    return Problem(document=document, line=number, key=key, message=message, remedy=remedy)


class _GivenTwice(ValueError):
    """A key that stands twice in one object: of two values nobody knows which was meant."""


def read_json(path: Path, *, remedy: str, unreadable: str = "check the file") -> JsonObject:
    """The object in a JSON file; BadInput where it holds none.

    remedy : what helps where it is not valid JSON, mostly where the format is described
    unreadable : what helps where the file cannot be read at all
    """
    return json_object(read_text(path, unreadable), path.name, remedy=remedy)


def json_object(text: str | bytes, document: str, *, remedy: str) -> JsonObject:
    """The object in JSON text, said of `document` where it is none."""
    try:
        content = json.loads(text, object_pairs_hook=_once_each)
    except json.JSONDecodeError as error:
        problem = Problem(document=document, line=error.lineno, message=f"not valid JSON ({error.msg})", remedy=remedy)
        raise BadInput(problem) from error
    except _GivenTwice as error:
        raise BadInput(
            Problem(document=document, message=f"{error} is given more than once", remedy="keep one")
        ) from error
    except RecursionError as error:
        raise BadInput(
            Problem(document=document, message="cannot be read as JSON (nested too deeply)", remedy=remedy)
        ) from error
    except ValueError as error:
        raise BadInput(Problem(document=document, message=f"not valid JSON ({error})", remedy=remedy)) from error
    if not isinstance(content, dict):
        message = f"holds {quote(content)}, not an object with keys"
        raise BadInput(Problem(document=document, message=message, remedy=remedy))
    if problems := not_finite(content):
        raise BadInput(problem.within(document) for problem in problems)
    return content


def _once_each(pairs: list[tuple[str, Any]]) -> JsonObject:
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        raise _GivenTwice(quote(next(name for name in names if names.count(name) > 1)))
    return content


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvRows:
    """The rows of a file that are not blank, each with the number of its first line, and how they were written."""

    rows: tuple[tuple[int, list[str]], ...]
    delimiter: str
    encoding: str


def csv_rows(content: bytes, document: str) -> CsvRows:
    """The rows of a CSV file as text; BadInput where it is none."""
    text, encoding = decoded(content, document)
    first, _, rest = text.partition("\n")
    skipped = 0
    if (said := _said_delimiter(first)) is not None:
        delimiter, text, skipped = said, rest, 1
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


def _said_delimiter(first: str) -> str | None:
    """What a first line `sep=;` says; a spreadsheet may have put it in quotes or set delimiters behind it."""
    said = first.rstrip("\r\n").strip(' "')
    if not said.lower().startswith("sep=") or len(said) < 5 or set(said[5:]) - {said[4], '"'}:
        return None
    return said[4]


def decoded(content: bytes, document: str) -> tuple[str, str]:
    """The text of a file and its encoding; BadInput where it is no text."""
    # Nearly every byte is a letter of Windows-1252, so it is tried last: what is UTF-8 by chance is UTF-8.
    for encoding in _wide(content) or ("utf-8-sig", "cp1252"):
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


def _wide(content: bytes) -> tuple[str, ...]:
    """UTF-16 by its mark, or without one by the zero byte that every other letter of a table has; else nothing."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    start = content[:2000]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = start[first::2].count(0)
        if zeros > len(start) * _MOSTLY_ZERO / 2 and start[1 - first :: 2].count(0) == 0:
            return (encoding,)
    return ()


def _delimiter(text: str) -> str:
    """What parts the cells of the first lines that are not blank; a comma where nothing does."""
    lines = [line for line in text.splitlines() if line.strip()][:_LINES_LOOKED_AT] or [""]

    def parts(sign: str) -> tuple[int, int]:
        # A heading such as "Irradiance, W/m2" holds a comma that the lines below it do not.
        return min(line.count(sign) for line in lines), lines[0].count(sign)

    return max((",", ";", "\t"), key=parts)


def guarded(text: str) -> str:
    """The text with a quote before it where it could be a formula.

    >>> guarded("=1+1"), guarded(" @SUM(A1)"), guarded("plain")
    ("'=1+1", "' @SUM(A1)", 'plain')
    """
    # A quote of one's own before a formula is doubled, so that reading takes exactly one away.
    return f"'{text}" if _runs(text.lstrip("'")) else text


def unguarded(cell: str) -> str:
    """A cell as it was before `guarded`.

    >>> unguarded("'=1+1"), unguarded("'tis plain")
    ('=1+1', "'tis plain")
    """
    return cell[1:] if cell.startswith("'") and _runs(cell.lstrip("'")) else cell


def _runs(text: str) -> bool:
    return text.startswith(_STARTS) or text.lstrip().startswith(_STARTS)
