"""The application `people`."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Django's entry for `openpbm.care.people`."""

    name = "openpbm.care.people"
    label = "people"

    def ready(self) -> None:
        """Tell the worker where people are found."""
        from openpbm.care.people import reminders

        reminders.register()
