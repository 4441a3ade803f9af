"""A stated irradiance without any geometry: believed to be even over the site, at that distance alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["EvenField"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvenField:
    """The same irradiance everywhere; the edge of the beam, and so its power, is not known."""

    level_mw_cm2: float

    @property
    def total_power_mw(self) -> None:
        """Unknown: an irradiance without an area has no power."""
        return None

    def irradiance_mw_cm2(self, x_mm: ArrayLike, y_mm: ArrayLike) -> NDArray[np.float64]:
        """Irradiance [mW/cm2], the same at every position (mm)."""
        return np.full(np.broadcast(np.asarray(x_mm), np.asarray(y_mm)).shape, self.level_mw_cm2)
