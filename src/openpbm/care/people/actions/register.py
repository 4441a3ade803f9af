"""A person comes in: registered by a clinic, or by themselves."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, replace

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.first_password import give_first_password, set_first_password
from openpbm.care.accounts.mail_address import account_address, keep_account_address
from openpbm.care.accounts.models import Clinic, Role, User
from openpbm.care.accounts.time_zones import problems_of_zone
from openpbm.care.audit import ledger
from openpbm.care.people.access import ACCESS_DENIED, Relation, people_of, require
from openpbm.care.people.models import Identity, Person, PersonKey
from openpbm.errors import BadInput, Problem

__all__ = [
    "open_account", "register_person", "register_with_account", "renew_password", "set_identity", "set_letter_time",
    "sign_up_self",
]  # fmt: skip


@transaction.atomic
def register_person(
    *,
    by: User,
    clinic: Clinic | None,
    identity: Identity,
    time_zone: str,
    user: User | None = None,
    id: uuid.UUID | None = None,
) -> Person:
    """Make a person with a data key of their own. The same id again gives the person that is there."""
    _must_register(by, clinic, user)
    if clinic is not None:
        # Of two at once the second finds the first's.
        Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    there = Person.objects.filter(pk=id, clinic=clinic).first() if id else None
    if there is not None:
        return there
    _check_zone(time_zone)
    person = Person(id=id or uuid.uuid4(), clinic=clinic, user=user, time_zone=time_zone)
    # The key names its person, so the row stands before it; both are there or neither, for one transaction holds
    # them.
    person.save(force_insert=True)
    PersonKey.make(person)
    person.set_identity(identity)
    person.save()
    clinic_id = None if clinic is None else clinic.pk
    detail = {"code": person.code, "account": None if user is None else user.pk}
    ledger.record_event("person_registered", by=by, person_id=person.pk, clinic_id=clinic_id, row=person, detail=detail)
    return person


@transaction.atomic
def register_with_account(
    *, by: User, clinic: Clinic, identity: Identity, time_zone: str, login_name: str, id: uuid.UUID | None = None
) -> tuple[Person, str]:
    """Register a person and, with a login name, open their account. Returns (the person, the first password or "")."""
    person = register_person(by=by, clinic=clinic, identity=identity, time_zone=time_zone, id=id)
    if not login_name or person.user_id is not None:
        return person, ""
    return person, open_account(person=person, login_name=login_name, by=by)


@transaction.atomic
def open_account(*, person: Person, login_name: str, by: User) -> str:
    """Give a person an account. Returns its first password, which is kept nowhere."""
    require(by, person, Relation.CLINICIAN)
    if person.user_id is not None:
        raise BadInput(Problem(key=person.code, message="has an account already", remedy="use that one"))
    user = User(username=login_name.strip())
    try:
        User.username_validator(user.username)
    except ValidationError:
        raise BadInput(
            Problem(key=f"login name {user.username!r}", message="use letters, digits and @ . + - _ only")
        ) from None
    # Whether the name is too long or taken is not told apart: the answer would list the accounts of other clinics.
    if len(user.username) > 150 or User.objects.filter(username__iexact=user.username).exists():
        raise BadInput(
            Problem(key=f"login name {user.username[:150]!r}", message="cannot be had", remedy="choose another")
        )
    password = set_first_password(user)
    validate_password(password, user)
    user.save()
    person.user = user
    person.save(update_fields=["user"])
    ledger.record_event(
        "account_opened", by=by, person_id=person.pk, clinic_id=person.clinic_id, row=user, detail={"account": user.pk}
    )
    return password


@transaction.atomic
def renew_password(*, person: Person, user: User, by: User) -> str:
    """A new first password for the person, or for a helper of theirs, who lost it. The clinic of the person gives it.

    Not where the account opens more than records of this clinic: the new password is seen by the one who makes it.
    """
    if person.clinic_id is None or by.role_in(person.clinic_id) != Role.CLINICIAN:
        raise PermissionDenied("A new password is given by a clinician of the person's clinic.")
    opens = people_of(user)
    if not opens.filter(pk=person.pk).exists():
        raise PermissionDenied(ACCESS_DENIED)
    if user.is_member:
        raise BadInput(
            Problem(
                key=user.username,
                message="is also an account of a clinic's staff",
                remedy="an administrator there may help",
            )
        )
    if opens.exclude(clinic_id=person.clinic_id).exists() or opens.filter(clinic=None).exists():
        remedy = (
            f"ask whoever runs this site, who can do it (openpbm account new-password {user.username})"
            if user.pk == person.user_id
            else "let another account in, and end the access of this one"
        )
        raise BadInput(
            Problem(
                key=user.username,
                message=("the account also opens records outside this clinic, so nobody here may give it a password"),
                remedy=remedy,
            )
        )
    return give_first_password(user=user, by=by, seen_in={person.clinic_id: person.pk})


@transaction.atomic
def sign_up_self(*, user: User, identity: Identity, time_zone: str) -> Person:
    """The account's own person, with no clinic. Called again, it gives the person that is there."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    there = Person.objects.filter(user=user).first()
    if there is not None:
        return there
    if user.is_member:
        raise BadInput(
            Problem(
                key=user.username,
                message="is an account of a clinic's staff",
                remedy="make another account for a record of your own",
            )
        )
    if address := account_address(user):
        # From here on it lies in the record, and is forgotten with its key.
        identity = replace(identity, email=identity.email or address)
        keep_account_address(user, "")
    return register_person(by=user, clinic=None, identity=identity, time_zone=time_zone, user=user)


@transaction.atomic
def set_identity(*, person: Person, identity: Identity, time_zone: str, by: User) -> Person:
    """Change what identifies a person, or where they live; a new time zone counts a day later.

    The audit keeps which things changed, not what they are.
    """
    require(by, person, Relation.PATIENT, Relation.CLINICIAN)
    _check_zone(time_zone)
    before, after = asdict(person.identity), asdict(identity)
    changed = sorted(name for name in after if before[name] != after[name])
    if person.time_zone != time_zone:
        changed.append("time_zone")
        # The zone of today stays for a day: with the day itself moved, a second session would be begun on it.
        person.time_zone_before, person.time_zone_given_at = person.zone.key, clock.now()
        person.time_zone = time_zone
    person.set_identity(identity)
    person.save(update_fields=["time_zone", "time_zone_before", "time_zone_given_at", "sealed_identity"])
    ledger.record_event(
        "identity_changed", by=by, person_id=person.pk, clinic_id=person.clinic_id, row=person,
        detail={"changed": changed},
    )  # fmt: skip
    return person


@transaction.atomic
def set_letter_time(*, person: Person, at: dt.time | None, by: User) -> Person:
    """When their one letter a day goes out, by their own clock; None for none."""
    require(by, person, Relation.PATIENT)
    person.letter_at = at
    person.save(update_fields=["letter_at"])
    ledger.record_event("letter_time_set", by=by, person_id=person.pk, clinic_id=person.clinic_id, row=person)
    return person


def _check_zone(name: str) -> None:
    if problems := problems_of_zone(name):
        raise BadInput(problems)


def _must_register(by: User, clinic: Clinic | None, user: User | None) -> None:
    """PermissionDenied but for a clinician of the clinic, and without a clinic for anybody but the account itself."""
    if clinic is not None and by.role_in(clinic.pk) == Role.CLINICIAN:
        return
    if clinic is None and user is not None and user.pk == by.pk:
        return
    raise PermissionDenied("Somebody is registered by a clinician of the clinic, or signs up themselves.")
