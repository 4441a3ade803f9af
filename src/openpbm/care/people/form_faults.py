"""What the core says is wrong, at the field it is about."""

from __future__ import annotations

from django import forms

from openpbm.errors import BadInput

__all__ = ["blame"]


def blame(form: forms.Form, error: BadInput) -> None:
    """Put each fault at the field it begins with, or at the top of the form."""
    for fault in error.faults:
        name = fault.replace(":", " ").split(" ")[0].removeprefix("capability.")
        form.add_error(name if name in form.fields else None, fault)
