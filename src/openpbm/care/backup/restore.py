"""The way back: unpacked and checked, filled in beside what is there, checked again, and only then put in its place."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from openpbm.care.backup.archive import Manifest, unpack
from openpbm.care.backup.passing_room import passing_room
from openpbm.care.server.data_folder import hold_data_folder, make_data_folder
from openpbm.care.server.installation import SQLITE_FILE, database_faults, open_installation
from openpbm.errors import BadInput, Problem

if TYPE_CHECKING:
    from openpbm.care.audit.models import AuditEntry

__all__ = ["Restored", "restore_backup"]

_KEY = "keys/people.key"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    rows: int
    tables: int
    made_at: str
    key_file: Path
    brought_key: bool
    held: int
    erased_again: int
    has_erasures: bool


def restore_backup(file: Path, data_dir: Path, *, replace: bool = False) -> Restored:
    """Restore into the data folder (or the database DATABASE_URL names). Whatever fails leaves the target as it was."""
    if not file.is_file():
        raise BadInput(Problem(key=str(file), message="there is no such file", remedy="name the backup to restore"))
    made_folder = not data_dir.exists()
    folder = make_data_folder(data_dir)
    made = [path for path in (folder / "keys" / "cookies.key", folder / "serve.lock") if not path.exists()]
    try:
        with hold_data_folder(folder, "restore"), passing_room(folder, "restore") as room:
            return _restore(file, folder, room, replace)
    except BaseException:
        _remove_what_we_made(folder, made, made_folder)
        raise


def _restore(file: Path, folder: Path, room: Path, replace: bool) -> Restored:
    (room / "unpacked").mkdir()
    manifest = unpack(file, room / "unpacked")
    key_file = _choose_key(file, folder, room / "unpacked" / _KEY, replace)
    from openpbm.care.encryption.keys import make_key

    # Nothing asks for this key yet; it is there so that the settings find one.
    make_key(folder / "keys" / "cookies.key")
    os.environ["OPENPBM_KEY_FILE"] = str(key_file)
    if os.environ.get("DATABASE_URL"):
        order = _into_postgresql(room / "unpacked", manifest, folder, replace)
    else:
        order = _into_sqlite(room, manifest, folder, replace)
    brought = key_file.is_relative_to(room)
    final = _place_of_key(folder)
    if brought:
        final.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(key_file, final)
        final.chmod(0o600)
    from openpbm.care.people.erasing import erasures_file

    return Restored(
        sum(manifest["rows"].values()), len(manifest["rows"]), manifest["made_at"], final, brought, order.held,
        order.erased_again, erasures_file().exists(),
    )  # fmt: skip


def _place_of_key(folder: Path) -> Path:
    return folder / "keys" / "people.key"


def _choose_key(file: Path, folder: Path, brought: Path, replace: bool) -> Path:
    """The key file that is to open what comes back: the one in place, else the one that came along."""
    named = os.environ.get("OPENPBM_KEY_FILE")
    there = Path(named) if named else _place_of_key(folder)
    if brought.exists() and (replace or not there.exists()) and not named:
        return brought
    if not there.exists():
        raise BadInput(
            Problem(
                key=str(file),
                message=f"was made without its key file, and {there} is not there",
                remedy=("put the key file of that installation there first, names and notes cannot be read without it"),
            )
        )
    return there


def _into_sqlite(room: Path, manifest: Manifest, folder: Path, replace: bool) -> _Order:
    target = folder / SQLITE_FILE
    if _has_accounts(target) and not replace:
        raise BadInput(
            Problem(
                key=str(target),
                message="holds an installation already",
                remedy="add --replace to put the backup in its place",
            )
        )
    beside = room / SQLITE_FILE
    os.environ["DATABASE_URL"] = f"sqlite://{beside}"
    open_installation(folder, make=True)
    from django.db import connection

    from openpbm.care.audit.noted_heads import RESTORED, note_put_back
    from openpbm.care.backup.fill import check_filled, fill, finish

    with database_faults("restore"):
        fill(room / "unpacked", manifest)
        finish()
        check_filled(manifest)
        order = _put_in_order(manifest)
        connection.close()
    with _full_disk_in_one_line():
        _close_for_good(beside)
        if target.exists():
            # What still lies in its log must not be played into the file that takes its place.
            with suppress(sqlite3.DatabaseError):
                _close_for_good(target)
    # Last before it takes its place: with no room for one line nothing is restored. And not after: with the database
    # of before still there, every course is held once too often and not too seldom.
    note_put_back(order.entry, RESTORED)
    _drop_log(target)
    os.replace(beside, target)
    target.chmod(0o600)
    return order


@dataclass(frozen=True, slots=True)
class _Order:
    """What was done to the record that came back, before anybody is let in."""

    entry: AuditEntry
    held: int
    erased_again: int


def _put_in_order(manifest: Manifest) -> _Order:
    """Whoever was erased since is erased again; and every course waits to be looked at.

    What was written after the backup is missing, holds and withdrawals too.
    """
    from openpbm.care.people.erasing import erase_again
    from openpbm.care.plans.restored import hold_every_course

    erased = erase_again()
    entry, held = hold_every_course(as_of=dt.datetime.fromisoformat(manifest["made_at"]), found_by="restore")
    return _Order(entry, held, erased)


def _has_accounts(target: Path) -> bool:
    if not target.exists():
        return False
    with closing(sqlite3.connect(f"file:{target}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute("SELECT 1 FROM accounts_user LIMIT 1").fetchone() is not None
        except sqlite3.Error:
            # A file that is no database, or another's: not ours to write over unasked.
            return target.stat().st_size > 0 and _is_foreign(connection)


def _is_foreign(connection: sqlite3.Connection) -> bool:
    try:
        return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None
    except sqlite3.Error:
        return True


def _close_for_good(path: Path, *, wait_s: float = 5.0) -> None:
    """Fold the log into the file and drop it; what could not be folded in stays, and is an error."""
    with closing(sqlite3.connect(path, timeout=wait_s)) as connection:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    if busy or mode != "delete":
        raise sqlite3.OperationalError(f"{path.name}: its log could not be folded in")
    _drop_log(path)


@contextmanager
def _full_disk_in_one_line() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise BadInput(
            Problem(key="restore", message=f"the database could not be written to the end ({error})",
                    remedy="make room; nothing was restored")
        ) from None  # fmt: skip


def _drop_log(path: Path) -> None:
    for name in (f"{path}-wal", f"{path}-shm"):
        Path(name).unlink(missing_ok=True)


def _into_postgresql(unpacked: Path, manifest: Manifest, folder: Path, replace: bool) -> _Order:
    open_installation(folder, make=True)
    from django.db import connection, transaction

    from openpbm.care.audit.noted_heads import RESTORED, note_put_back
    from openpbm.care.backup.fill import check_filled, drop_everything, fill, finish, has_accounts

    with database_faults("restore"):
        if connection.vendor != "postgresql":
            raise BadInput(
                Problem(
                    key="restore",
                    message="DATABASE_URL names no PostgreSQL database",
                    remedy="unset it to restore into the data folder",
                )
            )
        if has_accounts() and not replace:
            raise BadInput(
                Problem(
                    key="restore",
                    message="the database holds an installation already",
                    remedy="add --replace to put the backup in its place",
                )
            )
        # PostgreSQL makes and drops tables in a transaction like rows: all of it happens, or nothing.
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '15s'")
            drop_everything()
            fill(unpacked, manifest)
            finish()
            check_filled(manifest)
            order = _put_in_order(manifest)
            note_put_back(order.entry, RESTORED)
    return order


def _remove_what_we_made(folder: Path, made: list[Path], made_folder: bool) -> None:
    for path in made:
        path.unlink(missing_ok=True)
    for path in [folder / "keys", folder][: 2 if made_folder else 1]:
        # It was never made, or something else is in it by now.
        with suppress(OSError):
            path.rmdir()
