"""The application `accounts`."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Django's entry for `openpbm.care.accounts`."""

    name = "openpbm.care.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Watch with how many factors somebody signs in."""
        from openpbm.care.accounts.second_factor import watch_sessions

        watch_sessions()
