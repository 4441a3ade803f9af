"""Write down what was given at one place, or that nothing was. What is true is never refused, only marked."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence

from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import field_problems
from openpbm.care.devices.models import Lamp
from openpbm.care.people.access import Relation, relation, require
from openpbm.care.people.models import Person, lock_person
from openpbm.care.plans.actions import hold, settle_hold
from openpbm.care.plans.models import PlanRow
from openpbm.care.sessions.actions.record_skin_check import SKIN_REACTION, hold_for_skin
from openpbm.care.sessions.models import MOST_PAUSES, SessionRecord, SessionStart
from openpbm.care.sessions.record_findings import LIGHT_WHILE_HELD, findings_of, light_taken_back
from openpbm.care.sessions.reminders import complete_session_reminder
from openpbm.care.sessions.selectors import newest_records
from openpbm.care.sessions.sitting import is_lit
from openpbm.care.sessions.time_passed import own_sitting, refuse_more_than_passed
from openpbm.errors import BadInput, Problem

__all__ = ["LIGHT_STOPPED", "LONGEST_BEFORE_PLAN", "record_session"]

#: What the course is held for where a symptom stopped the light; no correction of minutes settles it.
LIGHT_STOPPED = "light_stopped"

#: A session dated earlier than this before its plan is a slip of the year.
LONGEST_BEFORE_PLAN = dt.timedelta(weeks=52)
_CLOCK_SKEW = dt.timedelta(days=1)
_A_DAY_S = 86_400


@transaction.atomic
def record_session(
    *,
    id: uuid.UUID | None = None,
    person: Person,
    plan: PlanRow,
    lamp: Lamp,
    date: dt.date,
    time: dt.time | None,
    site: str,
    side: str,
    minutes: float | None,
    distance_mm: float | None,
    status: str,
    reason: str = "",
    pauses: Sequence[Sequence[float]] = (),
    skin_reaction: str = "",
    by: User,
    start: SessionStart | None = None,
    supersedes: SessionRecord | None = None,
    confirmed: bool = False,
) -> tuple[SessionRecord, bool]:
    """Write down what was given at one place, or that nothing was.

    A stop found by it, or sore or blistered skin, holds the course in the same transaction; a correction settles what
    the line it corrects had held, and is judged again.

    confirmed : minutes are right although fewer have passed; MoreThanPassed without it
    """
    require(by, person)
    lock_person(person.pk)
    if start is None and supersedes is not None:
        # A correction ends the session that the line it corrects has ended, whether it says so or not.
        start = supersedes.start
    row = SessionRecord(
        person=person,
        plan=plan,
        lamp=lamp,
        date=date,
        time=time and time.replace(microsecond=0, tzinfo=None),
        site=site,
        side=side,
        minutes=minutes,
        distance_mm=distance_mm,
        status=status,
        reason=reason.strip(),
        skin_reaction=skin_reaction,
        start=start,
        supersedes=supersedes,
    )
    row.id, row.pauses = id or row.id, list(pauses)
    # Sent again, it was judged when it came first.
    if not (id and SessionRecord.objects.filter(pk=id).exists()):
        _judge(row, by=by, confirmed=confirmed)
    written, created = ledger.append(
        row, by=by, action="session_record", person_id=person.pk, clinic_id=person.clinic_id
    )
    if created:
        _settle_what_was_corrected(written, by=by)
        _hold_where_it_stops(written, by=by)
        complete_session_reminder(person=person, day=date, by=by)
    return written, created


def _judge(row: SessionRecord, *, by: User, confirmed: bool) -> None:
    """Refuse what cannot be; mark what was found about the rest."""
    now, zone = clock.now(), row.person.zone
    today = now.astimezone(zone).date()
    problems = [*_problems_of_values(row, today), *_problems_of_links(row)]
    if problems:
        raise BadInput(problems)
    if not confirmed:
        refuse_more_than_passed(row, own_sitting(row), now)
    # One that ends a start bears the start's day, and is as late as it is.
    row.back_dated = row.date < today and row.start is None
    others = [other for other in newest_records(row.person) if other.pk != row.supersedes_id]
    found = [*light_taken_back(row, now, looked=relation(by, row.person) == Relation.CLINICIAN)]
    row.findings = [one.to_dict() for one in (*found, *findings_of(row, others, now))]


def _problems_of_values(row: SessionRecord, today: dt.date) -> Iterator[Problem]:
    yield from field_problems(row, "status", "side", "skin_reaction", "reason", "site", "minutes", "distance_mm")
    if row.status in ("missed", "partial") and not row.reason:
        yield Problem("reason", None, f"needed for a session that was {row.status}", "a word is enough")
    yield from _problems_of_day(row, today)
    if row.status == "missed" and row.minutes:
        yield Problem("minutes", row.minutes, "a missed session has no minutes", "call it partial")
    if not _are_pauses(row.pauses):
        yield Problem(
            "pauses", None, f"must be a list of at most {MOST_PAUSES} pairs [seconds after the start, seconds paused]"
        )


def _problems_of_day(row: SessionRecord, today: dt.date) -> Iterator[Problem]:
    if row.date > today + _CLOCK_SKEW:
        yield Problem(
            "date", row.date, f"lies in the future (today is {today})", "write a session down once it has been"
        )
    if row.date < row.plan.followed.start_date - LONGEST_BEFORE_PLAN:
        yield Problem("date", row.date, "more than a year before the plan began", "check the year")


def _are_pauses(pauses: object) -> bool:
    def is_seconds(value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _A_DAY_S

    def is_pause(pair: object) -> bool:
        return isinstance(pair, list) and len(pair) == 2 and all(map(is_seconds, pair))

    return isinstance(pauses, list) and len(pauses) <= MOST_PAUSES and all(map(is_pause, pauses))


def _problems_of_links(row: SessionRecord) -> Iterator[Problem]:
    if row.plan.person_id != row.person_id or not hasattr(row.plan, "release"):
        yield Problem(key="plan", message="must be a released plan of this person")
    if row.start is not None and row.start.person_id != row.person_id:
        yield Problem(key="start", message="must be a session of this person")
    elif row.start is not None and (row.site, row.side) not in row.start.places():
        # It would end the session while nothing is known of the places that were lit.
        message = f"that session was not begun at {row.site} {row.side}"
        yield Problem(key="start", message=message, remedy="write this down without it")
    elif row.start is not None:
        yield from _problems_of_its_day(row, row.start)
    old = row.supersedes
    if old is not None and old.person_id != row.person_id:
        yield Problem(key="supersedes", message="must be a record of this person")
    elif old is not None and SessionRecord.objects.filter(supersedes=old).exists():
        yield Problem(key="supersedes", message="this record was corrected already", remedy="correct the newest one")


def _problems_of_its_day(row: SessionRecord, start: SessionStart) -> Iterator[Problem]:
    """A line that ends a start bears the start's day: under another one that day would be free for more light."""
    day = start.started_at.astimezone(row.person.zone).date()
    corrected = row.supersedes
    if corrected is not None and corrected.start_id != start.pk:
        yield Problem(key="start", message="a correction ends the same session as the line it corrects")
    # A line of an earlier time zone keeps its day.
    elif row.date != day and not (corrected is not None and corrected.date == row.date):
        yield Problem("date", row.date, f"that session was begun on {day}", "write it down under that day")


def _settle_what_was_corrected(record: SessionRecord, *, by: User) -> None:
    """Lift what the corrected line held: the new line is judged by itself, and holds again what still stops."""
    old = record.supersedes
    if old is None:
        return
    note = f"Settled by a correction of the record it was about, which now says: {_light_of(record)}, {record.date}."
    held = record.person.holds.filter(lift=None, about_table=SessionRecord._meta.db_table, about_id=str(old.pk))
    for one in held.exclude(cause__in=(SKIN_REACTION, LIGHT_STOPPED)):
        settle_hold(hold=one, note=note, by=by)


def _light_of(record: SessionRecord) -> str:
    if not is_lit(record):
        return "no light"
    return "minutes not known" if record.minutes is None else f"{record.minutes:g} min"


def _hold_where_it_stops(record: SessionRecord, *, by: User) -> None:
    held_already = record.person.holds.filter(lift=None, cause=LIGHT_WHILE_HELD).exists()
    stops = [
        found
        for found in record.findings
        if found["level"] == "stop" and not (held_already and found["rule"] == LIGHT_WHILE_HELD)
    ]
    # One hold is enough; the record keeps every finding.
    for found in stops[:1]:
        hold(person=record.person, cause=found["rule"], message=found["message"], by=by, about=record)
    hold_for_skin(record, record.skin_reaction, by=by)
