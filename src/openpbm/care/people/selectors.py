"""What holds for a person now: the newest answers, which consents stand, their goals, their other care."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from django.db.models import Q

from openpbm.care import clock
from openpbm.care.accounts.models import Clinic
from openpbm.care.people.consent_texts import consent_text
from openpbm.care.people.models import (
    APPOINTMENT_MINUTES,
    Appointment,
    Change,
    Consent,
    Goal,
    HelperGrant,
    Intake,
    Person,
    Stage,
)
from openpbm.care.prepared import Prepared
from openpbm.course.records import TimelineChange
from openpbm.facts.care_stages import CareStage, care_stages
from openpbm.facts.treatments import treatment_of
from openpbm.files import JsonObject, adapter
from openpbm.person import TriedTreatment

__all__ = [
    "StageNow",
    "age_on_file",
    "agreement_waits",
    "changes_of",
    "consent_holds",
    "consents_now",
    "contradicts_birth_date",
    "free_morning_slots",
    "goals_of",
    "helpers_of",
    "latest_intake",
    "overlapping",
    "stages_of",
    "tried_treatments",
    "with_age_on_file",
]

# Lines of a table are counted as in its file, whose first line is the heading.
_FIRST_LINE = 2
_INTAKE = Prepared(
    lambda person: Intake.objects.filter(person=person, newer__isnull=True).order_by("-audit_number")[:1]
)
_CONSENT = Prepared(
    lambda person, purpose, about: Consent.objects.filter(person=person, purpose=purpose, about=about).order_by(
        "-audit_number"
    )[:1]
)
_MORNING = (7, 12)  # [h]
_SLOT_MINUTES = 30


def age_on_file(person: Person) -> int | None:
    """The full years since the date of birth in the record; None where nobody gave one."""
    if not person.identity.birth_date:
        return None
    born, today = dt.date.fromisoformat(person.identity.birth_date), person.today()
    return int(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))


def contradicts_birth_date(person: Person, age_years: float | None) -> bool:
    """Whether an age that was said cannot be right by the date of birth in the record; not where either is unknown."""
    on_file = age_on_file(person)
    # Whoever answers around a birthday may be a year off, and what was screened is not new with each birthday.
    return on_file is not None and age_years is not None and abs(age_years - on_file) > 1


def with_age_on_file(person: Person, document: JsonObject) -> JsonObject:
    """The answers with the age that follows from the date of birth in the record; as they are where there is none."""
    age = age_on_file(person)
    return document if age is None else document | {"person": {**document.get("person", {}), "age_years": age}}


def latest_intake(person: Person) -> Intake | None:
    """The newest answers, None before the first."""
    return _INTAKE.first(person=person)


def tried_treatments(person: Person) -> tuple[TriedTreatment, ...]:
    """What was tried before light, as the newest answers have it; empty where nobody said."""
    intake = latest_intake(person)
    rows = [] if intake is None else (intake.document.get("person") or {}).get("treatments") or []
    read = adapter(TriedTreatment)
    tried = [read.validate_python(row) for row in rows]
    known = ((row, treatment_of(row.treatment)) for row in tried)
    return tuple(replace(row, treatment=listed.id) for row, listed in known if listed is not None)


def consents_now(person: Person) -> dict[tuple[str, str], Consent]:
    """The newest row for each purpose and whom it is about."""
    # Later rows overwrite earlier ones; a withdrawal is a row like any other.
    return {(row.purpose, row.about): row for row in person.consents.order_by("audit_number")}


def consent_holds(person: Person, purpose: str, about: str = "") -> bool:
    """Whether that was agreed to and not withdrawn since."""
    newest = _CONSENT.first(person=person, purpose=purpose, about=about)
    return newest is not None and newest.given


def agreement_waits(person: Person) -> Literal["", "never", "changed"]:
    """Whether the person was never asked for their agreement to light, or its text has changed since they gave it."""
    newest = _CONSENT.first(person=person, purpose=Consent.Purpose.LIGHT, about="")
    if newest is None:
        return "never"
    # To a withdrawal nobody is called back.
    return "changed" if newest.given and newest.version != consent_text(Consent.Purpose.LIGHT).version else ""


def changes_of(person: Person) -> tuple[TimelineChange, ...]:
    """Everything written down beside the light, by day."""
    rows: Iterable[Change] = person.changes.order_by("date", "audit_number")
    return tuple(
        TimelineChange(
            line=line, date=row.date, kind=row.kind, name=row.name, action=row.action, dose=row.dose
        )
        for line, row in enumerate(rows, start=_FIRST_LINE)
    )  # fmt: skip


def helpers_of(person: Person) -> list[HelperGrant]:
    """Everybody who helps them today."""
    return list(person.helpers.filter(ended_at=None).select_related("user").order_by("started_at"))


def goals_of(person: Person) -> list[Goal]:
    """The goals that count, by number."""
    return list(person.goals.filter(newer__isnull=True).order_by("number"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StageNow:
    """One of the eight stages and the row about it, if there is one."""

    stage: CareStage
    row: Stage | None

    @property
    def is_past(self) -> bool:
        """Whether its day is past and nobody has ticked it off; what the record shows, a checkpoint alone tells."""
        row = self.row
        # Past by the day where the person lives, not where the server stands.
        return row is not None and row.done_at is None and row.due is not None and row.due < row.person.today()


def stages_of(person: Person) -> list[StageNow]:
    """The eight stages in the order of care."""
    rows = {row.stage: row for row in person.stages.select_related("owner", "person")}
    return [StageNow(stage=stage, row=rows.get(stage.id)) for stage in care_stages]


def overlapping(person: Person, starts_at: dt.datetime, minutes: int) -> list[Appointment]:
    """Planned appointments of the person, or of their clinic, that fall into that time."""
    ends_at = starts_at + dt.timedelta(minutes=minutes)
    whose = Q(person=person)
    if person.clinic_id is not None:
        whose |= Q(person__clinic_id=person.clinic_id)
    # The database cannot add a row's minutes to its start on both engines alike: it gives those near enough, and the
    # end is computed here.
    near = Appointment.objects.filter(
        whose,
        state=Appointment.State.PLANNED,
        starts_at__lt=ends_at,
        starts_at__gt=starts_at - dt.timedelta(minutes=APPOINTMENT_MINUTES.most),
    ).select_related("person__key")
    return [row for row in near if row.starts_at + dt.timedelta(minutes=row.minutes) > starts_at]


def free_morning_slots(clinic: Clinic, day: dt.date) -> list[dt.time]:
    """Half hours of the morning in which the clinic has nothing planned, in its own time."""
    zone = zoneinfo.ZoneInfo(clinic.time_zone)
    first, last = (dt.datetime.combine(day, dt.time(hour), zone) for hour in _MORNING)
    taken = [
        (row.starts_at, row.starts_at + dt.timedelta(minutes=row.minutes))
        for row in Appointment.objects.filter(
            person__clinic=clinic,
            state=Appointment.State.PLANNED,
            starts_at__lt=last,
            # One that began before the morning may last into it; longer than this none can.
            starts_at__gt=first - dt.timedelta(minutes=APPOINTMENT_MINUTES.most),
        )
    ]
    slot = dt.timedelta(minutes=_SLOT_MINUTES)
    starts = [first + number * slot for number in range(int((last - first) / slot))]
    now = clock.now()
    return [
        start.timetz().replace(tzinfo=None)
        for start in starts
        if start > now and all(end <= start or begin >= start + slot for begin, end in taken)
    ]
