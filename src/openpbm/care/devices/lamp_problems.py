"""What is wrong with a lamp as it was typed, at the field it is about and in the words of that field."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from openpbm.care.devices.own_lamp_form import OwnLampForm
from openpbm.errors import BadInput, Problem

__all__ = ["add_lamp_problems"]

_ROW = re.compile(r"(?:device\.)?(emitters|modes)\[(\d+)\](?: \([^)]*\))?(?:\.(\w+))?")


def add_lamp_problems(form: OwnLampForm, rows: dict[str, Any], error: BadInput) -> None:
    """Put each problem at its field, else at the top of the card or of the page it is about.

    rows : the formsets by the key they fill, `emitters` and `modes`
    """
    for problem in error.problems:
        match = _ROW.fullmatch(problem.key)
        if match is None:
            _add(form, problem.key.rpartition(".")[2], problem)
        else:
            typed = [row for row in rows[match[1]] if row.has_changed()]
            _add(typed[int(match[2])], match[3] or "", problem)
    if any(problem.confirm in form.fields for problem in error.problems):
        form.ask_again()


def _add(form: forms.Form, key: str, problem: Problem) -> None:
    names = (key, f"{key.removesuffix('_mm')}_cm")
    field = next((name for name in names if name in form.fields), None)
    if problem.on_page:
        form.add_error(field, problem.on_page)
        return
    text = problem.text if field else problem.thing_and_message
    form.add_error(field, _in_labels(text, form))


def _in_labels(text: str, form: forms.Form) -> str:
    """Keys of a case file as the page names them."""
    text = text.replace("[device] ", "").replace("[[device.emitters]]", "the wavelength")
    for name, field in form.fields.items():
        for key in {name, f"{name.removesuffix('_cm')}_mm"}:
            text = re.sub(rf"\b{key}\b", f"“{str(field.label).removeprefix('or: ')}”", text)
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
