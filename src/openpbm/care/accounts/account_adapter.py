"""How allauth signs people up here: by a login name, open to people who manage themselves, never to staff."""

from __future__ import annotations

import ipaddress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import resolve_url

from openpbm.care.accounts.models import User

__all__ = ["AccountAdapter"]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sends no e-mail: an account has no address."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Anybody may sign up as a self-managed person; staff are invited by their administrator."""
        return True

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Accounts have no address of their own."""

    def clean_password(self, password: str, user: Any = None) -> str:
        """A password chosen; the one that somebody else made is no choice."""
        cleaned: str = super().clean_password(password, user)
        if isinstance(user, User) and user.must_change_password and user.check_password(cleaned):
            raise ValidationError("This is the password somebody made for you. Choose one that only you know.")
        return cleaned

    def set_password(self, user: User, password: str) -> None:
        """Keep a password that the account's owner chose."""
        user.must_change_password = False
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Where the page leads after a password was changed: where everybody begins."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whose failed sign-ins are counted together.

        Behind the server that speaks https every request comes from its one address: somebody's wrong passwords would
        keep everybody out. It adds the address it saw at the end; what stands before that anybody can have written.
        """
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if settings.HTTPS else ""
        try:
            return str(ipaddress.ip_address(seen))
        except ValueError:
            return str(super().get_client_ip(request))
