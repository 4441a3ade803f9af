"""The application `scales`."""

from __future__ import annotations

from django.apps import AppConfig


class ScalesConfig(AppConfig):
    """Django's entry for `openpbm.care.scales`."""

    name = "openpbm.care.scales"
    label = "scales"
