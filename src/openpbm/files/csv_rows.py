"""The rows of a CSV file as text: its encoding, what parts its cells, a line of each, and a guard against formulas."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from openpbm.errors import BadInput, Problem

__all__ = ["CsvRows", "csv_rows", "decoded", "guarded", "unguarded"]

# Half of the bytes of a table in UTF-16 are zero, fewer where letters of other scripts stand in it.
_MOSTLY_ZERO = 0.8
_LINES_LOOKED_AT = 5
# A spreadsheet begins a formula at any of these, the wide forms and leading blanks included.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


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
