"""What travels: the bodies that are taken and the answers that are given. Core nouns are checked by the core itself."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from annotated_types import Ge, Gt, Le, Lt, MaxLen
from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Strict, StringConstraints

__all__ = [
    "ChangeIn", "Day", "DiaryIn", "EventIn", "IntakeIn", "MeasurementIn", "Moment", "Problems", "Refused", "RowOut",
    "ScoreIn", "SessionIn", "SkinIn", "StartIn",
]  # fmt: skip


def _only_text(value: Any) -> Any:
    # A number would be read as seconds since 1970.
    if not isinstance(value, str):
        raise ValueError("must be text, as in 2026-03-31")
    return value


#: A day and a moment that calendars and time zones can work with; a clock is the person's own, so without a zone.
Day = Annotated[dt.date, BeforeValidator(_only_text), Ge(dt.date(1900, 1, 1)), Le(dt.date(2199, 12, 31))]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_only_text),
    Ge(dt.datetime(1900, 1, 2, tzinfo=dt.UTC)),
    Le(dt.datetime(2199, 12, 30, tzinfo=dt.UTC)),
]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$")]
_NO_NUL = r"^[^\x00]*$"

Word = Annotated[str, StringConstraints(max_length=64, pattern=_NO_NUL)]
Line = Annotated[str, StringConstraints(max_length=400, pattern=_NO_NUL)]
Notes = Annotated[str, StringConstraints(max_length=4000, pattern=_NO_NUL)]
Finite = Annotated[float, Strict(), Ge(-1e9), Le(1e9)]
Seconds = Annotated[float, Strict(), Ge(0), Lt(86_400)]
Distance = Annotated[float, Strict(), Ge(0), Le(5000)]


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
    places: Annotated[tuple[tuple[Word, Word], ...], MaxLen(40)]
    started_at: Moment
    resumes: uuid.UUID | None = None


class SessionIn(Sent):
    """What was given at one place, or that nothing was."""

    lamp_id: uuid.UUID
    start_id: uuid.UUID | None = None
    date: Day
    time: Clock | None = None
    site: Word
    side: Word
    minutes: Annotated[float, Strict(), Ge(0), Le(600)] | None = None
    distance_mm: Distance | None = None
    status: Literal["done", "partial", "missed", "extra"]
    reason: Line = ""
    pauses: Annotated[tuple[tuple[Seconds, Seconds], ...], MaxLen(200)] = ()
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
    grade: Annotated[int, Strict(), Ge(1), Le(5)] | None = None


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
    """One reading of a lamp's output; without a wavelength, of all its light together."""

    measured_on: Day
    wavelength_nm: Annotated[float, Strict(), Ge(200), Le(2500)] | None = None
    irradiance_mw_cm2: Annotated[float, Strict(), Gt(0), Le(100_000)]
    distance_mm: Distance
    uncertainty_percent: Annotated[float, Strict(), Gt(0), Le(100)]
    meter: Annotated[str, StringConstraints(max_length=120, pattern=_NO_NUL)]
    meter_calibrated_on: Day | None = None
    note: Annotated[str, StringConstraints(max_length=200, pattern=_NO_NUL)] = ""


class RowOut(Schema):
    """A record as it is kept; `new` tells whether this sending wrote it."""

    id: uuid.UUID
    new: bool
    created_at: dt.datetime
    content: dict[str, Any]


class ProblemOut(Schema):
    """One thing that is wrong with what was sent: its key and value, what is wrong, and what to do."""

    document: str
    line: int | None
    key: str
    value: str | int | bool | None
    message: str
    remedy: str


class Problems(Schema):
    """Everything that is wrong with what was sent."""

    problems: list[ProblemOut]


class Refused(Schema):
    """Why not: one plain line each."""

    detail: str | list[str]
