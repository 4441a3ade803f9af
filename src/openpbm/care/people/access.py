"""Who may see whom: the one place that decides, for pages, API and lists alike.

Every action asks here before anything else, whoever calls it: `require` for somebody signed in. An action that a job
runs takes `by: User | None`, where None is the system itself, and asks `require_unless_system`; no other action takes
None. A console acts through the account of somebody who may.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.utils import timezone

from openpbm.care.accounts.mail_address import account_address
from openpbm.care.accounts.models import Clinic, Role, User
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.audit.models import log_read_access
from openpbm.care.people.models import HelperGrant, Person
from openpbm.care.prepared import Prepared

__all__ = [
    "ACCESS_DENIED", "PersonRequest", "Relation", "address_of", "clinic_of", "clinicians_of", "clinics_of", "page",
    "people_of", "person_for", "person_page", "relation", "require", "require_unless_system",
]  # fmt: skip

# What every page of a record begins with.
_PERSON = Prepared(lambda id: Person.objects.select_related("clinic", "user", "key").filter(pk=id))
_HELPS = Prepared(
    lambda person, user: HelperGrant.objects.filter(person=person, user=user, ended_at=None).values_list("pk")
)


class Relation(StrEnum):
    """What an account is to a person."""

    PATIENT = "patient"
    HELPER = "helper"
    CLINICIAN = "clinician"


class PersonRequest(SignedInRequest):
    """A request for a page of one person: whose page it is, and what the reader is to them."""

    person: Person
    relation: Relation


View = Callable[..., HttpResponseBase]

# The same words for a record of somebody else and for none at all: an answer must not tell which.
ACCESS_DENIED = "This record is not yours to see, or it does not exist."


def relation(user: User, person: Person) -> Relation | None:
    """What the user is to the person; None for a stranger."""
    # Nobody opens the record of somebody who was erased; the auditor alone sees that there was one.
    if person.left_at is not None:
        return None
    # The patient first: a clinician who is treated in their own clinic reads their own record as a patient.
    if person.user_id is not None and person.user_id == user.pk:
        return Relation.PATIENT
    if person.clinic_id is not None and user.role_in(person.clinic_id) == Role.CLINICIAN:
        return Relation.CLINICIAN
    # Asked last, since it alone costs a query.
    if _HELPS.first(person=person, user=user) is not None:
        return Relation.HELPER
    return None


def people_of(user: User) -> QuerySet[Person]:
    """Everybody whose record the user may open."""
    clinics = [row.clinic_id for row in user.member_of() if row.role == Role.CLINICIAN]
    mine = Q(user=user) | Q(clinic__in=clinics) | Q(helpers__user=user, helpers__ended_at=None)
    # Two joins, so somebody with two reasons to be read would stand there twice.
    return Person.objects.filter(mine, left_at=None).distinct()


def address_of(user: User) -> str:
    """The e-mail address in the person's record, else the one left with the account; "" for none."""
    person = Person.objects.select_related("key").filter(user=user).first()
    if person is None:
        return account_address(user)
    return person.identity.email if person.key.wrapped is not None else ""


def clinicians_of(person_id: uuid.UUID | None) -> list[User]:
    """The clinicians of the person's clinic: those who answer for them. None for somebody who manages themselves."""
    if person_id is None:
        return []
    return list(
        User.objects.filter(
            memberships__clinic__people__pk=person_id,
            memberships__role=Role.CLINICIAN,
            memberships__ended_at=None,
            is_active=True,
        ).distinct()
    )


def clinics_of(user: User) -> dict[int | None, uuid.UUID | None]:
    """The clinics an account has to do with, each with the account's own person where that is a patient there.

    None stands for no clinic at all.
    """
    own = Person.objects.filter(user=user).values_list("clinic_id", "pk").first()
    found: dict[int | None, uuid.UUID | None] = {row.clinic_id: None for row in user.member_of()}
    helped = Person.objects.filter(helpers__user=user, helpers__ended_at=None, clinic__isnull=False)
    found |= dict.fromkeys(helped.values_list("clinic_id", flat=True))
    if own is not None:
        # Last: where somebody works in the clinic that treats them, the entry names them as its patient.
        found |= {own[0]: own[1]}
    return found or {None: None}


def require(by: User, person: Person, *allowed: Relation) -> Relation:
    """What `by` is to the person; PermissionDenied unless that is one of `allowed`, or anything where none is named.

    Every action asks first, so that it is safe whoever calls it: a page, the API, a job or a console.
    """
    found = relation(by, person)
    if found is None or (allowed and found not in allowed):
        raise PermissionDenied(ACCESS_DENIED)
    return found


def require_unless_system(by: User | None, person: Person, *allowed: Relation) -> None:
    """`require` for an action that jobs run too: with `by` None the system itself acts, and nobody is asked."""
    if by is not None:
        require(by, person, *allowed)


def person_for(
    user: User, person_id: uuid.UUID, *allowed: Relation, route: str, log_access: bool = True
) -> tuple[Person, Relation]:
    """The person, and what the user is to them; PermissionDenied unless that is one of `allowed`.

    log_access : the reading is recorded; not where a page that was one reading asks again and again
    """
    person = _PERSON.first(id=person_id)
    # Refused and not 404: a stranger must not learn which ids there are.
    if person is None:
        raise PermissionDenied(ACCESS_DENIED)
    found = require(user, person, *allowed)
    # After the check: whoever was refused has seen nothing, and is no reader.
    if log_access:
        log_read_access(user, [person.pk], route=route)
    return person, found


def person_page(*allowed: Relation, log_access: bool = True) -> Callable[[View], View]:
    """A page of one person, for those who are one of `allowed` to them.

    The view is given the person in place of `person_id`; `request.relation` says what the reader is to them.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: PersonRequest, person_id: uuid.UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
            route = request.resolver_match.view_name if request.resolver_match else ""
            request.person, request.relation = person_for(
                request.user, person_id, *allowed, route=route, log_access=log_access
            )
            # Every hour on the page is the person's.
            with timezone.override(request.person.zone):
                return view(request, request.person, *args, **kwargs)

        return guarded

    return decorate


def page(*roles: str) -> Callable[[View], View]:
    """A page of a clinic, for members with one of the roles; the view is given the clinic after the request."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            clinic = clinic_of(request.user, *roles)
            with timezone.override(clinic.time_zone):
                return view(request, clinic, *args, **kwargs)

        return guarded

    return decorate


def clinic_of(user: User, *roles: str) -> Clinic:
    """The clinic in which the user has one of the roles; PermissionDenied without one."""
    # Of two clinics the first is taken: no page lets a member choose yet.
    for row in user.member_of():
        if row.role in roles:
            return row.clinic
    raise PermissionDenied("This page is for " + " or ".join(roles) + "s of a clinic.")
