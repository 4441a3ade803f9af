"""What the core says is wrong, at the field it is about."""

from __future__ import annotations

import re

from django import forms

from openpbm.errors import BadInput

__all__ = ["add_problems"]


#: How a fault begins: the value's name and, often, the value itself.
_BEGINS = re.compile(r"""^(?:capability\.)?(\w+)(?: = (?:'[^']*'|"[^"]*"|[^\s:]+))?: """)


def add_problems(form: forms.Form, error: BadInput) -> None:
    """Put each fault at the field it begins with, in words alone: the field shows its name and what was typed."""
    for fault in error.faults:
        begins = _BEGINS.match(fault)
        if begins is None or begins.group(1) not in form.fields:
            form.add_error(None, fault)
            continue
        text = fault[begins.end() :].rstrip(".")
        form.add_error(begins.group(1), f"{text[:1].upper()}{text[1:]}.")
