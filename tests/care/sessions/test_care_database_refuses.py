"""What comes past forms and actions, from a script or a console, is refused by the database itself, on either one."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from care.sessions.session_factories import LEFT, agree, release, write
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint
from django.utils import timezone

from openpbm.care.accounts.models import Membership
from openpbm.care.checkpoints.models import Checkpoint, CheckpointDecision
from openpbm.care.events.actions import report_event
from openpbm.care.events.models import AdverseEvent, EventReview
from openpbm.care.jobs.models import Job, Reminder
from openpbm.care.people.models import Appointment, Consent, Goal
from openpbm.care.plans.models import PlanRow
from openpbm.care.scales.models import ScoreEntry
from openpbm.care.sessions.actions import start_session
from openpbm.care.sessions.models import SessionRecord, SessionStart, SkinCheck

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(house: Any) -> PlanRow:
    agree(house.alice)
    return release(house.alice, house.clinician)


def _record(plan: PlanRow, **changes: Any) -> SessionRecord:
    values = {
        "person": plan.person, "plan": plan, "lamp": plan.lamp, "date": dt.date(2027, 3, 1), "site": "calf",
        "side": "left", "minutes": 15.0, "distance_mm": 150.0, "status": "done", "body_digest": "0" * 64,
    }  # fmt: skip
    return SessionRecord(**(values | changes))


def refused(row: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.bulk_create([row])


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "perhaps"}, {"status": ""}, {"side": "middle"}, {"minutes": -0.5}, {"minutes": 601.0},
        {"distance_mm": -1.0}, {"distance_mm": 5001.0}, {"skin_reaction": "purple"},
    ],
)  # fmt: skip
def test_a_record_of_a_session_that_cannot_be(plan: PlanRow, wrong: dict[str, Any]) -> None:
    refused(_record(plan, **wrong))


def test_what_can_be_is_kept(plan: PlanRow) -> None:
    SessionRecord.objects.bulk_create([_record(plan), _record(plan, minutes=None, distance_mm=None, side="")])


def test_sql_itself_is_refused(plan: PlanRow) -> None:
    _record(plan).save(force_insert=True)
    columns = [field.column for field in SessionRecord._meta.concrete_fields if field.column not in ("id", "minutes")]
    named = ", ".join(f'"{column}"' for column in columns)
    other = "'" + "0" * 31 + "1'"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SessionRecord._meta.db_table} (id, minutes, {named})"
            f" SELECT {other}, -1, {named} FROM {SessionRecord._meta.db_table}"
        )


def test_skin_events_scores_goals_and_appointments(house: Any, plan: PlanRow) -> None:
    person, day = house.alice, dt.date(2027, 3, 1)
    record = write(plan, person.today(), looked=False)[0]
    for row in (
        SkinCheck(record=record, moment="later", reaction="none", body_digest=""),
        SkinCheck(record=record, moment="after", reaction="purple", body_digest=""),
        AdverseEvent(person=person, date=day, kind="other", grade=6, body_digest=""),
        ScoreEntry(person=person, date=day, scale="nrs_pain", source="rumour", body_digest=""),
        Goal(person=person, number=4, sealed_text=b"", body_digest=""),
        Appointment(person=person, starts_at=timezone.now(), minutes=481),
    ):
        refused(row)


def test_a_word_that_is_none_of_those_its_column_knows(house: Any, plan: PlanRow) -> None:
    person, day = house.alice, dt.date(2027, 3, 1)
    event, _ = report_event(person=person, date=person.today(), kind="headache", grade=1, by=house.alice.user)
    review = {
        "event": event,
        "causality": "possible",
        "outcome": "recovered",
        "action": "None needed.",
        "body_digest": "",
    }
    user = {"user": house.helper, "key": "1", "kind": "diary", "text": "The diary", "due_at": timezone.now()}
    judged = Checkpoint.objects.create(person=person, plan=plan, week=6, judgement={}, body_digest="")
    for row in (
        Membership(user=house.helper, clinic=house.clinic, role="king"),
        Consent(person=person, purpose="fun", version="1", text_digest="", given=True, body_digest=""),
        Appointment(person=person, starts_at=timezone.now(), kind="on the moon"),
        Appointment(person=person, starts_at=timezone.now(), state="forgotten"),
        EventReview(**review | {"causality": "sure"}),
        EventReview(**review | {"attributed_to": "moon"}),
        EventReview(**review | {"outcome": ""}),
        Job(kind="plan", state="lost"),
        Reminder(**user, state="lost"),
        CheckpointDecision(checkpoint=judged, decision="wait", reason="", body_digest=""),
        ScoreEntry(person=person, date=day, scale="nrs_pain", source="", body_digest=""),
    ):
        refused(row)
    EventReview.objects.bulk_create([EventReview(**review)])
    Reminder.objects.bulk_create([Reminder(**user)])


def test_every_word_with_choices_is_held_by_the_database_too() -> None:
    """A column that came with choices and without a constraint was refused by the form alone."""
    for model in apps.get_models():
        if not model.__module__.startswith("openpbm."):
            continue
        held = {
            name
            for constraint in model._meta.constraints
            if isinstance(constraint, CheckConstraint)
            for name in re.findall(r"(\w+?)__in", str(constraint.condition))
        }
        chosen = {field.name for field in model._meta.concrete_fields if field.choices}
        assert chosen <= held, model


def _start(house: Any, plan: PlanRow, **changes: Any) -> SessionStart:
    return start_session(
        **{
            "person": house.alice,
            "lamp": plan.lamp,
            "places": [LEFT],
            "started_at": timezone.now(),
            "by": house.alice.user,
        }
        | changes
    )[0]


def _begun(plan: PlanRow) -> SessionStart:
    """A start as a console would write it, past every action."""
    return SessionStart(
        person=plan.person, plan=plan, lamp=plan.lamp, sites=[list(LEFT)], minutes=15.0, started_at=timezone.now(),
        body_digest="0" * 64,
    )  # fmt: skip


def test_a_second_open_start_of_one_person_until_the_first_is_written_down(house: Any, plan: PlanRow) -> None:
    first = _start(house, plan)
    refused(_begun(plan))
    write(plan, house.alice.today(), places=(LEFT,), start=first)
    _begun(plan).save(force_insert=True)


def test_the_open_start_of_one_person_is_no_matter_of_another(house: Any, plan: PlanRow) -> None:
    _start(house, plan)
    agree(house.bob)
    _begun(release(house.bob, house.other_clinician)).save(force_insert=True)
