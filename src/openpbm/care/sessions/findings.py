"""Delivered against planned: what one new line of the sessions adds to what was found."""

from __future__ import annotations

import datetime as dt
from typing import Any

from openpbm.course import Course, Mark
from openpbm.course.records import RecordedSession
from openpbm.delivery import Finding, find_deviations, match_sessions, next_step
from openpbm.planning import AllowedPlan

__all__ = ["delivered_against_planned"]


def delivered_against_planned(
    plan: AllowedPlan, so_far: tuple[RecordedSession, ...], row: RecordedSession, today: dt.date
) -> list[dict[str, Any]]:
    """Findings and marks that this line brings with it, the gravest first; what was found without it is not repeated.

    A line for the day after today is read as well: a clock may be wrong.
    """
    as_of = max(today, row.date) + dt.timedelta(days=1)
    with_row = Course(plan=plan, sessions=(*so_far, row))
    found, marks = _found(with_row, as_of)
    before, marks_before = _found(Course(plan=plan, sessions=so_far), as_of)
    new = [one for one in found if one not in before]
    if row.status == "missed":
        new += [one for one in next_step(match_sessions(with_row, as_of), as_of) if one not in new]
    said = [one.to_dict() for one in new]
    if row.date > today:
        said.append(_note("future_date", f"{row.date} is not yet today where the person lives"))
    return said + [_note(mark.id, mark.text) for mark in marks if mark not in marks_before]


def _found(course: Course, as_of: dt.date) -> tuple[list[Finding], list[Mark]]:
    records = match_sessions(course, as_of)
    return list(find_deviations(course.plan, records)), [mark for record in records for mark in record.marks]


def _note(identifier: str, text: str) -> dict[str, Any]:
    return {
        "id": identifier,
        "severity": "note",
        "message": text,
        "date": None,
        "source": "openpbm_assumption",
        "verified": False,
    }
