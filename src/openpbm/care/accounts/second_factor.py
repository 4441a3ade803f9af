"""The second factor's secrets, sealed in the database by the key file."""

from __future__ import annotations

import base64
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from openpbm.care.accounts.confirmation import restore_own
from openpbm.care.encryption.sealing import file_key, open_by_file_key, seal

__all__ = ["SHOWN", "SealedSecondFactor", "watch_sessions"]

#: Set in a session in which the second factor itself was shown; that the account has one says nothing of a session.
SHOWN = "second_factor"
# One place for every account: allauth hands over the text to seal, and not whose it is.
_PLACE = "second factor"


class SealedSecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Seals one-time-password secrets and recovery codes; sends no e-mail about them."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return base64.b64encode(seal(text.encode(), file_key(), _PLACE)).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret."""
        return open_by_file_key(base64.b64decode(encrypted_text), _PLACE).decode()

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Accounts have no address of their own."""


def watch_sessions() -> None:
    """Let a session know when the second factor is shown in it, and when it is taken away in it."""
    from allauth.mfa import signals

    signals.authenticator_used.connect(_shown, dispatch_uid="accounts.second_factor_used")
    signals.authenticator_used.connect(_is_their_own, dispatch_uid="accounts.second_factor_their_own")
    signals.authenticator_added.connect(_shown, dispatch_uid="accounts.second_factor_added")
    signals.authenticator_removed.connect(_taken_away, dispatch_uid="accounts.second_factor_removed")


def _shown(sender: Any, *, request: HttpRequest, **_: Any) -> None:
    request.session[SHOWN] = True


def _is_their_own(sender: Any, *, authenticator: Any, **_: Any) -> None:
    restore_own(authenticator.user, authenticator.created_at)


def _taken_away(sender: Any, *, request: HttpRequest, **_: Any) -> None:
    request.session.pop(SHOWN, None)
