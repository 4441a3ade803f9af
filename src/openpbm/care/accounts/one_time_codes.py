"""One-time codes of an authenticator: half a minute early or late is taken, and each code opens one thing once.

A telephone's clock differs from the server's, and a code is typed while it changes. allauth remembers a code that was
shown for one step of 30 seconds; with a step of tolerance on either side a code is good for three, so what was shown is
kept here until it is good for nothing.
"""

from __future__ import annotations

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as allauth_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt

from openpbm.care.accounts.models import ShownCode, User

__all__ = ["ActivateTOTPForm", "AuthenticateForm", "ReauthenticateForm", "take_code"]

# Steps after which a code is surely refused for its age: the row that holds it off is not needed any more.
_KEPT_STEPS = 10


def take_code(user: User, secret: str, code: str) -> bool:
    """Whether the code is good now and was never shown before; from here on it was."""
    steps = (
        step
        for step in yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
    )
    step = next(steps, None)
    if step is None:
        return False
    ShownCode.objects.filter(user=user, step__lt=step - _KEPT_STEPS).delete()
    return ShownCode.objects.get_or_create(user=user, step=step)[1]


class _OnceOnly:
    """allauth's form for a code, which refuses one that was shown before."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        """The code, where it is right and new."""
        code: str = super().clean_code()  # type: ignore[misc]
        shown = self.authenticator
        if shown.type == Authenticator.Type.TOTP and not take_code(self.user, decrypt(shown.data["secret"]), code):
            self._emit_authentication_failed(shown)  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_OnceOnly, allauth_forms.AuthenticateForm):  # type: ignore[misc]
    """Signing in."""


class ReauthenticateForm(_OnceOnly, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    """Being asked once more."""


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    """Setting an authenticator up: the code that proves it is used up by that."""

    def clean_code(self) -> str:
        """The code, where it is right and new."""
        code: str = super().clean_code()
        if not take_code(self.user, self.secret, code):
            raise get_adapter().validation_error("incorrect_code")
        return code
