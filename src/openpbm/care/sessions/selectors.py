"""What is recorded now: the newest version of every session, the next one due, what is missing, how things stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import Min, Q, QuerySet

from openpbm.care.people.models import Person
from openpbm.care.plans.models import Hold, PlanRow
from openpbm.care.plans.selectors import open_holds, released_plan
from openpbm.care.prepared import Prepared
from openpbm.care.sessions.models import SessionRecord, SessionStart
from openpbm.care.sessions.positions import places_of_session
from openpbm.care.sessions.sitting import Sitting, sittings
from openpbm.course import Course
from openpbm.course.records import RecordedSession
from openpbm.delivery import SessionRecord as Matched
from openpbm.delivery import match_sessions
from openpbm.delivery.place import Place
from openpbm.planning import AllowedPlan, PlannedSession

__all__ = [
    "MissingCheck", "SessionState", "last_lit", "lines_of", "missing_check", "newest_records",
    "next_due", "open_start", "places_to_light", "recent_starts", "recorded_sessions", "session_state",
    "unfinished_places",
]  # fmt: skip

# Lines of a table are counted as in its file, whose first line is the heading.
_FIRST_LINE = 2
# Longer than any least gap between two sessions, and than a session gone on with on its day.
_LATELY = dt.timedelta(days=2)
_OPEN_START = Prepared(
    lambda person: SessionStart.objects.filter(person=person, records__isnull=True).order_by("-audit_number")[:1]
)
_STARTS = Prepared(
    lambda person, since: (
        SessionStart.objects.filter(person=person)
        .annotate(written_at=Min("records__created_at"))
        .filter(Q(created_at__gt=since) | Q(written_at=None))
        .order_by("-audit_number")
    )
)
# A day later is asked for from the next morning on, or after so many hours where the time is known.
_HOURS_LATER = 20


def newest_records(person: Person, plan: PlanRow | None = None) -> QuerySet[SessionRecord]:
    """The records that count, by day; a corrected one is left out."""
    rows = SessionRecord.objects.filter(person=person, newer__isnull=True)
    if plan is not None:
        rows = rows.filter(plan=plan)
    return rows.order_by("date", "time", "audit_number", "site", "side")


def lines_of(records: QuerySet[SessionRecord] | list[SessionRecord]) -> tuple[RecordedSession, ...]:
    """The records as lines of a course."""
    return tuple(record.to_core(line) for line, record in enumerate(records, start=_FIRST_LINE))


def recorded_sessions(person: Person, plan: PlanRow | None = None) -> tuple[RecordedSession, ...]:
    """Everything written down about sessions, of one plan or of all; `line` is a running number."""
    return lines_of(newest_records(person, plan))


def open_start(person: Person) -> SessionStart | None:
    """The session that was begun and not written down yet."""
    return _OPEN_START.first(person=person)


def recent_starts(person: Person, now: dt.datetime) -> list[SessionStart]:
    """What was begun lately, and whatever is still open, the newest first; `written_at`: when it was first written."""
    return list[SessionStart](_STARTS.rows(person=person, since=now - _LATELY))


def next_due(*, person: Person, today: dt.date, course: Course | None = None) -> PlannedSession | None:
    """The next session of the released plan, today's included, that nothing is written about; None without one.

    course : the course of that plan, where it was read already
    """
    if course is None:
        row = released_plan(person)
        if row is None:
            return None
        course = Course(plan=row.followed, sessions=recorded_sessions(person))
    return _next_of(course.plan, match_sessions(course, _end(course.plan)), today)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingCheck:
    """A look at the skin that nobody wrote down, and the records of the session it is about."""

    moment: Literal["after", "24h"]
    records: tuple[SessionRecord, ...]


def last_lit(records: Sequence[SessionRecord]) -> tuple[SessionRecord, ...]:
    """The records of the last day with light."""
    lit = [record for record in records if record.status != "missed" and record.minutes != 0]
    last = max((record.date for record in lit), default=None)
    return tuple(record for record in lit if record.date == last)


def missing_check(records: Sequence[SessionRecord], local: dt.datetime) -> MissingCheck | None:
    """The look that is missing about the last day with light; earlier ones are past answering.

    records : with their `skin_checks` fetched · local : wall clock where the person lives
    """
    last = last_lit(records)
    for moment in ("after", "24h"):
        if moment == "24h" and not _a_day_later(last, local):
            continue
        missing = tuple(record for record in last if not _looked(record, moment))
        if missing:
            return MissingCheck(moment=moment, records=missing)
    return None


def _looked(record: SessionRecord, moment: str) -> bool:
    checked = any(check.moment == moment for check in record.skin_checks.all())
    return checked or (moment == "after" and bool(record.skin_reaction))


def _a_day_later(last: tuple[SessionRecord, ...], local: dt.datetime) -> bool:
    if not last or last[0].date >= local.date():
        return False
    times = [record.time for record in last if record.time is not None]
    if not times or last[0].date < local.date() - dt.timedelta(days=1):
        return True
    began = dt.datetime.combine(last[0].date, max(times))
    return local.replace(tzinfo=None) - began >= dt.timedelta(hours=_HOURS_LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionState:
    """How things stand at one moment.

    word : `no_plan`, `held`, `open` (begun, not written down), `not_begun`, `due` (today), `done` (today),
        `missed` (written so today), `rest` (not a day of the plan), `finished`
    unwritten : planned days since the release of which nothing is written
    sittings : what was begun lately, as the server's clock saw it
    records : what was read for it, where there is a plan
    holds : whatever keeps sessions from starting
    """

    word: Literal["no_plan", "held", "open", "not_begun", "due", "done", "missed", "rest", "finished"]
    plan: PlanRow | None = None
    start: SessionStart | None = None
    today: Matched | None = None
    next: PlannedSession | None = None
    unwritten: tuple[PlannedSession, ...] = ()
    skin: MissingCheck | None = None
    sittings: tuple[Sitting, ...] = ()
    records: tuple[SessionRecord, ...] = ()
    holds: tuple[Hold, ...] = ()

    @property
    def over(self) -> bool:
        """Whether the plan has no session left: its weeks have passed, or its last one was given or left out."""
        return self.word == "finished" or (self.word in ("done", "missed", "rest") and self.next is None)


def session_state(*, person: Person, now: dt.datetime) -> SessionState:
    """How the person's sessions stand at that moment."""
    row = released_plan(person)
    if row is None:
        return SessionState(word="no_plan", holds=tuple(open_holds(person)))
    plan = row.followed
    local = now.astimezone(person.zone)
    today = local.date()
    released = row.release.created_at.astimezone(person.zone).date()
    records = list(newest_records(person).prefetch_related("skin_checks"))
    matched = match_sessions(Course(plan=plan, sessions=lines_of(records)), _end(plan))
    mine = next((one for one in matched if one.planned and one.planned.date == today), None)
    given = next((one for one in matched if one.date == today and one.rows), None)
    begun, holds = recent_starts(person, now), open_holds(person)
    open_ones = [one for one in begun if one.written_at is None]  # type: ignore[attr-defined]
    start = next(iter(open_ones), None)
    return SessionState(
        word=_word(plan, today, bool(holds), start is not None, mine, given),
        plan=row,
        start=start,
        today=given or mine,
        next=_next_of(plan, matched, today),
        unwritten=tuple(
            one.planned
            for one in matched
            if one.planned is not None and not one.rows and released <= one.planned.date < today
        ),
        skin=missing_check(records, local),
        sittings=sittings(begun),
        records=tuple(records),
        holds=tuple(holds),
    )


def places_to_light(state: SessionState, resumes: SessionStart | None) -> list[Place]:
    """The places of today's session, else of the next one; of a session broken off, those that were not finished."""
    if resumes is not None:
        return [place for place in resumes.places() if place in unfinished_places(state.records, resumes)]
    if state.plan is None:
        return []
    session = state.today.planned if state.today else state.next
    return list(places_of_session(state.plan.followed, session))


def unfinished_places(records: Sequence[SessionRecord], start: SessionStart) -> set[Place]:
    """The places of a session that were written down as broken off, or as not lit at all."""
    mine = [record for record in records if record.start_id == start.pk]
    return {(record.site, record.side) for record in mine if record.status in ("partial", "missed")}


def _word(
    plan: AllowedPlan, today: dt.date, held: bool, begun: bool, mine: Matched | None, given: Matched | None
) -> Literal["held", "open", "not_begun", "due", "done", "missed", "rest", "finished"]:
    # Before a hold and everything else: the lamp may be on right now, and what was given has to be written down.
    if begun:
        return "open"
    if given is not None and given.lit:
        return "done"
    if held:
        return "held"
    if today < plan.start_date:
        return "not_begun"
    if today >= _end(plan):
        return "finished"
    if given is not None:
        return "missed"
    return "due" if mine is not None and not mine.rows else "rest"


def _next_of(plan: AllowedPlan, matched: tuple[Matched, ...], today: dt.date) -> PlannedSession | None:
    written = {one.planned for one in matched if one.rows}
    return next((one for one in plan.schedule.sessions if one.date >= today and one not in written), None)


def _end(plan: AllowedPlan) -> dt.date:
    """The day after the plan's last week."""
    return plan.start_date + dt.timedelta(weeks=max(1, plan.schedule.weeks))
