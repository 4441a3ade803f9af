"""Who writes the controls of forms: Jinja for Django's own, which a page may show hundreds of times."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import Jinja2, TemplatesSetting

__all__ = ["FormRenderer"]


class FormRenderer(TemplatesSetting):
    """Our templates for forms and fields, and Django's controls as Jinja writes them.

    A page of the diary has 160 controls of three templates each: by Django's own engine they took half its time.
    """

    def __init__(self) -> None:
        self._controls = Jinja2()

    def get_template(self, template_name: str) -> Any:
        """The template of that name."""
        if template_name.startswith("django/forms/widgets/"):
            return self._controls.get_template(template_name)
        return super().get_template(template_name)
