"""The application `screening`."""

from __future__ import annotations

import importlib

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """Django's entry for `openpbm.care.screening`."""

    name = "openpbm.care.screening"
    label = "screening"

    def ready(self) -> None:
        """Let the worker know what this application reminds of; ask why a refusal is taken back."""
        from openpbm.care.people.signals import answers_given
        from openpbm.care.screening.taken_back import ask_why

        importlib.import_module("openpbm.care.screening.red_flags")
        answers_given.connect(ask_why, dispatch_uid="screening.ask_why")
