"""Forms of the clinic's own pages."""

from __future__ import annotations

from django import forms

from openpbm.care.accounts.confirmation import ROLES_GIVEN
from openpbm.care.accounts.models import User
from openpbm.care.audit.constraints import longest

__all__ = ["InviteForm"]


class InviteForm(forms.Form):
    """Somebody new on the staff."""

    username = forms.CharField(
        label="Login name",
        max_length=longest(User, "username"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    display_name = forms.CharField(label="Name colleagues see", max_length=longest(User, "display_name"))
    role = forms.ChoiceField(label="Role", choices=ROLES_GIVEN)
