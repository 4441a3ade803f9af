"""The application `checkpoints`."""

from __future__ import annotations

import importlib

from django.apps import AppConfig


class CheckpointsConfig(AppConfig):
    """Django's entry for `openpbm.care.checkpoints`."""

    name = "openpbm.care.checkpoints"
    label = "checkpoints"

    def ready(self) -> None:
        """Let the worker know what this application does and reminds of; end the calendar with a helper's access."""
        from openpbm.care.checkpoints.actions import end_calendar_with_help
        from openpbm.care.people.signals import consent_withdrawn

        # Importing registers their handlers with the worker, and what holds rest on.
        for module in ("judge_job", "due", "selectors", "aftercare"):
            importlib.import_module(f"openpbm.care.checkpoints.{module}")
        consent_withdrawn.connect(end_calendar_with_help, dispatch_uid="checkpoints.end_calendar_with_help")
