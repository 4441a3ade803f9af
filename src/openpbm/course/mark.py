"""What a reader must know about the data, apart from where it stands: a folder has files and lines, a page has not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

__all__ = ["Mark", "MarkText", "mark_in_folder", "marks_together"]

#: Of many lines these are named and the rest counted.
_MOST_NAMED = 10
#: Of many days the first and the last are named.
_MOST_DAYS_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something a reader must know about the data; never silently repaired.

    id : word a program can test, such as `duplicate_day`
    message : what it is, without where it stands and of which days it speaks
    dates : the days it is about; () where it is about none
    file : the file of a course folder that it is about; "" where it is about no single one
    lines : its lines there, the first being 1; () where it is about none of them
    counts : of several lines the one that counts
    """

    id: str
    message: str
    file: str = ""
    lines: tuple[int, ...] = ()
    counts: int | None = None
    dates: tuple[dt.date, ...] = ()

    @property
    def text(self) -> str:
        """The message behind its days.

        >>> days = tuple(dt.date(2026, 9, day) for day in (7, 9, 11, 14))
        >>> Mark(id="moved", message="given a day late", dates=days).text
        '4 days from 2026-09-07 to 2026-09-14: given a day late'
        """
        if not self.dates:
            return self.message
        days = ", ".join(map(str, self.dates))
        if len(self.dates) > _MOST_DAYS_NAMED:
            days = f"{len(self.dates)} days from {self.dates[0]} to {self.dates[-1]}"
        return f"{days}: {self.message}"


def marks_together(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Marks that say the same of other days or lines as one, in the order in which they first came."""
    same: dict[tuple[str, str, str], list[Mark]] = {}
    for mark in marks:
        same.setdefault((mark.id, mark.file, mark.message), []).append(mark)
    return tuple(_as_one(found) for found in same.values())


def _as_one(same: list[Mark]) -> Mark:
    if len(same) == 1:
        return same[0]
    return replace(
        same[0],
        dates=tuple(sorted({day for mark in same for day in mark.dates})),
        lines=tuple(sorted({line for mark in same for line in mark.lines})),
        # Which line counts is told of each in the JSON; of many there is no single one.
        counts=None,
    )


#: How an edge says a mark: whoever has the folder is told the file and its lines.
MarkText = Callable[[Mark], str]


def mark_in_folder(mark: Mark) -> str:
    """The mark for somebody who has the course folder before them.

    >>> mark_in_folder(Mark(id="duplicate_day", message="a day twice", file="diary.csv", lines=(2, 5), counts=5))
    'diary.csv: a day twice (lines 2, 5; line 5 counts)'
    """
    where = f"{mark.file}: " if mark.file else ""
    return f"{where}{mark.text}{_lines_in_words(mark)}"


def _lines_in_words(mark: Mark) -> str:
    if not mark.lines:
        return ""
    noun = "line" if len(mark.lines) == 1 else "lines"
    listed = ", ".join(map(str, sorted(mark.lines)[:_MOST_NAMED]))
    more = len(mark.lines) - _MOST_NAMED
    rest = f" and {more} more" if more > 0 else ""
    counts = "" if mark.counts is None else f"; line {mark.counts} counts"
    return f" ({noun} {listed}{rest}{counts})"
