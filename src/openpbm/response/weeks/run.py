"""Equations 11-18 for many people: from stimuli to the states on the days asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openpbm.response.threads import over_people
from openpbm.response.weeks.answer import Answer, packed

__all__ = ["follow_people"]

Array = NDArray[np.float64]


def follow_people(people: Answer, stimuli: Array, session_days: Array, days: Array, treated_until: float) -> Array:
    """(people, days, states) as `kernel.STATES` orders them; the arguments as in `score.course_scores`."""
    # Imported here: whoever needs no course loads no compiler.
    from openpbm.response.weeks.kernel import follow

    records, given = packed(people), np.ascontiguousarray(stimuli)

    def part(some: slice) -> Array:
        return np.asarray(follow(records[some], given[some], session_days, days, treated_until))

    return over_people(part, len(records))
