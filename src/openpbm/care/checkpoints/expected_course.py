"""What a course would be if the mechanism held: drawn beside a judgement for a clinician, and deciding nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.checkpoints.course import build_course
from openpbm.care.checkpoints.models import Checkpoint, ExpectedCourse
from openpbm.care.jobs.actions import enqueue
from openpbm.care.people.access import require_unless_system
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.quality import amount_computed
from openpbm.case import Case, case_of
from openpbm.course import Course
from openpbm.course.records import DiaryDay
from openpbm.errors import BadInput
from openpbm.facts.scales import Scale
from openpbm.files import JsonObject
from openpbm.outcomes.measures import DIARY_SCALE, part_value, score_value
from openpbm.safety import screen
from openpbm.version import __version__

__all__ = ["EXPECT", "expect_beside", "order_expectation", "scores_by_day"]

#: The kind of job.
EXPECT = "expected_course"
# As long before light as a baseline is asked to be at the most; an older score is of another time.
_BASELINE_DAYS = 28
# A week with fewer rated days has no mean.
_LEAST_RATED = 4


def order_expectation(judged: Checkpoint) -> None:
    """Let the worker draw it where a clinician will read it; without a clinic nobody would."""
    if not judged.person.self_managed:
        payload = {"checkpoint": str(judged.pk)}
        enqueue(kind=EXPECT, payload=payload, by=None, person_id=judged.person_id, about=str(judged.pk))


def expect_beside(judged: Checkpoint, *, by: User | None) -> ExpectedCourse:
    """Draw the course of a judged plan and keep it beside the judgement; where it is there, that."""
    person = judged.person
    require_unless_system(by, person)
    known = ExpectedCourse.objects.filter(checkpoint=judged).first()
    if known is not None:
        return known
    row = ExpectedCourse(person=person, checkpoint=judged, document=_document(judged), package_version=__version__)
    row, _ = ledger.append(row, by=by, action="expected_course", person_id=person.pk, clinic_id=person.clinic_id)
    return row


def _document(judged: Checkpoint) -> JsonObject:
    """The course as a document, or why there is none."""
    # Loads the model of the mechanism and its compiler: seconds, and only in the worker.
    from openpbm.mechanism.as_json import expected_as_json
    from openpbm.mechanism.course_answer import course_scale
    from openpbm.mechanism.expected_course import expect_course

    try:
        screening = screen(_case(judged.plan))
        plan = judged.plan.followed
        course = build_course(judged.person, judged.plan)
        until = dt.date.fromisoformat(judged.judgement["date"])
        scores = scores_by_day(course, course_scale(plan), until)
        if screening.exposure is None:
            return {"why": "The light of this plan's lamp is not known."}
        return expected_as_json(expect_course(screening, plan, scores, **amount_computed().course))
    except BadInput as problem:
        return {"why": f"It cannot be drawn. {problem}"}


def _case(plan: PlanRow) -> Case:
    # As it was screened: what is plausible on a day was asked then.
    return case_of(plan.screening.case, "screening", today=plan.screening.created_at.date())


def scores_by_day(course: Course, scale: Scale, until: dt.date) -> Mapping[float, float]:
    """The person's scores of a scale, or of its part, up to a day, by day from the first planned session [points].

    Of the diary the mean of each week, at its middle: one rating goes with that of the day before, and is no score.
    """
    first = course.plan.schedule.sessions[0].date
    if scale.id == DIARY_SCALE:
        return _weekly_means(course.diary, first, until)
    whole, _, part = scale.id.partition(".")
    found: dict[float, float] = {}
    for row in course.scores:
        day = (row.date - first).days
        if row.scale != whole or day < -_BASELINE_DAYS or row.date > until:
            continue
        value = part_value(row, scale.id) if part else score_value(row)
        if value is not None:
            found[float(day)] = value
    return found


def _weekly_means(diary: Sequence[DiaryDay], first: dt.date, until: dt.date) -> Mapping[float, float]:
    weeks: dict[int, list[float]] = {}
    for row in diary:
        day = (row.date - first).days
        if row.severity is not None and day >= -_BASELINE_DAYS and row.date <= until:
            weeks.setdefault(day // 7, []).append(row.severity)
    return {7.0 * week + 3.5: sum(rated) / len(rated) for week, rated in weeks.items() if len(rated) >= _LEAST_RATED}
