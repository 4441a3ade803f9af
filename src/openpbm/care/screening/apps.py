"""The application `screening`."""

from __future__ import annotations

import importlib

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """Django's entry for `openpbm.care.screening`."""

    name = "openpbm.care.screening"
    label = "screening"

    def ready(self) -> None:
        """Let the worker know what this application reminds of."""
        importlib.import_module("openpbm.care.screening.red_flags")
