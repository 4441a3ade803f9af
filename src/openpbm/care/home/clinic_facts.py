"""What is known of everybody of a clinic, read in as many queries for fifty people as for ten."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import OrderedDict
from collections.abc import Iterable

from openpbm.care.checkpoints.models import CheckpointDecision
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import output_state, with_readings
from openpbm.care.events.models import AdverseEvent
from openpbm.care.home.worklist_items import Facts, Rests
from openpbm.care.people.models import Change, Consent, Intake, Person
from openpbm.care.plans.models import Hold, PlanRelease, PlanRow
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.screening.red_flags import unscreened_red_flags
from openpbm.care.sessions.models import SessionRecord
from openpbm.care.sessions.start_context import MEDICINE_KINDS, is_new_medicine
from openpbm.planning import AllowedPlan

__all__ = ["facts_of"]

_FIRST_LINE = 2
_MOST_KEPT = 500
#: Plans never change: what was read of one holds for good. The document itself, a hundred times as large, is let go.
_read: OrderedDict[uuid.UUID, AllowedPlan] = OrderedDict()


def facts_of(people: list[Person], now: dt.datetime) -> dict[uuid.UUID, Facts]:
    """The facts of each of them, by their id."""
    found = {person.pk: Facts(today=now.astimezone(person.zone).date()) for person in people}
    _events_and_holds(found)
    _rests_on(found)
    _answers_and_screenings(found)
    _agreement_and_changes(found)
    _plans(found)
    return found


def _events_and_holds(found: dict[uuid.UUID, Facts]) -> None:
    # What was corrected since is not waited for, nor what somebody has reviewed already.
    waiting = AdverseEvent.objects.filter(person__in=found, newer=None, reviews=None).exclude(kind="none")
    for event in waiting.defer("sealed_detail").order_by("date", "audit_number"):
        advice = event.advice
        found[event.person_id].events.append((event.pk, advice.get("cause", ""), advice.get("grade")))
    for hold in Hold.objects.filter(person__in=found, lift=None).order_by("audit_number"):
        found[hold.person_id].holds.append((hold.pk, hold.message))


def _answers_and_screenings(found: dict[uuid.UUID, Facts]) -> None:
    newest = {}
    answered = Intake.objects.filter(person__in=found, newer=None).order_by("audit_number")
    for person_id, intake in answered.values_list("person_id", "pk"):
        newest[person_id] = intake
        found[person_id].has_intake = True
    rows = ScreeningRow.objects.filter(person__in=found, later=None).defer("case").order_by("audit_number")
    for row in rows:
        facts = found[row.person_id]
        if _only_tried_out(row, facts.course):
            continue
        facts.screening, facts.verdict = row.pk, row.verdict
        # By identity, not by time: an intake and a screening of the same second would compare either way.
        facts.answers_newer = newest.get(row.person_id) != row.intake_id
    for person_id, (_, flags) in unscreened_red_flags(person__in=found).items():
        found[person_id].red_flags = len(flags)


def _rests_on(found: dict[uuid.UUID, Facts]) -> None:
    """The screening that each running plan rests on."""
    rows = PlanRelease.objects.filter(person__in=found).order_by("audit_number")
    of = "plan__screening__"
    named = rows.values_list("person_id", f"{of}intake_id", f"{of}setup", f"{of}audit_number")
    for person_id, intake, setup, number in named:
        found[person_id].course = Rests(intake=intake, setup=setup, number=number)


def _only_tried_out(row: ScreeningRow, course: Rests | None) -> bool:
    """Whether it says nothing of the running course, as `besides_the_course` has it for one person."""
    if course is None or row.audit_number <= course.number or row.verdict == "refer":
        return False
    return row.intake_id == course.intake and row.setup not in ("", course.setup)


def _agreement_and_changes(found: dict[uuid.UUID, Facts]) -> None:
    """What else stops a running course: no agreement on record, and medicines newer than its screening."""
    agreed = Consent.objects.filter(person__in=found, purpose=Consent.Purpose.LIGHT).order_by("audit_number")
    for person_id, given in agreed.values_list("person_id", "given"):
        found[person_id].agreed = given
    changes = Change.objects.filter(person__in=found, kind__in=MEDICINE_KINDS).order_by("audit_number")
    for change in changes.only("person_id", "kind", "action", "name", "audit_number"):
        facts = found[change.person_id]
        if facts.course is not None and change.audit_number > facts.course.number and is_new_medicine(change):
            facts.new_medicine = change.name


def _plans(found: dict[uuid.UUID, Facts]) -> None:
    released = dict(
        PlanRelease.objects.filter(person__in=found)
        .order_by("audit_number", "plan__version")
        .values_list("person_id", "plan_id")
    )
    made = PlanRow.objects.filter(person__in=found).order_by("version").values_list("person_id", "pk", "lamp_id")
    lamps = {}
    for person_id, plan, lamp in made:
        found[person_id].newest_plan = plan
        if released.get(person_id) == plan:
            lamps[person_id] = lamp
    read = _cores(released.values())
    for person_id, plan in released.items():
        found[person_id].plan = read[plan]
    _sessions(found, set(released.values()))
    _checkpoints(found, released)
    _lamps(found, lamps)


def _cores(plans: Iterable[uuid.UUID]) -> dict[uuid.UUID, AllowedPlan]:
    wanted = set(plans)
    known = {pk: _read[pk] for pk in wanted if pk in _read}
    for row in PlanRow.objects.filter(pk__in=wanted - known.keys()):
        known[row.pk] = _read[row.pk] = row.to_core().without_light()
    while len(_read) > _MOST_KEPT:
        _read.popitem(last=False)
    return known


def _sessions(found: dict[uuid.UUID, Facts], plans: set[uuid.UUID]) -> None:
    rows: dict[uuid.UUID, list[SessionRecord]] = {}
    records = SessionRecord.objects.filter(plan__in=plans, newer=None).defer("findings", "pauses")
    for row in records.order_by("date", "time", "audit_number"):
        rows.setdefault(row.person_id, []).append(row)
    for person_id, mine in rows.items():
        found[person_id].sessions = [row.to_core(line) for line, row in enumerate(mine, _FIRST_LINE)]


def _checkpoints(found: dict[uuid.UUID, Facts], released: dict[uuid.UUID, uuid.UUID]) -> None:
    decisions = CheckpointDecision.objects.filter(checkpoint__plan__in=set(released.values()))
    decided = set(decisions.values_list("checkpoint__plan_id", "checkpoint__week"))
    for person_id, plan in released.items():
        facts = found[person_id]
        assert facts.plan is not None
        come = [week for week, day in facts.plan.checkpoint_days.items() if day <= facts.today]
        # A later look takes the place of an earlier one: only the last that has come waits.
        facts.checkpoints_due = [week for week in come[-1:] if (plan, week) not in decided]


def _lamps(found: dict[uuid.UUID, Facts], lamps: dict[uuid.UUID, uuid.UUID]) -> None:
    known = {lamp.pk: lamp for lamp in with_readings(Lamp.objects.filter(pk__in=set(lamps.values())))}
    # By the latest day of them all: where midnight has passed, a measurement that ended yesterday has run out.
    states = {pk: output_state(lamp, max(facts.today for facts in found.values())) for pk, lamp in known.items()}
    for person_id, lamp in lamps.items():
        if states[lamp].status == "expired":
            found[person_id].lamp_due, found[person_id].lamp = known[lamp].name, lamp
        if known[lamp].retired_at is not None:
            found[person_id].lamp_retired, found[person_id].lamp = True, lamp
