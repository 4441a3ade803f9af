"""The application `trust`."""

from __future__ import annotations

from django.apps import AppConfig


class TrustConfig(AppConfig):
    """Django's entry for `openpbm.care.trust`."""

    name = "openpbm.care.trust"
    label = "trust"

    def ready(self) -> None:
        """Guard the insert-only tables after every migration; watch who signs in, and with how many factors."""
        from django.db.models.signals import post_migrate

        from openpbm.care.trust.insert_only import install_guards
        from openpbm.care.trust.second_factor import watch_sessions
        from openpbm.care.trust.sign_ins import watch_sign_ins

        post_migrate.connect(lambda using, **_: install_guards(using), sender=self, weak=False, dispatch_uid="guards")
        watch_sessions()
        watch_sign_ins()
