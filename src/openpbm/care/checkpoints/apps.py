"""The application `checkpoints`."""

from __future__ import annotations

import importlib

from django.apps import AppConfig


class CheckpointsConfig(AppConfig):
    """Django's entry for `openpbm.care.checkpoints`."""

    name = "openpbm.care.checkpoints"
    label = "checkpoints"

    def ready(self) -> None:
        """Let the worker know what this application does and reminds of."""
        for module in ("judge_job", "due"):
            importlib.import_module(f"openpbm.care.checkpoints.{module}")
