"""What one line of each file of a course folder becomes: its columns, and the noun made of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from openpbm.course.recorded_score import SCORE_COLUMNS, recorded_score
from openpbm.course.records import (
    DiaryDay,
    Event,
    Guess,
    RecordedSession,
    SkinReaction,
    Spasm,
    Status,
    TimelineChange,
)
from openpbm.errors import BadInput, quote
from openpbm.facts.felt import read_felt, write_felt
from openpbm.facts.treatments import treatment_of, treatments
from openpbm.files import Column, Line, suggest
from openpbm.person import TriedEffect, TriedTreatment, WhyStopped
from openpbm.single_case.masking import Unblinded, Unblinding

__all__ = ["FILES", "FileKind"]

_DAY_MINUTES = 1440.0
_LONGEST_SESSION_MINUTES = 240.0
_FARTHEST_MM = 3000.0
# Columns of numbers whose name ends in no unit.
_NUMBERS = frozenset({"severity", "bother", "pain", "awakenings", "tiredness", "grade", "value"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """One CSV file of a course folder.

    columns : as the file's first line is written for a person who begins
    needed : columns no file can do without
    also : columns that may stand beside them
    content : a line with all of these blank says nothing and counts as no line; none where any line says something
    blank_mark : id of the mark that names such lines
    read : one line to its noun, None where a problem was found or where it says nothing
    wanted : whether the reader is told when the file is not there
    """

    name: str
    columns: tuple[str, ...]
    needed: tuple[str, ...]
    read: Callable[[Line], Any]
    also: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    blank_mark: str = ""
    wanted: bool = True

    @property
    def optional(self) -> tuple[str, ...]:
        """Every known column that is not needed."""
        return tuple(column for column in (*self.columns, *self.also) if column not in self.needed)

    @property
    def table_columns(self) -> tuple[Column, ...]:
        """Every known column, as the reader of tables takes them."""
        needed = tuple(Column(name=name, needed=True, number=name in _NUMBERS) for name in self.needed)
        return (*needed, *(Column(name=name, number=name in _NUMBERS) for name in self.optional))

    def says_nothing(self, line: Line) -> bool:
        """Whether a line names a day alone, as one written ahead does: unknown, as if it were not there."""
        return bool(self.content) and not _any_filled(line, self.content)


def _any_filled(line: Line, columns: Iterable[str]) -> bool:
    return any(line.text(column) for column in columns)


def _session(line: Line) -> RecordedSession | None:
    date = line.date("date")
    status = line.word("status", get_args(Status), needed=_any_filled(line, _SESSION_CONTENT))
    time, side = line.time("time"), line.word("side", ("left", "right", "both"))
    minutes = line.value("minutes", 0.0, _LONGEST_SESSION_MINUTES)
    distance_mm = line.value("distance_mm", 0.0, _FARTHEST_MM)
    skin_reaction = line.word("skin_reaction", get_args(SkinReaction))
    if date is None or status is None:
        return None
    return RecordedSession(
        line=line.number,
        date=date,
        time=time,
        site=line.text("site"),
        side=side or "",
        minutes=minutes,
        distance_mm=distance_mm,
        status=cast(Status, status),
        reason=line.text("reason"),
        skin_reaction=cast("SkinReaction | None", skin_reaction),
    )


def _diary_day(line: Line) -> DiaryDay | None:
    date = line.date("date")
    day = DiaryDay(
        line=line.number,
        # A stand-in: every cell is read before the line is given up, so that all of its problems are named at once.
        date=date or dt.date.min,
        entered_at=line.moment("entered_at"),
        severity=line.value("severity", 0.0, 10.0),
        onset=line.time("onset"),
        sleep_minutes=line.value("sleep_minutes", 0.0, _DAY_MINUTES),
        bother=line.value("bother", 0.0, 10.0),
        pain=line.value("pain", 0.0, 10.0),
        notes=line.text("notes"),
        areas=line.text("areas"),
        sensations=_felt(line),
        activity=line.text("activity"),
        at_rest=line.yes_or_no("at_rest"),
        relieved_by_movement=line.yes_or_no("relieved_by_movement"),
        symptom_minutes=line.value("symptom_minutes", 0.0, _DAY_MINUTES),
        sleep_latency_minutes=line.value("sleep_latency_minutes", 0.0, _DAY_MINUTES),
        awakenings=line.value("awakenings", 0.0, 100.0, whole=True),
        nap_minutes=line.value("nap_minutes", 0.0, _DAY_MINUTES),
        tiredness=line.value("tiredness", 0.0, 10.0),
        caffeine=line.text("caffeine"),
        alcohol=line.text("alcohol"),
        nicotine=line.text("nicotine"),
        exercise=line.text("exercise"),
        tags=line.text("tags"),
    )
    return day if date is not None and _any_filled(line, _DIARY_CONTENT) else None


def _felt(line: Line) -> str:
    """What was felt, in the one form in which it is compared."""
    try:
        return write_felt(read_felt(line.text("sensations")))
    except BadInput as error:
        for problem in error.problems:
            line.add_problem("sensations", f"{quote(problem.value)} {problem.message}", problem.remedy)
        return ""


def _event(line: Line) -> Event | None:
    date, kind = line.date("date"), line.text("kind", needed=True)
    grade = line.value("grade", 1.0, 5.0, whole=True)
    if date is None or not kind:
        return None
    detail = line.text("detail")
    return Event(line=line.number, date=date, kind=kind, detail=detail, grade=None if grade is None else int(grade))


def _timeline_change(line: Line) -> TimelineChange | None:
    date, kind = line.date("date"), line.text("kind", needed=True)
    if date is None or not kind:
        return None
    name, action, dose = line.text("name"), line.text("action"), line.text("dose")
    return TimelineChange(line=line.number, date=date, kind=kind, name=name, action=action, dose=dose)


def _spasm(line: Line) -> Spasm | None:
    date, time = line.date("date"), line.time("time")
    seconds, pain = line.value("seconds", 0.0, _DAY_MINUTES * 60), line.value("pain", 0.0, 10.0)
    if date is None:
        return None
    return Spasm(
        line=line.number,
        date=date,
        time=time,
        muscle=line.text("muscle"),
        seconds=seconds,
        pain=pain,
        trigger=line.text("trigger"),
    )


def _tried(line: Line) -> TriedTreatment | None:
    word = line.text("treatment", needed=True)
    known = treatment_of(word)
    if word and known is None:
        remedy = f"{suggest(word, treatments.ids)}, or other_treatment with its name"
        line.add_problem("treatment", "not a listed treatment", remedy)
    tried = TriedTreatment(
        treatment="" if known is None else known.id,
        name=line.text("name"),
        dose=line.text("dose"),
        since=line.date("since", needed=False),
        until=line.date("until", needed=False),
        still_taken=line.yes_or_no("still_taken"),
        effect=cast(TriedEffect, line.word("effect", get_args(TriedEffect)) or "unknown"),
        stopped_because=cast("WhyStopped | None", line.word("stopped_because", get_args(WhyStopped))),
        adverse_effects=line.text("adverse_effects"),
    )
    return None if known is None else tried


def _guess(line: Line) -> Guess | None:
    date, guess = line.date("date"), line.word("guess", ("active", "sham", "unsure"), needed=True)
    if date is None or guess is None:
        return None
    return Guess(line=line.number, date=date, guess=cast(Literal["active", "sham", "unsure"], guess))


def _unblinding(line: Line) -> Unblinding | None:
    date, who = line.date("date"), line.word("who", get_args(Unblinded), needed=True)
    emergency = line.yes_or_no("emergency")
    if date is None or who is None:
        return None
    return Unblinding(
        line=line.number,
        date=date,
        who=cast(Unblinded, who),
        # Blank is no emergency: the word excuses nothing, since the order is known to somebody either way.
        emergency=emergency is True,
        reason=line.text("reason"),
    )


_SESSION_COLUMNS = ("date", "time", "site", "side", "minutes", "distance_mm", "status", "reason", "skin_reaction")
_DIARY_COLUMNS = ("date", "entered_at", "severity", "onset", "sleep_minutes", "bother", "notes")
_DIARY_ALSO = (
    *("pain", "areas", "sensations", "activity", "at_rest", "relieved_by_movement", "symptom_minutes"),
    *("sleep_latency_minutes", "awakenings", "nap_minutes", "tiredness", "caffeine", "alcohol", "nicotine", "exercise"),
    "tags",
)
# What a form may hold before the day came (date, time, place) tells nothing of what was done.
_SESSION_CONTENT = ("minutes", "distance_mm", "status", "reason", "skin_reaction")
_DIARY_CONTENT = tuple(column for column in (*_DIARY_COLUMNS, *_DIARY_ALSO) if column not in ("date", "entered_at"))
_TIMELINE_COLUMNS = ("date", "kind", "name", "action", "dose")
_UNBLINDING_COLUMNS = ("date", "who", "emergency", "reason")
_TRIED_COLUMNS = (
    *("treatment", "name", "dose", "since", "until", "still_taken", "effect", "stopped_because"),
    "adverse_effects",
)
_SPASM_COLUMNS = ("date", "time", "muscle", "seconds", "pain", "trigger")

FILES: dict[str, FileKind] = {
    "sessions": FileKind(
        name="sessions.csv",
        columns=_SESSION_COLUMNS,
        needed=("date", "status"),
        read=_session,
        content=_SESSION_CONTENT,
        blank_mark="blank_session",
    ),
    "diary": FileKind(
        name="diary.csv",
        columns=_DIARY_COLUMNS,
        needed=("date",),
        read=_diary_day,
        also=_DIARY_ALSO,
        content=_DIARY_CONTENT,
        blank_mark="blank_day",
    ),
    "scores": FileKind(name="scores.csv", columns=SCORE_COLUMNS, needed=("date", "scale"), read=recorded_score),
    "events": FileKind(
        name="events.csv", columns=("date", "kind", "detail", "grade"), needed=("date", "kind"), read=_event
    ),
    "timeline": FileKind(
        name="timeline.csv", columns=_TIMELINE_COLUMNS, needed=("date", "kind"), read=_timeline_change
    ),
    "spasms": FileKind(name="spasms.csv", columns=_SPASM_COLUMNS, needed=("date",), read=_spasm, wanted=False),
    "treatments": FileKind(
        name="treatments.csv", columns=_TRIED_COLUMNS, needed=("treatment",), read=_tried, wanted=False
    ),
    "guesses": FileKind(
        name="guesses.csv", columns=("date", "guess"), needed=("date", "guess"), read=_guess, wanted=False
    ),
    "unblindings": FileKind(
        name="unblindings.csv", columns=_UNBLINDING_COLUMNS, needed=("date", "who"), read=_unblinding, wanted=False
    ),
}
