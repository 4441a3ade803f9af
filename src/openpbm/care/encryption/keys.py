"""The two key files: one signs cookies, one wraps every person's data key. Made once, readable by their owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from openpbm.errors import BadInput, Problem

__all__ = ["KEY_BYTES", "key_of_people", "make_key", "secret_key"]

KEY_BYTES = 32


def make_key(path: Path) -> None:
    """Make a key file unless there is one; two processes at once make one. BadInput when it cannot be written."""
    try:
        _make_key(path)
    except OSError as error:
        raise BadInput(
            Problem(
                key=str(path),
                message=f"the key file cannot be written ({error.strerror})",
                remedy="make room or give the right to write",
            )
        ) from None


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    room = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    # Written aside and flushed to disk first: a crash in the middle must not leave half a key under the right name.
    descriptor = os.open(room, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link fails where the file is there already, so a key is never replaced.
        os.link(room, path)
    except FileExistsError:
        pass
    finally:
        room.unlink(missing_ok=True)


def secret_key(path: Path) -> str:
    """What signs cookies; a passing key where none was made yet, so that `check` and `makemigrations` run.

    BadInput when the file cannot be read, or holds too little to sign with.
    """
    if not path.exists():
        return secrets.token_hex(KEY_BYTES)
    remedy = "remove it, and `openpbm serve` makes a new one (everybody signs in again)"
    try:
        key = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise BadInput(
            Problem(
                key=str(path), message=f"the key that signs cookies cannot be read ({error.strerror})", remedy=remedy
            )
        ) from None
    except UnicodeDecodeError:
        raise BadInput(
            Problem(key=str(path), message="the key that signs cookies is no plain text", remedy=remedy)
        ) from None
    if len(key) < KEY_BYTES:
        raise BadInput(
            Problem(
                key=str(path),
                message=(f"the key that signs cookies has {len(key)} characters, at least {KEY_BYTES} are needed"),
                remedy=remedy,
            )
        )
    return key


def key_of_people(path: Path) -> bytes:
    """The key that wraps the data keys (32 bytes); BadInput when the file is missing or is no key."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise BadInput(
            Problem(
                key=str(path),
                message=f"the key file cannot be read ({error.strerror})",
                remedy=(
                    "without it no name or note can be read. Put the file back from where you keep it, "
                    "or set OPENPBM_KEY_FILE"
                ),
            )
        ) from error
    except ValueError as error:
        raise BadInput(
            Problem(
                key=str(path), message="is not a key file (64 hexadecimal digits)", remedy="put the right file back"
            )
        ) from error
    if len(key) != KEY_BYTES:
        raise BadInput(
            Problem(
                key=str(path),
                message=f"holds {len(key)} bytes, a key has {KEY_BYTES}",
                remedy="put the right file back",
            )
        )
    return key
