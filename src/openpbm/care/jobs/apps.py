"""The application `jobs`."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Django's entry for `openpbm.care.jobs`."""

    name = "openpbm.care.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Register the reminders of appointments, and tell who works in a clinic of its changes and erasures."""
        from openpbm.care.jobs import appointment_reminders  # noqa: F401
        from openpbm.care.jobs.account_mail import watch_sign_ups
        from openpbm.care.jobs.erasure_notices import watch_erasures
        from openpbm.care.jobs.push_devices import watch_push
        from openpbm.care.jobs.staff_notices import watch_staff

        watch_staff()
        watch_sign_ups()
        watch_erasures()
        watch_push()
