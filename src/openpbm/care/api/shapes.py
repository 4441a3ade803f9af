"""What travels: the bodies that are taken and the answers that are given. Core nouns are checked by the core itself."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le
from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, StringConstraints

__all__ = [
    "ChangeIn", "Day", "DiaryIn", "EventIn", "IntakeIn", "MeasurementIn", "Moment", "Refused", "RowOut", "ScoreIn",
    "SessionIn", "SkinIn", "StartIn",
]  # fmt: skip

#: A day and a moment that calendars and time zones can reckon with.
Day = Annotated[dt.date, Ge(dt.date(1900, 1, 1)), Le(dt.date(2199, 12, 31))]
Moment = Annotated[
    AwareDatetime,
    Ge(dt.datetime(1900, 1, 2, tzinfo=dt.UTC)),
    Le(dt.datetime(2199, 12, 30, tzinfo=dt.UTC)),
]
_NO_NUL = r"^[^\x00]*$"

Word = Annotated[str, StringConstraints(max_length=64, pattern=_NO_NUL)]
Line = Annotated[str, StringConstraints(max_length=400, pattern=_NO_NUL)]
Notes = Annotated[str, StringConstraints(max_length=4000, pattern=_NO_NUL)]
Finite = Annotated[float, Ge(-1e9), Le(1e9)]


class Sent(Schema):
    """A record on its way in: its id is made by the sender, so that sending it again is harmless."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    id: uuid.UUID


class DiaryIn(Sent):
    """One day of the diary; `answers` as in docs/course-folder.md."""

    date: Day
    entered_at: Moment
    answers: dict[str, Any]
    notes: Notes = ""


class StartIn(Sent):
    """The beginning of a session."""

    lamp_id: uuid.UUID
    places: tuple[tuple[Word, Word], ...]
    started_at: Moment
    resumes: uuid.UUID | None = None


class SessionIn(Sent):
    """What was given at one place, or that nothing was."""

    lamp_id: uuid.UUID
    start_id: uuid.UUID | None = None
    date: Day
    time: dt.time | None = None
    site: Word
    side: Word
    minutes: Annotated[float, Ge(0), Le(1440)] | None = None
    distance_mm: Annotated[float, Ge(0), Le(5000)] | None = None
    status: Literal["done", "partial", "missed", "extra"]
    reason: Line = ""
    pauses: tuple[tuple[Finite, Finite], ...] = ()
    skin_reaction: Literal["", "none", "warmth", "redness", "pain", "blister"] = ""
    supersedes: uuid.UUID | None = None


class SkinIn(Sent):
    """How the skin looked."""

    moment: Literal["after", "24h"]
    reaction: Literal["none", "warmth", "redness", "pain", "blister"]
    note: Notes = ""


class ScoreIn(Sent):
    """One filled scale: its items, or the value."""

    date: Day
    scale: Word
    version: Word = ""
    items: dict[str, Finite] | None = None
    value: Finite | None = None
    source: Literal["app", "paper", "clinician"] = "app"


class EventIn(Sent):
    """An effect."""

    date: Day
    kind: Annotated[str, StringConstraints(max_length=60, pattern=_NO_NUL)]
    detail: Notes = ""
    grade: Annotated[int, Ge(1), Le(5)] | None = None


class ChangeIn(Sent):
    """Something beside the light."""

    date: Day
    kind: Annotated[str, StringConstraints(max_length=40, pattern=_NO_NUL)]
    name: Annotated[str, StringConstraints(max_length=120, pattern=_NO_NUL)]
    action: Annotated[str, StringConstraints(max_length=20, pattern=_NO_NUL)]
    dose: Annotated[str, StringConstraints(max_length=120, pattern=_NO_NUL)] = ""


class IntakeIn(Sent):
    """The answers: sections `person` and `condition` of a case file."""

    document: dict[str, Any]
    reason: Annotated[str, StringConstraints(max_length=200, pattern=_NO_NUL)] = ""


class MeasurementIn(Sent):
    """One reading of a lamp's output."""

    measured_on: Day
    wavelength_nm: Annotated[float, Ge(600), Le(1000)]
    irradiance_mw_cm2: Annotated[float, Ge(0), Le(100_000)]
    distance_mm: Annotated[float, Ge(0), Le(5000)]
    uncertainty_percent: Annotated[float, Ge(0), Le(100)]
    meter: Annotated[str, StringConstraints(max_length=120, pattern=_NO_NUL)]
    meter_calibrated_on: Day | None = None
    note: Annotated[str, StringConstraints(max_length=200, pattern=_NO_NUL)] = ""


class RowOut(Schema):
    """A record as it is kept; `new` tells whether this sending wrote it."""

    id: uuid.UUID
    new: bool
    created_at: dt.datetime
    content: dict[str, Any]


class Refused(Schema):
    """Why not: one plain line each."""

    detail: Any
