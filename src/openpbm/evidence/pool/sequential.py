"""A pool that is looked at after every trial: how much there must be before a look can decide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from openpbm.evidence.pool.fit import pool
from openpbm.evidence.pool.heterogeneity import Model
from openpbm.evidence.pool.studies import Floats, make_studies

__all__ = ["SequentialView", "sequential_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SequentialView:
    """After each trial in its order, (k,): estimate, z, share of the information needed, and the bound for z.

    crossed : the first look at which |z| passed its bound, counted from 1; None where none did
    """

    estimates: Floats
    z: Floats
    fraction: Floats
    bound: Floats
    crossed: int | None


def sequential_view(
    effect: ArrayLike,
    variance: ArrayLike,
    *,
    important: float,
    alpha: float = 0.05,
    power: float = 0.9,
    model: Model = "reml",
) -> SequentialView:
    """The cumulative pool with bounds of O'Brien and Fleming (`wetterslev2008`).

    important : the smallest effect worth finding; the information needed is ((z_alpha + z_power) / important)^2
    The bound is z_alpha over the root of the fraction, and never below z_alpha.
    """
    y, v = np.asarray(effect, float), np.asarray(variance, float)
    looks = np.where(np.tri(len(y), dtype=bool), y, np.nan)
    fits = pool(make_studies(looks[1:], np.broadcast_to(v, looks[1:].shape)), model)
    estimates = np.concatenate([y[:1], fits.coefficients[:, 0]])
    errors = np.concatenate([np.sqrt(v[:1]), fits.standard_errors[:, 0]])
    usual = float(ndtri(1.0 - alpha / 2.0))
    fraction = errors**-2 * (important / (usual + float(ndtri(power)))) ** 2
    bound = usual / np.sqrt(np.minimum(fraction, 1.0))
    passed = np.flatnonzero(np.abs(estimates / errors) >= bound)
    return SequentialView(
        estimates=estimates,
        z=estimates / errors,
        fraction=fraction,
        bound=bound,
        crossed=int(passed[0]) + 1 if passed.size else None,
    )
