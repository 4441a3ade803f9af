"""Where a course left its plan: light longer, nearer, more often or elsewhere, and what missed sessions ask for."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpbm.delivery.match import week_of
from openpbm.delivery.place import (
    Place,
    distance_state,
    place_name,
    planned_distance_mm,
    session_fluence_j_cm2,
)
from openpbm.delivery.session_record import SessionRecord, with_light
from openpbm.facts.delivery import delivery_rules, tolerance
from openpbm.planning import AllowedPlan
from openpbm.reason import GRAVEST_FIRST, Level, Reason

if TYPE_CHECKING:
    from openpbm.wording import SaidOnce

__all__ = ["find_deviations", "gravest", "most_restrictive_first", "next_step", "said_together"]

Records = tuple[SessionRecord, ...]
_ROUNDING_SLACK = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Reason):
    """A reason about sessions. found : what the blanks of the rule's message were filled with."""

    found: tuple[tuple[str, object], ...] = ()


class _AllOf(tuple[object, ...]):
    """Everything found for one blank of a message: numbers from the least to the most, words each once."""

    def __format__(self, spec: str) -> str:
        if all(isinstance(one, int | float | dt.date) for one in self):
            ends = (format(min(self), spec), format(max(self), spec))  # type: ignore[type-var]
            return " to ".join(dict.fromkeys(ends))
        return ", ".join(dict.fromkeys(format(one, spec) for one in self))


def find_deviations(plan: AllowedPlan, records: Records) -> tuple[Reason, ...]:
    """Every limit that the written light passes, the gravest first; what is unknown passes none and is marked."""
    lit = with_light(records)
    return most_restrictive_first(
        [
            *_too_long(plan, lit),
            *_too_near(plan, lit),
            *_above_fluence(plan, lit),
            *_too_many_a_day(lit),
            *_too_many_a_week(plan, lit),
            *_too_close_together(lit),
            *_outside_the_plan(plan, lit),
        ]
    )


def next_step(records: Records, as_of: dt.date) -> tuple[Reason, ...]:
    """What the sessions missed up to `as_of` ask for, the gravest first; nothing where the last due one was done."""
    planned = (record for record in records if record.planned is not None and record.planned.date < as_of)
    due = sorted(planned, key=_planned_day)
    if not due:
        return ()
    return most_restrictive_first([*_last_one(due[-1]), *_in_a_row(due), *_pause(due, records)])


def said_together(reasons: Iterable[Reason]) -> tuple[tuple[Reason, SaidOnce], ...]:
    """What each rule found, said once with all places and numbers and the days; in the order of the reasons.

    Of a course with too much light at every session this is one sentence instead of one for each place and day.
    """
    by_rule: dict[str, list[Reason]] = {}
    for reason in reasons:
        by_rule.setdefault(reason.rule, []).append(reason)
    return tuple((same[0], _together(same)) for same in by_rule.values())


def _together(same: list[Reason]) -> SaidOnce:
    # Asked for here: the start of a session finds nothing to say, and loads no words for it.
    from openpbm.wording import SaidOnce

    found: dict[str, list[object]] = {}
    for reason in same:
        if isinstance(reason, Finding):
            for name, value in reason.found:
                found.setdefault(name, []).append(value)
    text = same[0].message
    if len({reason.message for reason in same}) > 1 and found:
        text = delivery_rules[same[0].rule].message.format(**{name: _AllOf(values) for name, values in found.items()})
    dates = tuple(sorted({reason.date for reason in same if reason.date is not None}))
    # Two places of one evening are one time.
    return SaidOnce(text=text, count=len(dates) or len(same), dates=dates)


def gravest(reasons: Iterable[Reason]) -> Level | None:
    """The gravest level, since the most restrictive limit wins; None where nothing was found."""
    return min((reason.level for reason in reasons), key=GRAVEST_FIRST.index, default=None)


def most_restrictive_first(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The reasons without repetitions, the gravest first, then by day."""
    return tuple(sorted(set(reasons), key=_gravity_and_day))


def _gravity_and_day(reason: Reason) -> tuple[int, dt.date, str, str]:
    return (GRAVEST_FIRST.index(reason.level), reason.date or dt.date.max, reason.rule, reason.message)


def _fired(rule_id: str, date: dt.date | None, **found: object) -> Finding:
    """What one rule says, its message filled with what was found. FactsError where there is no such rule."""
    rule = delivery_rules[rule_id]
    return Finding(
        rule=rule.id,
        level=rule.severity,
        message=rule.message.format(**found),
        date=date,
        source=rule.source,
        verified=rule.verified,
        found=tuple(found.items()),
    )


def _too_long(plan: AllowedPlan, lit: Records) -> Iterator[Reason]:
    for record in lit:
        for place in record.places:
            ratio = place.minutes_ratio or 0.0
            # Exactly 1.5 times stops, exactly 1.1 still passes: rounding comes off one and goes on the other.
            much = ratio >= tolerance("minutes_ratio_stop") * (1 - _ROUNDING_SLACK)
            if much or ratio > tolerance("minutes_ratio_highest") * (1 + _ROUNDING_SLACK):
                rule = "much_longer_than_planned" if much else "longer_than_planned"
                found = {
                    "place": _name(place.place),
                    "minutes": place.minutes,
                    "planned": plan.session_minutes,
                }
                yield _fired(rule, record.date, **found)
        for mark in record.marks:
            if mark.id == "minutes_unclear":
                yield _fired("minutes_unclear", record.date, found=mark.message)


def _too_near(plan: AllowedPlan, lit: Records) -> Iterator[Reason]:
    for record in lit:
        places = tuple(one.place for one in record.places)
        for row in record.rows:
            planned_mm = planned_distance_mm(plan, places, row)
            nearer = distance_state(plan, places, row) == "nearer"
            if nearer and row.distance_mm is not None and planned_mm is not None:
                much = row.distance_mm <= tolerance("distance_ratio_stop") * planned_mm
                rule = "much_nearer_than_planned" if much else "nearer_than_planned"
                yield _fired(rule, record.date, distance=row.distance_mm, planned=planned_mm)


def _above_fluence(plan: AllowedPlan, lit: Records) -> Iterator[Reason]:
    allowed = session_fluence_j_cm2(plan)
    if allowed is None:
        return
    # By the day, not by the session: two sittings may pass together what neither passes alone.
    upper: dict[tuple[dt.date, Place], float] = defaultdict(float)
    for record in lit:
        for place in record.places:
            if place.fluence_j_cm2 is not None:
                upper[record.date, place.place] += place.fluence_j_cm2[2]
    for (day, where), fluence in upper.items():
        if fluence > allowed[2] * (1 + _ROUNDING_SLACK):
            just = fluence <= allowed[2] * tolerance("minutes_ratio_highest") * (1 + _ROUNDING_SLACK)
            rule = "fluence_just_above_plan" if just else "fluence_above_plan"
            yield _fired(rule, day, place=_name(where), fluence=fluence, upper=allowed[2])


def _too_many_a_day(lit: Records) -> Iterator[Reason]:
    most = tolerance("sessions_a_day")
    planned = Counter(record.planned.date for record in lit if record.planned)
    for day, sessions in Counter(record.date for record in lit).items():
        # A released plan with two sessions on a day was checked with both.
        if sessions > max(most, planned[day]):
            yield _fired("two_in_a_day", day, sessions=sessions, most=most)


def _too_many_a_week(plan: AllowedPlan, lit: Records) -> Iterator[Reason]:
    planned = Counter(session.week for session in plan.schedule.sessions)
    given: dict[int, list[dt.date]] = defaultdict(list)
    for record in lit:
        given[week_of(plan, record.date)].append(record.date)
    for week, days in given.items():
        # A week in which nothing was planned, after the last one for example, is held against the usual number.
        allowed = planned[week] or math.ceil(plan.schedule.sessions_per_week)
        if len(days) > allowed:
            yield _fired("too_many_in_a_week", max(days), sessions=len(days), week=week, planned=allowed)


def _too_close_together(lit: Records) -> Iterator[Reason]:
    least = tolerance("hours_between_sessions")
    begun = sorted(
        dt.datetime.combine(record.date, min(row.time for row in record.rows if row.time is not None))
        for record in lit
        if any(row.time is not None for row in record.rows)
    )
    for before, after in itertools.pairwise(begun):
        hours = (after - before) / dt.timedelta(hours=1)
        # Two on one day are already said to be two on one day.
        if hours < least and after.date() != before.date():
            yield _fired("too_close_together", after.date(), hours=hours, least=least)


def _outside_the_plan(plan: AllowedPlan, lit: Records) -> Iterator[Reason]:
    last = plan.start_date + dt.timedelta(weeks=max(1, plan.schedule.weeks)) - dt.timedelta(days=1)
    for record in lit:
        if not plan.start_date <= record.date <= last:
            yield _fired("outside_plan", record.date, first=plan.start_date, last=last)
        if any(mark.id == "place_not_planned" for mark in record.marks):
            for place in record.places:
                yield _fired("place_not_planned", record.date, place=_name(place.place))


def _name(place: Place) -> str:
    name = place_name(place)
    return name[0].upper() + name[1:]


def _planned_day(record: SessionRecord) -> tuple[dt.date, int]:
    assert record.planned is not None
    return (record.planned.date, record.planned.number)


def _last_one(last: SessionRecord) -> Iterator[Reason]:
    words = {"missed": "missed", "partial": "broken off or too short"}
    if last.state in words and last.planned is not None:
        yield _fired("leave_out", last.planned.date, state=words[last.state])


def _in_a_row(due: list[SessionRecord]) -> Iterator[Reason]:
    """The longest run up to the last due session; a run of missed ones is not broken by one with nothing written."""
    run = list(itertools.takewhile(lambda record: record.state in ("missed", "unknown"), reversed(due)))
    missed = sum(record.state == "missed" for record in run)
    unwritten = len(list(itertools.takewhile(lambda record: record.state == "unknown", run)))
    if missed >= tolerance("missed_in_a_row_restart"):
        yield _fired("restart_after_missed", None, sessions=missed)
    elif missed >= tolerance("missed_in_a_row_ask"):
        yield _fired("ask_why_missed", None, sessions=missed)
    if unwritten >= tolerance("unwritten_in_a_row_ask"):
        yield _fired("ask_for_record", None, sessions=unwritten)


def _pause(due: list[SessionRecord], records: Records) -> Iterator[Reason]:
    """Long without light, up to the last due session, since a course that has ended is no pause.

    A due day with nothing written may have had light: who stops writing is asked for the record, not to begin again.
    """
    maybe_lit = [record.date for record in with_light(records)]
    if not maybe_lit:
        return
    maybe_lit += [record.date for record in due if record.state == "unknown"]
    days = (_planned_day(due[-1])[0] - max(maybe_lit)).days
    if days >= tolerance("days_without_light_restart"):
        yield _fired("restart_after_pause", None, days=days)
