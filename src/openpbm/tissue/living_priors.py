"""The composition and scattering of living tissue before conditioning: what the sources say, pooled.

Each parameter has a middle that sources estimate, each with an error, and a spread over people around it. The pooled
middle weighs the sources by the inverse square of their errors; one person's value differs from it by both.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.errors import FactsError
from openpbm.facts.living_tissue import PriorRow, prior_rows

__all__ = ["Prior", "parameters", "pooled_prior"]

# A fraction beyond these describes no tissue; the tail of a normal distribution would draw one.
_BOUNDS = {"saturation": (0.2, 0.99), "water": (0.02, 0.95), "lipid": (0.001, 0.95)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """One parameter of one tissue: lognormal (middle and spreads of the logarithm) or normal (in its unit).

    error : how far the middle over people may be off; people : how people differ around it

    >>> muscle = pooled_prior("muscle", "scatter_800_per_mm")
    >>> round(float(muscle.values(0.0)), 2), muscle.lognormal
    (0.7, True)
    """

    parameter: str
    lognormal: bool
    middle: float
    error: float
    people: float

    @property
    def spread(self) -> float:
        """One standard deviation of one person's value: error of the middle and spread over people together."""
        return math.hypot(self.error, self.people)

    def values(self, scores: ArrayLike) -> NDArray[np.float64]:
        """Values at standard normal scores, in the unit of the rows."""
        values = self.middle + self.spread * np.asarray(scores, dtype=np.float64)
        if self.lognormal:
            values = np.exp(values)
        low, high = _BOUNDS.get(self.parameter, (-math.inf, math.inf))
        return np.asarray(np.clip(values, low, high))


@functools.cache
def parameters() -> tuple[tuple[str, str], ...]:
    """Every (tissue, parameter) that has a prior, in the order of the rows."""
    return tuple(dict.fromkeys((row.tissue, row.parameter) for row in prior_rows()))


def pooled_prior(tissue: str, parameter: str, *, site: str = "", without: Collection[str] = ()) -> Prior:
    """What the sources together say of one parameter.

    site : a body site whose own rows, where it has any, stand in place of the general ones
    without : sources that are left out
    Raises FactsError where no estimate is left.
    """
    rows = [row for row in prior_rows() if (row.tissue, row.parameter) == (tissue, parameter)]
    of_site = [row for row in rows if row.site == site]
    rows = of_site or [row for row in rows if not row.site]
    people = next(row.spread for row in rows if row.role == "people")
    estimates = [row for row in rows if row.role == "estimate" and row.source not in without]
    if not estimates:
        raise FactsError(f"facts/data/tissue/living_priors.csv: no estimate of {parameter} of {tissue} is left")
    precision = np.array([row.spread**-2 for row in estimates])
    middles = np.array([_middle(row) for row in estimates])
    return Prior(
        parameter=parameter,
        lognormal=estimates[0].shape == "lognormal",
        middle=float(precision @ middles / precision.sum()),
        error=float(precision.sum() ** -0.5),
        people=people,
    )


def _middle(row: PriorRow) -> float:
    value = row.value * row.factor
    return math.log(value) if row.shape == "lognormal" else value
