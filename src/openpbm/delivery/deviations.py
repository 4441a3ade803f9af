"""Where light went beyond its plan: longer, nearer, more often, elsewhere. The most restrictive limit comes first."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from openpbm.delivery.finding import Finding, finding, most_restrictive_first
from openpbm.delivery.match import week_of
from openpbm.delivery.place import Place, place_name
from openpbm.delivery.place_record import distance_state, session_fluence_j_cm2
from openpbm.delivery.session_record import SessionRecord, with_light
from openpbm.facts.delivery import tolerance
from openpbm.planning import AllowedPlan

__all__ = ["find_deviations"]

Records = tuple[SessionRecord, ...]
_ROUNDING = 1e-9


def find_deviations(plan: AllowedPlan, records: Records) -> tuple[Finding, ...]:
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


def _too_long(plan: AllowedPlan, lit: Records) -> Iterator[Finding]:
    for record in lit:
        for place in record.places:
            ratio = place.minutes_ratio or 0.0
            # Exactly 1.5 times stops, exactly 1.1 still passes: rounding comes off one and goes on the other.
            much = ratio >= tolerance("minutes_ratio_stop") * (1 - _ROUNDING)
            if much or ratio > tolerance("minutes_ratio_highest") * (1 + _ROUNDING):
                rule = "much_longer_than_planned" if much else "longer_than_planned"
                found = {
                    "place": _name(place.place),
                    "minutes": place.minutes,
                    "planned": plan.session_minutes,
                }
                yield finding(rule, record.date, **found)
        for mark in record.marks:
            if mark.id == "minutes_unclear":
                yield finding("minutes_unclear", record.date, found=mark.message)


def _too_near(plan: AllowedPlan, lit: Records) -> Iterator[Finding]:
    if plan.placement.distance_mm is None:
        return
    for record in lit:
        for row in record.rows:
            if distance_state(plan, row.distance_mm) == "nearer" and row.distance_mm is not None:
                much = row.distance_mm <= tolerance("distance_ratio_stop") * plan.placement.distance_mm
                rule = "much_nearer_than_planned" if much else "nearer_than_planned"
                yield finding(rule, record.date, distance=row.distance_mm, planned=plan.placement.distance_mm)


def _above_fluence(plan: AllowedPlan, lit: Records) -> Iterator[Finding]:
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
        if fluence > allowed[2] * (1 + _ROUNDING):
            just = fluence <= allowed[2] * tolerance("minutes_ratio_highest") * (1 + _ROUNDING)
            rule = "fluence_just_above_plan" if just else "fluence_above_plan"
            yield finding(rule, day, place=_name(where), fluence=fluence, upper=allowed[2])


def _too_many_a_day(lit: Records) -> Iterator[Finding]:
    most = tolerance("sessions_a_day")
    planned = Counter(record.planned.date for record in lit if record.planned)
    for day, sessions in Counter(record.date for record in lit).items():
        # A released plan with two sessions on a day was checked with both.
        if sessions > max(most, planned[day]):
            yield finding("two_in_a_day", day, sessions=sessions, most=most)


def _too_many_a_week(plan: AllowedPlan, lit: Records) -> Iterator[Finding]:
    planned = Counter(session.week for session in plan.schedule.sessions)
    given: dict[int, list[dt.date]] = defaultdict(list)
    for record in lit:
        given[week_of(plan, record.date)].append(record.date)
    for week, days in given.items():
        # A week in which nothing was planned, after the last one for example, is held against the usual number.
        allowed = planned[week] or math.ceil(plan.schedule.sessions_per_week)
        if len(days) > allowed:
            yield finding("too_many_in_a_week", max(days), sessions=len(days), week=week, planned=allowed)


def _too_close_together(lit: Records) -> Iterator[Finding]:
    least = tolerance("hours_between_sessions")
    begun = sorted(
        dt.datetime.combine(record.date, min(row.time for row in record.rows if row.time is not None))
        for record in lit
        if any(row.time is not None for row in record.rows)
    )
    for before, after in pairwise(begun):
        hours = (after - before) / dt.timedelta(hours=1)
        # Two on one day are already said to be two on one day.
        if hours < least and after.date() != before.date():
            yield finding("too_close_together", after.date(), hours=hours, least=least)


def _outside_the_plan(plan: AllowedPlan, lit: Records) -> Iterator[Finding]:
    last = plan.start_date + dt.timedelta(weeks=max(1, plan.schedule.weeks)) - dt.timedelta(days=1)
    for record in lit:
        if not plan.start_date <= record.date <= last:
            yield finding("outside_plan", record.date, first=plan.start_date, last=last)
        if any(mark.id == "place_not_planned" for mark in record.marks):
            for place in record.places:
                yield finding("place_not_planned", record.date, place=_name(place.place))


def _name(place: Place) -> str:
    name = place_name(place)
    return name[0].upper() + name[1:]
