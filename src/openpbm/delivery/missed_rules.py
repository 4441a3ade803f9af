"""What to do after missed sessions: never double, leave them out, and ask before going on after many."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

from openpbm.delivery.finding import Finding, finding, most_restrictive_first
from openpbm.delivery.session_record import SessionRecord, with_light
from openpbm.facts.delivery import tolerance

__all__ = ["next_step"]


def next_step(records: tuple[SessionRecord, ...], as_of: dt.date) -> tuple[Finding, ...]:
    """What the sessions missed up to `as_of` ask for, the gravest first; nothing where the last due one was done."""
    planned = (record for record in records if record.planned is not None and record.planned.date < as_of)
    due = sorted(planned, key=_planned_day)
    if not due:
        return ()
    return most_restrictive_first([*_last_one(due[-1]), *_in_a_row(due), *_pause(due, records)])


def _planned_day(record: SessionRecord) -> tuple[dt.date, int]:
    assert record.planned is not None
    return (record.planned.date, record.planned.number)


def _last_one(last: SessionRecord) -> Iterator[Finding]:
    words = {"missed": "missed", "partial": "broken off or too short"}
    if last.state in words and last.planned is not None:
        yield finding("leave_out", last.planned.date, state=words[last.state])


def _in_a_row(due: list[SessionRecord]) -> Iterator[Finding]:
    """The longest run up to the last due session; a run of missed ones is not broken by one with nothing written."""
    run = list(itertools.takewhile(lambda record: record.state in ("missed", "unknown"), reversed(due)))
    missed = sum(record.state == "missed" for record in run)
    unwritten = len(list(itertools.takewhile(lambda record: record.state == "unknown", run)))
    if missed >= tolerance("missed_in_a_row_restart"):
        yield finding("restart_after_missed", None, sessions=missed)
    elif missed >= tolerance("missed_in_a_row_ask"):
        yield finding("ask_why_missed", None, sessions=missed)
    if unwritten >= tolerance("unwritten_in_a_row_ask"):
        yield finding("ask_for_record", None, sessions=unwritten)


def _pause(due: list[SessionRecord], records: tuple[SessionRecord, ...]) -> Iterator[Finding]:
    """Long without light, up to the last due session, since a course that has ended is no pause.

    A due day with nothing written may have had light: who stops writing is asked for the record, not to begin again.
    """
    maybe_lit = [record.date for record in with_light(records)]
    if not maybe_lit:
        return
    maybe_lit += [record.date for record in due if record.state == "unknown"]
    days = (_planned_day(due[-1])[0] - max(maybe_lit)).days
    if days >= tolerance("days_without_light_restart"):
        yield finding("restart_after_pause", None, days=days)
