"""Values a person chooses in place of those a plan would: minutes, sessions a week, weeks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from openpbm.errors import BadInput, Problem

__all__ = ["NO_OVERRIDES", "PlanOverrides", "number_problem"]

# A whole day, once a day, for a year: clock and calendar hold no more. The protocol says what is too much.
LONGEST_MINUTES = 1440
MOST_SESSIONS_PER_WEEK = 7
MOST_WEEKS = 52


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOverrides:
    """Values chosen by hand; None leaves one to the plan. An override is refused or planned, never changed.

    minutes : light at one place in one session, over all its points [min]
    Raises BadInput for what no calendar or clock can hold; what is too much for a person is a reason of the plan.

    >>> PlanOverrides(minutes=20).or_none()
    PlanOverrides(minutes=20, sessions_per_week=None, weeks=None)
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    minutes: float | None = None
    sessions_per_week: int | None = None
    weeks: int | None = None

    def __post_init__(self) -> None:
        given = (
            ("minutes", self.minutes, LONGEST_MINUTES, False),
            ("sessions_per_week", self.sessions_per_week, MOST_SESSIONS_PER_WEEK, True),
            ("weeks", self.weeks, MOST_WEEKS, True),
        )
        problems = [
            problem
            for name, value, most, whole in given
            if value is not None and (problem := number_problem(f"overrides.{name}", value, most, whole=whole))
        ]
        # A value already refused is left alone: round() of a text would raise instead of saying what is wrong.
        if not problems and self.minutes is not None:
            problems = _finer_than_a_timer(self.minutes)
        if problems:
            raise BadInput(problems)

    def or_none(self) -> PlanOverrides | None:
        """None when nothing was chosen: a plan then says null in one place, not in three."""
        return None if self == NO_OVERRIDES else self


def number_problem(name: str, value: object, most: float, *, whole: bool = False) -> Problem | None:
    """What is wrong with a number that must be above 0 and at most `most`; None when it can be."""
    kind = int if whole else int | float
    # True is an int in Python and would be planned as one minute.
    if isinstance(value, bool) or not isinstance(value, kind):
        wanted = "whole number" if whole else "number"
        return Problem(key=name, value=value, message=f"must be a {wanted}", remedy="correct the value")
    if math.isfinite(value) and 0 < value <= most:
        return None
    least = "at least 1" if whole else "more than 0"
    return Problem(key=name, value=value, message=f"must be {least} and at most {most:g}", remedy="correct the value")


def _finer_than_a_timer(minutes: float) -> list[Problem]:
    """A session is timed and printed in hundredths; finer minutes would be rounded behind somebody's back."""
    written = round(minutes, 2)
    if written == minutes:
        return []
    remedy = f"write {max(0.01, written):g}"
    return [Problem(key="overrides.minutes", value=minutes, message="at most two decimals", remedy=remedy)]


NO_OVERRIDES = PlanOverrides()
