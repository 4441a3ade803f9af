"""Parts of a job over worker threads, while linear algebra keeps to the thread that calls it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from threadpoolctl import get_cached_controller

__all__ = ["in_worker_threads"]

Part = TypeVar("Part")
Answer = TypeVar("Answer")
_limited = threading.Lock()


def in_worker_threads(solve: Callable[[Part], Answer], parts: Sequence[Part], threads: int | None) -> list[Answer]:
    """Every part solved, in order; threads : None for all processors, 1 for the calling thread.

    The matrices here are small: threads of the matrix library's own beside ours gain nothing and cost many times the
    processor time. They are held to one, in the whole process, as long as it takes.
    """
    workers = min(len(parts), threads or len(os.sched_getaffinity(0)))
    with _one_thread_of_linear_algebra():
        if workers == 1:
            return [solve(part) for part in parts]
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(solve, parts))


@contextmanager
def _one_thread_of_linear_algebra() -> Iterator[None]:
    # Not for whoever comes while another holds the limit: he would take that for the setting to restore.
    if not _limited.acquire(blocking=False):
        yield
        return
    try:
        # Looks for the libraries again, for a millisecond, only where modules were imported since.
        with get_cached_controller().limit(limits=1, user_api="blas"):
            yield
    finally:
        _limited.release()
