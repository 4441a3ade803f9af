"""The application `scales`."""

from __future__ import annotations

import importlib

from django.apps import AppConfig


class ScalesConfig(AppConfig):
    """Django's entry for `openpbm.care.scales`."""

    name = "openpbm.care.scales"
    label = "scales"

    def ready(self) -> None:
        """Let the worker know what this application reminds of."""
        importlib.import_module("openpbm.care.scales.reminders")
