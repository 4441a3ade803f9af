"""The application `devices`."""

from __future__ import annotations

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """Django's entry for `openpbm.care.devices`."""

    name = "openpbm.care.devices"
    label = "devices"
