"""Adverse events of a course: what was written and what the skin showed, each with a grade and what follows from it.

Nothing written is dropped: harm is looked for in kind and detail of every line, and a word that is not listed is read
by its grade and marked.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpbm.course.mark import Mark, MarkText, mark_in_folder
from openpbm.course.records import DiaryDay, Event, RecordedSession
from openpbm.facts.delivery import skin_reactions
from openpbm.facts.event_kinds import EventKind, What, event_kind, event_kinds, gravity
from openpbm.facts.event_words import kinds_named_in, severity_named_in
from openpbm.facts.felt import red_flags_felt
from openpbm.files import JsonObject

__all__ = ["GradedEvent", "grade_events", "grade_felt", "red_flags", "stop_reasons_of_events", "worst_grade"]

_FILE = "events.csv"
# An unlisted event without a grade: something happened, and nobody said how bad it was.
UNGRADED = 1
#: Each of these on one line is followed by itself, and what a clinician must see first; everything else is said by the
#: gravest of its line.
_BY_ITSELF = ("red_flag", "stop_everywhere", "augmentation", "relapse")
_DENIALS = frozenset({"no", "not", "none", "never", "without", "denies"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedEvent:
    """One event or skin reaction.

    kind : its id, or the word as written where it is not listed
    what : `other` for a word that is not listed
    grade : 0-5 in the manner of CTCAE; 0 is no harm, or a warning sign that nobody graded
    given_grade : as written, None where nothing was
    skin : an injury of the lit skin
    stops_light : ends the light until somebody has decided
    text : what is said of it; mark : what is doubtful about the line, None when nothing is
    file, line : where it is written in a course folder
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
    mark: Mark | None
    file: str
    line: int

    def to_dict(self, mark_text: MarkText = mark_in_folder) -> JsonObject:
        """Plain JSON content; `mark_text` is how a mark is said, with its file or without."""
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
            "mark": "" if self.mark is None else mark_text(self.mark),
            "origin": f"{self.file} line {self.line}",
        }


def grade_events(events: Iterable[Event], sessions: Iterable[RecordedSession]) -> tuple[GradedEvent, ...]:
    """Every event and every skin reaction with its grade, by date; the order of the lines does not matter.

    A line is the gravest of all that its kind and detail name; a further warning sign, reason to stop, relapse or
    change that a clinician must see first stands by itself. The grade is the highest of the one written, the least
    that any of its kinds can be, and the least that a word such as "severe" means: a blister is no grade 1.
    """
    found = [graded for event in events for graded in _graded(event)]
    found += [_of_skin(row) for row in sessions if row.skin_reaction is not None]
    return tuple(sorted(found, key=lambda event: (event.date, -event.grade, event.kind, event.text)))


def grade_felt(diary: Iterable[DiaryDay], written: Iterable[Event]) -> tuple[GradedEvent, ...]:
    """An event for each day and red flag among what was felt, but for those written down as events already."""
    there = {(event.date, event.kind) for event in written}
    felt = [
        Event(line=row.line, date=row.date, kind=rule.id, detail="", grade=None)
        for row in diary
        if row.sensations
        for rule in red_flags_felt(row.felt)
    ]
    unwritten = (event for event in felt if (event.date, event.kind) not in there)
    return tuple(dataclasses.replace(event, file="diary.csv") for event in grade_events(unwritten, []))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What a line names: the gravest first. `doubt` says how it was read where that is not the word in its kind."""

    kinds: tuple[EventKind, ...]
    doubt: str = ""


def _graded(event: Event) -> list[GradedEvent]:
    reading = _read(event)
    if not reading.kinds:
        return [_unlisted(event)]
    first, *others = reading.kinds
    apart = [kind for kind in others if (kind.what in _BY_ITSELF or kind.seen_first) and not kind.general]
    beside = f"stands on the line of {_spaced(first.id)}"
    return [
        _of_line(event, first, reading),
        *(_of_line(event, kind, _Reading(kinds=(kind,), doubt=beside)) for kind in apart),
    ]


def _read(event: Event) -> _Reading:
    """The kinds named in the kind and in the detail of a line, and where they were found."""
    written = _written(event)
    in_kind = () if written is not None else kinds_named_in(event.kind)
    in_detail = kinds_named_in(event.detail)
    if written is not None and written.what == "relapse":
        # That symptoms are worse again is what a relapse is.
        in_detail = tuple(kind for kind in in_detail if kind.id != "symptom_flare")
    slip = None
    # Spelling is guessed at only where nothing else was understood, lest a line gain an event nobody wrote.
    if not in_kind and not in_detail:
        slip = _slip(event, written)
    guessed = () if slip is None else (slip,)
    found = dict.fromkeys((*([written] if written else []), *in_kind, *in_detail, *guessed))
    # A heading says nothing beside what stands under it; of equals the one in the kind comes first.
    kinds = tuple(sorted(found, key=lambda kind: (*gravity(kind), not kind.general), reverse=True))
    if not kinds:
        return _Reading(kinds=())
    return _Reading(kinds=kinds, doubt=_how_read(event, written, in_kind, slip, kinds[0]))


def _written(event: Event) -> EventKind | None:
    """The kind by its plain id or alias; under a heading "none" in the detail says that there was nothing."""
    kind, detail = event_kind(event.kind), event_kind(event.detail)
    if kind is not None and kind.general and kind.what == "adverse_event" and detail is not None:
        return detail if detail.what == "none" else kind
    return kind


def _slip(event: Event, written: EventKind | None) -> EventKind | None:
    if written is None:
        return _misspelt(event.kind)
    named = _misspelt(event.detail) if written.general or written.id == "other" else None
    return None if named is None or gravity(named) <= gravity(written) else named


def _how_read(
    event: Event, written: EventKind | None, in_kind: tuple[EventKind, ...], slip: EventKind | None, first: EventKind
) -> str:
    name = _spaced(first.id)
    if first is written:
        return ""
    if first is slip:
        column, word = ("kind", event.kind) if written is None else ("detail", event.detail)
        return f"{column} {word!r} is not listed and is read as {name}; correct the word"
    if first in in_kind:
        return f"kind {event.kind!r} is read as {name}, the gravest that it names; correct the word"
    if written is not None and written.what == "none":
        return f"none was written, yet the detail names {name}, which is what counts; correct one of the two"
    return f"kind {event.kind!r} is read as {name}, which its detail names"


def _of_line(event: Event, kind: EventKind, reading: _Reading) -> GradedEvent:
    listed = event_kind(event.kind) is not None
    # A warning sign that nobody graded stays at 0: who sees it first does not hang on a grade.
    flag = kind.what == "red_flag"
    floor = 0 if listed or flag else UNGRADED
    least = max(floor, *(row.grade or 0 for row in reading.kinds if not (flag and row.general)), 0)
    said, spoken = _said_severity(event, reading.kinds)
    grade = max(event.grade or 0, least, spoken)
    doubts = [reading.doubt] if reading.doubt else []
    if event.grade is not None and event.grade < least:
        doubts.append(f"grade {event.grade} was written; {_spaced(kind.id)} is at least grade {least}")
    if spoken > max(event.grade or 0, least):
        doubts.append(f"its words are read as {said}, grade {spoken} at least")
    also = [
        _spaced(row.id)
        for row in reading.kinds
        if row is not kind and not row.general and row.what not in ("none", "other")
    ]
    if also:
        doubts.append(f"names {', '.join(also)} as well")
    return GradedEvent(
        date=event.date,
        kind=kind.id,
        what=kind.what,
        grade=grade,
        given_grade=event.grade,
        # What any kind on the line asks for holds for the whole line, also where another kind is graver.
        skin=any(row.skin for row in reading.kinds),
        stops_light=any(row.stops_light for row in reading.kinds),
        urgency=kind.urgency,
        route=kind.route,
        text=_said(kind, "; ".join(text for text in ("" if listed else event.kind, event.detail) if text)),
        mark=_doubtful(event, doubts),
        file=_FILE,
        line=event.line,
    )


#: Kinds that end or change the course and hurt nobody.
_NO_HARM = ("light_stopped", "patient_wish")


def _said_severity(event: Event, kinds: Sequence[EventKind]) -> tuple[str, int]:
    """The word for how bad it was and the least grade it means; of no harm, or of a wish alone, it says nothing."""
    # A bad effect beside a new pregnancy is no milder for it: whatever may have been harm is as bad as it was called.
    if all(kind.what in ("none", "relapse") or kind.id in _NO_HARM for kind in kinds):
        return "", 0
    found = [row for row in map(severity_named_in, (event.kind, event.detail)) if row is not None]
    worst = max(found, key=lambda row: row.grade, default=None)
    return ("", 0) if worst is None else (worst.word, worst.grade)


def _misspelt(word: str) -> EventKind | None:
    """The kind that was all but certainly meant: harm must not be lost to a slip of the pen. A denial is no slip."""
    if not _DENIALS.isdisjoint(_spaced(word).casefold().split()):
        return None
    return _nearest_kind(word, cutoff=0.87)


def _nearest_kind(word: str, *, cutoff: float) -> EventKind | None:
    words = {spelling: kind for kind in event_kinds for spelling in (_spaced(kind.id), *kind.aliases)}
    close = difflib.get_close_matches(_spaced(word).casefold(), words, n=1, cutoff=cutoff)
    # A word near to "none" must not wipe out an event.
    return words[close[0]] if close and words[close[0]].what != "none" else None


def _unlisted(event: Event) -> GradedEvent:
    spoken = max((row.grade for row in map(severity_named_in, (event.kind, event.detail)) if row), default=0)
    grade = max(UNGRADED if event.grade is None else event.grade, spoken)
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
        mark=_doubtful(event, [f"kind {event.kind!r} is not listed{hint}"]),
        file=_FILE,
        line=event.line,
    )


def _of_skin(row: RecordedSession) -> GradedEvent:
    assert row.skin_reaction is not None
    reaction = skin_reactions[row.skin_reaction]
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
        mark=None,
        file="sessions.csv",
        line=row.line,
    )


def _doubtful(event: Event, doubts: Sequence[str]) -> Mark | None:
    """All that is doubtful about a line, as one mark."""
    if not doubts:
        return None
    return Mark(id="doubtful_line", message="; ".join(doubts), file=_FILE, lines=(event.line,))


def _said(kind: EventKind, detail: str) -> str:
    if kind.what == "none":
        return f"{kind.message}{f' ({detail})' if detail else ''}"
    name = _spaced(kind.id)
    return f"{name[:1].upper()}{name[1:]}{f' ({detail})' if detail else ''}: {kind.message}"


def _spaced(word: str) -> str:
    return word.replace("_", " ").replace("-", " ")
