"""Whether what was gained was lost again once light had stopped."""

from __future__ import annotations

import math
from collections.abc import Sequence

from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.outcomes.harm.adverse_events import GradedEvent
from openpbm.outcomes.measures import Measure, Phases

__all__ = ["off_known", "relapsed"]


def off_known(measure: Measure | None, events: Sequence[GradedEvent], phases: Phases) -> bool:
    """Whether anything is written down about the days without light."""
    return _enough_off(measure) or _written(events, phases)


def relapsed(measure: Measure | None, events: Sequence[GradedEvent], phases: Phases) -> bool:
    """A relapse was written down after the last session, or half of the gain was lost by the plain means.

    False where there was no gain or nothing is known since.
    """
    if _written(events, phases):
        return True
    if measure is None or not _enough_off(measure):
        return False
    # By the plain means: the fitted series ends with the recent days and says nothing of those after the light.
    gain = measure.sign * (measure.baseline_mean - measure.recent_mean)
    lost = measure.sign * (measure.off_mean - measure.recent_mean)
    return math.isfinite(gain) and gain > 0 and lost >= outcome_limit("relapse_share") * gain


def _enough_off(measure: Measure | None) -> bool:
    """One bad day is no relapse: a diary needs several days without light; a questionnaire speaks of a whole week."""
    if measure is None:
        return False
    return measure.counts[2] >= (outcome_limit("least_off_days") if measure.source == "diary" else 1)


def _written(events: Sequence[GradedEvent], phases: Phases) -> bool:
    last = phases.last_given
    return last is not None and any(event.what == "relapse" and event.date > last for event in events)
