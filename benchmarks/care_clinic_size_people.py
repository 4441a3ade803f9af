"""A clinic of many people with a year of records each, for `care_clinic_size.py`; run with the settings of its site.

One person is made through the actions: answers, screening, plan in full, an effect, a judgement. Everybody else has the
same documents under ids, keys and days of their own, written in bulk and week by week, with every digest, seal and link
of the audit as the application writes them; `openpbm audit verify` finds nothing wrong in it.
"""

from __future__ import annotations

import copy
import datetime as dt
import functools
import random
import sys
import uuid
import zoneinfo
from collections.abc import Iterator
from typing import Any, NamedTuple

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import models, transaction  # noqa: E402

from openpbm.care import clock  # noqa: E402
from openpbm.care.accounts.models import Clinic, Membership, Role, User  # noqa: E402
from openpbm.care.audit.ledger import link_digest, read_digest  # noqa: E402
from openpbm.care.audit.models import AuditEntry, ChainHead, InsertOnly, ReadEntry  # noqa: E402
from openpbm.care.checkpoints.course import build_course  # noqa: E402
from openpbm.care.checkpoints.models import Checkpoint, CheckpointDecision  # noqa: E402
from openpbm.care.devices.actions import add_lamp, record_measurement  # noqa: E402
from openpbm.care.encryption.sealing import new_data_key, wrap  # noqa: E402
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
_BATCH = 1000
_UTC = dt.UTC


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


class Books:
    """The audit, as the ledger writes it: each row with its number, digest and link; written in bulk, day by day."""

    def __init__(self) -> None:
        self.head = ChainHead.objects.get(pk=1)
        self.rows: dict[type[models.Model], list[models.Model]] = {}

    def record(self, row: InsertOnly, at: dt.datetime, by: User, action: str, person: Person) -> None:
        row.created_at, row.created_by, row.audit_number = at, by, self.head.number + 1
        row.body_digest = row.body()
        self.keep(row)
        self.link(
            at=at, actor=by, action=action, clinic_id=person.clinic_id, person_id=person.pk, table=row._meta.db_table,
            row_id=str(row.pk), row_digest=row.row_digest(), detail={},
        )  # fmt: skip

    def link(self, **what: Any) -> None:
        entry = AuditEntry(number=self.head.number + 1, previous=self.head.digest, **what)
        entry.digest = link_digest(entry)
        self.head.number, self.head.digest, self.head.at = entry.number, entry.digest, entry.at
        self.keep(entry)

    def keep(self, row: models.Model) -> None:
        self.rows.setdefault(type(row), []).append(row)

    def write(self) -> None:
        """Everything kept back, in the order in which rows name each other."""
        with transaction.atomic():
            for kind, rows in self.rows.items():
                kind._default_manager.bulk_create(rows, batch_size=_BATCH)
            self.head.save()
        self.rows.clear()


def begin(today: dt.date) -> Everyone:
    """The clinic, its lamps, and one person through the actions, all a year and more ago."""
    long_ago = evening(today - dt.timedelta(weeks=WEEKS + 4), 9)
    ticks = iter(range(10**9))
    with clock.told_by(lambda: long_ago + dt.timedelta(milliseconds=next(ticks))):
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
        judgement = judge(build_course(person, plan), next(iter(plan.to_core().checkpoint_days)))
    return Everyone(clinic, clinician, lamps, screening.intake, screening, plan, event, judgement)


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
    first = of.to_core().start_date

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
    """One person and the week that is being written of theirs."""

    def __init__(self, number: int, all: Everyone, hashed: str, today: dt.date) -> None:
        self.all, self.draw, self.number = all, random.Random(number), number
        self.user = User(username=f"large.{number}", password=hashed)
        self.lamp = all.lamps[number % _LAMPS]
        self.person = Person(clinic=all.clinic, user=self.user, time_zone=ZONE)
        self.person._data_key = new_data_key()
        self.person.set_identity(Identity(name=f"Person {number:04}", birth_date="1960-01-01", phone="0"))
        self.key = PersonKey(person=self.person, wrapped=wrap(self.person._data_key, str(self.person.pk)))
        weeks = max(8, (all.plan.last_day - all.plan.to_core().start_date).days // 7 + 2)  # type: ignore[operator]
        # So that courses begin on every day and today somebody is in each week of one.
        newest = today - dt.timedelta(days=number % (7 * weeks - 14))
        self.starts = [newest - dt.timedelta(weeks=weeks * back) for back in range(WEEKS // weeks + 1)]
        self.plan: PlanRow | None = None
        self.core: AllowedPlan | None = None
        self.intake: Intake | None = None
        self.screening: ScreeningRow | None = None

    def day(self, day: dt.date, books: Books, moved: Any) -> None:
        """Everything that is written on that day."""
        if day in self.starts:
            self._new_course(day, books, moved)
        if self.core is not None:
            self._light(day, books)
            self._checkpoints(day, books)
        self._diary(day, books)
        if (day.toordinal() + self.number) % 14 == 0:
            row = ScoreEntry(
                person=self.person, date=day, scale="nrs", items={"1": 5.0}, source="app",
                result={"value": 5.0, "complete": True, "band": "", "words": ""},
            )  # fmt: skip
            books.record(row, _at(day, 21, 30), self.user, "score", self.person)
        if (day.toordinal() + self.number) % 100 == 0:
            self._effect(day, books)
        books.keep(ReadEntry(at=_at(day, 8), actor=self.all.clinician, person_id=self.person.pk, route="home:record"))

    def _new_course(self, day: dt.date, books: Books, moved: Any) -> None:
        by, person, at = self.all.clinician, self.person, _at(day, 9)
        if self.intake is None:
            for purpose in (Consent.Purpose.RECORD, Consent.Purpose.LIGHT):
                agreed = Consent(person=person, purpose=purpose, version="1", text_digest="0" * 64, given=True)
                books.record(agreed, at, self.user, "consent", person)
        self.intake = Intake(person=person, document=self.all.intake.document, supersedes=self.intake)
        books.record(self.intake, at, by, "intake", person)
        like = self.all.screening
        self.screening = ScreeningRow(
            person=person, intake=self.intake, lamp=self.lamp, case=like.case, result=like.result, setup=like.setup,
            package_version=like.package_version, facts_digest=like.facts_digest, supersedes=self.screening,
        )  # fmt: skip
        books.record(self.screening, at, by, "screening", person)
        made: Moved = moved(day)
        before = self.plan
        self.plan = PlanRow(
            person=person, screening=self.screening, lamp=self.lamp, document=made.document, seed=1,
            version=1 if before is None else before.version + 1, outline=made.outline, last_day=made.last_day,
            supersedes=before, facts_digest=like.facts_digest, package_version=like.package_version,
        )  # fmt: skip
        self.core = made.core
        books.record(self.plan, at, by, "plan_made", person)
        release = PlanRelease(person=person, plan=self.plan, statement="Released.", signed_name="Large Clinician")
        books.record(release, at, by, "plan_released", person)
        books.keep(Job(kind="make_plan", payload={}, person_id=person.pk, state="done", created_at=at))

    def _light(self, day: dt.date, books: Books) -> None:
        assert self.core is not None
        for planned in (one for one in self.core.schedule.sessions if one.date == day):
            at, places = _at(day, 20), list(planned_places(planned))
            self._reminded("session", day, at, books)
            if self.draw.random() < 0.1:
                continue
            start = SessionStart(
                person=self.person, plan=self.plan, lamp=self.lamp, sites=places, minutes=self.core.session_minutes,
                positions={"places": places, "minutes": self.core.session_minutes}, distance_mm=300.0, started_at=at,
                checks=[{"rule": "consent", "level": "refuse", "message": "Consent is there.", "passed": True}] * 12,
            )  # fmt: skip
            books.record(start, at, self.user, "session_start", self.person)
            for site, side in places:
                record = SessionRecord(
                    person=self.person, start=start, plan=self.plan, lamp=self.lamp, date=day, time=dt.time(20),
                    site=site, side=side, minutes=self.core.session_minutes, distance_mm=300.0, status="done",
                    skin_reaction="none",
                )  # fmt: skip
                books.record(record, at, self.user, "session_record", self.person)
                look = SkinCheck(record=record, moment="24h", reaction="none")
                books.record(look, at + dt.timedelta(hours=22), self.user, "skin_check", self.person)

    def _checkpoints(self, day: dt.date, books: Books) -> None:
        assert self.core is not None
        for week in (week for week, at in self.core.checkpoint_days.items() if at == day):
            row = Checkpoint(
                person=self.person, plan=self.plan, week=week, judgement=self.all.judgement, course_digest="0" * 64,
                package_version=self.all.plan.package_version,
            )  # fmt: skip
            books.record(row, _at(day, 1), self.all.clinician, "checkpoint", self.person)
            payload = {"plan": str(row.plan_id), "week": week}
            books.keep(Job(kind="checkpoint", payload=payload, person_id=self.person.pk, state="done"))
            if self.draw.random() < 0.9:
                decision = CheckpointDecision(checkpoint=row, decision="continue", signed_name="Large Clinician")
                books.record(decision, _at(day, 11), self.all.clinician, "checkpoint_decided", self.person)

    def _diary(self, day: dt.date, books: Books) -> None:
        if self.draw.random() < 0.1:
            return
        at = _at(day, 21, 45)
        answers = {
            "severity": self.draw.randrange(11),
            "sleep_minutes": 400,
            "bother": 3,
            "onset": "21:30",
            "cramps": 0,
        }
        row = DiaryEntry(person=self.person, date=day, entered_at=at, answers=answers)
        if self.draw.random() < 0.2:
            row.sealed_notes = self.person.seal("A long day, and the legs were restless after supper.", row.place())
        books.record(row, at, self.user, "diary", self.person)
        self._reminded("diary", day, at, books)

    def _reminded(self, kind: str, day: dt.date, at: dt.datetime, books: Books) -> None:
        books.keep(
            Reminder(
                user=self.user,
                person_id=self.person.pk,
                kind=kind,
                key=f"{kind}:{self.person.pk}:{day}",
                due_at=at,
                text="One minute.",
                link=f"/people/{self.person.pk}/diary/",
                state="done",
                done_at=at,
                sent_at=at,
                local_time=f"{day} 20:00 {ZONE}",
            )
        )

    def _effect(self, day: dt.date, books: Books) -> None:
        like = self.all.event
        row = AdverseEvent(person=self.person, date=day, kind=like.kind, grade=1, advice=like.advice)
        row.sealed_detail = self.person.seal("After the session.", row.place())
        books.record(row, _at(day, 22), self.user, "adverse_event", self.person)
        if self.draw.random() < 0.95:
            review = EventReview(
                event=row, causality="possible", attributed_to="heat", serious=False, outcome="recovered",
                action="Talked it over.", signed_name="Large Clinician",
            )  # fmt: skip
            books.record(review, _at(day, 23), self.all.clinician, "event_review", self.person)


@functools.cache
def _at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), zoneinfo.ZoneInfo(ZONE)).astimezone(_UTC)


def fill(people: int, today: dt.date) -> None:
    """Everybody, and their year up to yesterday."""
    all = begin(today)
    moved, books, hashed = moving(all.plan), Books(), make_password(uuid.uuid4().hex)
    patients = [Patient(number, all, hashed, today) for number in range(people)]
    for patient in patients:
        for row in (patient.user, patient.person, patient.key):
            books.keep(row)
    books.write()
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
        at=at, actor=None, action="reads_sealed", person_id=None, clinic_id=None, table="audit_readentry", row_id="",
        row_digest="", detail={"count": len(reads), "digest": read_digest(reads)},
    )  # fmt: skip
    books.write()
    ReadEntry.objects.filter(sealed_in=None).update(sealed_in=number)


if __name__ == "__main__":
    fill(int(sys.argv[1]), dt.date.fromisoformat(sys.argv[2]))
