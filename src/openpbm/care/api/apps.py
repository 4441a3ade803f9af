"""The application `api`."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Django's entry for `openpbm.care.api`."""

    name = "openpbm.care.api"
    label = "api"
