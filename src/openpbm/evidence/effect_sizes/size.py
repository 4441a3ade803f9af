"""An effect and its sampling variance, study by study."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["EffectSize", "Floats", "as_floats"]

Floats = NDArray[np.float64]


class EffectSize(NamedTuple):
    """Effects and their variances, arrays of one shape; a logarithm for ratios."""

    effect: Floats
    variance: Floats


def as_floats(*values: ArrayLike) -> tuple[Floats, ...]:
    """The values as arrays of one shape."""
    return tuple(np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in values)))
