"""Whether what was gained was lost again once light had stopped."""

from __future__ import annotations

import math

from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.outcomes.measure import Measure

__all__ = ["off_known", "relapsed"]


def off_known(measure: Measure | None) -> bool:
    """Whether anything is written down from the days without light."""
    return measure is not None and measure.counts[2] > 0


def relapsed(measure: Measure | None) -> bool:
    """Half of the gain lost, by the plain means; False where there was no gain or nothing is known since."""
    if measure is None or not off_known(measure):
        return False
    gain = measure.better * (measure.baseline_mean - measure.recent_mean)
    lost = measure.better * (measure.off_mean - measure.recent_mean)
    return math.isfinite(gain) and gain > 0 and lost >= outcome_limit("relapse_share") * gain
