"""The application `home`."""

from __future__ import annotations

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Django's entry for `openpbm.care.home`."""

    name = "openpbm.care.home"
    label = "home"
