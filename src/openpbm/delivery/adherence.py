"""How much of what was due by a checkpoint was done, with what the share is a share of."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from openpbm.course.mark import Mark
from openpbm.course.records import Course
from openpbm.delivery.match import match_sessions, without_duplicates
from openpbm.delivery.session_record import SessionRecord

__all__ = ["Adherence", "adherence", "due_in_words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """Sessions due before `as_of`: due = done + partial + missed + elsewhere + unknown.

    Nothing written is unknown, never zero.

    missed : written as missed; elsewhere : light was given at another place instead
    unknown : nothing written; extra : sessions beyond the due ones
    ratio : done over due, in [0, 1], None where none was due yet
    delivered_minutes_ratio : minutes known to be given over minutes planned of all due sessions, each place of
        a session capped at 1, in [0, 1]; "at least" where something is unknown; None where none was due yet
    denominator : what the two ratios are shares of, in words
    """

    as_of: dt.date
    due: int
    done: int
    partial: int
    missed: int
    elsewhere: int
    unknown: int
    extra: int
    ratio: float | None
    delivered_minutes_ratio: float | None
    denominator: str
    marks: tuple[Mark, ...]

    def to_dict(self) -> dict[str, Any]:
        """The counts and ratios as JSON."""
        return {
            "due": self.due,
            "done": self.done,
            "partial": self.partial,
            "missed": self.missed,
            "elsewhere": self.elsewhere,
            "unknown": self.unknown,
            "extra": self.extra,
            "ratio": self.ratio,
            "delivered_minutes_ratio": self.delivered_minutes_ratio,
            "denominator": self.denominator,
            "as_of": self.as_of.isoformat(),
            "marks": [{"id": mark.id, "text": mark.text} for mark in self.marks],
        }


def adherence(course: Course, as_of: dt.date, records: tuple[SessionRecord, ...] | None = None) -> Adherence:
    """Count the sessions planned before `as_of`, the day of the checkpoint, which comes before that day's session.

    records : of `match_sessions` for that course and day, where they are at hand
    """
    if records is None:
        records = match_sessions(course, as_of)
    due = [record for record in records if record.due]
    states = Counter(record.state for record in due)
    ratio = delivered_minutes_ratio = None
    if due:
        # Sessions with nothing written stay in the denominator: leaving them out would reward not writing.
        ratio = states["done"] / len(due)
        delivered_minutes_ratio = min(1.0, sum(record.known_share for record in due) / len(due))
    return Adherence(
        as_of=as_of,
        due=len(due),
        done=states["done"],
        partial=states["partial"],
        missed=states["missed"],
        elsewhere=states["elsewhere"],
        unknown=states["unknown"],
        extra=sum(record.state == "extra" for record in records),
        ratio=ratio,
        delivered_minutes_ratio=delivered_minutes_ratio,
        denominator=due_in_words(len(due), states["unknown"], as_of.isoformat()),
        marks=_marks(course, records, as_of),
    )


def due_in_words(due: int, unknown: int, day: str) -> str:
    """What the share done is a share of.

    day : the day of the checkpoint, as dates are written where the words stand
    """
    if not due:
        return f"no session was planned before {day}, so there is no share to give"
    noun = "the one session" if due == 1 else f"all {due} sessions"
    also = f"; {unknown} of them with nothing written count as due but not as done" if unknown else ""
    return f"{noun} planned before {day}{also}"


def _marks(course: Course, records: tuple[SessionRecord, ...], as_of: dt.date) -> tuple[Mark, ...]:
    marks = [mark for record in records for mark in record.marks]
    _, duplicates = without_duplicates(row for row in course.sessions if row.date < as_of)
    if duplicates:
        lines = "line repeats" if duplicates == 1 else "lines repeat"
        marks.append(Mark(id="duplicate_session", message=f"{duplicates} {lines} another and counted once"))
    later = sum(row.date >= as_of for row in course.sessions)
    if later:
        text = f"{later} line{'s' if later > 1 else ''} of {as_of} or later not counted at this checkpoint"
        marks.append(Mark(id="after_checkpoint", message=text))
    return tuple(marks)
