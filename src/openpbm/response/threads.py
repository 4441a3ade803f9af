"""Work on many people shared over threads: each is computed alone, so that no bit depends on how many there are."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

__all__ = ["over_people"]

# People a thread takes at once: long enough that handing over costs nothing, short enough to share evenly.
_AT_ONCE = 250


def over_people(part: Callable[[slice], NDArray[np.float64]], count: int) -> NDArray[np.float64]:
    """What `part` gives for every slice of so many people, one below the other; it has to let go of the interpreter."""
    slices = [slice(first, first + _AT_ONCE) for first in range(0, count, _AT_ONCE)]
    if len(slices) == 1:
        return part(slices[0])
    # Imported here: whoever computes nothing loads no compiler. One of many workers has its share of the cores.
    from numba import config

    threads: int = config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]
    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(part, slices)))
