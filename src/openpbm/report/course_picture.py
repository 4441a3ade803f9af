"""One picture of a course: what was rated, what was given and what else happened, on one axis of days.

The picture shows what was written and no more: nothing is smoothed, joined or compared, and no judgement reads it.
`draw_course` makes an SVG of it, the same for a page, a letter and a case report.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

__all__ = ["CoursePicture", "GivenSession", "Happening", "HappeningRow", "Line", "in_words", "zoomed"]

# More than this of one row are counted in the words, not listed.
_LISTED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Readings of one measure, as written. low, high : the ends of its scale;  better : which way is better"""

    name: str
    low: float
    high: float
    better: str
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenSession:
    """One session. lit : whether any light was given;  fluence_j_cm2 : at the skin, None where it is not known"""

    day: int
    lit: bool
    fluence_j_cm2: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something on a day, or from `day` to `until`; `open_end` where it lasts to the end of the picture."""

    day: int
    text: str
    until: int | None = None
    open_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HappeningRow:
    """One row of the picture: lamp, medicines, effects, holds or checkpoints. kind : the class that colours it"""

    name: str
    kind: str
    items: tuple[Happening, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePicture:
    """What is drawn, over the days `first` to `last`.

    first, last : ordinals of dates, or days counted from the planned start where `dated` is False
    """

    first: int
    last: int
    lines: tuple[Line, ...]
    sessions: tuple[GivenSession, ...]
    rows: tuple[HappeningRow, ...]
    dated: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written that could be drawn."""
        return not self.sessions and not any(line.points for line in self.lines) and not any(r.items for r in self.rows)

    def day_words(self, day: int) -> str:
        """A day as it is read: a date, or the day of the course."""
        if not self.dated:
            return f"day {day}".replace("-", "−")
        date = dt.date.fromordinal(day)
        return f"{date.day} {date:%b %Y}"


def zoomed(picture: CoursePicture, days: int) -> CoursePicture:
    """The last so many days of a picture; what began before and lasts into them stays."""
    first = max(picture.first, picture.last - days + 1)

    def kept(items: Iterable[Happening]) -> tuple[Happening, ...]:
        return tuple(one for one in items if one.open_end or max(one.day, one.until or one.day) >= first)

    return replace(
        picture,
        first=first,
        lines=tuple(replace(one, points=tuple(p for p in one.points if p[0] >= first)) for one in picture.lines),
        sessions=tuple(one for one in picture.sessions if one.day >= first),
        rows=tuple(replace(row, items=kept(row.items)) for row in picture.rows),
    )


def in_words(picture: CoursePicture) -> tuple[tuple[str, str], ...]:
    """The picture for whoever does not see it: each row with a sentence."""
    told = [(line.name, _line_in_words(picture, line)) for line in picture.lines]
    told.append(("Sessions", _sessions_in_words(picture)))
    return (*told, *((row.name, "; ".join(_happened(picture, row)) or "nothing written") for row in picture.rows))


def _line_in_words(picture: CoursePicture, line: Line) -> str:
    if not line.points:
        return "nothing written"
    values = [value for _, value in line.points]
    (first_day, first), (last_day, last) = line.points[0], line.points[-1]
    return (
        f"{len(values)} readings, between {min(values):g} and {max(values):g}; first {first:g} on"
        f" {picture.day_words(first_day)}, last {last:g} on {picture.day_words(last_day)}; {line.better} is better"
    )


def _sessions_in_words(picture: CoursePicture) -> str:
    lit = [one for one in picture.sessions if one.lit]
    if not picture.sessions:
        return "nothing written"
    doses = [one.fluence_j_cm2 for one in lit if one.fluence_j_cm2 is not None]
    told = f"{len(lit)} with light"
    if doses:
        told += f", {min(doses):.3g} to {max(doses):.3g} J/cm² at the skin"
    if len(doses) < len(lit):
        told += f", the dose of {len(lit) - len(doses)} not known"
    without = len(picture.sessions) - len(lit)
    return told + f"; {without} written down as missed" * bool(without)


def _happened(picture: CoursePicture, row: HappeningRow) -> Iterator[str]:
    for one in row.items[-_LISTED:]:
        since = f"{picture.day_words(one.day)}: {one.text}"
        if one.open_end:
            yield f"{since}, to the end of the picture"
        elif one.until is not None and one.until > one.day:
            yield f"{since}, until {picture.day_words(one.until)}"
        else:
            yield since
    if len(row.items) > _LISTED:
        yield f"and {len(row.items) - _LISTED} earlier"
