"""What an entry of the audit says was done, in words."""

from __future__ import annotations

__all__ = ["action_words"]

_WORDS = {
    "account_opened": "Account opened",
    "clinic_opened": "Clinic opened",
    "first_password_given": "New first password given",
    "password_changed": "Password changed",
    "reads_sealed": "Looks sealed",
    "second_factor_added": "Second factor set up",
    "second_factor_forgotten": "Second factor taken away, its devices were lost",
    "second_factor_removed": "Second factor removed",
    "second_factor_wrong": "Wrong code of the second factor",
    "sign_in_failed": "Failed sign-in",
    "signature_failed": "Wrong password under a signature",
    "signed_in": "Signed in",
    "signed_out": "Signed out",
}


def action_words(action: str) -> str:
    """The words for an action.

    >>> action_words("sign_in_failed"), action_words("plan_released")
    ('Failed sign-in', 'Plan released')
    """
    return _WORDS.get(action) or action.replace("_", " ").capitalize()
