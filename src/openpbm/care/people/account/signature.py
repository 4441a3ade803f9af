"""Signing: whoever is signed in gives the password again, and what is signed is said in a sentence."""

from __future__ import annotations

from typing import Any

from django import forms

from openpbm.care.accounts.models import User
from openpbm.care.audit.signed_reason import reason_problems
from openpbm.care.people.account.own_password import check_own_password

__all__ = ["SignatureForm", "SignedReasonField"]


class SignedReasonField(forms.CharField):
    """Why something is signed: more than a word of assent."""

    widget = forms.Textarea(attrs={"rows": 3})

    def validate(self, value: Any) -> None:
        """ValidationError for a reason that says nothing."""
        super().validate(value)
        if value and reason_problems(value, "reason", remedy="say what was seen or done"):
            raise forms.ValidationError("This says no reason. Say in a few words what was seen, or what was done.")


class SignatureForm(forms.Form):
    """A form that is signed with the password of the one who sends it."""

    password = forms.CharField(
        label="Your password, as your signature",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, signer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signer = signer
        self.order_fields([name for name in self.fields if name != "password"] + ["password"])

    def clean_password(self) -> str:
        """The password must be the signer's own."""
        given: str = self.cleaned_data["password"]
        check_own_password(self.signer, given, wrong="signature_failed", in_vain="nothing was signed")
        return ""
