"""A CSV file that somebody sends: not too large, with rows, taken whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from openpbm.errors import BadInput, Problem
from openpbm.files import Column, Line, table_of

__all__ = ["ANY", "LARGEST_BYTES", "MOST_PROBLEMS", "MOST_ROWS", "uploaded_lines"]

LARGEST_BYTES = 1_000_000
MOST_ROWS = 5_000
#: More are not shown: they mostly repeat one slip.
MOST_PROBLEMS = 50
#: A number that the file's reader takes as it is; what it may be is for the noun to say.
ANY = (-1e12, 1e12)


def uploaded_lines(content: bytes, columns: Sequence[Column], problems: list[Problem]) -> tuple[Line, ...]:
    """The lines of a file; what is wrong with a line is added to `problems`, also while the line is read.

    Raises BadInput for a file that is no such table at all.
    """
    if len(content) > LARGEST_BYTES:
        too_large = f"{len(content)} bytes, at most {LARGEST_BYTES}"
        raise BadInput(Problem(key="file", message=too_large, remedy="split it into several files"))
    table = table_of(content, "", columns, problems)
    if table is None:
        return ()
    if not table.columns:
        raise BadInput(Problem(key="file", message="empty", remedy="give a header line and at least one row"))
    if len(table.lines) > MOST_ROWS:
        raise BadInput(Problem(key="file", message=f"more than {MOST_ROWS} rows", remedy="split it into several files"))
    if not table.lines and not problems:
        problems.append(Problem(line=2, message="the file has a header and no rows", remedy="add at least one"))
    return table.lines
