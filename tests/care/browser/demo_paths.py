"""Where each route lies for each person of the demo, as JSON. Runs beside the site, on its database.

What the demo lacks and a page needs (a session begun, one finished, a job, a case report) is made first, for Gia.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from pathlib import Path
from typing import Any

import django
from django.db import transaction
from django.utils import timezone

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ["DJANGO_SETTINGS_MODULE"] = "openpbm.care.settings"
django.setup()

from care.access.every_route import fill, route_names  # noqa: E402
from care.conftest import account_of  # noqa: E402
from present import present  # noqa: E402

from openpbm.care.accounts.models import Membership  # noqa: E402
from openpbm.care.audit.ledger import append  # noqa: E402
from openpbm.care.checkpoints.actions import build_case_report, order_case_report, weeks_due  # noqa: E402
from openpbm.care.checkpoints.models import AuthorsPart  # noqa: E402
from openpbm.care.jobs.actions import enqueue, remind  # noqa: E402
from openpbm.care.jobs.models import Job, Reminder  # noqa: E402
from openpbm.care.people.models import Person  # noqa: E402
from openpbm.care.plans.actions import hold, store_plan  # noqa: E402
from openpbm.care.plans.selectors import newest_plan, released_plan  # noqa: E402
from openpbm.care.sessions.actions import record_session  # noqa: E402
from openpbm.care.sessions.models import SessionStart  # noqa: E402
from openpbm.care.sessions.positions import places_of_session  # noqa: E402


def people() -> dict[str, Person]:
    """The demo's people by their first names."""
    rows = Person.objects.select_related("user", "clinic", "key").filter(user__username__startswith="demo.")
    return {account_of(row).username.removeprefix("demo."): row for row in rows}


@transaction.atomic
def complete(person: Person) -> None:
    """A session finished and one that runs, a job that waits and one that failed, a reminder, a case report, a hold."""
    plan = present(released_plan(person))
    finished = _begin(person, plan, timezone.now() - dt.timedelta(minutes=50))
    for site, side in finished.places():
        record_session(
            person=person, plan=plan, lamp=plan.lamp, date=finished.started_at.astimezone(person.zone).date(),
            time=finished.started_at.astimezone(person.zone).time(), site=site, side=side, minutes=4.0,
            distance_mm=plan.followed.placement.distance_mm, status="partial", reason="The telephone",
            skin_reaction="none", by=account_of(person), start=finished,
        )  # fmt: skip
    # Only now: the database refuses a second session while the first is not written down.
    _begin(person, plan, timezone.now() - dt.timedelta(minutes=3))
    by = present(plan.created_by)
    enqueue(kind="make_plan", payload={"screening": str(plan.screening_id)}, by=by, person_id=person.pk)
    remind(
        user=account_of(person),
        person_id=person.pk,
        kind="diary",
        key="look",
        text="Write your diary",
        due_at=timezone.now(),
    )
    store_plan(screening=plan.screening, plan=_again(plan), by=by)
    part, _ = order_case_report(person=person, document={}, by=by)
    build_case_report(part=AuthorsPart.objects.get(pk=getattr(part, "pk", part)), by=by)
    hold(person=person, cause="question", message="Wait until the doctor has called back.", by=by)


def _again(plan: Any) -> Any:
    from openpbm.case import case_of
    from openpbm.planning import Quality, make_plan
    from openpbm.safety import screen

    quality = Quality(scenarios=6)
    return make_plan(screen(case_of(plan.screening.case, "screening")), seed=2, quality=quality)


def _begin(person: Person, plan: Any, at: dt.datetime) -> SessionStart:
    core = plan.followed
    start = SessionStart(
        person=person, plan=plan, lamp=plan.lamp, sites=[list(place) for place in places_of_session(core, None)],
        minutes=core.session_minutes, distance_mm=core.placement.distance_mm, started_at=at,
    )  # fmt: skip
    append(start, by=person.user, action="session_started", person_id=person.pk, clinic_id=person.clinic_id)
    return start


def belongings(person: Person) -> dict[str, Any]:
    """The value of every parameter for that person, as far as they have one."""
    plan, released = newest_plan(person), released_plan(person)
    newest = "-created_at"
    found: dict[str, Any] = {
        "person_id": person.pk,
        "plan_id": plan and plan.pk,
        "lamp_id": plan and plan.lamp_id,
        "screening_id": _first(person.screenings.order_by(newest)),
        "hold_id": _first(person.holds.order_by(newest)),
        "record_id": _first(person.session_records.filter(newer=None).order_by(newest)),
        "score_id": _first(person.scores.order_by(newest)),
        "event_id": _first(person.adverse_events.order_by(newest)),
        "appointment_id": _first(person.appointments.order_by("-starts_at")),
        "job_id": _first(Job.objects.filter(person_id=person.pk)),
        "reminder_id": _first(Reminder.objects.filter(person_id=person.pk)),
        "grant_id": _first(person.helpers.all()),
        "report_id": _first(person.case_reports.order_by(newest)),
        "design_id": _first(person.n_of_1_designs.order_by(newest)),
        "consent_id": _first(person.consents.order_by(newest)),
        "purpose": "record",
        "membership_id": person.clinic_id and _first(Membership.objects.filter(clinic=person.clinic_id)),
        "week": released and next(iter(weeks_due(released, person.today())[::-1]), None),
    }
    return {key: value for key, value in found.items() if value is not None}


def _first(rows: Any) -> Any:
    row = rows.first()
    return None if row is None else row.pk


def _each_start(route: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """A session looks one way while it runs and another afterwards."""
    if route not in ("sessions:run", "sessions:state", "sessions:arrived"):
        return [parameters]
    starts = SessionStart.objects.filter(person_id=parameters["person_id"]).order_by("started_at")
    return [parameters | {"start_id": start.pk} for start in starts]


def paths() -> dict[str, dict[str, list[str]]]:
    """Route -> person -> paths; a route without parameters has the person "" alone."""
    known = {name: belongings(person) for name, person in people().items()}
    found: dict[str, dict[str, list[str]]] = {}
    for route in route_names():
        found[route] = {}
        for name, parameters in known.items():
            try:
                found[route][name] = [path for one in _each_start(route, parameters) for path in fill(route, one)]
            except AssertionError:
                continue  # this person has none of it; some other has
    return found


if __name__ == "__main__":
    gia = people()["gia"]
    if not gia.session_starts.exists():
        complete(gia)
    json.dump(paths(), sys.stdout)
