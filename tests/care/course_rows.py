"""The example course `calf_evening` as rows, written through the same actions as a person would write it."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from care.conftest import account_of
from care.db_snapshot import once

from openpbm.care.audit.ledger import ROW_WRITTEN, append
from openpbm.care.audit.models import AuditEntry
from openpbm.care.devices.models import Lamp
from openpbm.care.events.actions import report_event
from openpbm.care.people.actions import record_change
from openpbm.care.people.models import Intake, Person
from openpbm.care.plans.models import PlanRelease, PlanRow
from openpbm.care.scales.actions import record_diary, record_score
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.sessions.actions import record_session

FOLDER = Path(__file__).parents[2] / "examples" / "courses" / "calf_evening"
_LAST_DAY = dt.date(2026, 11, 2)


def whole_weeks_back(person: Person) -> dt.timedelta:
    """How far the example is moved so that its last line lies in the past, on the same day of the week."""
    return dt.timedelta(weeks=-((_LAST_DAY - person.today()).days // 7) - 1)


def lines(name: str, shift: dt.timedelta) -> Iterator[dict[str, Any]]:
    with (FOLDER / name).open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield {**row, "date": dt.date.fromisoformat(row["date"]) + shift}


def moved_plan(shift: dt.timedelta) -> dict[str, Any]:
    """plan.json with every date moved."""
    plan = json.loads((FOLDER / "plan.json").read_text(encoding="utf-8"))
    document: dict[str, Any] = copy.deepcopy(plan)
    for row in (*document["schedule"]["sessions"], *document["schedule"].get("checkpoints", ())):
        row["date"] = (dt.date.fromisoformat(row["date"]) + shift).isoformat()
    start = dt.date.fromisoformat(document["course"]["start_date"]) + shift
    document["course"]["start_date"] = start.isoformat()
    return document


def release_example(person: Person, shift: dt.timedelta) -> PlanRelease:
    """The released plan of the example, with what it rests on."""
    by = person.user
    lamp = Lamp.objects.create(name="Panel")
    intake, _ = append(Intake(person=person, document={"condition": {"programme": "rls"}}), by=by, action="intake")
    screening = ScreeningRow(person=person, intake=intake, lamp=lamp, case={}, result={"verdict": "allowed"})
    append(screening, by=by, action="screening")
    plan = PlanRow(person=person, screening=screening, lamp=lamp, version=1, document=moved_plan(shift), seed=1)
    append(plan, by=by, action="plan_made")
    row = PlanRelease(person=person, plan=plan, statement="I release it.", signed_name="Dr. Example")
    return append(row, by=by, action="plan_released")[0]


def write_course(person: Person, *, until: dt.date | None = None) -> PlanRelease:
    """Every line of the example up to a day, all of them where none is named.

    Where nothing but the house was recorded before, the rows of the first time are put back.
    """
    if AuditEntry.objects.exclude(action=ROW_WRITTEN).exists():
        return _write_course(person, until)
    return once(("course", person.pk, until), lambda: _write_course(person, until))


def _write_course(person: Person, until: dt.date | None) -> PlanRelease:
    shift = whole_weeks_back(person)
    released = release_example(person, shift)
    last = until or person.today()
    _write_sessions(person, released.plan, shift, last)
    _write_diary(person, shift, last)
    for row in lines("scores.csv", shift):
        if row["date"] <= last:
            record_score(
                person=person, date=row["date"], scale=row["scale"], version=row["version"],
                value=float(row["value"]), source=row["source"], by=account_of(person),
            )  # fmt: skip
    for row in lines("events.csv", shift):
        if row["date"] <= last:
            grade = int(row["grade"]) if row["grade"] else None
            report_event(
                person=person,
                date=row["date"],
                kind=row["kind"],
                detail=row["detail"],
                grade=grade,
                by=account_of(person),
            )
    for row in lines("timeline.csv", shift):
        if row["date"] <= last:
            told = {name: row[name] for name in ("date", "kind", "name", "action", "dose")}
            record_change(person=person, by=account_of(person), **told)
    return released


def _write_sessions(person: Person, plan: PlanRow, shift: dt.timedelta, last: dt.date) -> None:
    for row in lines("sessions.csv", shift):
        if row["date"] > last:
            continue
        record_session(
            person=person,
            plan=plan,
            lamp=plan.lamp,
            date=row["date"],
            time=dt.time.fromisoformat(row["time"]) if row["time"] else None,
            site=row["site"],
            side=row["side"],
            minutes=float(row["minutes"]) if row["minutes"] else None,
            distance_mm=float(row["distance_mm"]) if row["distance_mm"] else None,
            status=row["status"],
            reason=row["reason"],
            pauses=[],
            skin_reaction=row["skin_reaction"],
            by=account_of(person),
        )


def _write_diary(person: Person, shift: dt.timedelta, last: dt.date) -> None:
    for row in lines("diary.csv", shift):
        if row["date"] > last:
            continue
        answers = {name: float(row[name]) for name in ("severity", "sleep_minutes", "bother") if row[name]}
        if row["onset"]:
            answers["onset"] = row["onset"]
        entered = dt.datetime.fromisoformat(row["entered_at"]) + shift
        record_diary(
            person=person,
            date=row["date"],
            entered_at=entered.replace(tzinfo=person.zone),
            answers=answers,
            notes=row["notes"],
            by=account_of(person),
        )
