"""The CPU driver: fixed chunks of photons over a pool of threads, the same bits whatever their number."""

from __future__ import annotations

import itertools
import os
import platform
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from openpbm.compile_cache import compiled_code_kept
from openpbm.transport.history import make_history
from openpbm.transport.physics import photon_key

__all__ = ["Problem", "chunk_sizes", "engine_name", "run", "warm_up"]

Array = NDArray[np.float64]
compiler = numba.njit(error_model="numpy", fastmath={"contract"})
POLL_S = 0.1


@compiler
def plus(array: Any, index: int, value: float) -> None:
    """Tally write of one thread into its own array."""
    array[index] += value


def compiler_named(suffix: str) -> Callable[[Callable[..., Any]], Any]:
    """A compiler that marks the names of what it compiles.

    Numba tells functions of one name apart by a counter that starts again in every process. Kept code from one process
    could then meet another's function of the same name and number, and silently call it instead of its own.
    """

    def jit(function: Callable[..., Any]) -> Any:
        function.__qualname__ += suffix
        return compiler(function)

    return jit


plane_history = make_history(compiler_named("_plane"), plus, lateral=False)
ring_history = make_history(compiler_named("_ring"), plus, lateral=True)


def plane_chunk(  # type: ignore[no-untyped-def]
    seed, first, count, stop, stack, kind, value, cosines, edges, slab_edges, ring_edges, totals, track, rings
):
    """Follow `count` photons from index `first` on, in depth only."""
    for photon in range(first, first + count):
        if stop[0] != 0:
            return
        state = photon_key(seed, np.uint64(photon))
        plane_history(state, stack, kind, value, cosines, edges, slab_edges, ring_edges, totals, track, rings)


def ring_chunk(  # type: ignore[no-untyped-def]
    seed, first, count, stop, stack, kind, value, cosines, edges, slab_edges, ring_edges, totals, track, rings
):
    """Follow `count` photons from index `first` on, in depth and radius."""
    for photon in range(first, first + count):
        if stop[0] != 0:
            return
        state = photon_key(seed, np.uint64(photon))
        ring_history(state, stack, kind, value, cosines, edges, slab_edges, ring_edges, totals, track, rings)


# Only these two are kept: their compiled form holds all they call. Numba looks at no closure of theirs, which would
# change from process to process and never be found again.
with compiled_code_kept(Path(__file__).parent) as kept:
    plane_chunk = numba.njit(nogil=True, cache=kept, error_model="numpy", fastmath={"contract"})(plane_chunk)
    ring_chunk = numba.njit(nogil=True, cache=kept, error_model="numpy", fastmath={"contract"})(ring_chunk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A scene as the compiled code takes it: arrays, and edges of the tallies."""

    seed: int
    stack: Array
    kind: int
    value: float
    cosines: Array
    edges: Array
    slab_edges: Array | None = None
    ring_edges: Array | None = None

    @property
    def lateral(self) -> bool:
        """Whether rings about the entry point are tallied."""
        return self.slab_edges is not None


def chunk_sizes(photons: int, chunks: int) -> NDArray[np.int64]:
    """Photons of each chunk: as even as whole numbers allow, fixed by the two arguments alone."""
    chunks = min(photons, chunks)
    sizes = np.full(chunks, photons // chunks, dtype=np.int64)
    sizes[: photons % chunks] += 1
    return sizes


def run(
    problem: Problem,
    sizes: NDArray[np.int64],
    *,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[Array, Array, Array]:
    """Follow all photons: (totals, track, rings), one row per chunk.

    problem : Problem           what to follow
    sizes : (chunks,)           photons per chunk; photon indices run on from chunk to chunk
    threads : int or None       worker threads; None takes every processor this process may use
    progress : callable or None called in the calling thread with the fraction done
    An interrupt, or an error in `progress`, stops the workers after the photon in hand and is raised.
    """
    slab_edges = np.zeros(2) if problem.slab_edges is None else problem.slab_edges
    ring_edges = np.zeros(2) if problem.ring_edges is None else problem.ring_edges
    kernel: Any = ring_chunk if problem.lateral else plane_chunk
    firsts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    chunks = len(sizes)
    totals = np.zeros((chunks, len(problem.stack) + 3))
    track = np.zeros((chunks, len(problem.edges) - 1))
    cells = (len(slab_edges) - 1) * (len(ring_edges) - 1) if problem.lateral else 1
    rings = np.zeros((chunks, cells))
    stop = np.zeros(1, dtype=np.uint8)
    done = np.zeros(chunks, dtype=np.bool_)
    counter = itertools.count()

    def work() -> None:
        while (chunk := next(counter)) < chunks and not stop[0]:
            own_totals, own_track, own_rings = (
                np.zeros_like(totals[0]),
                np.zeros_like(track[0]),
                np.zeros_like(rings[0]),
            )
            kernel(
                np.uint64(problem.seed), int(firsts[chunk]), int(sizes[chunk]), stop, problem.stack, problem.kind,
                problem.value, problem.cosines, problem.edges, slab_edges, ring_edges, own_totals, own_track, own_rings,
            )  # fmt: skip
            # Written once a chunk: tallies shared between threads would depend on who came first, in their last bits.
            totals[chunk], track[chunk], rings[chunk] = own_totals, own_track, own_rings
            done[chunk] = True

    workers = min(threads or len(os.sched_getaffinity(0)), chunks)
    with ThreadPoolExecutor(workers, thread_name_prefix="photons") as pool:
        futures = [pool.submit(work) for _ in range(workers)]
        try:
            waiting = set(futures)
            while waiting:
                waiting = wait(waiting, timeout=POLL_S).not_done
                if progress is not None:
                    progress(float(sizes[done].sum() / sizes.sum()))
        except BaseException:
            stop[0] = 1
            raise
        for future in futures:
            future.result()
    return totals, track, rings


def warm_up(problem: Problem) -> None:
    """Follow two photons, so that compiling or loading is over before a clock starts."""
    run(problem, np.array([2]), threads=1)


def engine_name() -> str:
    """Name of this engine with the versions that fix its bits."""
    from importlib.metadata import version

    return (
        f"openpbm-cpu {version('openpbm')} (numba {numba.__version__}, numpy {np.__version__}, "
        f"{platform.machine() or 'unknown machine'})"
    )
