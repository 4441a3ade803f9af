"""What one new record of a session brings to light: delivered against planned, another lamp, light under a hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

from django.db.models import Q

from openpbm.care.devices.models import Lamp
from openpbm.care.plans.models import Hold
from openpbm.care.sessions.models import SessionRecord
from openpbm.care.sessions.selectors import lines_of
from openpbm.care.sessions.sitting import is_lit
from openpbm.course import Course, Mark
from openpbm.course.records import RecordedSession
from openpbm.delivery import find_deviations, match_sessions, next_step
from openpbm.planning import AllowedPlan
from openpbm.reason import Level, Reason
from openpbm.wording import date_in_words

__all__ = [
    "LIGHT_TAKEN_BACK", "LIGHT_WHILE_HELD", "StoredFinding", "delivered_against_planned", "each_message_once",
    "findings_of", "light_taken_back", "light_while_held",
]  # fmt: skip

LIGHT_WHILE_HELD = "light_while_held"
LIGHT_TAKEN_BACK = "light_taken_back"
_SOURCE = "openpbm_assumption"
#: Pauses and the way to the next place: how much longer than its minutes a session may take.
_AT_MOST_LONGER = dt.timedelta(minutes=30)
_CERTAIN = (
    "Light was written down for {day:%-d %B %Y}, while sessions were held ({reason}). Nobody let it begin: no further"
    " session until a clinician has looked at it."
)
_PERHAPS = (
    "Sessions were held on {day:%-d %B %Y} ({reason}), and light was written down for about that time. Say whether it"
    " was off from then on."
)


_TAKEN_BACK = (
    "Light was written down for {day:%-d %B %Y}, and then that there was none. No further session until that is cleared"
    " up: correct it again, or let a clinician look."
)


class StoredFinding(TypedDict):
    """A finding as it is kept with its record; more keys of `Reason` where they apply."""

    rule: str
    level: Level
    message: str


def findings_of(row: SessionRecord, others: Sequence[SessionRecord], now: dt.datetime) -> Iterator[Reason]:
    """Everything found about a new record, what may hold the course first.

    others : the person's newest records without this one, and without the one it corrects
    """
    yield from light_while_held(row, now)
    if row.lamp_id != row.plan.lamp_id and str(row.lamp_id) not in row.plan.screening.further_lamps:
        yield _other_lamp(row.lamp)
    line = row.to_core(len(others) + 2)
    today = now.astimezone(row.person.zone).date()
    yield from delivered_against_planned(row.plan.followed, lines_of(list(others)), line, today)


def each_message_once(records: Iterable[SessionRecord]) -> list[StoredFinding]:
    """What was found about records of one session; two places that have the same to say say it once."""
    return list({found["message"]: found for record in records for found in record.findings}.values())


def _finding(rule: str, level: Level, message: str, date: dt.date | None = None) -> Reason:
    return Reason(rule=rule, level=level, message=message, date=date, source=_SOURCE, verified=False)


def _other_lamp(lamp: Lamp) -> Reason:
    message = (
        f"{lamp.name} is not the lamp of the plan; nobody computed what it gives. No further session until a clinician"
        " has looked at it."
    )
    return _finding("other_lamp", "stop", message)


def delivered_against_planned(
    plan: AllowedPlan, so_far: tuple[RecordedSession, ...], row: RecordedSession, today: dt.date
) -> Iterator[Reason]:
    """Findings and marks that this line brings with it, the gravest first; what was found without it is not repeated.

    A line for the day after today is read as well: a clock may be wrong.
    """
    as_of = max(today, row.date) + dt.timedelta(days=1)
    with_row = Course(plan=plan, sessions=(*so_far, row))
    found, marks = _deviations(with_row, as_of)
    before, marks_before = _deviations(Course(plan=plan, sessions=so_far), as_of)
    new = [finding for finding in found if finding not in before]
    if row.status == "missed":
        asked = next_step(match_sessions(with_row, as_of), as_of)
        new += [finding for finding in asked if finding not in new]
    yield from new
    if row.date > today:
        yield _finding("future_date", "note", f"{date_in_words(row.date)} is not yet today where the person lives")
    for mark in marks:
        if mark not in marks_before:
            yield _finding(mark.id, "note", _dated(mark))


def _dated(mark: Mark) -> str:
    return f"{' and '.join(map(date_in_words, mark.dates))}: {mark.message}" if mark.dates else mark.message


def _deviations(course: Course, as_of: dt.date) -> tuple[list[Reason], list[Mark]]:
    records = match_sessions(course, as_of)
    return list(find_deviations(course.plan, records)), [mark for record in records for mark in record.marks]


def light_while_held(row: SessionRecord, now: dt.datetime) -> list[Reason]:
    """One finding: a stop where the light began under a hold, a caution where only part of it may have been; or none.

    A hold that this very light brought about, at this place or another of the same sitting, says nothing new.
    """
    if not is_lit(row):
        return []
    first, last = _span(row, now)
    holds = _holds_between(row, first, last)
    if holds:
        # Asked only where something held, since it costs a query and almost no session is held.
        own = _own_records(row)
        holds = [hold for hold in holds if not _about(hold, own)]
    if not holds:
        return []
    began_under_it = [hold for hold in holds if hold.created_at <= first and not _lifted_by(hold, last)]
    hold = (began_under_it or holds)[0]
    message = _CERTAIN if began_under_it else _PERHAPS
    said = message.format(day=row.date, reason=hold.message.rstrip("."))
    return [_finding(LIGHT_WHILE_HELD, "stop" if began_under_it else "caution", said, row.date)]


def light_taken_back(row: SessionRecord, now: dt.datetime, *, looked: bool) -> Iterator[Reason]:
    """A stop where light that was written down is corrected away.

    Only written down and long past, it is a slip like another: no session of today could be begun instead of it.
    looked : a clinician corrects it, who has looked
    """
    old = row.supersedes
    if old is None or not is_lit(old) or is_lit(row):
        return
    lately = now.astimezone(row.person.zone).date() - old.date <= dt.timedelta(days=1)
    if looked or (row.start_id is None and not lately):
        return
    yield _finding(LIGHT_TAKEN_BACK, "stop", _TAKEN_BACK.format(day=old.date), old.date)


def _holds_between(row: SessionRecord, first: dt.datetime, last: dt.datetime) -> list[Hold]:
    holds = row.person.holds.filter(Q(lift=None) | Q(lift__created_at__gt=first), created_at__lte=last)
    return list(holds.select_related("lift").order_by("audit_number"))


def _own_records(row: SessionRecord) -> set[str]:
    """The records of the same sitting, those since corrected as well."""
    of_that_day = SessionRecord.objects.filter(person=row.person, date=row.date)
    return {str(record.pk) for record in of_that_day if _one_sitting(record, row)} | {str(row.supersedes_id)}


def _span(row: SessionRecord, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Between which moments the light was on; without a time, any of that day."""
    zone = row.person.zone
    if row.start is not None and row.start.started_at.astimezone(zone).date() == row.date:
        minutes = sum(position["minutes"] for position in row.start.positions) or row.start.minutes
        return row.start.started_at, row.start.started_at + dt.timedelta(minutes=minutes) + _AT_MOST_LONGER
    if row.time is not None:
        began = dt.datetime.combine(row.date, row.time, zone)
        return began, began + dt.timedelta(minutes=row.minutes or 0.0)
    midnight = dt.datetime.combine(row.date, dt.time(), zone)
    return midnight, max(midnight, min(now, midnight + dt.timedelta(days=1)))


def _one_sitting(first: SessionRecord, second: SessionRecord) -> bool:
    """Whether two records of a day may be of one sitting: of one start, or of about one time, or no time is known."""
    if first.start_id is not None and second.start_id is not None:
        return bool(first.start_id == second.start_id)
    if first.time is None or second.time is None:
        return True
    earlier, later = sorted(
        (dt.datetime.combine(first.date, time), minutes or 0.0)
        for time, minutes in ((first.time, first.minutes), (second.time, second.minutes))
    )
    return later[0] - earlier[0] <= dt.timedelta(minutes=earlier[1]) + _AT_MOST_LONGER


def _about(hold: Hold, records: set[str]) -> bool:
    return hold.about_table == SessionRecord._meta.db_table and hold.about_id in records


def _lifted_by(hold: Hold, moment: dt.datetime) -> bool:
    lift = getattr(hold, "lift", None)
    return lift is not None and lift.created_at <= moment
