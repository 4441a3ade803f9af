"""What a pool hangs on: each study left out, its pull on the estimate, and moderators tested by permutation."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.evidence.pool.fit import Pooled, pool
from openpbm.evidence.pool.heterogeneity import Model
from openpbm.evidence.pool.studies import Floats, Studies, make_studies, weighted_fit

__all__ = ["Influence", "influence", "leave_one_out", "permutation_p_values"]

_MOST_EXACT = 5040
_SLACK = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """Each study's pull, (k,) (`viechtbauer2010`).

    hat : share of its own fitted value that it sets itself
    deleted_residual : its residual from the pool of the others, over that residual's own error
    cook : how far all coefficients move without it, in units of their covariance
    tau2_without : tau2 of the others
    """

    hat: Floats
    deleted_residual: Floats
    cook: Floats
    tau2_without: Floats


def leave_one_out(
    studies: Studies,
    model: Model = "reml",
    *,
    knapp_hartung: bool = False,
    floor: bool = False,
    level: float = 0.95,
) -> Pooled:
    """The pool without each study in turn: k pools at once, the first without the first study."""
    return pool(_each_left_out(studies), model, knapp_hartung=knapp_hartung, floor=floor, level=level)


def influence(studies: Studies, model: Model = "reml") -> Influence:
    """Hat values, deleted residuals and Cook's distances of the studies of one pool, by the normal test."""
    full = pool(studies, model)
    others = pool(_each_left_out(studies), model)
    fit = weighted_fit(studies, full.tau2)
    basis, weight = studies.basis[0], fit.weight[0]
    hat = np.einsum("kp,pq,kq->k", basis, fit.covariance[0], basis) * weight
    design = basis @ np.linalg.inv(studies.back[0])
    own = np.einsum("kp,kpq,kq->k", design, others.covariance, design)
    residual = studies.effect[0] - np.einsum("kp,kp->k", design, others.coefficients)
    moved = full.coefficients - others.coefficients
    cook = np.einsum("kp,pq,kq->k", moved, np.linalg.inv(full.covariance[0]), moved)
    return Influence(
        hat=hat,
        deleted_residual=residual / np.sqrt(studies.variance[0] + others.tau2 + own),
        cook=cook,
        tau2_without=others.tau2,
    )


def _each_left_out(studies: Studies) -> Studies:
    """k pools out of the one, each with an empty place; one is expected."""
    if len(studies.effect) != 1:
        raise ValueError("one pool is expected")
    count = studies.effect.shape[1]
    effect = np.where(np.eye(count, dtype=bool), np.nan, studies.effect)
    design = studies.basis[0] @ np.linalg.inv(studies.back[0])
    return make_studies(effect, np.broadcast_to(studies.variance, effect.shape), design)


def permutation_p_values(
    effect: Floats,
    variance: Floats,
    design: Floats,
    model: Model = "reml",
    *,
    permutations: int = 1000,
    seed: int = 0,
) -> Floats:
    """Two-sided p of every column of the design but the first, by moving its rows between studies (`higgins2004`).

    design : (k, p), the first column ones
    Every order where there are no more than 5,040, else `permutations` drawn ones; the order as it stands counts too.
    As in the paper the statistic is z, with tau2 estimated again in each. Returns (p - 1,).
    """
    orders = _orders(len(effect), permutations, seed)
    fits = pool(make_studies(np.broadcast_to(effect, orders.shape), variance, design[orders]), model)
    size = np.abs(fits.statistics[:, 1:])
    # The first order is the one as it stands; equal statistics must count as such whatever the rounding.
    return np.asarray((size >= size[0] * (1.0 - _SLACK)).mean(axis=0))


def _orders(count: int, permutations: int, seed: int) -> NDArray[np.int_]:
    if count < 8 and math.factorial(count) <= _MOST_EXACT:
        return np.array(list(itertools.permutations(range(count))))
    chance = np.random.default_rng(seed)
    drawn = [chance.permutation(count) for _ in range(permutations - 1)]
    return np.array([np.arange(count), *drawn])
