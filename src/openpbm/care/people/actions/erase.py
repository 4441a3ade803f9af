"""Erasing a person: asked for by them, seen by a clinician who knows what must be kept, done by an administrator.

Somebody on their own has no clinic that must keep anything: they do it themselves.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.models import Role, User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import field_problems
from openpbm.care.audit.signed_reason import reason_problems
from openpbm.care.people.access import ACCESS_DENIED, Relation, relation, require
from openpbm.care.people.erasing import forget, list_as_erased
from openpbm.care.people.models import Erasure, Person, lock_person
from openpbm.care.people.signals import erasure_went_on
from openpbm.errors import BadInput, Problem

__all__ = [
    "ErasureNow", "ask_for_erasure", "erase_oneself", "erase_person", "erasure_now", "may_ask", "take_erasure_back",
    "view_retention",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureNow:
    """How an erasure stands.

    asked : the row that asks for it, None where nobody asks
    view : what a clinician said of it since, None before
    may_be_done : a clinician has said that nothing has to be kept readable today
    """

    asked: Erasure | None
    view: Erasure | None
    may_be_done: bool


def erasure_now(person: Person) -> ErasureNow:
    """How the person's erasure stands."""
    asked = view = None
    for row in person.erasures.select_related("created_by").order_by("audit_number"):
        if row.step == Erasure.Step.VIEWED:
            view = row
        else:
            asked, view = (row if row.step == Erasure.Step.ASKED else None), None
    done = view is not None and (view.keep_until is None or view.keep_until <= person.today())
    return ErasureNow(asked=asked, view=view, may_be_done=done)


def may_ask(by: User, person: Person) -> bool:
    """The person may; where they have no account, a clinician writes down what they asked for on paper."""
    found = relation(by, person)
    return found == Relation.PATIENT or (found == Relation.CLINICIAN and person.user_id is None)


def _must_ask(by: User, person: Person) -> None:
    if not may_ask(by, person):
        raise PermissionDenied(ACCESS_DENIED)


@transaction.atomic
def ask_for_erasure(*, person: Person, by: User) -> Erasure:
    """The person wants to be erased. Asked twice, the first stands."""
    _must_ask(by, person)
    person = lock_person(person.pk)
    return erasure_now(person).asked or _step(person, by, Erasure.Step.ASKED)


@transaction.atomic
def take_erasure_back(*, person: Person, by: User) -> None:
    """The person does not want to be erased any more."""
    _must_ask(by, person)
    person = lock_person(person.pk)
    if erasure_now(person).asked is not None:
        _step(person, by, Erasure.Step.TAKEN_BACK)


@transaction.atomic
def view_retention(*, person: Person, by: User, keep_until: dt.date | None, basis: str) -> Erasure:
    """A clinician says until when the record must be kept readable, and why. BadInput."""
    require(by, person, Relation.CLINICIAN)
    person = lock_person(person.pk)
    row = Erasure(person=person, step=Erasure.Step.VIEWED, keep_until=keep_until, basis=basis.strip())
    problems = reason_problems(basis, "basis", remedy="name the law or the contract, or say why nothing has to be kept")
    problems += field_problems(row, "basis")
    if keep_until is not None and keep_until <= person.today():
        problems.append(
            Problem("keep_until", f"{keep_until}", "is not in the future", "leave it out if nothing has to be kept")
        )
    if erasure_now(person).asked is None:
        problems.append(Problem(key=person.code, message="has not asked to be erased", remedy="nothing to do"))
    if problems:
        raise BadInput(problems)
    return _step(person, by, Erasure.Step.VIEWED, keep_until=keep_until, basis=basis.strip())


@transaction.atomic
def erase_person(*, person: Person, by: User) -> None:
    """An administrator of the clinic forgets the person's key, for good. BadInput while something stands against it."""
    if person.clinic_id is None or by.role_in(person.clinic_id) != Role.ADMIN or person.left_at is not None:
        raise PermissionDenied(ACCESS_DENIED)
    person = lock_person(person.pk)
    now = erasure_now(person)
    if now.asked is None:
        raise BadInput(Problem(key=person.code, message="has not asked to be erased", remedy="nothing was done"))
    if not now.may_be_done:
        until = f"until {now.view.keep_until}" if now.view is not None else "is not known"
        raise BadInput(
            Problem(
                key=person.code,
                message=f"how long the record must be kept readable: {until}",
                remedy="a clinician of the clinic says so on the person's page Erasure",
            )
        )
    _erase(person, by)


@transaction.atomic
def erase_oneself(*, person: Person, by: User) -> None:
    """Somebody on their own forgets their own key, for good."""
    require(by, person, Relation.PATIENT)
    if not person.self_managed:
        raise PermissionDenied("The clinic may have to keep something: ask it.")
    _erase(lock_person(person.pk), by)


def _erase(person: Person, by: User) -> None:
    _step(person, by, Erasure.Step.DONE)
    forget(person)
    # Last, and inside the transaction: with no room for the line nothing is erased, and the page says so.
    list_as_erased([person.pk])


def _step(
    person: Person, by: User, step: Erasure.Step, *, keep_until: dt.date | None = None, basis: str = ""
) -> Erasure:
    row, _ = ledger.append(
        Erasure(person=person, step=step, keep_until=keep_until, basis=basis, created_at=clock.now()),
        by=by, action=f"erasure_{step}", person_id=person.pk, clinic_id=person.clinic_id,
        detail={"keep_until": keep_until.isoformat()} if keep_until else {},
    )  # fmt: skip
    erasure_went_on.send(sender=Erasure, person=person, row=row)
    return row
