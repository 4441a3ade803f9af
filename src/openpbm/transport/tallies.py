"""From the totals of independent batches to means, standard errors and the fate of the launched power."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.history import ABSORBED, DIFFUSE, LOST, ROULETTE, SPECULAR, TRANSMITTED

__all__ = ["balance_error", "balance_terms", "batch_means"]

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


def balance_terms(mean: Array) -> dict[str, float]:
    """Fractions of the launched power by fate [-], from the mean totals per photon.

    `lost` is what was left in photons stopped at the step cap; `roulette_net` what roulette took less what it gave,
    zero on average.
    """
    return {
        "specular": float(mean[SPECULAR]),
        "diffuse_reflectance": float(mean[DIFFUSE]),
        "transmittance": float(mean[TRANSMITTED]),
        # fsum, since the check of the books below must see the engine's error and not that of a sum.
        "absorbed": math.fsum(mean[ABSORBED:]),
        "lost": float(mean[LOST]),
        "roulette_net": float(mean[ROULETTE]),
    }


def balance_error(terms: dict[str, float]) -> float:
    """|1 - sum of all fates| [-]: rounding alone, below 1e-9, or a fault of the engine."""
    return abs(1.0 - math.fsum(terms.values()))
