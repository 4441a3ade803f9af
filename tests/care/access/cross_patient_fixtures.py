"""Alice of one clinic and bob of another, each with one of everything, every text of theirs carrying their mark."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from care.conftest import account_of
from care.plans.planned_people import CALF, LAMP, agree, answer, planned, screened
from django.utils import timezone

from openpbm.care.accounts.models import Membership, User
from openpbm.care.audit.ledger import append
from openpbm.care.checkpoints.actions import build_case_report, order_case_report, propose
from openpbm.care.checkpoints.care_team import set_team_member
from openpbm.care.checkpoints.models import CheckpointDecision
from openpbm.care.devices.actions import add_lamp, record_measurement
from openpbm.care.events.actions import report_event
from openpbm.care.jobs.actions import enqueue, remind
from openpbm.care.n_of_1.actions import keepers_of
from openpbm.care.n_of_1.models import PeriodGuess, SealedDesign
from openpbm.care.people.actions import (
    Paper,
    book_appointment,
    record_change,
    record_paper_consent,
    set_goal,
    set_stage,
)
from openpbm.care.people.models import HelperGrant, Person
from openpbm.care.plans.actions import hold, release_plan
from openpbm.care.plans.models import PlanRow
from openpbm.care.scales.actions import record_diary, record_score
from openpbm.care.sessions.actions import record_session
from openpbm.care.sessions.models import SessionStart
from openpbm.single_case import DesignRequest, seal

__all__ = ["Belongings", "give_everything", "mark_of"]


def mark_of(person: Person) -> str:
    """A word in every text of that person, and in nobody else's."""
    return f"Marker{account_of(person).username.title()}"


@dataclass
class Belongings:
    """A person and the value of every parameter of a path that leads to something of theirs."""

    person: Person
    parameters: dict[str, Any]


def give_everything(person: Person, clinician: User, document: dict[str, Any] | None = None) -> Belongings:
    """One row of every kind, through the actions; `document` is a plan made before, to save computing it again."""
    mark, by, today = mark_of(person), clinician, person.today()
    agree(person)
    sheet = Paper(signed_on=today, witness=mark, version="1", scan=b"%PDF-1.4")
    signed, _ = record_paper_consent(person=person, purpose="record", given=True, paper=sheet, by=by)
    answer(person, by)
    lamp = add_lamp(name="Tall lamp", by=by, clinic=person.clinic, passport={"document": LAMP})
    record_measurement(
        lamp=lamp, by=by, measured_on=today, wavelength_nm=850, irradiance_mw_cm2=40, distance_mm=150,
        uncertainty_percent=10, meter="Meter", meter_calibrated_on=today,
    )  # fmt: skip
    screening = screened(person, lamp, by, sites=[CALF], start_date=today)
    plan = planned(screening, by)
    second = planned(screening, by, overrides={"weeks": 5})
    release_plan(plan=plan, statement=f"Released {mark}", by=by)
    start = SessionStart(
        person=person, plan=plan, lamp=lamp, sites=[["posterior_calf", "left"]], minutes=5.0, distance_mm=150.0,
        started_at=timezone.now(), override_reason=mark,
    )  # fmt: skip
    append(start, by=person.user, action="session_started", person_id=person.pk, clinic_id=person.clinic_id)
    record, _ = record_session(
        person=person, plan=plan, lamp=lamp, date=today, time=dt.time(0, 1), site="posterior_calf", side="left",
        minutes=plan.followed.session_minutes, distance_mm=150.0, status="done", reason=mark, by=account_of(person),
        start=start, confirmed=True,
    )  # fmt: skip
    record_diary(
        person=person, date=today, entered_at=timezone.now(), answers={"severity": 5}, notes=mark, by=account_of(person)
    )
    score, _ = record_score(person=person, date=today, scale="irls", value=20, source="clinician", by=by)
    event, _ = report_event(person=person, date=today, kind="headache", detail=mark, grade=2, by=account_of(person))
    held = hold(person=person, cause="question", message=f"Wait {mark}", by=by)
    record_change(
        person=person, date=today, kind="iron", name=f"Iron {mark}", action="start", dose=mark, by=account_of(person)
    )
    set_goal(person=person, number=1, text=f"Goal {mark}", by=account_of(person))
    set_stage(person=person, stage="assess", owner=by, due=today, done=False, note=mark, by=by)
    set_team_member(person=person, role="sleep", name=mark, contact=mark, by=by)
    appointment = book_appointment(
        person=person, starts_at=timezone.now() + dt.timedelta(days=1), minutes=30, kind="clinic", note=mark, by=by
    )
    judged = propose(person=person, week=2, by=by)
    decided = CheckpointDecision(checkpoint=judged, decision="continue", reason=mark, signed_name=by.shown_name())
    append(decided, by=by, action="checkpoint_decided", person_id=person.pk, clinic_id=person.clinic_id)
    part, _ = order_case_report(person=person, document={"title": f"Report {mark}"}, by=by)
    report = build_case_report(part=part, by=by)
    job = enqueue(kind="make_plan", payload={"screening": str(screening.pk)}, by=by, person_id=person.pk)
    reminder = remind(
        user=account_of(person),
        person_id=person.pk,
        kind="diary",
        key=mark,
        text=f"Write {mark}",
        due_at=timezone.now(),
    )
    design = _blinded_test(person, plan, by)
    grant = HelperGrant.objects.filter(person=person).first()
    return Belongings(
        person=person,
        parameters={
            "person_id": person.pk,
            "consent_id": signed.pk,
            "purpose": "record",
            "lamp_id": lamp.pk,
            "screening_id": screening.pk,
            "plan_id": second.pk,
            "hold_id": held.pk,
            "start_id": start.pk,
            "record_id": record.pk,
            "score_id": score.pk,
            "event_id": event.pk,
            "appointment_id": appointment.pk,
            "job_id": job.pk,
            "reminder_id": reminder.pk,
            "grant_id": grant.pk if grant else 0,
            "checkpoint_id": judged.pk,
            "report_id": report.pk,
            "design_id": design.pk,
            "week": 2,
            "membership_id": Membership.objects.get(user=clinician).pk,
        },
    )


def _blinded_test(person: Person, plan: PlanRow, by: User) -> SealedDesign:
    """A blinded test kept by an administrator of the clinic, where it has one."""
    today = person.today()
    request = DesignRequest(kind="blocks", first_day=today, made_on=today, blinded=True, pairs=5, days_per_period=7)
    sealed, key = seal(request, seed=1, nonce="7" * 32)
    keeper = next(iter(keepers_of(person)), by)
    design = SealedDesign(
        person=person, plan=plan, design=sealed, method="filters", keeper=keeper, looks_alike="yes", feels_alike="yes",
        checked_on=today, signed_name=by.shown_name(),
    )  # fmt: skip
    design.sealed_key = person.seal(json.dumps(key), design.place())
    append(design, by=by, action="n_of_1_drawn", person_id=person.pk, clinic_id=person.clinic_id)
    guess = PeriodGuess(design=design, period=1, date=today, belief="unsure")
    append(guess, by=by, action="n_of_1_guess", person_id=person.pk, clinic_id=person.clinic_id)
    return design
