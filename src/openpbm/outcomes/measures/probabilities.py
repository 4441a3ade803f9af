"""How probable it is that the change is real, and that it passes each published threshold, under a flat prior."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, TypedDict

from openpbm.facts.scales import Threshold
from openpbm.outcomes.measures.measure import Measure, ValueSource, finite_or_none
from openpbm.outcomes.measures.reliability import detectable_change
from openpbm.outcomes.measures.sham_course import ShamRow, better_than_sham, sham_row

__all__ = ["Probabilities", "ThresholdRow", "compute_probabilities", "withheld_probabilities"]

Unknown = Literal["unknown"]
#: What is said where a scale has no published sham course.
UNKNOWN: Unknown = "unknown"


class DecidingMeasure(TypedDict):
    """Which measure decides."""

    scale: str
    source: ValueSource


class ThresholdRow(TypedDict):
    """One threshold and how probable it is that the change passes it."""

    scale: str
    source_of_values: ValueSource
    id: str
    label: str
    kind: str
    change: float | None
    probability: float | None
    source: str
    verified: bool


class Probabilities(TypedDict):
    """What is probable about the change; null while nothing may be said of symptoms."""

    measure: DecidingMeasure | None
    below_zero: float | None
    thresholds: list[ThresholdRow]
    better_than_sham: float | Unknown | None
    sham_course: ShamRow | Unknown | None


def withheld_probabilities() -> Probabilities:
    """The same keys without a number, for a checkpoint that is too early to speak of symptoms."""
    return {"measure": None, "below_zero": None, "thresholds": [], "better_than_sham": None, "sham_course": None}


def compute_probabilities(deciding: Measure | None, measures: Sequence[Measure]) -> Probabilities:
    """P(change < 0) of the deciding measure, P(past each threshold) of every measure, and against sham where known.

    Changes are turned so that negative is better. Thresholds meant for groups are listed and say so.
    """
    if deciding is None:
        nothing = withheld_probabilities()
        nothing["better_than_sham"] = nothing["sham_course"] = UNKNOWN
        return nothing
    others = (m for m in measures if m is not deciding)
    sufficient = [m for m in (deciding, *others) if not m.insufficient_reason]
    content: Probabilities = {
        "measure": {"scale": deciding.scale.id, "source": deciding.source},
        "below_zero": finite_or_none(deciding.probability_below(0.0)),
        "thresholds": [row for m in sufficient for row in _thresholds(m)],
        "better_than_sham": UNKNOWN,
        "sham_course": UNKNOWN,
    }
    compared = next((m for m in sufficient if better_than_sham(m) is not None), None)
    if compared is not None:
        content["better_than_sham"] = better_than_sham(compared)
        content["sham_course"] = sham_row(compared)
    return content


def _thresholds(measure: Measure) -> list[ThresholdRow]:
    published: list[ThresholdRow] = [
        {
            "scale": measure.scale.id,
            "source_of_values": measure.source,
            "id": threshold.id,
            "label": threshold.label,
            "kind": threshold.kind,
            "change": finite_or_none(limit),
            "probability": finite_or_none(_past(measure, threshold, limit)),
            "source": threshold.source,
            "verified": threshold.verified,
        }
        for threshold in measure.scale.thresholds
        if not threshold.subscale and (limit := _limit(measure, threshold)) is not None
    ]
    return published + _beyond_error(measure)


def _beyond_error(measure: Measure) -> list[ThresholdRow]:
    """The smallest change that measurement error would rarely make, beside the thresholds that say what matters."""
    size = detectable_change(measure)
    reliability = measure.scale.reliability
    if size is None or reliability is None:
        return []
    row: ThresholdRow = {
        "scale": measure.scale.id,
        "source_of_values": measure.source,
        "id": "detectable_change",
        "label": "more than measurement error between two scores",
        "kind": "measurement_error",
        "change": -measure.sign * size,
        "probability": finite_or_none(measure.probability_below(-size)),
        "source": reliability.source,
        "verified": reliability.verified,
    }
    return [row]


def _limit(measure: Measure, threshold: Threshold) -> float | None:
    """The threshold as a change in the scale's own units; None where the baseline it needs is not known."""
    if threshold.change is not None:
        return threshold.change
    if math.isnan(measure.baseline_mean):
        return None
    if threshold.fraction is not None:
        return threshold.fraction * measure.baseline_mean
    if threshold.level is None:
        return None
    return threshold.level - measure.baseline_mean


def _past(measure: Measure, threshold: Threshold, limit: float) -> float:
    below = measure.probability_below(measure.sign * limit)
    if threshold.kind == "deterioration":
        return 1.0 - below
    return below
