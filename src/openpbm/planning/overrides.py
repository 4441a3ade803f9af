"""Values a person chooses in place of those a plan would: minutes, sessions a week, weeks."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from openpbm.errors import BadInput, quote

__all__ = ["NO_OVERRIDES", "PlanOverrides", "number_fault"]

LONGEST_MINUTES = 1440
MOST_SESSIONS_PER_WEEK = 7
MOST_WEEKS = 52


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOverrides:
    """Values chosen by hand; None leaves one to the plan. An override is refused or planned, never changed.

    minutes : light at one place in one session, over all its points [min]
    Raises BadInput for what no calendar or clock can hold; what is too much for a person is a reason of the plan.

    >>> PlanOverrides(minutes=20).to_dict()
    {'minutes': 20.0, 'sessions_per_week': None, 'weeks': None}
    """

    minutes: float | None = None
    sessions_per_week: int | None = None
    weeks: int | None = None

    def __post_init__(self) -> None:
        faults = [
            fault
            for name, value, most, whole in (
                ("minutes", self.minutes, LONGEST_MINUTES, False),
                ("sessions_per_week", self.sessions_per_week, MOST_SESSIONS_PER_WEEK, True),
                ("weeks", self.weeks, MOST_WEEKS, True),
            )
            if value is not None and (fault := number_fault(f"overrides.{name}", value, most, whole=whole))
        ]
        # A session is timed and printed in hundredths; finer minutes would be rounded behind somebody's back.
        if not faults and self.minutes is not None and round(self.minutes, 2) != self.minutes:
            fault = (
                f"overrides.minutes = {self.minutes}: at most two decimals; write {max(0.01, round(self.minutes, 2)):g}"
            )
            faults.append(fault)
        if faults:
            raise BadInput(faults)

    def to_dict(self) -> dict[str, float | int | None] | None:
        """The choice as JSON; null when nothing was chosen."""
        minutes = None if self.minutes is None else float(self.minutes)
        return None if self == NO_OVERRIDES else asdict(self) | {"minutes": minutes}


def number_fault(name: str, value: object, most: float, *, whole: bool = False) -> str | None:
    """What is wrong with a number that must be above 0 and at most `most`; None when it can be."""
    kind = int if whole else int | float
    if isinstance(value, bool) or not isinstance(value, kind):
        return f"{name} = {quote(value)}: must be a {'whole ' if whole else ''}number; correct the value"
    least = "at least 1" if whole else "more than 0"
    if not (math.isfinite(value) and 0 < value <= most):
        return f"{name} = {value:.6g}: must be {least} and at most {most:g}; correct the value"
    return None


NO_OVERRIDES = PlanOverrides()
