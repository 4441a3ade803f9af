"""The depth bins of a scene: where each begins and ends, and the cells that overlapping bins share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.scene import Scene

__all__ = ["bin_edges", "depth_cells"]

Array = NDArray[np.float64]
# Edges nearer than this are one edge: 0.3 - 0.05 and 0.2 + 0.05 must not leave a cell of rounding noise between them.
MERGE_DECIMALS = 10


def bin_edges(scene: Scene) -> tuple[Array, Array]:
    """(upper end, lower end) of every bin, its depth +- bin_mm / 2, cut at the ends of the stack [mm].

    >>> from openpbm.transport import Layer, Source
    >>> fat = Layer(name="fat", thickness_mm=5.0, mu_a_per_mm=0.01, mu_s_per_mm=12.0, g=0.9, n=1.44)
    >>> scene = Scene(layers=(fat,), source=Source(kind="pencil"), photons=2, depths_mm=(0.0, 2.0), bin_mm=0.5)
    >>> [edge.tolist() for edge in bin_edges(scene)]
    [[0.0, 1.75], [0.25, 2.25]]
    """
    centres = np.array(scene.depths_mm, dtype=np.float64)
    half = scene.bin_mm / 2
    lower = np.asarray(np.round(np.maximum(centres - half, 0.0), MERGE_DECIMALS), dtype=np.float64)
    return lower, np.minimum(np.round(centres + half, MERGE_DECIMALS), scene.thickness_mm)


def depth_cells(scene: Scene) -> tuple[Array, NDArray[np.intp], NDArray[np.intp], Array]:
    """Elementary depth cells and which of them make each asked bin.

    Returns (edges of the cells [mm], first cell of each bin, cell after its last, width of each bin [mm]). The cells
    cover the whole stack; overlapping bins share cells.
    """
    bottom = scene.thickness_mm
    lower, upper = bin_edges(scene)
    inner = np.unique(np.concatenate((lower, upper)))
    inner = inner[(inner > 0.0) & (inner < bottom)]
    edges = np.concatenate(([0.0], inner, [bottom]))
    first = np.searchsorted(edges, lower)
    after = np.searchsorted(edges, upper)
    return edges, first, after, upper - lower
