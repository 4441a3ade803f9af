"""What the records say of everybody of a clinic, read in as many queries for fifty people as for ten."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpbm.care.checkpoints.models import Checkpoint
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import output_state, with_readings
from openpbm.care.events.models import AdverseEvent
from openpbm.care.home.course_facts import Judged, course_facts
from openpbm.care.home.worklist_items import Facts
from openpbm.care.people.models import Change, Consent, Intake, Person
from openpbm.care.plans.models import Hold, PlanRelease, PlanRow
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.screening.red_flags import unscreened_red_flags
from openpbm.care.sessions.models import SessionRecord
from openpbm.care.sessions.selectors import lines_of
from openpbm.care.sessions.start_context import is_new_medicine
from openpbm.course.records import RecordedSession
from openpbm.planning import load_outline

__all__ = ["add_the_day", "read_facts"]

Found = dict[uuid.UUID, Facts]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rests:
    """The screening a running plan rests on: its answers, its lamp with places and distance, its number."""

    intake: uuid.UUID
    setup: str
    number: int


def read_facts(people: Iterable[Person], now: dt.datetime) -> Found:
    """The facts of each of them, by their id, without those that change with the day (`add_the_day`)."""
    found = {person.pk: Facts(today=now.astimezone(person.zone).date()) for person in people}
    rests_on = _rests_on(found)
    _events_and_holds(found)
    _answers_and_screenings(found, rests_on)
    _agreement_and_changes(found, rests_on)
    _plans(found)
    return found


def add_the_day(found: Found) -> None:
    """What comes with the day alone: checkpoints whose day has come, lamps whose measurement has run out."""
    for facts in found.values():
        if facts.course is not None:
            facts.checkpoints_due = facts.course.checkpoints_due(facts.today)
    _lamps(found)


def _events_and_holds(found: Found) -> None:
    # What was corrected since is not waited for, nor what somebody has reviewed already.
    waiting = AdverseEvent.objects.filter(person__in=found, newer=None, reviews=None).exclude(kind="none")
    for event in waiting.defer("sealed_detail").order_by("date", "audit_number"):
        advice = event.advice
        found[event.person_id].events.append((str(event.pk), advice.get("cause", ""), advice.get("grade")))
    for hold in Hold.objects.filter(person__in=found, lift=None).order_by("audit_number"):
        found[hold.person_id].holds.append((str(hold.pk), hold.message))


def _answers_and_screenings(found: Found, rests_on: dict[uuid.UUID, _Rests]) -> None:
    newest = {}
    answered = Intake.objects.filter(person__in=found, newer=None).order_by("audit_number")
    for person_id, intake in answered.values_list("person_id", "pk"):
        newest[person_id] = intake
        found[person_id].has_intake = True
    rows = ScreeningRow.objects.filter(person__in=found, later=None).defer("case").order_by("audit_number")
    for row in rows:
        if _only_tried_out(row, rests_on.get(row.person_id)):
            continue
        facts = found[row.person_id]
        facts.screening, facts.verdict = str(row.pk), row.verdict
        # By identity, not by time: an intake and a screening of the same second would compare either way.
        facts.answers_newer = newest.get(row.person_id) != row.intake_id
    for person_id, (_, flags) in unscreened_red_flags(person__in=found).items():
        found[person_id].red_flags = len(flags)


def _rests_on(found: Found) -> dict[uuid.UUID, _Rests]:
    """The screening that each running plan rests on."""
    rows = PlanRelease.objects.filter(person__in=found).order_by("audit_number")
    of = "plan__screening__"
    named = rows.values_list("person_id", f"{of}intake_id", f"{of}setup", f"{of}audit_number")
    return {person_id: _Rests(intake=intake, setup=setup, number=number) for person_id, intake, setup, number in named}


def _only_tried_out(row: ScreeningRow, rests_on: _Rests | None) -> bool:
    """Whether it says nothing of the running course, as the start of a session has it for one person."""
    if rests_on is None or row.audit_number <= rests_on.number or row.verdict == "refer":
        return False
    return row.intake_id == rests_on.intake and row.setup not in ("", rests_on.setup)


def _agreement_and_changes(found: Found, rests_on: dict[uuid.UUID, _Rests]) -> None:
    """What else stops a running course: no agreement on record, and medicines newer than its screening."""
    agreed = Consent.objects.filter(person__in=found, purpose=Consent.Purpose.LIGHT).order_by("audit_number")
    for person_id, given in agreed.values_list("person_id", "given"):
        found[person_id].agreed = given
    # Of every kind: what takes up light may stand under treatments too, and the start asks for it there.
    changes = Change.objects.filter(person__in=found).order_by("audit_number")
    for change in changes.only("person_id", "kind", "action", "name", "audit_number"):
        rests = rests_on.get(change.person_id)
        if rests is not None and change.audit_number > rests.number and is_new_medicine(change):
            found[change.person_id].new_medicine = change.name


def _plans(found: Found) -> None:
    for person_id, plan in PlanRow.objects.filter(person__in=found).order_by("version").values_list("person_id", "pk"):
        found[person_id].newest_plan = str(plan)
    signed = PlanRelease.objects.filter(person__in=found).order_by("audit_number", "plan__version")
    released = dict(signed.values_list("person_id", "plan_id"))
    plans = set(released.values())
    sessions, judged = _sessions(plans), _judged(plans)
    rows = PlanRow.objects.filter(pk__in=plans).exclude(outline="")
    columns = ("person_id", "pk", "lamp_id", "screening__further_lamps", "outline")
    for person_id, plan, lamp, beside, outline in rows.values_list(*columns).iterator(chunk_size=500):
        found[person_id].course = course_facts(
            load_outline(outline), sessions.get(plan, ()), judged.get(plan, ()), plan_id=plan, lamps=(lamp, *beside)
        )


def _sessions(plans: set[uuid.UUID]) -> dict[uuid.UUID, Sequence[RecordedSession]]:
    rows: dict[uuid.UUID, list[SessionRecord]] = {}
    records = SessionRecord.objects.filter(plan__in=plans, newer=None).defer("findings", "pauses")
    for row in records.order_by("date", "time", "audit_number"):
        rows.setdefault(row.plan_id, []).append(row)
    return {plan: lines_of(mine) for plan, mine in rows.items()}


def _judged(plans: set[uuid.UUID]) -> dict[uuid.UUID, list[Judged]]:
    """The judgements of each plan in their order, each with whether it was decided."""
    found: dict[uuid.UUID, list[Judged]] = {}
    rows = Checkpoint.objects.filter(plan__in=plans).order_by("audit_number")
    for plan, week, lasting, decision in rows.values_list("plan_id", "week", "lasting", "decisions__pk"):
        found.setdefault(plan, []).append(Judged(week=week, lasting=lasting, decided=decision is not None))
    return found


def _lamps(found: Found) -> None:
    """Only a lamp that was measured can have a measurement that has run out."""
    lamps = {lamp for facts in found.values() for lamp in facts.lamps}
    used = Lamp.objects.filter(pk__in=lamps)
    retired = {str(pk) for pk in used.exclude(retired_at=None).values_list("pk", flat=True)}
    # By the latest day of them all: where midnight has passed, a measurement that ended yesterday has run out.
    latest = max((facts.today for facts in found.values()), default=dt.date.min)
    measured = with_readings(used.filter(measurements__isnull=False).distinct())
    run_out = {str(lamp.pk): lamp.name for lamp in measured if output_state(lamp, latest).status == "expired"}
    for facts in found.values():
        facts.lamp_retired = next((lamp for lamp in facts.lamps if lamp in retired), None)
        facts.lamp_due = next(((lamp, run_out[lamp]) for lamp in facts.lamps if lamp in run_out), None)
