"""Something beside the light began, stopped or changed. A medicine also changes the answers the plan rests on."""

from __future__ import annotations

import copy
import datetime as dt
import uuid

from django.db import transaction

from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import field_problems
from openpbm.care.people.access import require
from openpbm.care.people.actions.intake import record_intake
from openpbm.care.people.models import Change, Person
from openpbm.care.people.selectors import latest_intake, with_age_on_file
from openpbm.errors import BadInput, Problem
from openpbm.facts.medicine_text import read_medicines, says_none
from openpbm.facts.timeline_kinds import timeline_action, timeline_actions, timeline_kind, timeline_kinds
from openpbm.files import unsupported_values

__all__ = ["MEDICINE_KINDS", "medicine_changed", "record_change"]

#: Kinds whose start or stop changes the list of medicines.
MEDICINE_KINDS = {"medicine", "opioid", "iron"}
_EARLIEST = dt.date(2000, 1, 1)


@transaction.atomic
def record_change(
    *,
    id: uuid.UUID | None = None,
    person: Person,
    date: dt.date,
    kind: str,
    name: str,
    action: str,
    dose: str,
    by: User,
) -> tuple[Change, bool]:
    """Write down a change beside the light.

    A medicine that starts or stops also makes new answers, so that a session is verified against them. Where the list
    of medicines is not known it stays unknown: one known medicine would make it look complete.
    """
    require(by, person)
    row = Change(id=id or uuid.uuid4(), person=person, date=date, name=name.strip(), dose=dose.strip())
    row.kind, row.action = _checked(row, kind, action)
    row, created = ledger.append(row, by=by, action="timeline_change", person_id=person.pk, clinic_id=person.clinic_id)
    if created and row.kind in MEDICINE_KINDS and row.action in ("start", "stop"):
        _change_medicines(row, by)
    return row, created


def medicine_changed(
    *, id: uuid.UUID | None = None, person: Person, date: dt.date, name: str, action: str, dose: str, by: User
) -> tuple[Change, bool]:
    """A medicine was started, stopped or changed."""
    return record_change(id=id, person=person, date=date, kind="medicine", name=name, action=action, dose=dose, by=by)


def _checked(row: Change, kind: str, action: str) -> tuple[str, str]:
    known_kind, known_action = timeline_kind(kind), timeline_action(action)
    problems = []
    if known_kind is None:
        problems.append(
            Problem(
                key="kind",
                value=kind,
                message="not known",
                remedy=f"one of {', '.join(one.id for one in timeline_kinds)}",
            )
        )
    if known_action is None:
        problems.append(
            Problem(
                key="action",
                value=action,
                message="not known",
                remedy=f"one of {', '.join(one.id for one in timeline_actions)}",
            )
        )
    if not _EARLIEST <= row.date <= row.person.today():
        problems.append(
            Problem(
                key="date", value=row.date, message=f"must lie between {_EARLIEST} and today", remedy="correct the day"
            )
        )
    problems += unsupported_values(row.name, "name") + unsupported_values(row.dose, "dose")
    problems += field_problems(row, "name", "dose")
    if known_kind is not None and known_kind.id in MEDICINE_KINDS and not row.name:
        problems.append(Problem(key="name", message="needed for a medicine", remedy="write what it is called"))
    if known_kind is not None and known_kind.id in MEDICINE_KINDS and row.name and says_none(row.name):
        problems.append(Problem("name", row.name, "says that none is taken", "write which medicine changed"))
    if problems or known_kind is None or known_action is None:
        raise BadInput(problems)
    return known_kind.id, known_action.id


def _change_medicines(change: Change, by: User) -> None:
    newest = latest_intake(change.person)
    known = None if newest is None else newest.document.get("person", {}).get("medications")
    if newest is None or known is None:
        return
    others = [name for name in known if not _same_medicine(name, change.name)]
    listed = [*others, change.name] if change.action == "start" else [*others, *_still_in_the_body(known, change)]
    if listed == known:
        return
    document = with_age_on_file(change.person, copy.deepcopy(newest.document))
    document["person"]["medications"] = listed
    word = "started" if change.action == "start" else "stopped"
    record_intake(
        id=uuid.uuid5(change.pk, "intake"),
        person=change.person,
        document=document,
        reason=f"{change.name} {word} on {change.date.isoformat()}",
        by=by,
    )


def _still_in_the_body(known: list[str], change: Change) -> list[str]:
    """What was stopped and takes up the lamp's light for days to months after: it stays until somebody takes it out."""
    tiers = {named.medicine.tier for named in read_medicines(change.name).found}
    if 1 not in tiers or not any(_same_medicine(name, change.name) for name in known):
        return []
    return [f"{change.name} (stopped {change.date.isoformat()})"]


def _same_medicine(one: str, other: str) -> bool:
    if one.strip().casefold() == other.strip().casefold():
        return True
    # Of two ingredients on one line only both together are the same: the other one may still be taken.
    first, second = read_medicines(one), read_medicines(other)
    named = {found.medicine for found in first.found}
    same = named == {found.medicine for found in second.found} and set(first.unknown) == set(second.unknown)
    return bool(named) and same
