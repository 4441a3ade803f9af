"""Signing in and out, and what an account is opened with: each time a link of the audit, and never what was typed.

A flood of attempts cannot fill the audit: the limits on signing in (settings) stop it before a password is looked at.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.people.access import clinics_of

__all__ = ["record_account_event", "watch_sign_ins"]


def watch_sign_ins() -> None:
    """Listen to Django, who signs people in, and to allauth, who keeps what they sign in with."""
    from allauth.account import signals as account
    from allauth.mfa import signals as second_factor
    from django.contrib.auth import signals as auth

    for signal, heard in (
        (auth.user_logged_in, _signed_in),
        (auth.user_logged_out, _signed_out),
        (auth.user_login_failed, _sign_in_failed),
        (account.password_changed, _password_changed),
        (second_factor.authentication_failed, _second_factor_failed),
        (second_factor.authenticator_added, _second_factor_added),
        (second_factor.authenticator_reset, _second_factor_added),
        (second_factor.authenticator_removed, _second_factor_removed),
    ):
        signal.connect(heard, dispatch_uid=f"people.account.{heard.__name__}")


def record_account_event(action: str, user: User, *, by: User | None, **detail: Any) -> None:
    """A link for each clinic the account has to do with: an auditor sees those of the own clinic."""
    for clinic_id, person_id in clinics_of(user).items():
        ledger.record_event(action, by=by, person_id=person_id, clinic_id=clinic_id, row=user, detail=detail)


def _signed_in(sender: Any, *, user: User, **_: Any) -> None:
    record_account_event("signed_in", user, by=user)


def _signed_out(sender: Any, *, user: User | None, **_: Any) -> None:
    if user is not None and user.pk is not None:
        record_account_event("signed_out", user, by=user)


def _sign_in_failed(sender: Any, *, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    # What was typed may be anything, a password in the wrong field too: only an account that is there is named.
    user = User.objects.filter(username__iexact=str(credentials.get("username") or "")).first()
    if user is not None:
        record_account_event("sign_in_failed", user, by=_asked_again(user, request))


def _password_changed(sender: Any, *, user: User, **_: Any) -> None:
    record_account_event("password_changed", user, by=user)


def _second_factor_failed(sender: Any, *, user: User, request: HttpRequest | None = None, **_: Any) -> None:
    record_account_event("second_factor_wrong", user, by=_asked_again(user, request))


def _asked_again(user: User, request: HttpRequest | None) -> User | None:
    """The account itself, where somebody signed in with it is asked for the password or the code once more."""
    return user if request is not None and request.user == user else None


def _second_factor_added(sender: Any, *, user: User, authenticator: Any, **_: Any) -> None:
    record_account_event("second_factor_added", user, by=user, kind=str(authenticator.type))


def _second_factor_removed(sender: Any, *, user: User, authenticator: Any, **_: Any) -> None:
    record_account_event("second_factor_removed", user, by=user, kind=str(authenticator.type))
