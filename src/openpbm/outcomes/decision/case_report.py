"""What a case report of one person rests on: the judgements, the records, the authors' part, what is blank."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from openpbm.course.records import Course, DiaryDay
from openpbm.delivery import SessionRecord, match_sessions
from openpbm.outcomes.decision.case_report_file import AuthorsPart, read_authors_part
from openpbm.outcomes.decision.judgement import Judgement, judge
from openpbm.outcomes.harm import GradedEvent, grade_events, grade_felt
from openpbm.outcomes.measures import Measure

__all__ = ["Baseline", "CaseReport", "MissingPart", "build_case_report", "reported_weeks"]

MissingPart = Literal["dose", "timeline", "consent", "adverse_events"]

_WEEKS = (2, 4, 6, 12)
#: Where today is not known, consent is no later than this after the last that was written down [day].
_LATEST_CONSENT_DAYS = 365
#: A slope needs this many rated days.
_LEAST_SLOPE_DAYS = 3
#: Kinds of an event line that say nothing about harm.
_NOT_ABOUT_HARM = ("relapse",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """How steady the days before light were: a fall that had begun before light is not its doing.

    ratings : of the rated days, in order of the diary
    points_per_week : slope of the ratings, None with fewer than three
    scores : questionnaires with a value before light
    """

    days: int
    ratings: tuple[float, ...]
    points_per_week: float | None
    scores: tuple[Measure, ...]


@dataclass(frozen=True, kw_only=True)
class CaseReport:
    """The nouns of a report; its sentences are made by `openpbm.report`.

    judgements : at each reported week, in order
    records, events : up to the last reported week
    """

    course: Course
    authors: AuthorsPart
    judgements: tuple[Judgement, ...]
    records: tuple[SessionRecord, ...]
    events: tuple[GradedEvent, ...]

    @property
    def last(self) -> Judgement | None:
        """The last judgement, None where nothing is written down after the start."""
        return self.judgements[-1] if self.judgements else None

    def day(self, date: dt.date) -> int:
        """Day of the course: 0 is the planned start. A report holds no dates, so that nobody is recognised by them."""
        return (date - self.course.plan.start_date).days

    @cached_property
    def missing(self) -> tuple[MissingPart, ...]:
        """What a report must not leave blank and that is blank."""
        blank: dict[MissingPart, bool] = {
            "dose": not self._dose_is_known,
            "timeline": not self.course.sessions or not self.course.timeline,
            "consent": not self.authors.consent or self.authors.consent_date is None,
            # That the skin was looked at says nothing of headaches or falls: a line of events.csv must say so.
            "adverse_events": not any(
                event.what not in _NOT_ABOUT_HARM and event.kind != "skin_none" for event in self.events
            ),
        }
        return tuple(part for part, is_blank in blank.items() if is_blank)

    @property
    def _dose_is_known(self) -> bool:
        """Fluence or irradiance at the skin, and light in at least one session; a plan always has its minutes."""
        plan, written = self.course.plan, self.authors.light
        if not any(record.minutes_delivered for record in self.records):
            return False
        if plan.prescription.skin_fluence_j_cm2 is not None or plan.skin is not None:
            return True
        return any(written.get(field) for field in ("fluence", "irradiance_mean", "irradiance_peak"))

    @cached_property
    def baseline(self) -> Baseline | None:
        """The days before light as the last judgement saw them; None where there is none."""
        if self.last is None:
            return None
        first, last = self.last.phases.baseline
        days = [row for row in self.course.diary if row.severity is not None and first <= row.date <= last]
        return Baseline(
            days=(last - first).days + 1,
            ratings=tuple(row.severity for row in days if row.severity is not None),
            points_per_week=_slope(days),
            scores=tuple(m for m in self.last.measures if m.source == "scores" and m.counts[0]),
        )


def build_case_report(course: Course, *, today: dt.date | None = None) -> CaseReport:
    """Judge every reported week of a course and read the authors' part.

    today : no consent is given after it; None is not known, and a year after the last record stands for it
    Raises BadInput for a case_report.toml with an unknown key, a wrong value or a claim beyond the last checkpoint's.
    """
    weeks = reported_weeks(course)
    judgements = tuple(judge(course, week) for week in weeks)
    authors = read_authors_part(
        course.case_report,
        light_is_cause=bool(judgements) and judgements[-1].light_is_cause,
        latest_consent=today or _last_written(course) + dt.timedelta(days=_LATEST_CONSENT_DAYS),
    )
    last = course.plan.start_date + dt.timedelta(weeks=max(weeks, default=1))
    written = [row for row in course.events if row.date <= last]
    felt = grade_felt((row for row in course.diary if row.date <= last), written)
    return CaseReport(
        course=course,
        authors=authors,
        judgements=judgements,
        records=tuple(match_sessions(course, last)),
        events=(*grade_events(written, course.sessions), *felt),
    )


def reported_weeks(course: Course) -> tuple[int, ...]:
    """Weeks 2, 4, 6 and 12 as far as anything is written down, and the last week in which something was."""
    dates = [row.date for rows in (course.sessions, course.diary, course.scores, course.events) for row in rows]
    days = (max(dates) - course.plan.start_date).days if dates else 0
    if days <= 0:
        return ()
    final = math.ceil(days / 7)
    return tuple(sorted({*(week for week in _WEEKS if week <= final), final}))


def _last_written(course: Course) -> dt.date:
    """The last day of the plan or of any record, whichever is later."""
    rows = (course.sessions, course.diary, course.scores, course.events, course.timeline)
    ends = course.plan.start_date + dt.timedelta(weeks=course.plan.schedule.weeks)
    return max([ends, *(row.date for part in rows for row in part)])


def _slope(days: Sequence[DiaryDay]) -> float | None:
    """Theil-Sen slope of the ratings [points a week]; None where there are too few."""
    from openpbm.single_case.theil_sen import theil_sen_slope

    if len(days) < _LEAST_SLOPE_DAYS:
        return None
    a_day = theil_sen_slope([row.date.toordinal() for row in days], [row.severity or 0.0 for row in days])
    return a_day and 7.0 * a_day
