"""The grid on which light at depth is tallied: fine in the skin, coarser below, rings that widen outward."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["DEPTH_EDGES_MM", "DEPTH_MM", "RADIUS_EDGES_MM", "at_depth"]

# A tenth of a millimetre in the skin, where light changes fastest; two at the bottom, where few photons arrive.
DEPTH_EDGES_MM: NDArray[np.float64] = np.concatenate(
    [np.arange(0.0, 1.0, 0.1), np.arange(1.0, 4.0, 0.25), np.arange(4.0, 12.0, 0.5), np.arange(12.0, 30.0, 1.0),
     np.arange(30.0, 80.1, 2.0)]
)  # fmt: skip
DEPTH_MM: NDArray[np.float64] = 0.5 * (DEPTH_EDGES_MM[1:] + DEPTH_EDGES_MM[:-1])
# What wanders beyond 100 mm is not lost: it is tallied as one more ring, the overflow.
RADIUS_EDGES_MM: NDArray[np.float64] = np.array(
    [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 13.0, 16.0, 20.0, 25.0, 30.0, 40.0, 50.0, 70.0, 100.0]
)


def at_depth(values: NDArray[np.float64], depth_mm: float) -> float:
    """One profile read at a depth [mm], linear between the bins' centres."""
    # np.interp holds its end values, so nothing is extrapolated above the first centre or below the last.
    return float(np.interp(depth_mm, DEPTH_MM, values))
