"""The application `light_sessions`."""

from __future__ import annotations

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Django's entry for `openpbm.care.sessions`."""

    name = "openpbm.care.sessions"
    label = "light_sessions"

    def ready(self) -> None:
        """Tell the worker what to remind of, show what holds rest on; let the database refuse a second open start."""
        from django.db.models.signals import post_migrate

        from openpbm.care.sessions import hold_cause, reminders  # noqa: F401
        from openpbm.care.sessions.one_open_start import guard_one_open_start

        post_migrate.connect(guard_one_open_start, sender=self, dispatch_uid="sessions.guard_one_open_start")
