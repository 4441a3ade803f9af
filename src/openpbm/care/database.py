"""Which database: SQLite in the data folder, or PostgreSQL by its address."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from openpbm.errors import BadInput

__all__ = ["database_settings"]


def database_settings(address: str, data_dir: Path) -> dict[str, Any]:
    """Django's settings of the database at `address`; SQLite in `data_dir` where it is empty.

    Raises BadInput for an address of another kind.
    """
    if not address:
        return _sqlite(data_dir / "openpbm.sqlite3")
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise BadInput(
            f"DATABASE_URL: {parts.scheme or 'no scheme'}://... is not a database this runs on; give"
            " postgresql://user:password@host:port/name, or leave it unset for SQLite"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
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
