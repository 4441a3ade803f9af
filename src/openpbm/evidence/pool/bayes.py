"""A pool with a prior: what the sham course makes plausible, weighed against what the trials found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from openpbm.evidence.pool.studies import Floats

__all__ = ["Posterior", "bayes_pool"]

_NODES = 400
_WIDEST = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """The posterior of the pooled effect, a mixture of normals over tau.

    means, sds, weights : (n,) its parts      tau : (n,)
    """

    means: Floats
    sds: Floats
    weights: Floats
    tau: Floats

    @property
    def mean(self) -> float:
        """Posterior mean of the effect."""
        return float(self.weights @ self.means)

    @property
    def sd(self) -> float:
        """Posterior standard deviation of the effect."""
        return float(np.sqrt(self.weights @ (self.sds**2 + self.means**2) - self.mean**2))

    def chance_below(self, bound: float) -> float:
        """Posterior probability that the pooled effect lies below the bound."""
        return float(self.weights @ ndtr((bound - self.means) / self.sds))

    def chance_new_below(self, bound: float) -> float:
        """Posterior probability that the true effect of a new study lies below the bound."""
        return float(self.weights @ ndtr((bound - self.means) / np.hypot(self.sds, self.tau)))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The central credible interval."""
        from scipy.optimize import brentq

        reach = 40.0 * float(self.sds.max())
        tail = (1.0 - level) / 2.0
        low, high = (
            brentq(lambda x, share=share: self.chance_below(x) - share, self.mean - reach, self.mean + reach)
            for share in (tail, 1.0 - tail)
        )
        return float(low), float(high)


def bayes_pool(
    effect: ArrayLike, variance: ArrayLike, *, prior_mean: float, prior_sd: float, tau_scale: float
) -> Posterior:
    """Posterior of a normal model of studies (`rover2020`), conjugate given tau and by quadrature over tau.

    prior_mean, prior_sd : of the pooled effect; for changes without a control the course under sham, so that a change
    of that size says nothing for the light
    tau_scale : of the half-normal prior of the standard deviation between studies, in the effect's unit
    """
    y, v = np.asarray(effect, float), np.asarray(variance, float)
    # Midpoints, so that no node lies at the edge where tau is zero.
    tau = (np.arange(_NODES) + 0.5) / _NODES * _WIDEST * tau_scale
    weight = 1.0 / (v + tau[:, None] ** 2)
    precision = weight.sum(axis=1) + prior_sd**-2
    means = ((weight * y).sum(axis=1) + prior_mean * prior_sd**-2) / precision
    misfit = (weight * y**2).sum(axis=1) + (prior_mean / prior_sd) ** 2 - means**2 * precision
    logs = 0.5 * (np.log(weight).sum(axis=1) - np.log(precision) - misfit - (tau / tau_scale) ** 2)
    shares = np.exp(logs - logs.max())
    return Posterior(means=means, sds=precision**-0.5, weights=shares / shares.sum(), tau=tau)
