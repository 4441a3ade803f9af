"""Rows that are only ever added: a correction is a new row that names the one it supersedes."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from openpbm.care.audit.fields import canonical

__all__ = ["InsertOnly", "guarded_tables", "install_guards", "missing_guards"]


class InsertOnly(models.Model):
    """A clinical record. Its id is made by whoever writes it down, so that sending it twice is harmless.

    created_at, created_by : when the server took it, and from whom
    body_digest : of what was sent; the same id with another body is a conflict
    computed_fields : what the server adds, and a repeated sending need not match
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    body_digest = models.CharField(max_length=64, editable=False)

    computed_fields: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def content(self, without: tuple[str, ...] = ()) -> dict[str, Any]:
        """Every column as a plain value that is the same before and after the database."""
        fields = [field for field in self._meta.concrete_fields if field.attname not in without]
        return {field.attname: _plain(field, getattr(self, field.attname)) for field in fields}

    def body(self) -> str:
        """Digest of what was sent."""
        server_side = ("created_at", "body_digest", *self.computed_fields)
        return _digest(self.content(without=server_side))

    def row_digest(self) -> str:
        """Digest of the whole row, as the audit keeps it."""
        return _digest(self.content())


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _plain(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    # Minus zero plus nothing is zero: the two are equal numbers, and must not give two digests.
    if value is None or isinstance(field, (models.FloatField, models.IntegerField, models.BooleanField)):
        return value if value is None or not isinstance(field, models.FloatField) else float(value) + 0.0
    if isinstance(field, models.DateTimeField):
        moment = field.to_python(value)
        return moment.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")
    if hasattr(field, "from_db_value"):
        return value
    return str(field.to_python(value))


def guarded_tables() -> list[str]:
    """The tables of every insert-only record, and of the audit itself."""
    rows = [model._meta.db_table for model in apps.get_models() if issubclass(model, InsertOnly)]
    return sorted([*rows, "audit_auditentry"])


def install_guards(using: str = "default", **_: object) -> None:
    """Let the database itself refuse to change or delete a guarded row. Safe to repeat; runs after every migration.

    Django remakes an SQLite table when a column changes, and the triggers go with the old one: so not in a migration.
    """
    connection = connections[using]
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in guarded_tables():
            # `migrate` can be asked for one application alone: tables of the others may not be there yet.
            if table in present:
                for statement in _guard(connection, table, _REFUSE_ANY):
                    cursor.execute(statement)
        if "audit_readentry" in present:
            for statement in _guard(connection, "audit_readentry", _REFUSE_BUT_SEALING):
                cursor.execute(statement)


def missing_guards(using: str = "default") -> list[str]:
    """Guarded tables without both triggers."""
    connection = connections[using]
    # A trigger that somebody switched off is still there by its name, and guards nothing.
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall()}
    tables = [*guarded_tables(), "audit_readentry"]
    return [table for table in tables if not {f"{table}_no_update", f"{table}_no_delete"} <= found]


_REFUSE_ANY = "TRUE"
# A look is written outside the lock of the chain and sealed later: the sealing is its one change.
_REFUSE_BUT_SEALING = (
    "OLD.sealed_in IS NOT NULL OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.route <> OLD.route"
    " OR COALESCE(NEW.actor_id, 0) <> COALESCE(OLD.actor_id, 0) OR NEW.person_id <> OLD.person_id"
)


def _guard(connection: BaseDatabaseWrapper, table: str, when: str) -> list[str]:
    message = f"{table} is insert-only"
    if connection.vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table}"
            f" WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END",
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{message}'); END",
        ]
    return [
        "CREATE OR REPLACE FUNCTION openpbm_refuse() RETURNS trigger AS $$"
        " BEGIN RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql",
        f"CREATE OR REPLACE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW"
        f" WHEN ({when}) EXECUTE FUNCTION openpbm_refuse()",
        f"CREATE OR REPLACE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW"
        " EXECUTE FUNCTION openpbm_refuse()",
    ]
