"""What the core says is wrong, at the field it is about."""

from __future__ import annotations

from django import forms

from openpbm.errors import BadInput

__all__ = ["add_problems"]


def add_problems(form: forms.Form, error: BadInput) -> None:
    """Put each problem at the field it is about, in words alone: the field shows its name and what was typed."""
    for problem in (one.for_page() for one in error.problems):
        field = _field_of(form, problem.key)
        text = problem.text.rstrip(".")
        form.add_error(field, f"{text[:1].upper()}{text[1:]}." if field else str(problem))


def _field_of(form: forms.Form, key: str) -> str | None:
    name = key.rpartition(".")[2]
    # A form asks in cm what the record, and so the problem, names in mm.
    names = (key.removeprefix("capability."), name, f"{name.removesuffix('_mm')}_cm")
    return next((one for one in names if one in form.fields), None)
