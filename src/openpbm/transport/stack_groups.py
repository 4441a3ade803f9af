"""Many stacks shared out: into groups that can be solved together, and over worker threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import get_cached_controller

from openpbm.transport.plane_stacks import PlaneStacks

__all__ = ["DepthBins", "IndexPattern", "Pieces", "StackGroup", "in_worker_threads", "stack_groups"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]
# Indices are taken to so many decimals: a band narrower than that would hold no light but the fastest of all modes.
INDEX_DECIMALS = 5
Part = TypeVar("Part")
Answer = TypeVar("Answer")
_limited = threading.Lock()


@dataclass(frozen=True, slots=True)
class DepthBins:
    """Where the fluence rate is asked for, (stacks, bins) each [mm]; a bin that begins where it ends is a point."""

    lower_mm: Array
    upper_mm: Array


@dataclass(frozen=True, slots=True)
class IndexPattern:
    """Which refractive indices of a stack are equal and which greater: stacks of one pattern are solved together.

    layers : rank of each layer's index, 1 the least of all indices in the stack
    above, below : rank of the media around, at most the highest of the layers
    endless : whether the last layer is without end
    """

    layers: tuple[int, ...]
    above: int
    below: int
    endless: bool

    @property
    def bands(self) -> int:
        """Number of bands; a layer of rank r carries the first r of them."""
        return max(self.layers)


@dataclass(frozen=True, slots=True)
class StackGroup:
    """Stacks of one index pattern, few of which differ in their indices; the stacks are on the last axis.

    members : (stacks,)                 their numbers
    which : (stacks,)                   the row in `indices` of each
    indices : (sets, layers + 2)        all different indices: above, of every layer, below [-]
    thickness_mm, mu_a_per_mm, mu_s_per_mm, g : (layers, stacks)
    lower_mm, upper_mm : (bins, stacks)   where the fluence rate is asked for
    """

    pattern: IndexPattern
    indices: Array
    members: Index
    which: Index
    thickness_mm: Array
    mu_a_per_mm: Array
    mu_s_per_mm: Array
    g: Array
    lower_mm: Array
    upper_mm: Array

    def take(self, some: NDArray[np.bool_]) -> StackGroup:
        """Some of the stacks; sets of indices that none of them has stay."""
        if some.all():
            return self
        arrays = {field.name: getattr(self, field.name)[..., some] for field in fields(self)[2:]}
        return StackGroup(self.pattern, self.indices, **arrays)

    def pieces(self, layers: Index) -> Pieces:
        """The parts of the bins in some of the layers."""
        edges = np.zeros((len(self.thickness_mm) + 1, len(self.members)))
        np.cumsum(self.thickness_mm, axis=0, out=edges[1:])
        top, bottom = edges[layers, None], edges[layers + 1, None]
        lower, upper = self.lower_mm, self.upper_mm
        start, end = np.maximum(lower, top), np.minimum(upper, bottom)
        # A point on an interface is of the layer below it.
        last = (layers == len(edges) - 2)[:, None, None]
        point = (upper == lower) & (start == lower) & ((lower < bottom) | last)
        layer, place, stack = at = np.nonzero((end > start) | point)
        width = np.maximum(end - start, 0.0)[at]
        whole = (upper - lower)[place, stack]
        is_point = whole == 0
        return Pieces(layer, stack, place, (width + is_point) / (whole + is_point), (start - top)[at], width)


@dataclass(frozen=True, slots=True)
class Pieces:
    """Parts of bins inside layers, (pieces,) each: layer, stack, bin, share of the bin, start and width in the layer.

    The layer is its place among those that were asked about.
    """

    layer: Index
    stack: Index
    place: Index
    share: Array
    start_mm: Array
    width_mm: Array


def stack_groups(stacks: PlaneStacks, bins: DepthBins, rows: slice) -> list[StackGroup]:
    """The index patterns that occur among some of the stacks; members are places among these."""
    around = (stacks.n_above[rows, None], stacks.n[rows], stacks.n_below[rows, None])
    indices = np.asarray(np.round(np.concatenate(around, axis=1), INDEX_DECIMALS), dtype=np.float64)
    endless = np.isinf(stacks.thickness_mm[rows, -1])
    # What lies below an endless layer is never met and must not make a band.
    indices[:, -1] = np.where(endless, indices[:, 1:-1].max(axis=1), indices[:, -1])
    alike: dict[tuple[bytes, bool], list[int]] = {}
    for place, end in enumerate(endless.tolist()):
        alike.setdefault((indices[place].tobytes(), end), []).append(place)
    patterns: dict[IndexPattern, list[list[int]]] = {}
    for (_, end), places in alike.items():
        patterns.setdefault(_pattern(indices[places[0]].tolist(), end), []).append(places)
    groups = []
    for pattern, sets in patterns.items():
        members = np.array([place for places in sets for place in places])
        by_layer = (stacks.thickness_mm, stacks.mu_a_per_mm, stacks.mu_s_per_mm, stacks.g)
        groups.append(
            StackGroup(
                pattern,
                indices[[places[0] for places in sets]],
                members,
                np.repeat(np.arange(len(sets)), [len(places) for places in sets]),
                *(values[rows][members].T for values in (*by_layer, bins.lower_mm, bins.upper_mm)),
            )
        )
    return groups


def _pattern(indices: list[float], endless: bool) -> IndexPattern:
    above, *layers, below = indices
    highest = max(layers)
    top, bottom = min(above, highest), min(below, highest)
    rank = {value: place for place, value in enumerate(sorted({*layers, top, bottom}), start=1)}
    return IndexPattern(tuple(rank[value] for value in layers), rank[top], rank[bottom], endless)


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
