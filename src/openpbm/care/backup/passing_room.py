"""A folder for what is being made: gone when it is done, however that ended, and so is what a killed one left."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

from openpbm.errors import BadInput, Problem

__all__ = ["passing_room"]

_PREFIX = ".openpbm-at-work."


@contextmanager
def passing_room(parent: Path, what: str) -> Iterator[Path]:
    """An empty folder in `parent`, for the owner alone. BadInput, in one line, where `what` finds no room.

    A process that is told to end clears it up first.
    """
    with _ended_in_order(), _no_room(parent, what):
        _clear_what_was_left(parent)
        with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=parent, ignore_cleanup_errors=True) as name:
            # Held as long as we live: what nobody holds was left behind.
            held = os.open(name, os.O_RDONLY)
            try:
                fcntl.flock(held, fcntl.LOCK_EX)
                yield Path(name)
            finally:
                os.close(held)


@contextmanager
def _no_room(parent: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        remedy = "make room, or give the right to write; nothing was left behind"
        raise BadInput(
            Problem(key=what, message=f"{parent} takes no more ({error.strerror or error})", remedy=remedy)
        ) from None


def _clear_what_was_left(parent: Path) -> None:
    for left in parent.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            folder = os.open(left, os.O_RDONLY)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(folder)


@contextmanager
def _ended_in_order() -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
