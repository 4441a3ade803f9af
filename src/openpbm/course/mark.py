"""What a reader must know about the data, apart from where it stands: a folder has files and lines, a page has not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Mark", "MarkText", "mark_in_folder"]

#: Of many lines these are named and the rest counted.
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something a reader must know about the data; never silently repaired.

    id : word a program can test, such as `duplicate_day`
    message : what it is, without where it stands
    file : the file of a course folder that it is about; "" where it is about no single one
    lines : its lines there, the first being 1; () where it is about none of them
    counts : of several lines the one that counts
    """

    id: str
    message: str
    file: str = ""
    lines: tuple[int, ...] = ()
    counts: int | None = None


#: How an edge says a mark: whoever has the folder is told the file and its lines.
MarkText = Callable[[Mark], str]


def mark_in_folder(mark: Mark) -> str:
    """The mark for somebody who has the course folder before them.

    >>> mark_in_folder(Mark(id="duplicate_day", message="a day twice", file="diary.csv", lines=(2, 5), counts=5))
    'diary.csv: a day twice (lines 2, 5; line 5 counts)'
    """
    where = f"{mark.file}: " if mark.file else ""
    return f"{where}{mark.message}{_lines_in_words(mark)}"


def _lines_in_words(mark: Mark) -> str:
    if not mark.lines:
        return ""
    noun = "line" if len(mark.lines) == 1 else "lines"
    listed = ", ".join(map(str, sorted(mark.lines)[:_MOST_NAMED]))
    more = len(mark.lines) - _MOST_NAMED
    rest = f" and {more} more" if more > 0 else ""
    counts = "" if mark.counts is None else f"; line {mark.counts} counts"
    return f" ({noun} {listed}{rest}{counts})"
