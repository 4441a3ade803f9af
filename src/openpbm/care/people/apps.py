"""The application `people`."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Django's entry for `openpbm.care.people`."""

    name = "openpbm.care.people"
    label = "people"

    def ready(self) -> None:
        """Write down who signs in, in the audit of every clinic that has to do with the account."""
        # Registers what a verification of the audit asks of people as well.
        from openpbm.care.people import erasing  # noqa: F401
        from openpbm.care.people.account.sign_ins import watch_sign_ins

        watch_sign_ins()
