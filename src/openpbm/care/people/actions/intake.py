"""What a person answered, checked by the core before it is kept."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import field_problems
from openpbm.care.people.access import require
from openpbm.care.people.models import Intake, Person, lock_person
from openpbm.care.people.selectors import contradicts_birth_date, latest_intake, with_age_on_file
from openpbm.care.people.signals import answers_given
from openpbm.case import Case, case_of
from openpbm.errors import BadInput, Problem
from openpbm.facts.exposure import plausible_spans
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.sites import sites
from openpbm.files import JsonObject, unsupported_values

__all__ = ["check_answers", "record_intake"]

_SECTIONS = ("person", "condition", "confirm")


def check_answers(document: JsonObject) -> Case:
    """The answers as the core reads them, in a case whose place and lamp stand in for those not chosen yet.

    Raises BadInput with one line per problem.
    """
    problems = [
        Problem(key="intake", message=f"{key}: does not belong to the answers", remedy="leave it out")
        for key in document
        if key not in _SECTIONS
    ]
    problems += (problem.within("intake") for problem in _confirmed_beyond_the_answers(document.get("confirm")))
    if problems:
        raise BadInput(problems)
    # The core checks whole cases alone; place and lamp are chosen later and have no bearing on these answers.
    stand_in = {"sites": [{"site": sites.ids[0], "side": "left"}], "device": {"id": lamp_catalogue.ids[0]}}
    return case_of(
        {key: document[key] for key in _SECTIONS if key in document} | stand_in, "intake", today=clock.now().date()
    )


def _confirmed_beyond_the_answers(confirm: object) -> list[Problem]:
    """What lamp and distance are stands in no answers, so nobody confirms it there, whatever name is given."""
    given = confirm if isinstance(confirm, dict) else {}
    values = given.get("values")
    of_a_clinician = {span.quantity for span in plausible_spans() if span.confirmed_by == "clinician"}
    names = [name for name in (values if isinstance(values, list) else ()) if str(name) in of_a_clinician]
    message, remedy = "is no answer, so it cannot be confirmed with them", "leave it out; a clinician looks at the lamp"
    problems = [Problem("confirm.values", name, message, remedy) for name in names]
    return problems + ([Problem("confirm.by", str(given["by"]), message, remedy)] if given.get("by") else [])


@transaction.atomic
def record_intake(
    *, id: uuid.UUID | None = None, person: Person, document: JsonObject, reason: str, by: User
) -> tuple[Intake, bool]:
    """Keep new answers: the core's sections `person`, `condition`, `confirm`. They supersede the newest there are."""
    require(by, person)
    if problems := unsupported_values(reason, "reason") + field_problems(Intake(reason=reason), "reason"):
        raise BadInput(problems)
    document = _spelt_out(document, check_answers(document))
    document = _aged(document, person)
    # Two tabs that save at once would both supersede the same answers, and one of them would be lost.
    lock_person(person.pk)
    row = Intake(id=id or uuid.uuid4(), person=person, document=cast(Any, document), reason=reason)
    row.supersedes = latest_intake(person)
    if not Intake.objects.filter(pk=row.pk).exists():
        answers_given.send(sender=Intake, person=person, document=document, reason=reason, by=by)
    return ledger.append(row, by=by, action="intake", person_id=person.pk, clinic_id=person.clinic_id)


def _aged(document: JsonObject, person: Person) -> JsonObject:
    """The answers with the age on file where they say none; BadInput where they say another."""
    said = document.get("person", {}).get("age_years")
    if said is None:
        return with_age_on_file(person, document)
    if contradicts_birth_date(person, said):
        message = "contradicts the date of birth on file"
        raise BadInput(Problem("person.age_years", said, message, "leave it out, or correct the date of birth"))
    return document


def _spelt_out(document: JsonObject, case: Case) -> JsonObject:
    """The answers with `none_other` written out, so that a question added later is not taken as answered."""
    person = document.get("person", {})
    if "none_other" not in person.get("findings", {}):
        return document
    return document | {"person": person | {"findings": dict(case.person.findings)}}
