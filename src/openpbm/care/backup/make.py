"""Making a backup while the site runs: one snapshot of every table, in one file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from openpbm.care import clock
from openpbm.care.audit.models import ChainHead
from openpbm.care.audit.noted_heads import BACKUP, note_head
from openpbm.care.backup.archive import write_archive
from openpbm.care.backup.passing_room import passing_room
from openpbm.care.backup.tables import LEFT_OUT, applied_migrations, dump_tables, models_at
from openpbm.care.encryption.sealing import current_key_name, file_key, ring_in_use, seal
from openpbm.errors import BadInput, Problem
from openpbm.version import __version__

__all__ = ["MadeBackup", "key_fingerprint", "make_backup"]


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """What went into the file."""

    rows: int
    tables: int
    head: str
    with_keys: bool


def make_backup(file: Path, *, with_keys: bool = False) -> MadeBackup:
    """Write the backup to `file`, which must not be there yet."""
    if file.exists():
        raise BadInput(
            Problem(
                key=str(file),
                message="is there already, and a backup is never written over",
                remedy="give another name",
            )
        )
    if ring_in_use().leaving:
        raise BadInput(
            Problem(
                key="backup",
                message="a rotation of the key was interrupted, and neither key would open all of it",
                remedy="finish it with `openpbm key rotate`",
            )
        )
    # First: with no room for one line there is none for a backup.
    note_head(BACKUP)
    with passing_room(file.parent, str(file)) as room:
        (room / "content").mkdir()
        return _make(file, room / "content", with_keys)


def _make(file: Path, room: Path, with_keys: bool) -> MadeBackup:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        applied = applied_migrations()
        tables = models_at(applied)
        rows = dump_tables(room / "tables", tables)
        head = ChainHead.objects.filter(pk=1).first()
    if with_keys:
        (room / "keys").mkdir()
        (room / "keys" / "people.key").write_bytes(Path(settings.KEY_FILE).read_bytes())
    made = MadeBackup(sum(rows.values()), len(tables), head.digest if head else "", with_keys)
    manifest = {
        "made_at": clock.now().isoformat(),
        "openpbm": __version__,
        "engine": connection.vendor,
        "migrations": applied,
        "rows": rows,
        "left_out": list(LEFT_OUT),
        "audit_head": {"number": head.number if head else 0, "digest": made.head},
        "key_fingerprint": key_fingerprint(),
        "key_name": current_key_name(),
    }
    write_archive(file, room, manifest)
    return made


def key_fingerprint() -> str:
    """Tells whether a key file is the one a backup was sealed with, and nothing about the key."""
    return seal(b"openpbm backup", file_key(), "fingerprint").hex()
