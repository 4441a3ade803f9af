"""The advice on an effect, given at once by the core's kinds and grades; no database, no diagnosis."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from openpbm.course.records import Event
from openpbm.errors import BadInput, Problem
from openpbm.facts.event_kinds import EventKind, event_kind, event_kinds
from openpbm.files import suggest
from openpbm.outcomes.harm import GradedEvent, grade_events
from openpbm.outcomes.measures import crisis_text

__all__ = ["NOBODY_WATCHES", "Advice", "Message", "advise", "listed_kind"]

NOBODY_WATCHES = (
    "Nobody reads this at once. This page works out its advice by fixed rules."
    " If you feel in danger, do not wait for an answer: call your local emergency number now."
)

#: From this grade on the sessions wait until somebody has decided.
HOLD_GRADE = 2
_ORDER = {"emergency": 0, "same_day": 1, "urgent": 2, "routine": 3}
_MOOD = frozenset({"suicidal_thoughts", "severe_depression"})
_NOW = {
    "emergency": "Call your local emergency number now, or go to an emergency department. Do not drive yourself.",
    "same_day": "Be seen today.",
    "urgent": "Call today and ask how soon you can be seen.",
    "routine": "Make an appointment.",
}
# Of an effect that has no route of its own, by its grade.
_BY_GRADE = (
    (4, "emergency", "your local emergency number", "This sounds dangerous. Call your local emergency number now."),
    (3, "same_day", "clinician, within 24 hours", "Speak to a clinician within 24 hours."),
    (2, None, None, "Do not use the lamp until this is gone and your sessions may go on."),
    (0, None, None, "Watch it. If it grows or does not go away, report it again."),
)


def listed_kind(word: str) -> EventKind:
    """The kind of that id or alias; BadInput with the nearest one, since free words belong into the detail."""
    listed = event_kind(word)
    if listed is None:
        known = [row.id for row in event_kinds]
        remedy = f"{suggest(word, known)}, or `other` with a detail"
        raise BadInput(Problem(key="kind", value=word, message="not a listed kind", remedy=remedy))
    return listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One sentence for one thing named; `verified`: somebody checked it against its source."""

    kind: str
    text: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do now; nothing of the free text is repeated in it.

    kind, what, grade : of the gravest that kind and detail name; `grade` is at least what each of them can be
    holds, cause : whether the sessions wait for a decision, and why: red_flag, stop_everywhere, adverse_event, ""
    urgency, route, now : how soon, to whom, and that in a sentence
    messages : one for each thing named
    crisis : where help is in a crisis; "" where nothing speaks of one
    """

    kind: str
    what: str
    grade: int
    holds: bool
    cause: str
    urgency: str | None
    route: str | None
    now: str
    messages: list[Message]
    skin: bool
    crisis: str

    def to_dict(self) -> dict[str, object]:
        """As the row of the event holds it and the API answers it."""
        return asdict(self)


def advise(kind: str, detail: str, grade: int | None, date: dt.date) -> Advice:
    """What to do about an effect, whoever reports it and wherever."""
    first_kind = listed_kind(kind)
    if grade is not None and grade not in range(1, 6):
        raise BadInput(Problem(key="grade", value=grade, message="must be a whole number from 1 to 5, or left out"))
    event = Event(line=2, date=date, kind=first_kind.id, detail=detail, grade=grade)
    # No sessions are passed: what was lit when must not make advice milder.
    graded = grade_events([event], [])
    first = min(graded, key=_soonest)
    worst = max(row.grade for row in graded)
    urgency, route, now = _what_to_do(first, worst, graded)
    cause = _cause(graded, worst)
    return Advice(
        kind=first.kind,
        what=first.what,
        grade=worst,
        holds=bool(cause),
        cause=cause,
        urgency=urgency,
        route=route,
        now=now,
        messages=[_message(row) for row in graded],
        skin=any(row.skin for row in graded),
        crisis=_crisis(graded),
    )


def _crisis(graded: Sequence[GradedEvent]) -> str:
    return crisis_text() if any(row.kind in _MOOD for row in graded) else ""


def _soonest(row: GradedEvent) -> tuple[int, int]:
    return (_ORDER.get(row.urgency or "", 4), -row.grade)


def _cause(graded: Sequence[GradedEvent], worst: int) -> str:
    for what in ("red_flag", "stop_everywhere"):
        if any(row.what == what for row in graded):
            return what
    holds = worst >= HOLD_GRADE or any(row.stops_light or _seen_first(row) for row in graded)
    return "adverse_event" if holds else ""


def _seen_first(row: GradedEvent) -> bool:
    kind = event_kind(row.kind)
    return kind is not None and kind.seen_first


def _what_to_do(first: GradedEvent, worst: int, graded: Sequence[GradedEvent]) -> tuple[str | None, str | None, str]:
    """How soon, to whom, and the sentence: by the kind's own route or by the grade, whichever is sooner."""
    # The first row whose grade is reached; the last row has grade 0, so there is always one.
    _, urgency, route, sentence = next(row for row in _BY_GRADE if worst >= row[0])
    if first.what == "stop_everywhere" and first.urgency is None:
        return None, None, "Do not use the lamp any more. Your clinic, if you have one, talks it over with you."
    if first.urgency is not None and _ORDER[first.urgency] <= _ORDER.get(urgency or "", 4):
        return first.urgency, first.route, _NOW[first.urgency]
    if worst < HOLD_GRADE and any(map(_seen_first, graded)):
        return urgency, route, "Do not use the lamp there until a clinician has looked at it."
    return urgency, route, sentence


def _message(row: GradedEvent) -> Message:
    kind = event_kind(row.kind)
    # Free words in the detail are read as listed kinds or not at all.
    assert kind is not None
    return Message(kind=kind.id, text=kind.message, source=kind.source, verified=kind.verified)
