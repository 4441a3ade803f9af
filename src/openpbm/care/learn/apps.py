"""The application `learn`."""

from __future__ import annotations

from django.apps import AppConfig


class LearnConfig(AppConfig):
    """Django's entry for `openpbm.care.learn`."""

    name = "openpbm.care.learn"
    label = "learn"
