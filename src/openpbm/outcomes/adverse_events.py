"""Adverse events of a course: what was written and what the skin showed, each with a grade and what follows from it.

Nothing written is dropped: a word that is not listed is read by its grade and marked.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openpbm.course.records import Event, RecordedSession
from openpbm.facts.delivery import skin_reaction_rows
from openpbm.facts.what_happened import EventKind, What, event_kind, event_kinds

__all__ = ["GradedEvent", "grade_events", "red_flags", "stop_reasons_of_events", "worst_grade"]

UNGRADED = 1  # an unlisted event without a grade: something happened, and nobody said how bad it was
_DENIALS = ("no", "not", "none", "never", "without", "denies")


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedEvent:
    """One event or skin reaction.

    kind : its id, or the word as written where it is not listed
    what : `other` for a word that is not listed
    grade : 0-5 in the manner of CTCAE; 0 is no harm, or a warning sign that nobody graded
    given_grade : as written, None where nothing was
    skin : an injury of the lit skin
    stops_light : ends the light until somebody has decided
    text : what is said of it; mark : what is doubtful about the line, empty when nothing is
    origin : file and line
    """

    date: dt.date
    kind: str
    what: What
    grade: int
    given_grade: int | None
    skin: bool
    stops_light: bool
    urgency: str | None
    route: str | None
    text: str
    mark: str
    origin: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON content."""
        return {
            "date": self.date.isoformat(),
            "kind": self.kind,
            "what": self.what,
            "grade": self.grade,
            "given_grade": self.given_grade,
            "skin": self.skin,
            "stops_light": self.stops_light,
            "urgency": self.urgency,
            "route": self.route,
            "text": self.text,
            "mark": self.mark,
            "origin": self.origin,
        }


def grade_events(events: Iterable[Event], sessions: Iterable[RecordedSession]) -> tuple[GradedEvent, ...]:
    """Every event and every skin reaction with its grade, by date; the order of the lines does not matter.

    The grade is the higher of the one written and the least that its kind can be: a blister is no grade 1.
    """
    found = [_graded(event) for event in events]
    found += [_of_skin(row) for row in sessions if row.skin_reaction is not None]
    return tuple(sorted(found, key=lambda event: (event.date, -event.grade, event.kind, event.text)))


def worst_grade(graded: Sequence[GradedEvent], *, skin: bool | None = None) -> int | None:
    """The highest grade; None where nothing was written at all, which is not the same as nothing having happened.

    skin : True for injuries of the lit skin alone, False for all others alone
    """
    grades = [event.grade for event in graded if skin is None or event.skin == skin]
    return max(grades, default=None)


def red_flags(graded: Sequence[GradedEvent]) -> tuple[GradedEvent, ...]:
    """The warning signs that go to somebody else first, the most urgent first."""
    order = {"emergency": 0, "same_day": 1, "urgent": 2, "routine": 3, None: 4}
    flags = (event for event in graded if event.what == "red_flag")
    return tuple(sorted(flags, key=lambda event: (order[event.urgency], event.date)))


def stop_reasons_of_events(graded: Sequence[GradedEvent]) -> tuple[str, ...]:
    """Why the light stops everywhere, one sentence each, without repeats; empty when nothing written ends it."""
    sentences = (f"{event.date.isoformat()}: {event.text}" for event in graded if event.stops_light)
    return tuple(dict.fromkeys(sentences))


def _named_by(event: Event) -> EventKind | None:
    """The kind of a line; under a heading such as "adverse event" the one its detail names, never a milder thing."""
    kind = event_kind(event.kind)
    if kind is None or not kind.general:
        return kind
    named = event_kind(event.detail)
    return kind if named is None or (kind.what == "red_flag" and named.what != "red_flag") else named


def _graded(event: Event) -> GradedEvent:
    listed = _named_by(event)
    kind = listed or _misspelt(event.kind)
    origin = f"events.csv line {event.line}"
    if kind is None:
        return _unlisted(event, origin)
    least = kind.grade or 0
    grade = max(event.grade or 0, least)
    marks = []
    if listed is None:
        marks.append(f"{origin}: kind {event.kind!r} is not listed and is read as {_spaced(kind.id)}; correct the word")
    if event.grade is not None and event.grade < least:
        marks.append(f"{origin}: grade {event.grade} was written; {_spaced(kind.id)} is at least grade {least}")
    return GradedEvent(
        date=event.date,
        kind=kind.id,
        what=kind.what,
        grade=grade,
        given_grade=event.grade,
        skin=kind.skin,
        stops_light=kind.stops_light,
        urgency=kind.urgency,
        route=kind.route,
        text=_said(kind, event.detail),
        mark="; ".join(marks),
        origin=origin,
    )


def _misspelt(word: str) -> EventKind | None:
    """The kind that was all but certainly meant: harm must not be lost to a slip of the pen. A denial is no slip."""
    if _spaced(word).casefold().split()[:1] in ([denial] for denial in _DENIALS):
        return None
    return _nearest_kind(word, cutoff=0.87)


def _nearest_kind(word: str, *, cutoff: float) -> EventKind | None:
    words = {spelling: kind for kind in event_kinds() for spelling in (_spaced(kind.id), *kind.aliases)}
    close = difflib.get_close_matches(_spaced(word).casefold(), words, n=1, cutoff=cutoff)
    return words[close[0]] if close and words[close[0]].what != "none" else None


def _unlisted(event: Event, origin: str) -> GradedEvent:
    grade = UNGRADED if event.grade is None else event.grade
    near = _nearest_kind(event.kind, cutoff=0.7)
    hint = f"; did you mean {_spaced(near.id)}?" if near else ""
    read = f"read as grade {grade} because none was given" if event.grade is None else f"read by its grade {grade}"
    detail = f" ({event.detail})" if event.detail else ""
    return GradedEvent(
        date=event.date,
        kind=event.kind,
        what="other",
        grade=grade,
        given_grade=event.grade,
        skin=False,
        stops_light=False,
        urgency=None,
        route=None,
        text=f"{event.kind or 'An event without a name'}{detail}: not a listed kind of event, {read}{hint}",
        mark=f"{origin}: kind {event.kind!r} is not listed{hint}",
        origin=origin,
    )


def _of_skin(row: RecordedSession) -> GradedEvent:
    assert row.skin_reaction is not None
    reaction = skin_reaction_rows()[row.skin_reaction]
    where = " ".join(word for word in (row.side, _spaced(row.site)) if word)
    return GradedEvent(
        date=row.date,
        kind=f"skin_{reaction.reaction}",
        what="adverse_event",
        grade=reaction.grade,
        given_grade=None,
        skin=True,
        stops_light=False,
        urgency=None,
        route=None,
        text=f"Skin{f' of {where}' if where else ''}, {reaction.reaction}: {reaction.meaning}",
        mark="",
        origin=f"sessions.csv line {row.line}",
    )


def _said(kind: EventKind, detail: str) -> str:
    if kind.what == "none":
        return f"{kind.message}{f' ({detail})' if detail else ''}"
    name = _spaced(kind.id)
    return f"{name[:1].upper()}{name[1:]}{f' ({detail})' if detail else ''}: {kind.message}"


def _spaced(word: str) -> str:
    return word.replace("_", " ").replace("-", " ")
