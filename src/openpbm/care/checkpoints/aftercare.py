"""After the planned weeks: a planned pause, a course with fewer sessions, and the return to what held.

None of them is a way round the plan: a pause only takes light away, and every other course is screened, planned and
released like the first.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from openpbm.care.accounts.models import User
from openpbm.care.checkpoints.course import plan_of
from openpbm.care.checkpoints.models import Checkpoint
from openpbm.care.checkpoints.plain_words import lasting_in_short
from openpbm.care.jobs.models import Job
from openpbm.care.people.access import require
from openpbm.care.people.actions import record_change
from openpbm.care.people.models import Change, Person
from openpbm.care.plans.actions import PLANNED_PAUSE, hold, must_sign, order_plan
from openpbm.care.plans.hold_causes import HoldCause, shows_cause
from openpbm.care.plans.models import Hold, PlanRow
from openpbm.care.screening.actions import screen_person
from openpbm.care.screening.session_lamps import chosen_again
from openpbm.errors import BadInput, Problem
from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.files import JsonObject
from openpbm.outcomes.decision import NextSchedule, next_schedule
from openpbm.outcomes.harm import LastingWord
from openpbm.planning import AllowedPlan
from openpbm.report.checkpoint_wording import lasting_in_words
from openpbm.wording import date_in_words

__all__ = [
    "CourseSoFar", "NextCourse", "courses_so_far", "most_per_week", "order_next_course", "pause_weeks", "start_pause",
    "suggested_next",
]  # fmt: skip

_PAUSE_NAME = "planned pause"
#: Of a course, before another can keep up what it reached.
_FIRST_WEEKS = dt.timedelta(weeks=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseSoFar:
    """One plan that was released, as far as it went. lasting : what its last judgement says of it, "" for nothing"""

    version: int
    core: AllowedPlan
    lasting: str
    lasting_in_short: str
    word: LastingWord


def courses_so_far(person: Person) -> list[CourseSoFar]:
    """Every plan that was released, the newest first, each with what its last judgement says."""
    rows = PlanRow.objects.filter(person=person, release__isnull=False).exclude(outline="").defer("document")
    judged: dict[uuid.UUID, Checkpoint] = {}
    for row in Checkpoint.objects.filter(person=person).order_by("week", "audit_number"):
        judged[row.plan_id] = row
    return [_so_far(row, judged.get(row.pk)) for row in rows.order_by("-version")]


def _so_far(row: PlanRow, judged: Checkpoint | None) -> CourseSoFar:
    if judged is None:
        return CourseSoFar(version=row.version, core=row.followed, lasting="", lasting_in_short="", word="not_asked")
    lasting = judged.judgement.get("lasting") or {"word": "not_asked"}
    words = lasting_in_words(judged.judgement)
    in_short = lasting_in_short(judged.judgement)
    return CourseSoFar(
        version=row.version, core=row.followed, lasting=words, lasting_in_short=in_short, word=lasting["word"]
    )


def most_per_week(courses: list[CourseSoFar]) -> int:
    """The most sessions a week that were ever released for this person."""
    return max((int(one.core.schedule.sessions_per_week) for one in courses), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextCourse:
    """What may follow. schedule : of no session a week it is a pause;  start_date : the first day"""

    schedule: NextSchedule
    start_date: dt.date


def suggested_next(person: Person, courses: list[CourseSoFar]) -> NextCourse:
    """One step down, or back to what held, from the first day after the course in force on which it may begin."""
    newest = courses[0]
    per_week = int(newest.core.schedule.sessions_per_week)
    last = max((one.date for one in newest.core.schedule.sessions), default=newest.core.start_date)
    earliest = max(person.today(), newest.core.start_date + _FIRST_WEEKS, last + dt.timedelta(days=1))
    schedule = next_schedule(per_week, newest.word, most=most_per_week(courses))
    return NextCourse(schedule=schedule, start_date=earliest)


def pause_weeks() -> tuple[int, int]:
    """The shortest and the longest planned pause [weeks]."""
    return int(outcome_limit("least_pause_weeks")), int(outcome_limit("pause_weeks"))


@transaction.atomic
def start_pause(*, id: uuid.UUID | None = None, person: Person, weeks: int, by: User) -> Change:
    """From today no light for so many weeks, to see whether what was gained lasts; the diary goes on.

    Written into the course, so that a judgement counts the days as without light. Where the plan still has sessions,
    they are held; lifting the hold ends the pause. Raises PermissionDenied for whoever may not sign a plan, BadInput
    without a released plan and for a pause too short to tell or longer than the diary is asked for.
    """
    must_sign(by, person)
    plan = plan_of(person)
    shortest, longest = pause_weeks()
    if not shortest <= weeks <= longest:
        message = f"a pause tells something from {shortest} to {longest} weeks"
        raise BadInput(Problem(key="weeks", value=weeks, message=message, remedy="choose so many"))
    today = person.today()
    row, _ = record_change(
        id=id, person=person, date=today, kind="light", name=_PAUSE_NAME, action="stop", dose=f"{weeks} weeks", by=by
    )
    if any(session.date >= today for session in plan.followed.schedule.sessions):
        until = date_in_words((today + dt.timedelta(weeks=weeks)).isoformat())
        message = (
            f"A planned pause without light until {until}. Go on with the diary: it shows whether light is needed."
        )
        hold(person=person, cause=PLANNED_PAUSE, message=message, by=by, about=row)
    return row


@shows_cause(Change._meta.db_table)
def _pause_of(held: Hold) -> HoldCause | None:
    row = Change.objects.filter(pk=held.about_id, person=held.person).first()
    if row is None:
        return None
    facts = [("Began", date_in_words(row.date.isoformat())), ("Planned for", row.dose)]
    where = reverse("checkpoints:after", kwargs={"person_id": held.person_id})
    return HoldCause(title="A planned pause", facts=tuple(facts), page=where, page_label="After the course")


def order_next_course(
    *, id: uuid.UUID | None = None, person: Person, sessions_per_week: int, weeks: int, start_date: dt.date, by: User
) -> Job:
    """Have a course planned that keeps up the released one: same lamps, places and minutes, so many sessions a week.

    The person is screened again from the newest answers, and the plan waits for its own release: every limit, hold and
    consent counts as for the first. Raises BadInput for more sessions a week than were ever released, for a start
    before four weeks of light or in the past, and for whatever a screening or plan refuses.
    """
    require(by, person)
    must_sign(by, person)
    plan = plan_of(person)
    core = plan.followed
    problems = _start_problems(person, core, start_date)
    most = most_per_week(courses_so_far(person))
    if not 1 <= sessions_per_week <= most:
        message = f"at least 1, and at most the {most} a week that were released before"
        remedy = "plan a new course where more is wanted"
        problems.append(Problem(key="sessions_per_week", value=sessions_per_week, message=message, remedy=remedy))
    if problems:
        raise BadInput(problems)
    with transaction.atomic():
        screening = screen_person(
            person=person, lamps=chosen_again(plan.screening.with_placements()), sites=plan.screening.case["sites"],
            start_date=start_date, by=by, id=id, weekdays=plan.screening.case["course"].get("weekdays", ()),
            session_time=_clock(plan.screening.case),
        )  # fmt: skip
        # The minutes stay: where two things change at once, nobody learns which of them told.
        overrides = {"minutes": round(core.session_minutes, 2), "sessions_per_week": sessions_per_week, "weeks": weeks}
        return order_plan(screening=screening, by=by, overrides=overrides)


def _clock(case: JsonObject) -> dt.time | None:
    text = case["course"].get("session_time")
    return None if text is None else dt.time.fromisoformat(text)


def _start_problems(person: Person, core: AllowedPlan, start_date: dt.date) -> list[Problem]:
    earliest = max(person.today(), core.start_date + _FIRST_WEEKS)
    if start_date >= earliest:
        return []
    message = f"a course that keeps up another begins on {date_in_words(earliest.isoformat())} or later"
    return [Problem(key="start_date", value=start_date, message=message, remedy="choose a later day")]
