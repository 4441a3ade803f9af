"""A child that does not outlive its parent, even one that was killed without a word, and goes by a name of its own."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

__all__ = ["die_with_parent", "name_process"]

_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15
# Loaded before any fork: looking a library up between fork and exec could wait for a lock that nobody holds any more.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int | None = None) -> None:
    """Ask Linux to kill this process when its parent ends; `parent` is the one expected. Elsewhere: nothing.

    A transaction under way is rolled back by the database, so nothing half-written stays.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        # It ended before we asked.
        os._exit(1)


def name_process(name: str) -> None:
    """What lists of processes show of this one beside its command line, on Linux: 15 characters at most."""
    if _libc is not None:
        _libc.prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)
