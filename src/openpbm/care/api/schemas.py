"""What travels: the bodies that are taken and the answers that are given. Core nouns are checked by the core itself."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from annotated_types import Ge, Interval, Le, Lt, MaxLen
from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Strict, StringConstraints

from openpbm.care.audit.constraints import Within, longest
from openpbm.care.devices.models import (
    DISTANCE_MM,
    IRRADIANCE_MW_CM2,
    UNCERTAINTY_PERCENT,
    WAVELENGTH_NM,
    Measurement,
)
from openpbm.care.events.models import GRADES, AdverseEvent
from openpbm.care.people.models import LONGEST_NOTES, Change, Intake
from openpbm.care.scales.models import SPASM_PAIN, SPASM_SECONDS, Source, SpasmRecord
from openpbm.care.sessions.models import MINUTES, MOST_PAUSES, SessionRecord
from openpbm.course.records import SkinReaction, Status

__all__ = [
    "ChangeIn", "Day", "DiaryIn", "EventIn", "IntakeIn", "MeasurementIn", "Moment", "Problems", "Refused", "RowOut",
    "ScoreIn", "SessionIn", "SkinIn", "SpasmIn", "StartIn",
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


def _text(most: int) -> StringConstraints:
    """At most so many characters, and no NUL: PostgreSQL refuses one in a text."""
    return StringConstraints(max_length=most, pattern=r"^[^\x00]*$")


def _within(limits: Within) -> Interval:
    """A number that its column can hold."""
    if limits.above:
        return Interval(gt=limits.least, le=limits.most)
    return Interval(ge=limits.least, le=limits.most)


#: A word that has to be one of those that are known, which the action sees to.
Word = Annotated[str, _text(64)]
Notes = Annotated[str, _text(LONGEST_NOTES)]
Finite = Annotated[float, Strict(), Ge(-1e9), Le(1e9)]
Seconds = Annotated[float, Strict(), Ge(0), Lt(86_400)]
Distance = Annotated[float, Strict(), _within(DISTANCE_MM)]


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


class SpasmIn(Sent):
    """One cramp or spasm, or with `counts` false that an earlier one was none."""

    date: Day
    time: Clock | None = None
    muscle: Annotated[str, _text(longest(SpasmRecord, "muscle"))] = ""
    seconds: Annotated[float, Strict(), _within(SPASM_SECONDS)] | None = None
    pain: Annotated[float, Strict(), _within(SPASM_PAIN)] | None = None
    trigger: Annotated[str, _text(longest(SpasmRecord, "trigger"))] = ""
    counts: bool = True
    supersedes: uuid.UUID | None = None


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
    minutes: Annotated[float, Strict(), _within(MINUTES)] | None = None
    distance_mm: Distance | None = None
    status: Status
    reason: Annotated[str, _text(longest(SessionRecord, "reason"))] = ""
    pauses: Annotated[tuple[tuple[Seconds, Seconds], ...], MaxLen(MOST_PAUSES)] = ()
    skin_reaction: Literal["", SkinReaction] = ""
    supersedes: uuid.UUID | None = None
    #: The minutes are right although fewer have passed; asked for by a refusal, never needed otherwise.
    confirmed: bool = False


class SkinIn(Sent):
    """How the skin looked."""

    moment: Literal["after", "24h"]
    reaction: SkinReaction
    note: Notes = ""


class ScoreIn(Sent):
    """One filled scale: its items, or the value."""

    date: Day
    scale: Word
    version: Word = ""
    items: dict[str, Finite] | None = None
    value: Finite | None = None
    source: Source = "app"


class EventIn(Sent):
    """An effect."""

    date: Day
    kind: Annotated[str, _text(longest(AdverseEvent, "kind"))]
    detail: Notes = ""
    grade: Annotated[int, Strict(), _within(GRADES)] | None = None


class ChangeIn(Sent):
    """Something beside the light."""

    date: Day
    kind: Annotated[str, _text(longest(Change, "kind"))]
    name: Annotated[str, _text(longest(Change, "name"))]
    action: Annotated[str, _text(longest(Change, "action"))]
    dose: Annotated[str, _text(longest(Change, "dose"))] = ""


class IntakeIn(Sent):
    """The answers: sections `person` and `condition` of a case file."""

    document: dict[str, Any]
    reason: Annotated[str, _text(longest(Intake, "reason"))] = ""


class MeasurementIn(Sent):
    """One reading of a lamp's output; without a wavelength, of all its light together."""

    measured_on: Day
    wavelength_nm: Annotated[float, Strict(), _within(WAVELENGTH_NM)] | None = None
    irradiance_mw_cm2: Annotated[float, Strict(), _within(IRRADIANCE_MW_CM2)]
    distance_mm: Distance
    uncertainty_percent: Annotated[float, Strict(), _within(UNCERTAINTY_PERCENT)]
    meter: Annotated[str, _text(longest(Measurement, "meter"))]
    meter_calibrated_on: Day | None = None
    note: Annotated[str, _text(longest(Measurement, "note"))] = ""


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
