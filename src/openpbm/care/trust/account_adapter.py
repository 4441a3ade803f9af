"""How allauth signs people up here: by a login name, open to people who manage themselves, never to staff."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

__all__ = ["AccountAdapter"]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sends no e-mail: an account has no address."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Anybody may sign up as a self-managed person; staff are invited by their administrator."""
        return True

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Accounts have no address of their own."""
