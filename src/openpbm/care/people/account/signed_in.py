"""Who asks: the session and the account of a request, each with one prepared question."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from openpbm.care.accounts.models import User
from openpbm.care.prepared import Prepared

__all__ = ["AccountBackend", "SessionStore"]

_SESSION = Prepared(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now))
# With the account's own record, which the frame of every page is for.
_ACCOUNT = Prepared(lambda id: User.objects.filter(pk=id).select_related("person__key"))


class SessionStore(DatabaseSessions):
    """Django's sessions in the database, read as quickly as they can be."""

    def _get_session_from_db(self) -> Session | None:
        # A session ends by the machine's clock, by which it was saved.
        found = _SESSION.first(key=self.session_key, now=timezone.now())  # noqa: TID251
        if found is None:
            self._session_key: str | None = None
        return found


class AccountBackend(ModelBackend):
    """Django's accounts with a password, found again at each request."""

    def get_user(self, user_id: Any) -> User | None:
        """The account with its own record, None where there is none or it was closed."""
        user = _ACCOUNT.first(id=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
