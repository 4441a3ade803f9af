"""Light written down for a moment at which sessions were held: nobody let it begin, so it is marked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from openpbm.care.plans.models import Hold
from openpbm.care.sessions.models import SessionRecord

__all__ = ["light_while_held"]

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


def light_while_held(row: SessionRecord, now: dt.datetime) -> list[dict[str, Any]]:
    """One finding: a stop where the light began under a hold, a caution where only part of it may have been; or none.

    A hold that this very light brought about, at this place or another of the same sitting, says nothing new.
    """
    if row.status == "missed" or row.minutes == 0:
        return []
    first, last = _span(row, now)
    there = row.person.holds.filter(Q(lift=None) | Q(lift__created_at__gt=first), created_at__lte=last)
    holds = list(there.select_related("lift").order_by("created_at"))
    if not holds:
        return []
    of_that_day = SessionRecord.objects.filter(person=row.person, date=row.date)  # those since corrected as well
    own = {str(one.pk) for one in of_that_day if _one_sitting(one, row)} | {str(row.supersedes_id)}
    apart = [hold for hold in holds if not _about(hold, own)]
    if not apart:
        return []
    began_under_it = [hold for hold in apart if hold.created_at <= first and not _lifted_by(hold, last)]
    hold = (began_under_it or apart)[0]
    said = (_CERTAIN if began_under_it else _PERHAPS).format(day=row.date, reason=hold.message.rstrip("."))
    return [
        {
            "id": "light_while_held",
            "severity": "stop" if began_under_it else "caution",
            "message": said,
            "date": row.date.isoformat(),
            "source": "openpbm_assumption",
            "verified": False,
        }
    ]


def _span(row: SessionRecord, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Between which moments the light was on; without a time, any of that day."""
    zone = row.person.zone
    if row.start is not None and row.start.started_at.astimezone(zone).date() == row.date:
        minutes = sum(one["minutes"] for one in row.start.positions) or row.start.minutes
        return row.start.started_at, row.start.started_at + dt.timedelta(minutes=minutes) + _AT_MOST_LONGER
    if row.time is not None:
        began = dt.datetime.combine(row.date, row.time, zone)
        return began, began + dt.timedelta(minutes=row.minutes or 0.0)
    midnight = dt.datetime.combine(row.date, dt.time(), zone)
    return midnight, max(midnight, min(now, midnight + dt.timedelta(days=1)))


def _one_sitting(one: SessionRecord, other: SessionRecord) -> bool:
    """Whether two records of a day may be of one sitting: of one start, or of about one time, or no time is known."""
    if one.start_id is not None and other.start_id is not None:
        return bool(one.start_id == other.start_id)
    if one.time is None or other.time is None:
        return True
    earlier, later = sorted((dt.datetime.combine(row.date, row.time), row.minutes or 0.0) for row in (one, other))  # type: ignore[arg-type]
    return later[0] - earlier[0] <= dt.timedelta(minutes=earlier[1]) + _AT_MOST_LONGER


def _about(hold: Hold, records: set[str]) -> bool:
    return hold.about_table == SessionRecord._meta.db_table and hold.about_id in records


def _lifted_by(hold: Hold, moment: dt.datetime) -> bool:
    lift = getattr(hold, "lift", None)
    return lift is not None and lift.created_at <= moment
