"""The two key files: one signs cookies, one wraps every person's data key and signs the audit.

Made once, readable by their owner alone. The second changes when its key is rotated, and then as a whole.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from openpbm.errors import BadInput, Problem

__all__ = ["KEY_BYTES", "KeyRing", "key_ring", "make_key", "replace_ring", "secret_key"]

KEY_BYTES = 32


def make_key(path: Path) -> None:
    """Make a key file unless there is one; two processes at once make one. BadInput when it cannot be written."""
    text = secrets.token_hex(KEY_BYTES) + "\n"
    # A link fails where the file is there already, so a key is never replaced.
    with _said_in_one_line(path), _written_aside(path, text) as room, suppress(FileExistsError):
        os.link(room, path)


def replace_ring(path: Path, ring: KeyRing) -> None:
    """Put this in the place of the key file: all of it or nothing, whatever happens. BadInput."""
    with _said_in_one_line(path), _written_aside(path, ring.text()) as room:
        os.replace(room, path)
        # The name too has to be on the disk before anything is wrapped with what it names.
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def _said_in_one_line(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadInput(
            Problem(
                key=str(path),
                message=f"the key file cannot be written ({error.strerror})",
                remedy="make room or give the right to write",
            )
        ) from None


@contextmanager
def _written_aside(path: Path, text: str) -> Iterator[Path]:
    """Written beside and flushed to disk: a crash in the middle must not leave half a key under the right name."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    room = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(room, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield room
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


@dataclass(frozen=True, slots=True)
class KeyRing:
    """What a key file holds: one key a line, the newest first.

    current : wraps data keys and signs the links of the audit
    leaving : being left in a rotation that is not finished; still opens what was not wrapped again
    audit : what is left of earlier keys: checks the links they signed, and opens nothing
    """

    current: bytes
    leaving: tuple[bytes, ...] = ()
    audit: tuple[bytes, ...] = ()

    def text(self) -> str:
        """The lines of the file."""
        lines = [self.current.hex()]
        lines += [f"{_LEAVING} {key.hex()}" for key in self.leaving]
        return "\n".join([*lines, *(f"{_AUDIT} {key.hex()}" for key in self.audit)]) + "\n"


_LEAVING, _AUDIT = "leaving", "audit"


def key_ring(path: Path) -> KeyRing:
    """The keys of a key file (32 bytes each); BadInput when the file is missing or is no key file."""
    try:
        lines = path.read_text(encoding="ascii").split("\n")
        words = [line.split() for line in lines if line.strip()]
        keys = [(" ".join(line[:-1]), bytes.fromhex(line[-1])) for line in words]
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
        raise _no_key_file(path, "is not a key file (64 hexadecimal digits)") from error
    kinds = [kind for kind, _ in keys]
    if not keys or kinds[0] or not set(kinds[1:]) <= {_LEAVING, _AUDIT}:
        raise _no_key_file(path, "is not a key file (64 hexadecimal digits)")
    if wrong := [len(key) for _, key in keys if len(key) != KEY_BYTES]:
        raise _no_key_file(path, f"holds {wrong[0]} bytes, a key has {KEY_BYTES}")
    leaving, audit = (tuple(key for kind, key in keys if kind == wanted) for wanted in (_LEAVING, _AUDIT))
    return KeyRing(keys[0][1], leaving, audit)


def _no_key_file(path: Path, message: str) -> BadInput:
    return BadInput(Problem(key=str(path), message=message, remedy="put the right file back"))
