"""Between a scene and the arrays of the compiled code: into them before a run, and what its totals mean after it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from openpbm.transport.history import (
    ABSORBED,
    DIFFUSE,
    ISOTROPIC,
    LAMBERTIAN,
    LOST,
    PLANE,
    ROULETTE,
    SPECULAR,
    TABULATED,
    TRANSMITTED,
)
from openpbm.transport.scene import Scene

__all__ = [
    "balance_error",
    "balance_terms",
    "batch_means",
    "source_numbers",
    "stack_array",
]

Array = NDArray[np.float64]


def stack_array(scene: Scene) -> Array:
    """Rows top, bottom [mm], mu_a, mu_s [1/mm], g, n of the medium above, each layer, the medium below."""
    rows = [(-math.inf, 0.0, 0.0, 0.0, 0.0, scene.n_above)]
    top = 0.0
    for layer in scene.layers:
        bottom = math.inf if layer.thickness_mm is None else top + layer.thickness_mm
        rows.append((top, bottom, layer.mu_a_per_mm, layer.mu_s_per_mm, layer.g, layer.n))
        top = bottom
    rows.append((top, math.inf, 0.0, 0.0, 0.0, scene.n_below))
    return np.array(rows)


def source_numbers(scene: Scene) -> tuple[int, float, Array]:
    """Kind, its one number (cosine of incidence or depth [mm]) and the tabulated cosines."""
    source = scene.source
    cosines = np.array(source.cosines or (1.0,), dtype=np.float64)
    match source.kind:
        case "pencil":
            return PLANE, 1.0, cosines
        case "uniform":
            return PLANE, math.cos(math.radians(source.incidence_deg)), cosines
        case "lambertian":
            return LAMBERTIAN, 1.0, cosines
        case "isotropic":
            return ISOTROPIC, float(source.depth_mm or 0.0), cosines
        case "tabulated":
            return TABULATED, 1.0, cosines


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
