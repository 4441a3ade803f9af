"""Many pools of studies at once: effects, their variances and what may explain them, as arrays of one shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Bools", "Floats", "Studies", "WeightedFit", "make_studies", "weighted_fit"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Studies:
    """`m` pools of `k` places each; a place may be empty.

    effect, variance : (m, k), 0 and 1 at an empty place
    present : (m, k) whether a study stands there
    basis : (m, k, p) orthonormal columns that span the design, so that years and doses pool as exactly as a mean
    back : (m, p, p) from coefficients of the basis to those of the design
    """

    effect: Floats
    variance: Floats
    present: Bools
    basis: Floats
    back: Floats

    @property
    def count(self) -> Floats:
        """Studies of each pool, (m,)."""
        return np.asarray(self.present.sum(axis=1), float)

    @property
    def terms(self) -> int:
        """Coefficients of the model, the intercept among them."""
        return int(self.basis.shape[2])

    @property
    def degrees_of_freedom(self) -> Floats:
        """Studies less coefficients, (m,)."""
        return self.count - self.terms

    def take(self, which: Bools | NDArray[np.int_]) -> Studies:
        """The pools of these numbers alone."""
        return Studies(
            effect=self.effect[which],
            variance=self.variance[which],
            present=self.present[which],
            basis=self.basis[which],
            back=self.back[which],
        )


def make_studies(effect: ArrayLike, variance: ArrayLike, design: ArrayLike | None = None) -> Studies:
    """The studies of many pools, or of one.

    effect, variance : (k,) or (m, k); a NaN in either leaves the place empty
    design : (k, p) or (m, k, p), the first column mostly ones; None for a mean alone
    Raises ValueError for a variance that is not above zero.
    """
    values, spread = np.broadcast_arrays(np.atleast_2d(np.asarray(effect, float)), np.atleast_2d(variance))
    present = np.isfinite(values) & np.isfinite(spread)
    if np.any(spread[present] <= 0.0):
        raise ValueError("every variance must be above 0")
    terms = np.ones((*values.shape, 1))
    if design is not None:
        given = np.asarray(design, float)
        terms = np.broadcast_to(given, (len(values), *given.shape[-2:]))
    orthonormal, triangle = np.linalg.qr(terms * present[..., None])
    return Studies(
        effect=np.where(present, values, 0.0),
        variance=np.where(present, spread, 1.0),
        present=present,
        basis=orthonormal,
        back=np.linalg.inv(triangle),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedFit:
    """Weighted least squares of each pool, in the coordinates of its basis.

    weight, residual : (m, k)      coefficients : (m, p)      covariance : (m, p, p)
    q : (m,) weighted sum of the squared residuals
    """

    weight: Floats
    residual: Floats
    coefficients: Floats
    covariance: Floats
    q: Floats

    def power_sum(self, studies: Studies, power: int) -> Floats:
        """X'W^power X of each pool, (m, p, p)."""
        return np.asarray(np.matmul(_turned(studies.basis * self.weight[..., None] ** power), studies.basis))

    def trace(self, studies: Studies) -> Floats:
        """Trace of P = W - W X (X'W X)^-1 X'W, (m,)."""
        return np.asarray(self.weight.sum(axis=1) - _trace_of_product(self.covariance, self.power_sum(studies, 2)))

    def trace_of_square(self, studies: Studies) -> Floats:
        """Trace of P P, (m,)."""
        hat = np.matmul(self.covariance, self.power_sum(studies, 2))
        third = _trace_of_product(self.covariance, self.power_sum(studies, 3))
        return np.asarray((self.weight**2).sum(axis=1) - 2.0 * third + _trace_of_product(hat, hat))

    def cubic_form(self, studies: Studies) -> Floats:
        """y' P P P y, (m,)."""
        projected = self.weight * self.residual
        twice = self.weight * projected
        explained = np.matmul(_turned(studies.basis), twice[..., None])
        inside = np.matmul(_turned(explained), np.matmul(self.covariance, explained))[:, 0, 0]
        return np.asarray((projected * twice).sum(axis=1) - inside)


def weighted_fit(studies: Studies, tau2: Floats | float) -> WeightedFit:
    """Weighted least squares with weights 1 / (variance + tau2).

    tau2 : (m,) or one number, variance between studies in the unit of the effect squared
    """
    weight = studies.present / (studies.variance + np.broadcast_to(tau2, len(studies.effect))[:, None])
    weighted = _turned(studies.basis * weight[..., None])
    covariance = np.linalg.inv(np.matmul(weighted, studies.basis))
    coefficients = np.matmul(covariance, np.matmul(weighted, studies.effect[..., None]))[..., 0]
    residual = studies.present * (studies.effect - np.matmul(studies.basis, coefficients[..., None])[..., 0])
    q = (weight * residual**2).sum(axis=1)
    return WeightedFit(weight=weight, residual=residual, coefficients=coefficients, covariance=covariance, q=q)


def _turned(matrices: Floats) -> Floats:
    return np.swapaxes(matrices, 1, 2)


def _trace_of_product(first: Floats, second: Floats) -> Floats:
    return np.asarray((first * _turned(second)).sum(axis=(1, 2)))
