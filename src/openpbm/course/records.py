"""What was written down during a course of light: one noun per kind of line, as it was written, nothing inferred."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "Course",
    "DiaryDay",
    "Event",
    "Guess",
    "RecordedScore",
    "RecordedSession",
    "SkinReaction",
    "Spasm",
    "Status",
    "TimelineChange",
]

from openpbm.course.mark import Mark
from openpbm.facts.felt import Felt, read_felt
from openpbm.person import TriedTreatment
from openpbm.planning import AllowedPlan
from openpbm.single_case.masking import Masking, Unblinding

Status = Literal["done", "partial", "missed", "extra"]
SkinReaction = Literal["none", "warmth", "redness", "pain", "blister"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSession:
    """One line of sessions.csv. `minutes` per position; None is unknown, never zero. `line` counts from 2."""

    line: int
    date: dt.date
    time: dt.time | None
    site: str
    side: str
    minutes: float | None
    distance_mm: float | None
    status: Status
    reason: str
    skin_reaction: SkinReaction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiaryDay:
    """One line of diary.csv: the worst symptom of the day 0-10, first onset, sleep [min], bother 0-10, pain 0-10.

    at_rest, relieved_by_movement : what the symptom was like; None is not said
    areas, activity : where in the body, and what was being done at onset
    sensations : what was felt and where, as `openpbm.facts.felt` writes it; "" is not said, "none" is nothing
    symptom_minutes, sleep_latency_minutes, nap_minutes [min]; awakenings: how often; tiredness 0-10
    caffeine, alcohol, nicotine, exercise : as written
    tags : what else that day or night had, with commas between
    """

    line: int
    date: dt.date
    entered_at: dt.datetime | None
    severity: float | None
    onset: dt.time | None
    sleep_minutes: float | None
    bother: float | None
    pain: float | None = None
    notes: str = ""
    areas: str = ""
    sensations: str = ""
    activity: str = ""
    at_rest: bool | None = None
    relieved_by_movement: bool | None = None
    symptom_minutes: float | None = None
    sleep_latency_minutes: float | None = None
    awakenings: float | None = None
    nap_minutes: float | None = None
    tiredness: float | None = None
    caffeine: str = ""
    alcohol: str = ""
    nicotine: str = ""
    exercise: str = ""
    tags: str = ""

    @property
    def felt(self) -> tuple[Felt, ...]:
        """What was felt and where; empty is not said."""
        return read_felt(self.sensations)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedScore:
    """One line of scores.csv. `version` "" is the current one; either `value`, `items`, or both.

    `items` holds the answered items alone; `source` None is not said.
    """

    line: int
    date: dt.date
    scale: str
    version: str
    value: float | None
    items: Mapping[str, float] | None
    source: Literal["app", "paper", "clinician"] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of events.csv. `grade` 1-5 in the manner of CTCAE; None is "not graded"."""

    line: int
    date: dt.date
    kind: str
    detail: str
    grade: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineChange:
    """One line of timeline.csv: something beside the light that began, stopped or changed."""

    line: int
    date: dt.date
    kind: str
    name: str
    action: str
    dose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spasm:
    """One line of spasms.csv (optional): one cramp or spasm."""

    line: int
    date: dt.date
    time: dt.time | None
    muscle: str
    seconds: float | None
    pain: float | None
    trigger: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """One line of guesses.csv (optional): what the person believes that period's lamp was."""

    line: int
    date: dt.date
    guess: Literal["active", "sham", "unsure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One course of light: its released plan and everything written down, each in the order of dates.

    treatments : what was tried before light
    left_out : lines that do not count: doubles, and days written down before they came; each has its mark
    design : content of design.json (`openpbm single-case design`), None where nothing was drawn by lot
    design_key : content of design.key.json, the sealed draw, None where it is not in the folder
    masking : content of masking.toml, how the lamp was masked; None where nothing is written down about it
    unblindings : who learnt before the end what a period was
    case_report : content of case_report.toml (title, consent, patient's own words), empty when absent
    marks : what the reader of the files found; missing files, duplicates, back-dated lines and the like
    """

    plan: AllowedPlan
    sessions: tuple[RecordedSession, ...] = ()
    diary: tuple[DiaryDay, ...] = ()
    scores: tuple[RecordedScore, ...] = ()
    events: tuple[Event, ...] = ()
    timeline: tuple[TimelineChange, ...] = ()
    spasms: tuple[Spasm, ...] = ()
    guesses: tuple[Guess, ...] = ()
    unblindings: tuple[Unblinding, ...] = ()
    treatments: tuple[TriedTreatment, ...] = ()
    left_out: tuple[DiaryDay | RecordedSession | RecordedScore, ...] = ()
    design: Mapping[str, object] | None = None
    design_key: Mapping[str, object] | None = None
    masking: Masking | None = None
    case_report: Mapping[str, object] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
