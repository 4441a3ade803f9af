"""Effects from people with an event among all of a group; group 1 is the treated one.

A study with an empty cell gets one half added to each of its four cells, no other study does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from openpbm.evidence.effect_sizes.size import EffectSize, Floats, as_floats

__all__ = ["odds_ratio", "peto_odds_ratio", "rate_ratio", "risk_difference", "risk_ratio"]

_ADDED = 0.5


def risk_ratio(events1: ArrayLike, n1: ArrayLike, events2: ArrayLike, n2: ArrayLike) -> EffectSize:
    """Natural logarithm of the ratio of the risks.

    Variance: 1/a - 1/(a+b) + 1/c - 1/(c+d).   Source: `borenstein2009` eq. 5.3; one half added as above.

    >>> effect, variance = risk_ratio(4, 123, 11, 139)
    >>> round(float(effect), 4), round(float(variance), 4)
    (-0.8893, 0.3256)
    """
    a, b, c, d = _cells(events1, n1, events2, n2)
    return EffectSize(np.log(a / (a + b)) - np.log(c / (c + d)), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))


def odds_ratio(events1: ArrayLike, n1: ArrayLike, events2: ArrayLike, n2: ArrayLike) -> EffectSize:
    """Natural logarithm of the ratio of the odds.

    Variance: 1/a + 1/b + 1/c + 1/d (Woolf).   Source: `borenstein2009` eq. 5.10; one half added as above.
    """
    a, b, c, d = _cells(events1, n1, events2, n2)
    return EffectSize(np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d)


def risk_difference(events1: ArrayLike, n1: ArrayLike, events2: ArrayLike, n2: ArrayLike) -> EffectSize:
    """Risk of group 1 less that of group 2, from -1 to 1.

    Variance: ab/(a+b)^3 + cd/(c+d)^3.   Source: `borenstein2009` eq. 5.16; one half added as above.
    """
    a, b, c, d = _cells(events1, n1, events2, n2)
    return EffectSize(a / (a + b) - c / (c + d), a * b / (a + b) ** 3 + c * d / (c + d) ** 3)


def peto_odds_ratio(events1: ArrayLike, n1: ArrayLike, events2: ArrayLike, n2: ArrayLike) -> EffectSize:
    """Logarithm of the odds ratio by one step from no effect, for rare events in groups of like size.

    Observed less expected events over their hypergeometric variance V; variance 1 / V. No half is added; a study
    without any event, or with nothing else, says nothing and gives NaN.   Source: `yusuf1985`.
    """
    a, size1, c, size2 = as_floats(events1, n1, events2, n2)
    events, everybody = a + c, size1 + size2
    spread = size1 * size2 * events * (everybody - events) / (everybody**2 * (everybody - 1.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        known = np.where(spread > 0.0, spread, np.nan)
    return EffectSize((a - size1 * events / everybody) / known, 1.0 / known)


def rate_ratio(events1: ArrayLike, time1: ArrayLike, events2: ArrayLike, time2: ArrayLike) -> EffectSize:
    """Logarithm of the ratio of two rates: events by the time people were watched, in one unit for both.

    Variance: 1/x1 + 1/x2; one half added to both counts of a study without events in one.
    Source: `rothman2008` ch. 14.
    """
    x1, t1, x2, t2 = as_floats(events1, time1, events2, time2)
    added = _ADDED * ((x1 == 0) | (x2 == 0))
    x1, x2 = x1 + added, x2 + added
    return EffectSize(np.log(x1 / t1) - np.log(x2 / t2), 1 / x1 + 1 / x2)


def _cells(
    events1: ArrayLike, n1: ArrayLike, events2: ArrayLike, n2: ArrayLike
) -> tuple[Floats, Floats, Floats, Floats]:
    a, size1, c, size2 = as_floats(events1, n1, events2, n2)
    b, d = size1 - a, size2 - c
    added = _ADDED * ((a == 0) | (b == 0) | (c == 0) | (d == 0))
    return a + added, b + added, c + added, d + added
