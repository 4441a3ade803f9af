"""Opening an installation from a command: its settings, its database, one plain line where it is not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openpbm.care.database import cannot_write
from openpbm.care.server.serve import check_installed, environment_of
from openpbm.errors import BadInput, Problem

__all__ = ["SQLITE_FILE", "database_faults", "open_installation"]

SQLITE_FILE = "openpbm.sqlite3"


def open_installation(data_dir: Path, *, make: bool = False, to_write: bool = False) -> Path:
    """Set Django up on that data folder; BadInput when there is no database (unless one is to be made).

    to_write : the command changes something; else it reads at length and keeps no writer waiting
    """
    check_installed()
    folder = data_dir.resolve()
    there = folder.is_dir() and (bool(os.environ.get("DATABASE_URL")) or (folder / SQLITE_FILE).is_file())
    if not there and not make:
        raise BadInput(
            Problem(
                key=str(data_dir),
                message="no installation is there",
                remedy="name the folder that `openpbm serve` was given with --data-dir",
            )
        )
    os.environ.update(environment_of(folder))
    import django

    django.setup()
    from django.db import connection

    if connection.vendor == "sqlite" and not to_write:
        # A snapshot keeps no writer waiting, where the site's own requests take the lock at once.
        with database_faults("the data folder"):
            # Connecting sets the mode of the settings, so ours comes after it.
            connection.ensure_connection()
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    return folder


@contextmanager
def database_faults(what: str) -> Iterator[None]:
    """A database that does not answer, or lacks our tables, as one line."""
    from django.db import DatabaseError

    try:
        yield
    except DatabaseError as error:
        if cannot_write(error):
            message, remedy = "the disk under the database is full, or it fails", "make room; nothing was kept of it"
            raise BadInput(Problem(key=what, message=message, remedy=remedy)) from None
        said = " ".join(str(error).split())
        raise BadInput(
            Problem(
                key=what,
                message=f"the database does not answer as it should ({said})",
                remedy="see that it runs, and that `openpbm serve` of this version was started on it once",
            )
        ) from None
