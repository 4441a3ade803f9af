"""What measurement error alone could do: the least error of a change, detectable change, reliable change."""

from __future__ import annotations

import math
from typing import TypedDict

from openpbm.facts.scales import Scale
from openpbm.outcomes.measures.measure import Measure
from openpbm.outcomes.measures.scoring import band_of
from openpbm.single_case.reliable_change import change_beyond_error, changes_in_errors

__all__ = ["ROUNDING_SD", "ReliableChange", "detectable_change", "least_error_of_change", "reliable_change"]

#: Standard deviation of what rounding to whole numbers hides: 1 / sqrt(12).
ROUNDING_SD = math.sqrt(1.0 / 12.0)
#: Daily ratings are read as means of a week.
_DAYS_OF_A_SCORE = 7


class ReliableChange(TypedDict):
    """The reliable change index; `beyond_error` is whether the change is larger than measurement error makes."""

    index: float
    detectable_change_95: float
    beyond_error: bool
    band_before: str | None
    band_now: str | None
    error: float
    sd: float | None
    test_retest: float | None
    kind: str
    source: str
    verified: bool


def least_error_of_change(
    scale: Scale, before: int, recent: int, *, level: float = math.nan, daily: bool = False
) -> float:
    """Least standard error of a difference of means of so many values, in points; where the error of the scale is
    not published, what rounding to whole numbers alone leaves open.

    It falls with the number of values as chance does, and never below the error of one score: whoever reads a scale
    their own way does so each time, and no repetition averages that out.

    level : mean before the light, for an error that grows with the score
    daily : the values are days of a diary, whose score is the mean of a week

    >>> from openpbm.facts.scales import scales
    >>> [round(least_error_of_change(scales["irls"], n, n), 2) for n in (1, 2, 8)]
    [3.06, 2.16, 2.16]
    """
    root = math.sqrt(1.0 / before + 1.0 / recent)
    if scale.reliability is None:
        return ROUNDING_SD * root
    one = scale.reliability.error_at(level)
    if daily:
        return one * max(root, 1.0 / math.sqrt(_DAYS_OF_A_SCORE))
    return one * max(root, 1.0)


def detectable_change(measure: Measure) -> float | None:
    """MDC95 of one pair of scores, in points; None where the scale's error is not known here."""
    reliability = measure.scale.reliability
    if reliability is None or measure.source != "scores" or math.isnan(measure.baseline_mean):
        return None
    return float(change_beyond_error(reliability.error_at(measure.baseline_mean)))


def reliable_change(measure: Measure) -> ReliableChange | None:
    """Jacobson and Truax's index of the means, with the bands before and now; None for a diary or an unknown error.

    It takes the means as if each were one score, which is the cautious way.
    """
    reliability = measure.scale.reliability
    detectable = detectable_change(measure)
    if reliability is None or detectable is None or math.isnan(measure.estimate):
        return None
    error = reliability.error_at(measure.baseline_mean)
    index = changes_in_errors(measure.baseline_mean, measure.recent_mean, error, better=measure.scale.direction)
    return {
        "index": float(index),
        "detectable_change_95": detectable,
        "beyond_error": bool(abs(measure.estimate) > detectable),
        "band_before": band_of(measure.scale, measure.baseline_mean),
        "band_now": band_of(measure.scale, measure.recent_mean),
        "error": error,
        "sd": reliability.sd,
        "test_retest": reliability.test_retest,
        "kind": reliability.kind,
        "source": reliability.source,
        "verified": reliability.verified,
    }
