"""Forms of the clinic's own pages."""

from __future__ import annotations

from django import forms

from openpbm.care.trust.models import Role

__all__ = ["AuditFilter", "InviteForm"]


class InviteForm(forms.Form):
    """Somebody new on the staff."""

    username = forms.CharField(
        label="Login name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    display_name = forms.CharField(label="Name colleagues see", max_length=120)
    role = forms.ChoiceField(label="Role", choices=Role.choices)


class AuditFilter(forms.Form):
    """Which entries to show."""

    LOOKS, WRITES = "looks", "writes"

    kind = forms.ChoiceField(
        label="Show", choices=[(WRITES, "What was written"), (LOOKS, "Who looked")], required=False
    )
    code = forms.CharField(label="Person's code", max_length=12, required=False)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="Until", required=False, widget=forms.DateInput(attrs={"type": "date"}))
