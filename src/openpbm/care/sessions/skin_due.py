"""Which look at the skin is still to be written down: right after the last session, or on the day after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openpbm.care.sessions.models import SessionRecord

__all__ = ["MissingCheck", "last_lit", "missing_check"]

# A day later is asked for from the next morning on, or after so many hours where the time is known.
_HOURS_LATER = 20


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
