"""The ratings of a course before and now, its questionnaires, and what was given of what was planned, as drawings.

The server draws them: no script is needed. Dots are what was written, one a day; nothing is smoothed or joined.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from openpbm.care.band_chart import BandChart, Span, draw_dated
from openpbm.care.checkpoints.progress import LIT_WORDS, Progress, ScoreSeries

__all__ = ["Spread", "WeekGiven", "now_and_before", "planned_and_given", "ratings_chart", "score_chart"]

_NOW = dt.timedelta(days=14)
_WEEK_DAYS = 7
#: Fewer days than this have no spread worth a picture.
_FEWEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The ratings of a stretch of days: their mean, and between which two the middle half of them lies."""

    first: dt.date
    last: dt.date
    days: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekGiven:
    """One week of the course. given : of its sessions, how many gave light;  planned : how many stand in the plan"""

    week: int
    planned: int
    given: int

    @property
    def marks(self) -> tuple[bool, ...]:
        """One for each session, True where light was given; those beyond the plan stand at the end."""
        return tuple(number < self.given for number in range(max(self.planned, self.given)))


def now_and_before(progress: Progress, today: dt.date) -> tuple[Spread | None, Spread | None]:
    """The ratings before the first light, and of the last two weeks with light behind them; None with too few days."""
    rated = [(row.date, row.severity) for row in progress.drawn.diary if row.severity is not None]
    began = progress.lit_days[0] if progress.lit_days else today + dt.timedelta(days=1)
    before = [(day, value) for day, value in rated if day < began]
    now = [(day, value) for day, value in rated if day > max(today - _NOW, began)]
    return _spread(before), _spread(now)


def _spread(rated: Sequence[tuple[dt.date, float]]) -> Spread | None:
    if len(rated) < _FEWEST:
        return None
    values = [value for _, value in rated]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(
        first=rated[0][0], last=rated[-1][0], days=len(values), mean=statistics.fmean(values), low=low, high=high
    )


def ratings_chart(progress: Progress, today: dt.date) -> BandChart:
    """The worst of each day from 0 to 10, with the weeks of light, and the mean and spread before and now."""
    before, now = now_and_before(progress, today)
    spans = [
        Span(css=css, first=one.first, last=one.last, low=one.low, high=one.high, mean=one.mean)
        for css, one in (("before", before), ("now", now))
        if one is not None
    ]
    return draw_dated(
        [(row.date, row.severity) for row in progress.drawn.diary if row.severity is not None],
        ends=(progress.first, progress.last),
        limits=(0.0, 10.0),
        spans=spans,
        shaded=(progress.lit_days[0], progress.lit_days[-1]) if progress.lit_days else None,
    )


def score_chart(series: ScoreSeries, progress: Progress) -> BandChart:
    """One questionnaire on the same axis of days, over the whole span of its scale where it has one."""
    ends, limits = (progress.first, progress.last), None
    if series.scale.minimum is not None and series.scale.maximum is not None:
        limits = (series.scale.minimum, series.scale.maximum)
    return draw_dated(series.rows, ends=ends, limits=limits)


def planned_and_given(progress: Progress, today: dt.date) -> tuple[WeekGiven, ...]:
    """Each week of the plan up to this one."""
    start = progress.drawn.plan.start_date

    def week_of(day: dt.date) -> int:
        return (day - start).days // _WEEK_DAYS + 1

    planned = Counter(week_of(one.date) for one in progress.drawn.plan.schedule.sessions if one.date <= today)
    given = Counter(week_of(day) for day, status in progress.session_of_day.items() if status in LIT_WORDS)
    last = max([*planned, *given], default=0)
    return tuple(WeekGiven(week=week, planned=planned[week], given=given[week]) for week in range(1, last + 1))
