"""The application `devices`."""

from __future__ import annotations

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """Django's entry for `openpbm.care.devices`."""

    name = "openpbm.care.devices"
    label = "devices"

    def ready(self) -> None:
        """Tell the worker what it has to remind of."""
        from openpbm.care.devices.reminders import remind_of_measuring
        from openpbm.care.jobs.registry import reminder_source

        reminder_source(remind_of_measuring)
