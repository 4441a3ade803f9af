"""The application `screening`."""

from __future__ import annotations

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """Django's entry for `openpbm.care.screening`."""

    name = "openpbm.care.screening"
    label = "screening"
