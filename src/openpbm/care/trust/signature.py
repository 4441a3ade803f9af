"""Signing: whoever is signed in gives the password again, and what is signed is said in a sentence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.cache import cache

from openpbm.care.trust.models import User
from openpbm.care.trust.sign_ins import note_of_account

__all__ = ["SignatureForm"]

_MOST_WRONG, _WITHIN_S = 5, 15 * 60


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
        """The password must be the signer's own; after five wrong ones no more are looked at for a while."""
        password: str = self.cleaned_data["password"]
        place = _free_place(self.signer)
        if place is None:
            raise forms.ValidationError(
                f"Nothing was signed: {_MOST_WRONG} wrong passwords within {_WITHIN_S // 60} minutes."
                f" Wait {_WITHIN_S // 60} minutes, then sign again."
            )
        if not self.signer.check_password(password):
            note_of_account("signature_failed", self.signer, by=self.signer)
            raise forms.ValidationError("This is not your password; nothing was signed.")
        cache.delete(place)
        return ""


def _free_place(signer: User) -> str | None:
    """One of the places for wrong passwords, taken before looking: many tries at once take no more than there are."""
    places = (f"signature:{signer.pk}:{number}" for number in range(_MOST_WRONG))
    return next((place for place in places if cache.add(place, True, _WITHIN_S)), None)
