"""Rows that are only ever added: the database itself refuses to change or delete one, whoever asks it to."""

from __future__ import annotations

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from openpbm.care.audit.models import InsertOnly

__all__ = ["guarded_tables", "install_guards", "missing_guards"]


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
    """Guarded tables without both triggers as we made them."""
    connection = connections[using]
    found = _triggers_that_guard(connection)
    guards = {table: _REFUSE_ANY for table in guarded_tables()} | {"audit_readentry": _REFUSE_BUT_SEALING}
    wanted = {table: _guard(connection, table, when) for table, when in guards.items()}
    return [table for table, statements in wanted.items() if not _as_made(statements, table, found)]


def _triggers_that_guard(connection: BaseDatabaseWrapper) -> dict[str, str]:
    # A trigger that somebody switched off, or whose function refuses nothing any more, is still there by its name.
    if connection.vendor == "sqlite":
        query, values = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'", []
    else:
        query, values = (
            "SELECT tgname, pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND prosrc = %s",
            [_REFUSAL],
        )
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return dict(cursor.fetchall())


def _as_made(statements: list[str], table: str, found: dict[str, str]) -> bool:
    """SQLite keeps the statement as it was given, less one phrase; PostgreSQL writes it in its own words."""
    made = {statement.replace("IF NOT EXISTS ", "") for statement in statements}
    for name in (f"{table}_no_update", f"{table}_no_delete"):
        there = found.get(name, "")
        always = "EXECUTE FUNCTION openpbm_refuse()" in there and (" WHEN " not in there or " WHEN (true) " in there)
        if not (there in made or always or _seals_alone(name, there)):
            return False
    return True


def _seals_alone(name: str, there: str) -> bool:
    return name == "audit_readentry_no_update" and "EXECUTE FUNCTION openpbm_refuse()" in there and "sealed_in" in there


_REFUSAL = " BEGIN RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME; END "
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
        f"CREATE OR REPLACE FUNCTION openpbm_refuse() RETURNS trigger AS $${_REFUSAL}$$ LANGUAGE plpgsql",
        f"CREATE OR REPLACE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW"
        f" WHEN ({when}) EXECUTE FUNCTION openpbm_refuse()",
        f"CREATE OR REPLACE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW"
        " EXECUTE FUNCTION openpbm_refuse()",
    ]
