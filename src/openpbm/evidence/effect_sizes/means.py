"""Effects from the mean, standard deviation and size of two groups; group 1 is the treated one."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from openpbm.evidence.effect_sizes.size import EffectSize, Floats, as_floats

__all__ = ["hedges_correction", "mean_difference", "ratio_of_means", "standardised_mean_difference"]


def mean_difference(
    mean1: ArrayLike, sd1: ArrayLike, n1: ArrayLike, mean2: ArrayLike, sd2: ArrayLike, n2: ArrayLike
) -> EffectSize:
    """Mean of group 1 less that of group 2, in the unit of the scale; the two may differ in spread.

    Variance: sd1^2 / n1 + sd2^2 / n2.   Source: `borenstein2009` eq. 12.5.

    >>> effect, variance = mean_difference(-7.2, 9.0, 67, -3.8, 9.0, 66)
    >>> round(float(effect), 2), round(float(variance), 3)
    (-3.4, 2.436)
    """
    m1, s1, k1, m2, s2, k2 = as_floats(mean1, sd1, n1, mean2, sd2, n2)
    return EffectSize(m1 - m2, s1**2 / k1 + s2**2 / k2)


def hedges_correction(degrees_of_freedom: ArrayLike) -> Floats:
    """The exact factor J that makes a standardised difference unbiased.

    degrees_of_freedom : n1 + n2 - 2, above 1
    J = Gamma(m/2) / (sqrt(m/2) Gamma((m-1)/2)).   Source: `hedges1981` eq. 6e.

    >>> round(float(hedges_correction(18)), 6)
    0.957646
    """
    (half,) = as_floats(np.asarray(degrees_of_freedom, float) / 2.0)
    return np.asarray(np.exp(gammaln(half) - 0.5 * np.log(half) - gammaln(half - 0.5)))


def standardised_mean_difference(
    mean1: ArrayLike, sd1: ArrayLike, n1: ArrayLike, mean2: ArrayLike, sd2: ArrayLike, n2: ArrayLike
) -> EffectSize:
    """Hedges' g: the difference in pooled standard deviations, with the exact J.

    n1 + n2 : 4 or more.   Variance: 1/n1 + 1/n2 + g^2 / (2 (n1 + n2)).   Source: `hedges1982` eq. 8.
    """
    m1, s1, k1, m2, s2, k2 = as_floats(mean1, sd1, n1, mean2, sd2, n2)
    freedom = k1 + k2 - 2.0
    pooled = np.sqrt(((k1 - 1.0) * s1**2 + (k2 - 1.0) * s2**2) / freedom)
    g = hedges_correction(freedom) * (m1 - m2) / pooled
    return EffectSize(g, 1.0 / k1 + 1.0 / k2 + g**2 / (2.0 * (k1 + k2)))


def ratio_of_means(
    mean1: ArrayLike, sd1: ArrayLike, n1: ArrayLike, mean2: ArrayLike, sd2: ArrayLike, n2: ArrayLike
) -> EffectSize:
    """Natural logarithm of mean 1 over mean 2; both means on one side of zero, on a scale with a true zero.

    Variance: sd1^2 / (n1 m1^2) + sd2^2 / (n2 m2^2).   Source: `hedges1999` eq. 1.
    """
    m1, s1, k1, m2, s2, k2 = as_floats(mean1, sd1, n1, mean2, sd2, n2)
    return EffectSize(np.log(m1 / m2), s1**2 / (k1 * m1**2) + s2**2 / (k2 * m2**2))
