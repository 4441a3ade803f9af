"""Days and hours that a person chose: a dialysis chair, a shift, somebody who can help."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import combinations, pairwise

from openpbm.errors import BadInput, Problem
from openpbm.facts.rules import computed
from openpbm.reason import Reason

__all__ = ["chosen_hour", "days_that_suit", "hour_of_dialysis"]

_DAYS_A_WEEK = 7


def days_that_suit(start: dt.date, weekdays: Sequence[str], per_week: int) -> tuple[int, ...]:
    """Days after the first of each week of the course, of those named, spread as far as they allow.

    weekdays : in lower case, as a case file has them
    Raises BadInput where fewer days are named than sessions a week are planned: nobody's choice is changed silently.

    >>> days_that_suit(dt.date(2026, 12, 1), ["tuesday", "wednesday", "thursday", "saturday"], 3)
    (0, 2, 4)
    """
    ahead = [day for day in range(_DAYS_A_WEEK) if _weekday(start, day) in weekdays]
    if len(ahead) < per_week:
        named, remedy = ", ".join(weekdays), f"name {per_week} or more, or ask for fewer sessions (--per-week)"
        raise BadInput(Problem("course.weekdays", named, f"fewer days than the {per_week} sessions a week", remedy))
    return max(combinations(ahead, per_week), key=_least_gap)


def chosen_hour(chosen: dt.time, usual: dt.time) -> Reason:
    """That an hour was chosen, beside the one the plan would have taken."""
    return computed("session_time_chosen", chosen=f"{chosen:%H:%M}", usual=f"{usual:%H:%M}")


def hour_of_dialysis(weekdays: Sequence[str], hour: dt.time | None) -> Reason:
    """That sessions stand in the dialysis chair; without its days and hour, that they could."""
    if hour is None or not weekdays:
        return computed("dialysis_hour_open")
    return computed("dialysis_chair", days=", ".join(map(str.capitalize, weekdays)), hour=f"{hour:%H:%M}")


def _weekday(start: dt.date, day: int) -> str:
    return f"{start + dt.timedelta(days=day):%A}".lower()


def _least_gap(days: tuple[int, ...]) -> int:
    # The last day of a week meets the first of the next.
    return min(after - before for before, after in pairwise((*days, days[0] + _DAYS_A_WEEK)))
