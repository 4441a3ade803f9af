"""What the light left on the skin: the worst word of each day with its grade, and what it asks for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openpbm.course.records import RecordedSession, SkinReaction
from openpbm.delivery.finding import Finding, finding, most_restrictive_first
from openpbm.facts.delivery import skin_reaction_rows

__all__ = ["SkinCourse", "SkinDay", "skin_course"]

_HURTS = 2
_VISIBLE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinDay:
    """The worst reaction written on one day. `grade` 0-5 in the manner of CTCAE."""

    date: dt.date
    reaction: SkinReaction
    grade: int
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinCourse:
    """The skin over the course.

    days : one for each day on which somebody wrote about the skin, in order
    days_unknown : days with light on which nobody did; unknown, not "none"
    worst_grade : None where nobody ever did
    """

    days: tuple[SkinDay, ...]
    days_unknown: int
    worst_grade: int | None
    findings: tuple[Finding, ...]

    def to_dict(self) -> dict[str, Any]:
        """The skin over the course as JSON."""
        return {
            "worst_grade": self.worst_grade,
            "days": [
                {"date": day.date.isoformat(), "reaction": day.reaction, "grade": day.grade, "meaning": day.meaning}
                for day in self.days
            ],
            "days_unknown": self.days_unknown,
            "findings": [found.to_dict() for found in self.findings],
        }


def skin_course(sessions: Iterable[RecordedSession], as_of: dt.date) -> SkinCourse:
    """Grade every skin reaction written before `as_of`, repeated lines and missed sessions included."""
    written: dict[dt.date, set[SkinReaction]] = defaultdict(set)
    with_light: set[dt.date] = set()
    for row in sessions:
        if row.date >= as_of:
            continue
        if row.skin_reaction is not None:
            written[row.date].add(row.skin_reaction)
        if row.status != "missed":
            with_light.add(row.date)
    days = tuple(_day(date, reactions) for date, reactions in sorted(written.items()))
    return SkinCourse(
        days=days,
        days_unknown=len(with_light - written.keys()),
        worst_grade=max((day.grade for day in days), default=None),
        findings=most_restrictive_first(_finding(day) for day in days if day.grade >= _VISIBLE),
    )


def _day(date: dt.date, reactions: set[SkinReaction]) -> SkinDay:
    rows = skin_reaction_rows()
    # Words of one grade stand in the table from mild to bad.
    order = list(rows)
    worst = max(reactions, key=lambda word: (rows[word].grade, order.index(word)))
    return SkinDay(date=date, reaction=worst, grade=rows[worst].grade, meaning=rows[worst].meaning)


def _finding(day: SkinDay) -> Finding:
    rule = "skin_hurt" if day.grade >= _HURTS else "skin_red"
    return finding(rule, day.date, reaction=day.reaction, grade=day.grade)
