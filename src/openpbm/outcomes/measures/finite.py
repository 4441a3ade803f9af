"""Numbers that may not be known, as JSON can hold them."""

from __future__ import annotations

import math

__all__ = ["finite_or_none"]


def finite_or_none(value: float) -> float | None:
    """The number, or None where it is not finite, which is how the statistics here say "cannot be told".

    >>> finite_or_none(1.5), finite_or_none(float("nan"))
    (1.5, None)
    """
    return float(value) if math.isfinite(value) else None
