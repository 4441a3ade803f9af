"""Every row about a person as plain JSON, what is sealed opened, and who read it when."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from django.db import models

from openpbm.care.accounts.models import User
from openpbm.care.audit.models import AuditEntry, DocumentField, ReadEntry
from openpbm.care.checkpoints.models import AuthorsPart, CaseReport, CheckpointDecision, TeamMember
from openpbm.care.checkpoints.plain_words import plain_judgement
from openpbm.care.devices.models import Cleaning, Lamp, LampPassport, Measurement
from openpbm.care.events.models import AdverseEvent, EventReview
from openpbm.care.jobs.models import PushDevice, Reminder
from openpbm.care.n_of_1.models import DesignStop, PeriodGuess, SealedDesign, Unblinding
from openpbm.care.people.access import Relation
from openpbm.care.people.models import ConsentScan, Goal, Person
from openpbm.care.plans.models import HoldLift
from openpbm.care.scales.models import DiaryEntry
from openpbm.care.screening.models import RuleRelease
from openpbm.care.sessions.models import SkinCheck

__all__ = ["as_json", "everything"]

FORMAT = "openpbm-record-1"
# The digest binds a row to the audit chain of this server; elsewhere it says nothing.
_SERVER_SIDE = ("body_digest",)
#: What the pages show a helper: no identity, consents, signatures, case reports, and nobody's reading of the record.
_SHOWN_TO_HELPERS = frozenset(
    {
        "intakes", "changes", "goals", "stages", "appointments", "plans", "plan_releases", "holds", "lamps",
        "session_starts", "session_records", "skin_checks", "diary", "spasms", "scores", "effects", "effect_reviews",
        "checkpoint_decisions", "care_team", "n_of_1_designs", "n_of_1_guesses", "n_of_1_stops",
    }
)  # fmt: skip
#: Who wrote a row stands on no page of theirs.
_NOT_FOR_HELPERS = ("created_by", "owner", "checks", "override_reason")

#: The rows that have no person of their own, with what leads to theirs.
_OWNED_BY: dict[type[models.Model], str] = {HoldLift: "hold", ConsentScan: "consent", Unblinding: "design"}
#: What is sealed in a row, opened.
_OPENED: dict[type[models.Model], Callable[[Any, Person], object]] = {
    Goal: lambda row, person: row.text(),
    ConsentScan: lambda row, person: row.text(),
    DiaryEntry: lambda row, person: row.notes(),
    AdverseEvent: lambda row, person: row.detail(),
    AuthorsPart: lambda row, person: row.document(),
    CaseReport: lambda row, person: row.report(),
    HoldLift: lambda row, person: row.contact(),
    TeamMember: lambda row, person: row.named(),
    SkinCheck: lambda row, person: person.open(row.sealed_note, f"skin {row.pk}"),
    # Whoever takes the record along learns no more than the pages say.
    SealedDesign: lambda row, person: row.key() if row.open_to_all() else "sealed until two days after the last period",
    Unblinding: lambda row, person: row.reason(),
    PushDevice: lambda row, person: row.subscription(),
}


def everything(person: Person, reader: Relation) -> dict[str, object]:
    """The record as far as the reader's own pages show it, format `openpbm-record-1`.

    One list a table, one object a row, the oldest first.
    """
    # Names of accounts, read once: every row names who wrote it.
    names = _names()
    if reader == Relation.HELPER:
        return {"format": FORMAT, "person": _person_for_helper(person), **_rows_for_helper(person, names)}
    written = {name: [_row(row, person, names) for row in rows] for name, rows in _tables(person).items()}
    return {"format": FORMAT, "person": _person(person), **written, **_audit(person, names)}


def _rows_for_helper(person: Person, names: dict[int, str]) -> dict[str, object]:
    shown = set(_SHOWN_TO_HELPERS)
    if person.self_managed:
        # Without a clinic a helper screens with them, and reads what the screening said.
        shown.add("screenings")
    tables = {name: rows for name, rows in _tables(person).items() if name in shown}
    # Of the answers the page shows the newest alone.
    tables["intakes"] = person.intakes.filter(newer=None)
    tables["plans"] = [row for row in tables["plans"] if person.self_managed or hasattr(row, "release")]
    found: dict[str, object] = {}
    for name, rows in tables.items():
        written = [_row(row, person, names) for row in rows]
        found[name] = [{key: value for key, value in row.items() if key not in _NOT_FOR_HELPERS} for row in written]
    # What the engine proposed is a clinician's to read; a helper's page has it in plain words.
    found["checkpoints"] = [
        {"week": row.week, "judgement": asdict(plain_judgement(row.judgement))}
        for row in person.checkpoints.order_by("audit_number")
    ]
    return found


def _tables(person: Person) -> dict[str, Iterable[models.Model]]:
    return {
        "consents": person.consents.order_by("audit_number"),
        "consent_scans": ConsentScan.objects.filter(consent__person=person).select_related("consent"),
        "erasures": person.erasures.order_by("audit_number"),
        "intakes": person.intakes.order_by("audit_number"),
        "changes": person.changes.order_by("audit_number"),
        "goals": person.goals.order_by("audit_number"),
        "stages": person.stages.order_by("id"),
        "appointments": person.appointments.order_by("starts_at"),
        "helpers": person.helpers.order_by("started_at"),
        "screenings": person.screenings.order_by("audit_number"),
        "rule_releases": RuleRelease.objects.filter(screening__person=person).order_by("audit_number"),
        "plans": person.plans.order_by("version"),
        "plan_releases": person.plan_releases.order_by("audit_number"),
        "holds": person.holds.order_by("audit_number"),
        "hold_lifts": HoldLift.objects.filter(hold__person=person).select_related("hold").order_by("audit_number"),
        **_lamps(person),
        "session_starts": person.session_starts.order_by("audit_number"),
        "session_records": person.session_records.order_by("audit_number"),
        "skin_checks": SkinCheck.objects.filter(record__person=person).order_by("audit_number"),
        "diary": person.diary.order_by("audit_number"),
        "spasms": person.spasms.order_by("audit_number"),
        "scores": person.scores.order_by("audit_number"),
        "effects": person.adverse_events.order_by("audit_number"),
        "effect_reviews": EventReview.objects.filter(event__person=person).order_by("audit_number"),
        "checkpoints": person.checkpoints.order_by("audit_number"),
        "checkpoint_decisions": CheckpointDecision.objects.filter(checkpoint__person=person).order_by("audit_number"),
        "care_team": person.care_team.order_by("audit_number"),
        **_blinded_tests(person),
        "expected_courses": person.expected_courses.order_by("audit_number"),
        "authors_parts": person.authors_parts.order_by("audit_number"),
        "case_reports": person.case_reports.order_by("audit_number"),
        "reminders": Reminder.objects.filter(person_id=person.pk, user=person.user).order_by("due_at"),
        "push_devices": person.push_devices.order_by("created_at"),
    }


def _person_for_helper(person: Person) -> dict[str, object]:
    return {"id": str(person.pk), "code": person.code, "name": person.shown_name(), "time_zone": person.time_zone}


def _person(person: Person) -> dict[str, object]:
    return {
        "id": str(person.pk),
        "code": person.code,
        "clinic": person.clinic and person.clinic.name,
        "time_zone": person.time_zone,
        "letter_at": person.letter_at and person.letter_at.isoformat(),
        "created_at": person.created_at.isoformat(),
        "left_at": person.left_at and person.left_at.isoformat(),
        **asdict(person.identity),
    }


def _lamps(person: Person) -> dict[str, Iterable[models.Model]]:
    """The lamps of the person's plans, with what is known of their output."""
    rows = person.screenings.filter(plans__isnull=False).only("lamp_id", "further_lamps")
    lamps = {lamp for row in rows for lamp in (str(row.lamp_id), *row.further_lamps)}
    return {
        "lamps": Lamp.objects.filter(pk__in=lamps).order_by("name"),
        "lamp_passports": LampPassport.objects.filter(lamp__in=lamps).order_by("audit_number"),
        "lamp_cleanings": Cleaning.objects.filter(lamp__in=lamps).order_by("audit_number"),
        "lamp_measurements": Measurement.objects.filter(lamp__in=lamps).order_by("audit_number"),
    }


def _blinded_tests(person: Person) -> dict[str, Iterable[models.Model]]:
    """Designs, guesses, ends; and who learnt a period before the end, once nobody has to be kept from it any more."""
    designs = person.n_of_1_designs.select_related("stop").order_by("audit_number")
    return {
        "n_of_1_designs": designs,
        "n_of_1_guesses": PeriodGuess.objects.filter(design__person=person).order_by("audit_number"),
        "n_of_1_stops": DesignStop.objects.filter(design__person=person).order_by("audit_number"),
        "n_of_1_unblindings": Unblinding.objects.filter(
            design__in=[design for design in designs if design.open_to_all()]
        )
        .select_related("design")
        .order_by("audit_number"),
    }


def _row(row: models.Model, person: Person, names: dict[int, str]) -> dict[str, object]:
    content: dict[str, object] = {}
    for field in row._meta.concrete_fields:
        name, value = field.name, getattr(row, field.attname)
        if name in _SERVER_SIDE or name == "person":
            continue
        if name.startswith("sealed_"):
            content[name.removeprefix("sealed_")] = _opened(row, person)
        elif isinstance(field, models.ForeignKey) and field.related_model is User:
            content[name] = names.get(value)
        else:
            content[name] = _plain(field, value)
    return content


def _opened(row: Any, person: Person) -> object:
    """What is sealed in a row; the rows that hold something sealed know for what place, the person has the key."""
    if type(row) not in _OPENED:
        raise TypeError(f"{type(row).__name__}: has something sealed that nobody opens; add it here")
    owner = row if type(row) not in _OWNED_BY else getattr(row, _OWNED_BY[type(row)])
    if not isinstance(row, SkinCheck):
        # The key is read already.
        owner.person = person
    return _OPENED[type(row)](row, person)


def _plain(field: models.Field[Any, Any], value: Any) -> object:
    if value is None or isinstance(value, (bool, int, float)) or isinstance(field, DocumentField):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


def _audit(person: Person, names: dict[int, str]) -> dict[str, object]:
    """What was done with the record, and who read it."""
    acts = AuditEntry.objects.filter(person_id=person.pk).order_by("number")
    reads = ReadEntry.objects.filter(person_id=person.pk).order_by("id")
    return {
        "audit": [
            {
                "number": act.number,
                "at": act.at.isoformat(),
                "actor": names.get(act.actor_id or 0),
                "action": act.action,
                "table": act.table,
                "row": act.row_id,
                "detail": act.detail,
            }
            for act in acts
        ],
        "looks": [{"at": at.isoformat(), "actor": names.get(actor), "page": page} for at, actor, page in
                  reads.values_list("at", "actor_id", "route").iterator(chunk_size=2000)],
    }  # fmt: skip


def _names() -> dict[int, str]:
    rows = User.objects.values_list("pk", "display_name", "username")
    return {pk: display or username for pk, display, username in rows}


def as_json(content: dict[str, object]) -> str:
    """The record as text, one key a line."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
