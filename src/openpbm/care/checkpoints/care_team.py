"""The people who treat a person beside us: who they are, how to reach them, and the letter to each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import transaction

from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.audit.models import canonical
from openpbm.care.checkpoints.models import TeamMember
from openpbm.care.people.access import Relation, require
from openpbm.care.people.models import Person, lock_person
from openpbm.errors import BadInput, Problem
from openpbm.facts.care_stages import CareRole, care_roles
from openpbm.files import suggest, unsupported_values

__all__ = ["LONGEST_CONTACT", "TeamLine", "care_team", "set_team_member", "team_line"]

#: Of a name, and of how somebody is reached [characters].
LONGEST_CONTACT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLine:
    """One role; name "" where nobody is named."""

    role: CareRole
    name: str = ""
    contact: str = ""


def care_team(person: Person) -> list[TeamLine]:
    """Every role in the order of the table, with who has it."""
    named = {row.role: row.named() for row in _newest(person)}
    return [TeamLine(role=role, **named.get(role.id, {})) for role in care_roles]


def team_line(person: Person, role: str) -> TeamLine | None:
    """Who has that role; None for no such role."""
    return next((line for line in care_team(person) if line.role.id == role), None)


@transaction.atomic
def set_team_member(
    *, id: uuid.UUID | None = None, person: Person, role: str, name: str, contact: str, by: User
) -> tuple[TeamMember, bool]:
    """Say who has a role, sealed; an empty name takes them off the list. It supersedes whoever had it.

    Nothing is sent by this: a letter is printed and handed over by people. BadInput for no such role, and for
    text that is too long.
    """
    require(by, person, Relation.PATIENT, Relation.CLINICIAN)
    name, contact = name.strip(), contact.strip()
    known = [one.id for one in care_roles]
    problems = unsupported_values(name, "name") + unsupported_values(contact, "contact")
    if role not in known:
        problems.append(Problem(key="role", value=role, message="not known", remedy=suggest(role, known)))
    for key, text in (("name", name), ("contact", contact)):
        if len(text) > LONGEST_CONTACT:
            message = f"{len(text)} characters, at most {LONGEST_CONTACT}"
            problems.append(Problem(key=key, message=message, remedy="shorten it"))
    if problems:
        raise BadInput(problems)
    lock_person(person.pk)
    row = TeamMember(id=id or uuid.uuid4(), person=person, role=role)
    row.sealed_contact = person.seal(canonical({"name": name, "contact": contact}), row.place())
    row.supersedes = next((one for one in _newest(person) if one.role == role), None)
    return ledger.append(row, by=by, action="care_team", person_id=person.pk, clinic_id=person.clinic_id)


def _newest(person: Person) -> list[TeamMember]:
    return list(person.care_team.filter(newer=None).select_related("person__key"))
