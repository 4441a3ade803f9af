"""Forms of the clinic's own pages."""

from __future__ import annotations

from django import forms

from openpbm.care.accounts.models import Role

__all__ = ["InviteForm"]


class InviteForm(forms.Form):
    """Somebody new on the staff."""

    username = forms.CharField(
        label="Login name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    display_name = forms.CharField(label="Name colleagues see", max_length=120)
    role = forms.ChoiceField(label="Role", choices=Role.choices)
