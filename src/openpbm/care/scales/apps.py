"""The application `scales`."""

from __future__ import annotations

import importlib

from django.apps import AppConfig


class ScalesConfig(AppConfig):
    """Django's entry for `openpbm.care.scales`."""

    name = "openpbm.care.scales"
    label = "scales"

    def ready(self) -> None:
        """Let the worker know what this application reminds of, and a hold's page what a warning sign rests on."""
        importlib.import_module("openpbm.care.scales.reminders")
        importlib.import_module("openpbm.care.scales.warning_signs")
