"""The application `plans`."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Django's entry for `openpbm.care.plans`."""

    name = "openpbm.care.plans"
    label = "plans"
