"""What the days before the light did by themselves: already falling, or ending in a bad spell."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openpbm.outcomes.measures.measure import Measure

__all__ = ["BASELINE_WORDS", "BaselineCourse", "baseline_course", "weekly_slope"]

BaselineCourse = Literal["falling", "bad_spell", "level", "unknown"]

#: What each means for a change that is said to be one, "" where there is nothing to warn of.
BASELINE_WORDS: dict[BaselineCourse, str] = {
    "falling": "The ratings were already getting better before the light began, and may have gone on without it.",
    "bad_spell": (
        "The light began in a bad spell: the last week before it was worse than the days before, "
        "and bad spells pass by themselves."
    ),
    "level": "",
    "unknown": "",
}
#: From this probability on a fall or a bad spell is spoken of.
_PROBABILITY = 0.95
_LAST_DAYS = 7
_LEAST_DAYS = 4


def baseline_course(measure: Measure | None) -> BaselineCourse:
    """What the baseline of a daily measure did; `unknown` for a questionnaire and where there are too few days."""
    if measure is None or measure.source != "diary":
        return "unknown"
    before = {r.date.toordinal(): measure.sign * r.value for r in measure.readings if r.phase == "baseline"}
    if not before:
        return "unknown"
    first, last = min(before), max(before)
    values = np.array([before.get(day, math.nan) for day in range(first, last + 1)])
    # A bad week at the end hides a fall that came before it, so it is looked for first.
    if _worse_at_the_end(values):
        return "bad_spell"
    _, rising = weekly_slope(values)
    if math.isnan(rising):
        return "unknown"
    return "falling" if 1.0 - rising >= _PROBABILITY else "level"


def weekly_slope(values: NDArray[np.float64]) -> tuple[float, float]:
    """Slope of some days [points a week] and P(slope > 0), nan where it cannot be told."""
    from openpbm.single_case.interrupted_series import fit_series

    day = np.arange(len(values), dtype=np.float64)
    # Seven times the daily slope, so that estimate and error come out in points a week together.
    fit = fit_series(values, np.column_stack([np.ones(len(values)), day]), np.array([[0.0, 7.0]]))
    return float(fit.estimate[0, 0]), 1.0 - float(fit.probability_below(0.0)[0, 0])


def _worse_at_the_end(values: NDArray[np.float64]) -> bool:
    from openpbm.single_case.interrupted_series import fit_series

    late = np.arange(len(values)) >= len(values) - _LAST_DAYS
    seen = ~np.isnan(values)
    if min(int((seen & late).sum()), int((seen & ~late).sum())) < _LEAST_DAYS:
        return False
    design = np.column_stack([np.ones(len(values)), late.astype(np.float64)])
    fit = fit_series(values, design, np.array([[0.0, 1.0]]))
    step, worse = float(fit.estimate[0, 0]), 1.0 - float(fit.probability_below(0.0)[0, 0])
    # A step of less than one point is no spell, however sure.
    return math.isfinite(step) and step >= 1.0 and worse >= _PROBABILITY
