"""Who calls: signed in, and let to the person or the lamp that the path names, before a word of the body is read."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja.security import SessionAuth

from openpbm.care.accounts.models import User
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import lamps_for
from openpbm.care.people.access import ACCESS_DENIED, person_for
from openpbm.care.people.models import Person

__all__ = ["OfLamp", "OfPerson", "caller", "lamp_of", "person_of"]


class OfPerson(SessionAuth):
    """Lets through whoever is one of `who` to the person in the path."""

    def __init__(self, *who: str) -> None:
        self.who = who
        super().__init__()

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The user; PermissionDenied for a record that is not theirs, the same for one that is not there."""
        match = request.resolver_match
        assert match is not None
        user, person_id = caller(request), _id_of(match.kwargs["person_id"])
        request.person = person_for(user, person_id, *self.who, route=match.view_name)[0]  # type: ignore[attr-defined]
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
        request.lamp = lamp  # type: ignore[attr-defined]
        return user


def caller(request: HttpRequest) -> User:
    """Who is signed in."""
    if not isinstance(request.user, User):
        raise PermissionDenied("sign in first")
    return request.user


def person_of(request: HttpRequest) -> tuple[Person, User]:
    """The person in the path and who calls, once `OfPerson` let them through."""
    return request.person, caller(request)  # type: ignore[attr-defined]


def lamp_of(request: HttpRequest) -> Lamp:
    """The lamp in the path, once `OfLamp` let the caller through."""
    lamp: Lamp = request.lamp  # type: ignore[attr-defined]
    return lamp


def _id_of(text: str) -> uuid.UUID:
    """An id out of a path; what cannot be one is nobody's."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise PermissionDenied(ACCESS_DENIED) from None
