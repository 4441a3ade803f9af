"""Weights of the forms of dose by how they predict what was left out; loads no JAX."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize


def stacked(left_out: np.ndarray, trust: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Weights of forms, (forms,): those that predict best what was left out, (sets, forms), each set by its trust.

    before : weights before data, which count as one set that is wholly trusted; zeros, and only predictions count
    """
    scaled = np.exp(left_out - left_out.max(axis=1, keepdims=True))

    def loss(free: np.ndarray) -> float:
        weights = np.exp(free - np.logaddexp.reduce(free))
        return -float(trust @ np.log(scaled @ weights + 1e-300) + before @ np.log(weights + 1e-300))

    best = minimize(loss, np.zeros(left_out.shape[1]), method="Nelder-Mead", options={"maxiter": 20_000, "xatol": 1e-8})
    return np.asarray(np.exp(best.x - np.logaddexp.reduce(best.x)))
