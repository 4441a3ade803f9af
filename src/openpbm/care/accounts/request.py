"""The request of somebody who is signed in: the middleware lets nobody else to such a page."""

from __future__ import annotations

from django.http import HttpRequest

from openpbm.care.accounts.models import User

__all__ = ["SignedInRequest"]


class SignedInRequest(HttpRequest):
    """A request whose `user` is an account. Django makes the object; this class tells its type and is never made."""

    user: User
