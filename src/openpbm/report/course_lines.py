"""The readings and sessions of a course as its picture shows them: each as it was written, none made better."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from openpbm.course.records import RecordedScore
from openpbm.delivery import SessionRecord
from openpbm.facts.scales import scales
from openpbm.outcomes.measures import score_value
from openpbm.report.course_picture import GivenSession, Line

__all__ = ["diary_line", "given_sessions", "score_lines"]

_DIARY = "Diary, worst a day"
# More questionnaires than this would push the light out of sight; the others stand on their own page.
_MOST_SCALES = 2

#: The place of a date on the axis: its ordinal, or the day of the course.
DayOf = Callable[[dt.date], int]


def diary_line(rated: Iterable[tuple[dt.date, float | None]], day_of: DayOf) -> Line:
    """The diary's worst of the day, 0 to 10; a day without a rating has no mark."""
    points = tuple((day_of(day), float(value)) for day, value in rated if value is not None)
    return Line(name=_DIARY, low=0.0, high=10.0, better="lower", points=points)


def score_lines(scores: Iterable[RecordedScore], day_of: DayOf) -> list[Line]:
    """The questionnaires that were filled oftenest; two editions of one are two lines."""
    points: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
    for row in scores:
        of = scales.get(row.scale)
        if of is None or not of.for_change:
            continue
        value = score_value(row)
        if value is not None:
            points[row.scale, row.version or of.version].append((day_of(row.date), value))
    chosen = sorted(points.items(), key=lambda one: (-len(one[1]), one[0]))[:_MOST_SCALES]
    return [_score_line(id, tuple(values)) for (id, _), values in chosen]


def _score_line(id: str, points: tuple[tuple[int, float], ...]) -> Line:
    of, values = scales[id], [value for _, value in points]
    low = min([0.0, *values]) if of.minimum is None else of.minimum
    high = max(values) if of.maximum is None else of.maximum
    return Line(name=id.replace("_", "-").upper(), low=low, high=high, better=of.direction, points=points)


def given_sessions(records: Iterable[SessionRecord], day_of: DayOf) -> Iterator[GivenSession]:
    """Every session that somebody wrote about, with the fluence at the place that got most; None where one is unknown.

    A planned day about which nothing stands is unknown, and no session of the picture.
    """
    for one in records:
        if not one.rows:
            continue
        doses = [place.fluence_j_cm2 for place in one.places]
        known = [dose[1] for dose in doses if dose is not None]
        dose = max(known) if known and len(known) == len(doses) else None
        yield GivenSession(day=day_of(one.date), lit=one.state not in ("missed", "unknown"), fluence_j_cm2=dose)
