"""Who calls: signed in, and let to the person or the lamp that the path names, before a word of the body is read."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja.security import SessionAuth

from openpbm.care.accounts.models import User
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import lamps_for
from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, person_for
from openpbm.care.people.models import Person

__all__ = ["OfLamp", "OfPerson", "caller", "lamp_of", "person_of"]


class LampRequest(SignedInRequest):
    """A request about one lamp."""

    lamp: Lamp


class OfPerson(SessionAuth):
    """Lets through whoever is one of `allowed` to the person in the path."""

    def __init__(self, *allowed: Relation) -> None:
        self.allowed = allowed
        super().__init__()

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The user; PermissionDenied for a record that is not theirs, the same for one that is not there."""
        match = request.resolver_match
        assert match is not None
        user, person_id = caller(request), _id_of(match.kwargs["person_id"])
        asked = cast(PersonRequest, request)
        # Before the body is parsed: what is wrong with it must not tell a stranger that the record is there.
        asked.person, asked.relation = person_for(user, person_id, *self.allowed, route=match.view_name)
        return user


class OfLamp(SessionAuth):
    """Lets through whoever may write about the lamp in the path."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The user; PermissionDenied for a lamp of others, the same for one that is not there."""
        match = request.resolver_match
        assert match is not None
        user = caller(request)
        lamp = lamps_for(user).filter(pk=_id_of(match.kwargs["lamp_id"])).first()
        if lamp is None:
            raise PermissionDenied(ACCESS_DENIED)
        cast(LampRequest, request).lamp = lamp
        return user


def caller(request: HttpRequest) -> User:
    """Who is signed in."""
    if not isinstance(request.user, User):
        raise PermissionDenied("sign in first")
    return request.user


def person_of(request: HttpRequest) -> tuple[Person, User]:
    """The person in the path and who calls, once `OfPerson` let them through."""
    return cast(PersonRequest, request).person, caller(request)


def lamp_of(request: HttpRequest) -> Lamp:
    """The lamp in the path, once `OfLamp` let the caller through."""
    return cast(LampRequest, request).lamp


def _id_of(text: str) -> uuid.UUID:
    """An id out of a path; what cannot be one is nobody's."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise PermissionDenied(ACCESS_DENIED) from None
