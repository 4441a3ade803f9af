"""A file of signed lines beside the database: what must outlive the database, or a backup put in its place.

One JSON object a line. A line is only ever added, or the last one replaced; the file is whole whatever happens.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from openpbm.care.encryption.sealing import current_key_name, key_is_known, sign
from openpbm.errors import BadInput, Problem

__all__ = ["SignedLine", "change_lines", "read_lines", "signed_line"]

Value = str | int


@dataclass(frozen=True, slots=True)
class SignedLine:
    """One line: what it says, and the key that signed it.

    signed : whether it is by that key; None where the key file does not hold the key any more
    """

    content: Mapping[str, Value]
    key_name: str
    signature: str
    signed: bool | None

    def text(self) -> str:
        """The line of the file."""
        return json.dumps({**self.content, "key": self.key_name, "signature": self.signature})


def signed_line(path: Path, **content: Value) -> SignedLine:
    """A line signed with the key in use, for that file alone."""
    key_name = current_key_name()
    return SignedLine(content, key_name, sign(_signed_text(path, content), key_name), True)


def read_lines(path: Path) -> list[SignedLine]:
    """The lines of the file, none where there is no file; BadInput when it cannot be read or is no such file."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, f"cannot be read ({error})") from None
    return [_line(path, number, line) for number, line in enumerate(lines, 1)]


def change_lines(
    path: Path, change: Callable[[list[SignedLine]], list[SignedLine]], *, unreadable_to: Path | None = None
) -> None:
    """Put other lines in the place of those that are there; of two at once the second sees the first's. BadInput.

    unreadable_to : where a file that cannot be read is put aside, to begin another; without it such a file is refused
    """
    try:
        with _to_oneself(path):
            try:
                there = read_lines(path)
            except BadInput:
                if unreadable_to is None:
                    raise
                os.replace(path, unreadable_to)
                there = []
            lines = change(there)
            if lines != there:
                _replace(path, "".join(f"{line.text()}\n" for line in lines))
    except OSError as error:
        raise _unusable(path, f"cannot be written ({error.strerror})") from None


def _line(path: Path, number: int, text: str) -> SignedLine:
    try:
        found = json.loads(text)
        key_name, signature = str(found.pop("key")), str(found.pop("signature"))
    except (ValueError, KeyError, AttributeError, TypeError):
        raise _unusable(path, f"line {number} is none that was written there") from None
    signed = sign(_signed_text(path, found), key_name) == signature if key_is_known(key_name) else None
    return SignedLine(found, key_name, signature, signed)


def _signed_text(path: Path, content: Mapping[str, Value]) -> str:
    # With the name of the file: a line of one list says nothing in another.
    return json.dumps([path.name, content], sort_keys=True)


def _unusable(path: Path, message: str) -> BadInput:
    return BadInput(Problem(key=str(path), message=message, remedy="make room, or put back your copy of it"))


@contextmanager
def _to_oneself(path: Path) -> Iterator[None]:
    # The folder itself is locked: a file for the lock would be one more to lie about.
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _replace(path: Path, text: str) -> None:
    room = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        with open(os.open(room, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(room, path)
    finally:
        with suppress(OSError):
            room.unlink(missing_ok=True)
