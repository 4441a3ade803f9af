"""The application `audit`."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Django's entry for `openpbm.care.audit`."""

    name = "openpbm.care.audit"
    label = "audit"

    def ready(self) -> None:
        """Guard the insert-only tables after every migration."""
        from django.db.models.signals import post_migrate

        from openpbm.care.audit.insert_only import install_guards

        post_migrate.connect(lambda using, **_: install_guards(using), sender=self, weak=False, dispatch_uid="guards")
