"""What the core says is wrong, at the field it is about."""

from __future__ import annotations

from django import forms

from openpbm.errors import BadInput

__all__ = ["add_problems"]


def add_problems(form: forms.Form, error: BadInput) -> None:
    """Put each problem at the field it is about, in words alone: the field shows its name and what was typed."""
    for problem in error.problems:
        field = problem.key.removeprefix("capability.")
        if field in form.fields:
            text = problem.text.rstrip(".")
            form.add_error(field, f"{text[:1].upper()}{text[1:]}.")
        else:
            form.add_error(None, str(problem))
