"""The application `home`."""

from __future__ import annotations

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Django's entry for `openpbm.care.home`."""

    name = "openpbm.care.home"
    label = "home"

    def ready(self) -> None:
        """Let the worker keep the facts of people up to date; show what is known of a record brought back."""
        from openpbm.care.home import kept_facts, restored_record  # noqa: F401
