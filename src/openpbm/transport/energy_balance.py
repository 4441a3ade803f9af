"""The books of a run: where the launched power went."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.history import ABSORBED, DIFFUSE, LOST, ROULETTE, SPECULAR, TRANSMITTED

__all__ = ["balance_error", "balance_terms"]


def balance_terms(mean: NDArray[np.float64]) -> dict[str, float]:
    """Fractions of the launched power by fate [-], from the mean totals per photon.

    `lost` is what was left in photons stopped at the step cap; `roulette_net` what roulette took less what it gave,
    zero on average.
    """
    return {
        "specular": float(mean[SPECULAR]),
        "diffuse_reflectance": float(mean[DIFFUSE]),
        "transmittance": float(mean[TRANSMITTED]),
        "absorbed": math.fsum(mean[ABSORBED:]),
        "lost": float(mean[LOST]),
        "roulette_net": float(mean[ROULETTE]),
    }


def balance_error(terms: dict[str, float]) -> float:
    """|1 - sum of all fates| [-]: rounding alone, below 1e-9, or a fault of the engine."""
    return abs(1.0 - math.fsum(terms.values()))
