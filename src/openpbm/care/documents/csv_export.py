"""Tables that leave as CSV: a cell that a spreadsheet would run as a formula is made plain text first."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpbm.files import guarded

__all__ = ["csv_text", "safe_rows"]


def safe_rows(rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    """The rows with a quote before every text that could be a formula; numbers stay numbers.

    >>> list(safe_rows([["=1+1", -2.5, " @SUM(A1)", "plain", None]]))
    [["'=1+1", -2.5, "' @SUM(A1)", 'plain', '']]
    """
    for row in rows:
        yield [_safe(cell) for cell in row]


def _safe(cell: Any) -> Any:
    if cell is None:
        return ""
    # A negative number begins like a formula and is none: guarded, it would be text in the spreadsheet.
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return guarded(str(cell))
    return cell


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A CSV file as text, every cell safe, line ends as the format has them."""
    room = io.StringIO()
    writer = csv.writer(room, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(safe_rows(rows))
    return room.getvalue()
