"""What is written of a session against the time that has passed: more than that is asked about once."""

from __future__ import annotations

import datetime as dt

from openpbm.care.sessions.models import SessionRecord
from openpbm.care.sessions.sitting import Sitting, is_lit, sittings
from openpbm.errors import BadInput, Problem

__all__ = ["MoreThanPassed", "own_sitting", "refuse_more_than_passed"]

#: Clocks and the seconds between the lamp and the page.
_SLACK_MIN = 1.0


class MoreThanPassed(BadInput):
    """More minutes than can have been: asked once, and taken when the sender says that they are right."""


def own_sitting(row: SessionRecord) -> Sitting | None:
    """The start that the record ends, as the server's clock saw it; None for one that was only written down."""
    if row.start is None:
        return None
    first = row.start.records.order_by("audit_number").values_list("created_at", flat=True).first()
    row.start.written_at = first  # type: ignore[attr-defined]
    return sittings([row.start])[0]


def refuse_more_than_passed(row: SessionRecord, sitting: Sitting | None, now: dt.datetime) -> None:
    """Raise MoreThanPassed where the minutes cannot have been yet."""
    if not row.minutes or not is_lit(row):
        return
    written = row.minutes
    if sitting is None:
        began = dt.datetime.combine(row.date, row.time or dt.time(), row.person.zone)
        passed = (now - began).total_seconds() / 60
    else:
        # A correction is about the time up to its first record, however late it is made.
        until = sitting.written_at if row.supersedes_id is not None and sitting.written_at else now
        passed = (until - sitting.began).total_seconds() / 60
        written = _one_after_the_other(row, sitting)
    passed = max(0.0, passed)
    if written <= passed + _SLACK_MIN:
        return
    since = "of that day"
    if row.start is not None or row.time is not None:
        since = "since it began"
    raise MoreThanPassed(
        Problem(
            "minutes",
            row.minutes,
            f"{written:g} minutes of light are written in all, and only {passed:.0f} have passed {since}",
            "correct it, or say that it is right",
        )
    )


def _one_after_the_other(row: SessionRecord, sitting: Sitting) -> float:
    """Minutes of the whole session with this line: positions come one after the other, places of one at once."""
    assert row.start is not None
    others = [other for other in row.start.records.filter(newer__isnull=True) if other.pk != row.supersedes_id]
    written = {(other.site, other.side): other.minutes or 0.0 for other in others}
    written[row.site, row.side] = row.minutes or 0.0
    in_order = sum(max((written.get(place, 0.0) for place in places), default=0.0) for places, _ in sitting.positions)
    return max(in_order, row.minutes or 0.0)
