"""The application `home`."""

from __future__ import annotations

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Django's entry for `openpbm.care.home`."""

    name = "openpbm.care.home"
    label = "home"

    def ready(self) -> None:
        """Have the worker keep people's facts and write daily letters; show what is known of a record brought back."""
        from openpbm.care.home import daily_letter, kept_facts, restored_record  # noqa: F401
