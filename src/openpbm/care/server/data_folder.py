"""The data folder: made for its owner alone, and held by one server at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from openpbm.errors import BadInput, Problem

__all__ = ["hold_data_folder", "make_data_folder"]

_LOCK = "serve.lock"


def make_data_folder(folder: Path) -> Path:
    """The folder, made unless it is there; BadInput when it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadInput(
            Problem(
                key=str(folder),
                message=f"cannot be made the data folder ({error.strerror})",
                remedy="choose another --data-dir",
            )
        ) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput(
            Problem(
                key=str(folder),
                message="cannot be written to",
                remedy="choose another --data-dir, or give yourself the right to write",
            )
        )
    return folder.resolve()


@contextmanager
def hold_data_folder(folder: Path, purpose: str) -> Iterator[None]:
    """Keep the folder to oneself; BadInput when a server runs on it. However a process ends, it lets go of it."""
    with _opened(folder / _LOCK) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise BadInput(
                Problem(
                    key=purpose,
                    message=f"{folder} is in use by {holder}",
                    remedy="stop that first, or choose another --data-dir",
                )
            ) from None
        # A full disk: we hold the folder all the same, only our number stays unsaid.
        with suppress(OSError):
            os.ftruncate(file.fileno(), 0)
            # Past the buffer, which would fail once more.
            os.write(file.fileno(), f"process {os.getpid()}".encode())
        yield


def _opened(path: Path) -> TextIO:
    try:
        return open(path, "a+", encoding="ascii")
    except OSError as error:
        raise BadInput(
            Problem(
                key=str(path),
                message=f"cannot be written ({error.strerror})",
                remedy="make room, or choose another --data-dir",
            )
        ) from None
