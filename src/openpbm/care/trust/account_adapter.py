"""How allauth signs people up here: by a login name, open to people who manage themselves, never to staff."""

from __future__ import annotations

import ipaddress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

__all__ = ["AccountAdapter"]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sends no e-mail: an account has no address."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Anybody may sign up as a self-managed person; staff are invited by their administrator."""
        return True

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Accounts have no address of their own."""

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
