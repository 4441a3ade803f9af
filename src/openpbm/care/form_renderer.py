"""Who writes forms: Jinja, for their fields and for Django's controls, which a page may show hundreds of times."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django.forms
from django.forms.renderers import Jinja2, TemplatesSetting
from django.utils.functional import cached_property

__all__ = ["FormRenderer"]

_OURS = Path(__file__).parent / "controls"
_WRITTEN_BY_JINJA = ("django/forms/widgets/", "page/")


class FormRenderer(TemplatesSetting):
    """Our templates for forms written as a whole; fields, and the controls in them, as Jinja writes them.

    A page of the diary has 160 answers to choose from. By Django's own engine they took half its time, and each by
    itself, of three templates, still a third: here a question writes all its answers at once. Of a form of fifty fields
    their labels, hints and errors took half.
    """

    def __init__(self) -> None:
        self._controls = _Controls()

    def get_template(self, template_name: str) -> Any:
        """The template of that name."""
        if template_name.startswith(_WRITTEN_BY_JINJA):
            return self._controls.get_template(template_name)
        return super().get_template(template_name)


class _Controls(Jinja2):
    """Django's controls, but those of ours first."""

    @cached_property
    def engine(self) -> Any:
        theirs = Path(django.forms.__file__).parent / "jinja2"
        return self.backend({"NAME": "controls", "APP_DIRS": False, "DIRS": [_OURS, theirs], "OPTIONS": {}})
