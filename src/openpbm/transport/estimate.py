"""Means and standard errors from the totals of independent batches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["batch_means"]

Array = NDArray[np.float64]


def batch_means(totals: Array, photons: NDArray[np.int64]) -> tuple[Array, Array]:
    """Mean per photon and its standard error, from one total per batch.

    totals : (batches, ...)   summed score of each batch
    photons : (batches,)      histories in each batch; batches may differ by one
    Returns (mean, standard error), each of the shape behind the first axis; the ratio estimator, exact for equal
    batches. The order of batches fixes the rounding, so equal totals give equal bits.

    >>> mean, error = batch_means(np.array([2.0, 4.0]), np.array([2, 2]))
    >>> float(mean), float(error)
    (1.5, 0.5)
    """
    launched = photons.sum()
    mean: Array = totals.sum(axis=0) / launched
    batches = len(photons)
    expected = photons.reshape(-1, *[1] * (totals.ndim - 1)) * mean
    spread = np.sum((totals - expected) ** 2, axis=0)
    error: Array = np.sqrt(spread * (batches / (batches - 1))) / launched
    return mean, error
