"""How far a lamp's stated output is to be believed."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.facts.exposure import OutputPrior, output_priors
from openpbm.facts.lamps import Lamp

__all__ = ["output_prior", "output_quantile"]

_Z_95 = 1.6448536269514722
# Beyond these the tails are the formula's, not the audits'.
_LOWEST_P, _HIGHEST_P = 0.001, 0.999


def output_prior(lamp: Lamp) -> OutputPrior:
    """The prior for this lamp's `output_status`: wide for a claim, narrow for a measurement.

    >>> from openpbm.facts.lamps import lamp_catalogue
    >>> output_prior(next(iter(lamp_catalogue))).safety_factor
    1.3
    """
    return output_priors[lamp.output_status]


def output_quantile(prior: OutputPrior, p: ArrayLike) -> NDArray[np.float64]:
    """The factor on the stated output below which a share p of lamps lies [-].

    p : float or array in [0, 1]. Log-normal on each side of the median, so that 0.05 gives `lower`, 0.5 `median`
    and 0.95 `upper`; p beyond 0.001 and 0.999 is held there.

    >>> from openpbm.facts.exposure import output_priors
    >>> [round(float(factor), 2) for factor in output_quantile(output_priors["claimed"], [0.05, 0.5, 0.95])]
    [0.4, 0.72, 1.3]
    """
    from scipy.special import ndtri

    # Two half-normals in logs: what audits found is skewed, most lamps give less than they claim and few give more.
    z = ndtri(np.clip(np.asarray(p, dtype=float), _LOWEST_P, _HIGHEST_P)) / _Z_95
    spread = np.where(z > 0.0, np.log(prior.upper / prior.median), np.log(prior.median / prior.lower))
    return np.asarray(prior.median * np.exp(z * spread))
