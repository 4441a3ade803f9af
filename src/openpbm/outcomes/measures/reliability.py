"""What measurement error alone could do on a questionnaire: reliable change, detectable change, expected drift."""

from __future__ import annotations

import math
from typing import TypedDict

from openpbm.outcomes.measures.measure import Measure
from openpbm.outcomes.measures.scoring import band_of
from openpbm.single_case.reliable_change import minimal_detectable_change, reliable_change_index

__all__ = ["ReliableChange", "detectable_change", "reliable_change"]


class ReliableChange(TypedDict):
    """The reliable change index; `beyond_error` is whether the change is larger than measurement error makes."""

    index: float
    detectable_change_95: float
    beyond_error: bool
    band_before: str | None
    band_now: str | None
    sd: float
    test_retest: float
    source: str
    verified: bool


def detectable_change(measure: Measure) -> float | None:
    """MDC95 of one pair of scores, in points; None where the scale's error is not known here."""
    reliability = measure.scale.reliability
    if reliability is None or measure.source != "scores":
        return None
    return float(minimal_detectable_change(reliability.sd, reliability.test_retest))


def reliable_change(measure: Measure) -> ReliableChange | None:
    """Jacobson and Truax's index of the means, with the bands before and now; None for a diary or an unknown error.

    It takes the means as if each were one score, which is the cautious way.
    """
    reliability = measure.scale.reliability
    detectable = detectable_change(measure)
    if reliability is None or detectable is None or math.isnan(measure.estimate):
        return None
    index = reliable_change_index(
        measure.baseline_mean,
        measure.recent_mean,
        reliability.sd,
        reliability.test_retest,
        better=measure.scale.direction,
    )
    return {
        "index": float(index),
        "detectable_change_95": detectable,
        "beyond_error": bool(abs(measure.estimate) > detectable),
        "band_before": band_of(measure.scale, measure.baseline_mean),
        "band_now": band_of(measure.scale, measure.recent_mean),
        "sd": reliability.sd,
        "test_retest": reliability.test_retest,
        "source": reliability.source,
        "verified": reliability.verified,
    }
