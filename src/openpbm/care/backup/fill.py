"""Filling a database from an unpacked backup, and checking that what is in it is what was in the backup."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from openpbm.care.accounts.models import User
from openpbm.care.audit.insert_only import install_guards
from openpbm.care.audit.models import ChainHead
from openpbm.care.audit.verify import verify_database
from openpbm.care.backup.archive import Manifest
from openpbm.care.backup.make import key_fingerprint
from openpbm.care.backup.tables import load_tables, models_of, reset_counters
from openpbm.care.encryption.sealing import key_is_known, unwrap
from openpbm.care.people.models import PersonKey
from openpbm.care.server.new_tables import bring_up_to_date, make_tables_at
from openpbm.care.server.prepare import check_key
from openpbm.errors import BadInput, Problem

__all__ = ["check_filled", "drop_everything", "fill", "finish", "has_accounts"]


def has_accounts() -> bool:
    """Whether somebody has an account in this database."""
    return User._meta.db_table in connection.introspection.table_names() and User.objects.exists()


def drop_everything() -> None:
    """Drop our tables (PostgreSQL, inside the transaction that fills them again)."""
    ours = {*connection.introspection.django_table_names(only_existing=True), "django_migrations"}
    with connection.cursor() as cursor:
        for table in sorted(ours):
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")


def fill(unpacked: Path, manifest: Manifest) -> None:
    """Make the tables as they were when the backup was made, and fill them."""
    _refuse_a_newer_backup(manifest)
    _check_key_of(manifest)
    # All of them in one go; what is done after migrations `finish` does.
    tables = models_of(make_tables_at(_last_of_each(manifest["migrations"])))
    with transaction.atomic():
        if connection.vendor == "postgresql":
            # Tables are filled by name, not by who refers to whom; migrating has left some references checked at once.
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        loaded = load_tables(unpacked / "tables", tables)
        if loaded != manifest["rows"]:
            wrong = sorted(
                name for name in {**loaded, **manifest["rows"]} if loaded.get(name) != manifest["rows"].get(name)
            )
            raise BadInput(
                Problem(
                    key="restore",
                    message=f"{', '.join(wrong)}: not as many rows as the backup says",
                    remedy="nothing was restored",
                )
            )
        connection.check_constraints()
        reset_counters(tables)


def finish() -> None:
    """Bring the tables to this version, guarded against changes."""
    bring_up_to_date()
    install_guards()


def check_filled(manifest: Manifest) -> None:
    """BadInput unless names can be read, the audit holds and ends where the backup says."""
    check_key(settings.KEY_FILE)
    for row in PersonKey.objects.exclude(wrapped=None):
        unwrap(bytes(row.wrapped or b""), str(row.pk))
    found = verify_database()
    if not found.ok:
        raise BadInput(
            Problem(
                key="restore",
                message=f"the audit of the backup does not hold: {found.faults[0]}",
                remedy="nothing was restored",
            )
        )
    head = ChainHead.objects.filter(pk=1).first()
    if (head.digest if head else "") != manifest["audit_head"]["digest"]:
        raise BadInput(
            Problem(
                key="restore", message="the audit does not end where the backup says", remedy="nothing was restored"
            )
        )


def _check_key_of(manifest: Manifest) -> None:
    if key_fingerprint() == manifest["key_fingerprint"]:
        return
    message = f"the key file {settings.KEY_FILE} is not the one this backup was sealed with"
    remedy = "put the right one there, or restore into an empty data folder from a backup made with --with-keys"
    if key_is_known(str(manifest.get("key_name"))):
        message = f"this backup was sealed with key {manifest['key_name']}, which a rotation has replaced since"
        remedy = f"put the copy of the key file from before the rotation in place of {settings.KEY_FILE}"
    raise BadInput(Problem(key="restore", message=message, remedy=remedy))


def _refuse_a_newer_backup(manifest: Manifest) -> None:
    loader = MigrationLoader(connection)
    ahead = [f"{app} {name}" for app, name in manifest["migrations"] if (app, name) not in loader.disk_migrations]
    if ahead:
        raise BadInput(
            Problem(
                key="restore",
                message=(
                    f"the backup comes from openpbm {manifest['openpbm']}, newer than this one (it has {ahead[-1]})"
                ),
                remedy="install that version and restore again",
            )
        )


def _last_of_each(applied: list[list[str]]) -> list[tuple[str, str]]:
    """Each application's last migration: going there brings what it rests on along."""
    last: dict[str, str] = {}
    # Numbered, so sorted by name is by order.
    for app, name in sorted(map(tuple, applied)):
        last[app] = name
    return sorted(last.items())
