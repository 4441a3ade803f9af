"""The application `checkpoints`."""

from __future__ import annotations

from django.apps import AppConfig


class CheckpointsConfig(AppConfig):
    """Django's entry for `openpbm.care.checkpoints`."""

    name = "openpbm.care.checkpoints"
    label = "checkpoints"
