"""The application `light_sessions`."""

from __future__ import annotations

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Django's entry for `openpbm.care.sessions`."""

    name = "openpbm.care.sessions"
    label = "light_sessions"

    def ready(self) -> None:
        """Tell the worker what to remind of."""
        from openpbm.care.sessions import reminders  # noqa: F401
