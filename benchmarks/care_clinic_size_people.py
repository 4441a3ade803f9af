"""A clinic of many people with a year of records each, for `care_clinic_size.py`; run with the settings of its site.

One person is made through the actions: answers, screening, plan in full, an effect, a judgement. Everybody else has the
same documents under ids, keys and days of their own, written in bulk and week by week, with every digest, seal and link
of the audit as the application writes them; `openpbm audit verify` finds nothing wrong in it.
"""

from __future__ import annotations

import copy
import datetime as dt
import functools
import hashlib
import itertools
import random
import sys
import uuid
import zoneinfo
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402

from openpbm.care import clock  # noqa: E402
from openpbm.care.accounts.models import Clinic, Membership, Role, User  # noqa: E402
from openpbm.care.audit.ledger import link_digest, read_digest  # noqa: E402
from openpbm.care.audit.models import AuditEntry, ChainHead, DocumentField, InsertOnly, ReadEntry, canonical  # noqa: E402
from openpbm.care.checkpoints.course import build_course  # noqa: E402
from openpbm.care.checkpoints.models import Checkpoint, CheckpointDecision  # noqa: E402
from openpbm.care.devices.actions import add_lamp, record_measurement  # noqa: E402
from openpbm.care.encryption.sealing import (  # noqa: E402
    current_key_name,
    new_data_key,
    wrap,
)
from openpbm.care.events.actions import report_event  # noqa: E402
from openpbm.care.events.models import AdverseEvent, EventReview  # noqa: E402
from openpbm.care.home.demo.courses import Part, evening, screened  # noqa: E402
from openpbm.care.home.demo.people import ZONE, come_in  # noqa: E402
from openpbm.care.jobs.models import Job, Reminder  # noqa: E402
from openpbm.care.people.models import Consent, Identity, Intake, Person, PersonKey  # noqa: E402
from openpbm.care.plans.actions import release_plan, store_plan  # noqa: E402
from openpbm.care.plans.models import PlanRelease, PlanRow  # noqa: E402
from openpbm.care.scales.models import DiaryEntry, ScoreEntry  # noqa: E402
from openpbm.care.screening.models import ScreeningRow  # noqa: E402
from openpbm.care.sessions.models import SessionRecord, SessionStart, SkinCheck  # noqa: E402
from openpbm.case import case_of  # noqa: E402
from openpbm.delivery.place import planned_places  # noqa: E402
from openpbm.outcomes.decision import checkpoint as judge  # noqa: E402
from openpbm.planning import AllowedPlan, load_allowed_plan  # noqa: E402

WEEKS = 52
_LAMPS = 20
_CHECKS = [{"rule": "consent", "level": "refuse", "message": "Consent is there.", "passed": True}] * 12


class Everyone(NamedTuple):
    """What all have in common: the clinic, and the rows of the one who was made through the actions."""

    clinic: Clinic
    clinician: User
    lamps: list[Any]
    intake: Intake
    screening: ScreeningRow
    plan: PlanRow
    event: AdverseEvent
    judgement: dict[str, Any]


class Table:
    """One table as bulk rows: what a row of it is for the audit, and for the database."""

    def __init__(self, model: type[models.Model]) -> None:
        self.name = model._meta.db_table
        self.fields = [one for one in model._meta.concrete_fields if not isinstance(one, models.AutoField)]
        self.columns = [field.column for field in self.fields]
        self.defaults = {one.attname: one.get_default() for one in self.fields if one.name != "id"}
        self.plain = {field.attname: _plain(field) for field in self.fields}
        server_side = ("created_at", "body_digest", "audit_number", *getattr(model, "computed_fields", ()))
        self.sent = [name for name in self.plain if name not in server_side]
        self.documents = [isinstance(field, DocumentField) for field in self.fields]
        self.rows: list[list[Any]] = []

    def digest(self, row: dict[str, Any]) -> str:
        """The digest of the row, once that of what was sent stands in it; as `InsertOnly.row_digest` and `body`."""
        content = {name: None if row[name] is None else plain(row[name]) for name, plain in self.plain.items()}
        row["body_digest"] = content["body_digest"] = _digest({name: content[name] for name in self.sent})
        return _digest(content)

    def keep(self, row: dict[str, Any]) -> None:
        values = [row[field.attname] for field in self.fields]
        self.rows.append([canonical(v) if doc else v for v, doc in zip(values, self.documents, strict=True)])

    def write(self) -> None:
        names, rows = ", ".join(f'"{column}"' for column in self.columns), self.rows
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor, cursor.cursor.copy(f'COPY "{self.name}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(self.columns))
            adapted = ([_TO_SQLITE.get(type(value), _as_it_is)(value) for value in row] for row in rows)
            connection.connection.executemany(f'INSERT INTO "{self.name}" ({names}) VALUES ({marks})', adapted)
        self.rows = []


def _as_it_is(value: Any) -> Any:
    return value


_TO_SQLITE: dict[type, Callable[[Any], Any]] = {
    uuid.UUID: lambda value: value.hex,
    dt.datetime: lambda value: str(value.astimezone(dt.UTC).replace(tzinfo=None)),
    dt.date: str,
    dt.time: str,
}


def _plain(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    """`plain_value` of the audit for one column, decided once."""
    if isinstance(field, models.FloatField):
        return lambda value: float(value) + 0.0
    if isinstance(field, models.IntegerField | models.BooleanField | DocumentField):
        return _as_it_is
    if isinstance(field, models.BinaryField):
        return lambda value: bytes(value).hex()
    if isinstance(field, models.DateTimeField):
        return lambda value: value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return str


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


class Books:
    """The audit, as the ledger writes it: each row with its number, digest and link; written in bulk, day by day."""

    def __init__(self) -> None:
        self.head = ChainHead.objects.get(pk=1)
        self.tables: dict[type[models.Model], Table] = {}
        self.key_name = current_key_name()

    def record(
        self, kind: type[InsertOnly], at: dt.datetime, by: User, person: Person, /, **values: Any
    ) -> dict[str, Any]:
        """A clinical record of the person; gives the row with its id."""
        table = self._table(kind)
        of_person = {"person_id": person.pk} if "person_id" in table.plain else {}
        row = table.defaults | {"id": uuid.uuid4()} | of_person | values
        row |= {"created_at": at, "created_by_id": by.pk, "audit_number": self.head.number + 1}
        row_digest = table.digest(row)
        table.keep(row)
        self.link(
            at=at, actor_id=by.pk, action=kind.__name__.lower(), clinic_id=person.clinic_id, person_id=person.pk,
            table=table.name, row_id=str(row["id"]), row_digest=row_digest, detail={},
        )  # fmt: skip
        return row

    def link(self, **what: Any) -> None:
        head = self.head
        entry = _Link(number=head.number + 1, previous=head.digest, key_name=self.key_name, **what)
        entry.digest = link_digest(entry)  # type: ignore[arg-type]
        head.number, head.digest, head.at = entry.number, entry.digest, entry.at
        self._table(AuditEntry).keep(entry.__dict__)

    def keep(self, kind: type[models.Model], /, **values: Any) -> None:
        """A row that is no clinical record."""
        table = self._table(kind)
        table.keep(table.defaults | {"id": uuid.uuid4()} | values)

    def _table(self, kind: type[models.Model]) -> Table:
        if kind not in self.tables:
            self.tables[kind] = Table(kind)
        return self.tables[kind]

    def write(self) -> None:
        """Everything kept back; rows name each other, which is checked when all are there."""
        with transaction.atomic():
            for table in self.tables.values():
                table.write()
            self.head.save()


class _Link(SimpleNamespace):
    """A link of the chain before it is a row."""


def begin(today: dt.date) -> Everyone:
    """The clinic, its lamps, and one person through the actions, all a year and more ago."""
    long_ago = evening(today - dt.timedelta(weeks=WEEKS + 4), 9)
    with clock.told_by(_ticking(long_ago)):
        clinic = Clinic.objects.create(name="Large Clinic", time_zone=ZONE)
        clinician = User.objects.create(username="large.clinician", display_name="Large Clinician")
        Membership.objects.create(user=clinician, clinic=clinic, role=Role.CLINICIAN)
        passport = {"document": {"id": "panel_660_850"}, "eye_class": "RG1"}
        lamps = [add_lamp(by=clinician, clinic=clinic, name=f"Panel {n}", passport=passport) for n in range(_LAMPS)]
        for lamp in lamps[: _LAMPS // 2]:
            record_measurement(
                lamp=lamp, by=clinician, measured_on=long_ago.date(), wavelength_nm=None, irradiance_mw_cm2=40.0,
                distance_mm=300.0, uncertainty_percent=10.0, meter="Meter", meter_calibrated_on=long_ago.date(),
            )  # fmt: skip
        person = come_in("ada", clinic, clinician)
        start = (long_ago + dt.timedelta(days=15)).date()
        part = Part(
            lamp=lamps[-1], site="posterior_calf", side="both", target="gastrocnemius", distance_mm=300, start=start
        )
        screening, plan = _planned(person, part, clinician)
        event, _ = report_event(person=person, date=long_ago.date(), kind="headache", grade=1, by=clinician)
        judgement = judge(build_course(person, plan), next(iter(plan.followed.checkpoint_days)))
    return Everyone(clinic, clinician, lamps, screening.intake, screening, plan, event, judgement)


def _ticking(first: dt.datetime) -> Callable[[], dt.datetime]:
    ticks = itertools.count()
    return lambda: first + dt.timedelta(milliseconds=next(ticks))


def _planned(person: Person, part: Part, by: User) -> tuple[ScreeningRow, PlanRow]:
    from openpbm.planning import make_plan
    from openpbm.safety import screen

    row = screened(person, part, by)
    made = make_plan(
        screen(case_of(row.case, "screening", today=clock.now().date())), seed=1, keep_in=settings.LIGHT_DIR
    )
    stored = store_plan(screening=row, plan=made, by=by)
    release_plan(plan=stored, statement="Released.", by=by)
    return row, PlanRow.objects.select_related("person").get(pk=stored.pk)


class Moved(NamedTuple):
    """The plan begun on another day, and what is kept beside it."""

    document: dict[str, Any]
    outline: str
    last_day: dt.date
    core: AllowedPlan


def moving(of: PlanRow) -> Any:
    """A function that gives the plan as begun on a day; made once a day, not once a person."""
    first = of.followed.start_date

    @functools.cache
    def moved(start: dt.date) -> Moved:
        document = copy.deepcopy(of.document)
        for row in (*document["schedule"]["sessions"], *document["schedule"]["checkpoints"]):
            row["date"] = (dt.date.fromisoformat(row["date"]) + (start - first)).isoformat()
        document["course"]["start_date"] = start.isoformat()
        row = PlanRow(document=document)
        row.set_outline()
        return Moved(document, row.outline, row.last_day, load_allowed_plan(document))  # type: ignore[arg-type]

    return moved


class Patient:
    """One person and the day that is being written of theirs."""

    def __init__(self, number: int, all: Everyone, hashed: str, today: dt.date) -> None:
        self.all, self.draw, self.number = all, random.Random(number), number
        self.user = User(username=f"large.{number}", password=hashed)
        self.lamp = all.lamps[number % _LAMPS]
        self.person = Person(clinic=all.clinic, user=self.user, time_zone=ZONE)
        self.person._data_key = new_data_key()
        self.person.set_identity(Identity(name=f"Person {number:04}", birth_date="1960-01-01", phone="0"))
        self.key = PersonKey(person=self.person, wrapped=wrap(self.person._data_key, str(self.person.pk)))
        weeks = max(8, (all.plan.last_day - all.plan.followed.start_date).days // 7 + 2)  # type: ignore[operator]
        # So that courses begin on every day, and today somebody is in each week of one.
        newest = today - dt.timedelta(days=number % (7 * weeks - 14))
        self.starts = [newest - dt.timedelta(weeks=weeks * back) for back in range(WEEKS // weeks + 1)]
        self.plan: dict[str, Any] = {}
        self.core: AllowedPlan | None = None
        self.intake: Any = None
        self.screening: Any = None

    def day(self, day: dt.date, books: Books, moved: Any) -> None:
        """Everything that is written on that day."""
        if day in self.starts:
            self._new_course(day, books, moved)
        if self.core is not None:
            self._light(day, books)
            self._checkpoints(day, books)
        self._diary(day, books)
        if (day.toordinal() + self.number) % 14 == 0:
            result = {"value": 5.0, "complete": True, "band": "", "words": ""}
            of = {"date": day, "scale": "nrs", "items": {"1": 5.0}, "source": "app", "result": result}
            books.record(ScoreEntry, _at(day, 21, 30), self.user, self.person, **of)
        if (day.toordinal() + self.number) % 100 == 0:
            self._effect(day, books)
        seen = {"at": _at(day, 8), "actor_id": self.all.clinician.pk, "person_id": self.person.pk}
        books.keep(ReadEntry, **seen, route="home:record")

    def _new_course(self, day: dt.date, books: Books, moved: Any) -> None:
        by, person, at, like = self.all.clinician, self.person, _at(day, 9), self.all.screening
        if self.intake is None:
            for purpose in (Consent.Purpose.RECORD, Consent.Purpose.LIGHT):
                of = {"purpose": purpose.value, "version": "1", "text_digest": "0" * 64, "given": True}
                books.record(Consent, at, self.user, person, **of)
        document = self.all.intake.document
        self.intake = books.record(Intake, at, by, person, document=document, supersedes_id=self.intake)["id"]
        versions = {"package_version": like.package_version, "facts_digest": like.facts_digest}
        self.screening = books.record(
            ScreeningRow, at, by, person, intake_id=self.intake, lamp_id=self.lamp.pk, case=like.case,
            result=like.result, setup=like.setup, supersedes_id=self.screening, **versions,
        )["id"]  # fmt: skip
        made: Moved = moved(day)
        before, self.core = self.plan, made.core
        self.plan = books.record(
            PlanRow, at, by, person, screening_id=self.screening, lamp_id=self.lamp.pk, document=made.document, seed=1,
            version=before.get("version", 0) + 1, outline=made.outline, last_day=made.last_day,
            supersedes_id=before.get("id"), **versions,
        )  # fmt: skip
        signed = {"statement": "Released.", "signed_name": "Large Clinician"}
        books.record(PlanRelease, at, by, person, plan_id=self.plan["id"], **signed)
        books.keep(Job, kind="make_plan", person_id=person.pk, state="done", created_at=at)

    def _light(self, day: dt.date, books: Books) -> None:
        assert self.core is not None
        for planned in (one for one in self.core.schedule.sessions if one.date == day):
            at, places, minutes = _at(day, 20), list(planned_places(planned)), self.core.session_minutes
            self._reminded("session", day, at, books)
            if self.draw.random() < 0.1:
                continue
            of = {"plan_id": self.plan["id"], "lamp_id": self.lamp.pk, "minutes": minutes, "distance_mm": 300.0}
            start = books.record(
                SessionStart, at, self.user, self.person, sites=places, started_at=at, checks=_CHECKS,
                positions={"places": places, "minutes": minutes}, **of,
            )  # fmt: skip
            for site, side in places:
                record = books.record(
                    SessionRecord, at, self.user, self.person, start_id=start["id"], date=day, time=dt.time(20),
                    site=site, side=side, status="done", skin_reaction="none", **of,
                )  # fmt: skip
                look = {"record_id": record["id"], "moment": "24h", "reaction": "none"}
                books.record(SkinCheck, at + dt.timedelta(hours=22), self.user, self.person, **look)

    def _checkpoints(self, day: dt.date, books: Books) -> None:
        assert self.core is not None
        for week in (week for week, at in self.core.checkpoint_days.items() if at == day):
            by, plan = self.all.clinician, self.plan["id"]
            of = {"plan_id": plan, "week": week, "judgement": self.all.judgement, "course_digest": "0" * 64}
            version = {"package_version": self.all.plan.package_version}
            row = books.record(Checkpoint, _at(day, 1), by, self.person, **of, **version)
            payload = {"plan": str(plan), "week": week}
            books.keep(Job, kind="checkpoint", payload=payload, person_id=self.person.pk, state="done",
                       created_at=_at(day, 1))  # fmt: skip
            if self.draw.random() < 0.9:
                decided = {"checkpoint_id": row["id"], "decision": "continue", "signed_name": "Large Clinician"}
                books.record(CheckpointDecision, _at(day, 11), by, self.person, **decided)

    def _diary(self, day: dt.date, books: Books) -> None:
        if self.draw.random() < 0.1:
            return
        at, id, notes = _at(day, 21, 45), uuid.uuid4(), b""
        answers = {
            "severity": self.draw.randrange(11),
            "sleep_minutes": 400,
            "bother": 3,
            "onset": "21:30",
            "cramps": 0,
        }
        if self.draw.random() < 0.2:
            notes = self.person.seal("A long day, and the legs were restless after supper.", f"diary {id}")
        of = {"id": id, "date": day, "entered_at": at, "answers": answers, "sealed_notes": notes}
        books.record(DiaryEntry, at, self.user, self.person, **of)
        self._reminded("diary", day, at, books)

    def _reminded(self, kind: str, day: dt.date, at: dt.datetime, books: Books) -> None:
        books.keep(
            Reminder, user_id=self.user.pk, person_id=self.person.pk, kind=kind, key=f"{kind}:{self.person.pk}:{day}",
            due_at=at, text="One minute.", link=f"/people/{self.person.pk}/diary/", state="done", done_at=at,
            sent_at=at, local_time=f"{day} 20:00 {ZONE}",
        )  # fmt: skip

    def _effect(self, day: dt.date, books: Books) -> None:
        like, id = self.all.event, uuid.uuid4()
        detail = self.person.seal("After the session.", f"event {id}")
        of = {"id": id, "date": day, "kind": like.kind, "grade": 1, "advice": like.advice, "sealed_detail": detail}
        event = books.record(AdverseEvent, _at(day, 22), self.user, self.person, **of)
        if self.draw.random() < 0.95:
            review = {
                "event_id": event["id"], "causality": "possible", "attributed_to": "heat", "serious": False,
                "outcome": "recovered", "action": "Talked it over.", "signed_name": "Large Clinician",
            }  # fmt: skip
            books.record(EventReview, _at(day, 23), self.all.clinician, self.person, **review)


@functools.cache
def _at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), zoneinfo.ZoneInfo(ZONE)).astimezone(dt.UTC)


def fill(people: int, today: dt.date) -> None:
    """Everybody, and their year up to yesterday."""
    all = begin(today)
    moved, hashed = moving(all.plan), make_password(uuid.uuid4().hex)
    patients = [Patient(number, all, hashed, today) for number in range(people)]
    # One by one: these rows tell the audit themselves what they hold.
    with clock.told_by(_ticking(evening(today - dt.timedelta(weeks=WEEKS + 3), 9))), transaction.atomic():
        for patient in patients:
            for row in (patient.user, patient.person, patient.key):
                row.save(force_insert=True)
    books = Books()
    for week in _weeks(today):
        for day in week:
            for patient in patients:
                patient.day(day, books, moved)
            # Each day by itself: the database takes no second session of somebody whose first is not written down.
            books.write()
        _seal_reads(books, _at(week[-1], 23, 59))
        print(f"{people} people, up to {week[-1]}", end="\r", file=sys.stderr, flush=True)


def _weeks(today: dt.date) -> Iterator[list[dt.date]]:
    first = today - dt.timedelta(weeks=WEEKS + 2)
    for number in range(WEEKS + 2):
        yield [first + dt.timedelta(weeks=number, days=day) for day in range(7)]


def _seal_reads(books: Books, at: dt.datetime) -> None:
    reads = list(ReadEntry.objects.filter(sealed_in=None).order_by("id"))
    number = books.head.number + 1
    books.link(
        at=at, actor_id=None, action="reads_sealed", person_id=None, clinic_id=None, table="audit_readentry", row_id="",
        row_digest="", detail={"count": len(reads), "digest": read_digest(reads)},
    )  # fmt: skip
    books.write()
    ReadEntry.objects.filter(sealed_in=None).update(sealed_in=number)


if __name__ == "__main__":
    fill(int(sys.argv[1]), dt.date.fromisoformat(sys.argv[2]))
