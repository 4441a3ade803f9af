"""What is to be drawn by lot: the day of a start, or the order of active and sham periods; checked before the draw."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from openpbm.errors import Problem

__all__ = ["DesignRequest", "Kind", "request_problems"]

Kind = Literal["start", "blocks"]

_LIMITS = {
    "baseline_days": (5, 365, "fewer points than five are no baseline"),
    "pairs": (1, 20, "2^20 orders are a million"),
    "days_per_period": (3, 90, "a period needs three days or more"),
    "analysis_week": (1, 104, "two years at most"),
}
_MOST_STARTS = 200
_LEAST_DAYS_AFTER_LATEST_START = 7
_LEAST_DAYS_AFTER_WASHOUT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignRequest:
    """What is to be drawn.

    first_day : of the baseline; day 1. made_on : the day of the draw, not after it
    start_points : kind start alone; first and last admissible day of the first treatment, counted from 1
    pairs, days_per_period : kind blocks alone; each pair holds one active and one sham period
    half_life_days : in which an effect is taken to come and go by half; None, not said
    washout_days : kind blocks alone; days at the start of each period that the analysis leaves out
    analysis_week : week after the (earliest) start in which the one analysis is made; None for the usual
    """

    kind: Kind
    first_day: dt.date
    made_on: dt.date
    blinded: bool
    baseline_days: int = 14
    start_points: tuple[int, int] | None = None
    pairs: int | None = None
    days_per_period: int | None = None
    analysis_week: int | None = None
    half_life_days: float | None = None
    washout_days: int = 0


def request_problems(request: DesignRequest) -> list[Problem]:
    """What is wrong with a request, one line each: number, limit and what to do."""
    problems = []
    for name, (least, most, why) in _LIMITS.items():
        value = getattr(request, name)
        if value is not None and not least <= value <= most:
            problems.append(
                Problem(key=name, value=value, message=f"must be from {least} to {most} ({why})", remedy="correct it")
            )
    if request.made_on > request.first_day:
        problems.append(
            Problem(
                key="first_day",
                value=request.first_day,
                message=f"before the draw of {request.made_on}",
                remedy="a draw comes before the baseline, so let the baseline start on that day or later",
            )
        )
    of_kind = {"start": _problems_of_start, "blocks": _problems_of_blocks}
    return problems + of_kind[request.kind](request)


def _problems_of_start(request: DesignRequest) -> list[Problem]:
    if request.pairs is not None or request.days_per_period is not None:
        return [
            Problem(
                key="pairs, days_per_period",
                message="belong to kind blocks",
                remedy="leave them out or choose that kind",
            )
        ]
    if request.start_points is None:
        return [
            Problem(
                key="start_points",
                message="needed for kind start",
                remedy="give FROM:TO, the days on which treatment may begin",
            )
        ]
    first, last = request.start_points
    given = f"start_points = {first}:{last}"
    if first <= request.baseline_days:
        return [
            Problem(
                key=given,
                message=f"FROM must come after the {request.baseline_days} days of baseline",
                remedy="raise it",
            )
        ]
    # More starts than this are no plan for a person; the test itself would go on.
    if not first < last < first + _MOST_STARTS:
        return [
            Problem(
                key=given,
                message=f"TO must come after FROM, with at most {_MOST_STARTS} starts",
                remedy="20 allow p 0.05",
            )
        ]
    week = request.analysis_week
    if week is not None and 7 * week < last - first + _LEAST_DAYS_AFTER_LATEST_START:
        return [
            Problem(
                key="analysis_week",
                value=week,
                message="the latest start would have fewer than 7 days by then",
                remedy="take a later week",
            )
        ]
    return []


def _problems_of_blocks(request: DesignRequest) -> list[Problem]:
    if request.start_points is not None:
        return [
            Problem(key="start_points", message="belong to kind start", remedy="leave them out or choose that kind")
        ]
    if request.pairs is None or request.days_per_period is None:
        return [
            Problem(
                key="pairs, days_per_period",
                message="both are needed for kind blocks",
                remedy="give 5 pairs or more to reach p 0.05",
            )
        ]
    if not 0 <= request.washout_days <= request.days_per_period - _LEAST_DAYS_AFTER_WASHOUT:
        return [
            Problem(
                key="washout_days",
                value=request.washout_days,
                message=f"must leave {_LEAST_DAYS_AFTER_WASHOUT} days of each period or more, and not be negative",
                remedy="take longer periods or a shorter wash-out",
            )
        ]
    week = request.analysis_week
    if week is not None and 7 * week < 2 * request.pairs * request.days_per_period:
        return [
            Problem(
                key="analysis_week",
                value=week,
                message="the last period is not over by then",
                remedy="take a later week",
            )
        ]
    return []
