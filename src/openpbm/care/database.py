"""Which database: SQLite in the data folder, or PostgreSQL by its address; and whether it cannot write any more."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from openpbm.errors import BadInput, Problem

__all__ = ["cannot_write", "database_settings"]

# The last eight bits of SQLite's extended codes are the plain one.
_SQLITE_CODES, _PLAIN_CODE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}, 0xFF
#: disk_full and io_error of PostgreSQL.
_SQL_STATES = {"53100", "58030"}
_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EIO}


def database_settings(address: str, data_dir: Path) -> dict[str, Any]:
    """Django's settings of the database at `address`; SQLite in `data_dir` where it is empty.

    Raises BadInput for an address of another kind.
    """
    if not address:
        return _sqlite(data_dir / "openpbm.sqlite3")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        # Nothing of it is repeated: what stands in the place of the port may be a piece of the password.
        raise BadInput(
            Problem(
                key="DATABASE_URL",
                message=("cannot be read as an address (the port is no number up to 65535, or a bracket stays open)"),
                remedy=(
                    "give postgresql://user:password@host:port/name, special characters of the "
                    "password as %23 and the like"
                ),
            )
        ) from None
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise BadInput(
            Problem(
                key="DATABASE_URL",
                message=f"{parts.scheme or 'no scheme'}://... is not a database this runs on",
                remedy="give postgresql://user:password@host:port/name, or leave it unset for SQLite",
            )
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10},
    }


def _sqlite(path: Path) -> dict[str, Any]:
    """WAL and a busy timeout let many write; IMMEDIATE takes the lock before reading what will be written; FULL keeps a
    confirmed entry through a power cut."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def cannot_write(error: BaseException | None) -> bool:
    """Whether an error says that the disk under database or folder is full or fails.

    Asked of codes, on the way back through what caused it: the words differ by database, version and language.
    """
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if (
            getattr(error, "sqlite_errorcode", -1) & _PLAIN_CODE in _SQLITE_CODES
            or getattr(error, "sqlstate", None) in _SQL_STATES
            or (isinstance(error, OSError) and error.errno in _ERRNOS)
        ):
            return True
        error = error.__cause__ or error.__context__
    return False
