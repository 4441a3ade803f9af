"""After a course: which schedule to try next, so that the least light that holds is found from above."""

from __future__ import annotations

from dataclasses import dataclass

from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.outcomes.harm import LastingWord

__all__ = ["NextSchedule", "next_schedule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSchedule:
    """A schedule to try. sessions_per_week : 0 is a pause without light · weeks : before it is looked at"""

    sessions_per_week: int
    weeks: int
    why: str


def next_schedule(sessions_per_week: int, word: LastingWord, *, most: int) -> NextSchedule:
    """One session a week fewer while the gain lasts, one more after a relapse, never beyond `most`; a pause after one.

    most : sessions a week of any plan that was released before: a relapse is no reason for more than that

    >>> next_schedule(3, "not_asked", most=3).sessions_per_week, next_schedule(1, "lasts", most=3).sessions_per_week
    (2, 0)
    >>> next_schedule(1, "relapse", most=3).sessions_per_week, next_schedule(3, "relapse", most=3).sessions_per_week
    (2, 3)
    """
    step, pause = int(outcome_limit("step_down_weeks")), int(outcome_limit("pause_weeks"))
    if word == "relapse":
        why = (
            "What was gained is being lost: go back to the last schedule that held, after a look at what else changed."
        )
        return NextSchedule(sessions_per_week=min(most, sessions_per_week + 1), weeks=step, why=why)
    if word == "unknown":
        why = "Nobody knows yet whether what was gained lasts: keep the schedule and the diary."
        return NextSchedule(sessions_per_week=sessions_per_week, weeks=step, why=why)
    if word == "nothing_gained" or sessions_per_week <= 1:
        why = "Nothing less is left than a pause: it shows whether any light is still needed."
        return NextSchedule(sessions_per_week=0, weeks=pause, why=why)
    why = "One session a week fewer, to find the fewest that still hold what was gained."
    return NextSchedule(sessions_per_week=sessions_per_week - 1, weeks=step, why=why)
