"""Bring what was written together with what was planned: one record for each session due, given, or both."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Set

from openpbm.course.records import Course, RecordedSession
from openpbm.delivery.place import (
    Place,
    is_known_place,
    minutes_at_each_place,
    own_places,
    places_covered,
    planned_places,
)
from openpbm.delivery.session_record import (
    SessionRecord,
    elsewhere_record,
    extra_record,
    planned_record,
    stray_missed_record,
)
from openpbm.facts.delivery import tolerance
from openpbm.planning import AllowedPlan, PlannedSession

__all__ = [
    "FIRST_WORD_DAYS",
    "Sitting",
    "follows_another",
    "lit_days",
    "match_sessions",
    "week_of",
    "without_duplicates",
]

Sitting = tuple[RecordedSession, ...]
"""Lines of one day that were one session, as far as can be told."""

#: Before so many days of light nothing is said of success [day].
FIRST_WORD_DAYS = 28
_DAYS_A_WEEK = 7


def match_sessions(course: Course, as_of: dt.date) -> tuple[SessionRecord, ...]:
    """Every session due before `as_of`, and every session written before it, in the order of days.

    as_of : day of the checkpoint, which comes before that day's session; lines of that day or later do not count

    A planned session takes the lines of its own day. Else a sitting on a day without a planned session fills the
    nearest one of the same plan week that has no line yet (moved). A day fills as many as are planned on it,
    at most one otherwise; all other light is extra, as is whatever its writer called so. A session written as missed
    stays missed, whatever was given on another day. A session about which nothing else is written, while light was
    given at another place on its day or in its week, went elsewhere: that is known, and not "nothing written".
    """
    plan = course.plan
    # Light of an earlier course was judged with its own plan: here it would be so many sessions too many.
    first = plan.start_date if follows_another(course) else dt.date.min
    rows, _ = without_duplicates(row for row in course.sessions if first <= row.date < as_of)
    given, extra = _sittings_of_all_days(plan, rows)
    missed: tuple[Sitting, ...] = tuple((row,) for row in rows if row.status == "missed")
    lit = _on_their_day(plan, given)
    not_lit = _missed_on_their_day(plan, missed, lit)
    moved = _nearest_in_the_week(plan, _of_free_days(plan, given), lit.keys() | not_lit.keys())
    missed_elsewhere = set(missed) - {(row,) for rows in not_lit.values() for row in rows}
    # Light moved first: a line about a missed session must not take the day that a given one fills.
    moved |= _nearest_in_the_week(plan, missed_elsewhere, lit.keys() | not_lit.keys() | moved.keys())
    used = set(lit.values()) | set(moved.values())
    rows_of = {session: lit.get(session, ()) + not_lit.get(session, ()) for session in lit.keys() | not_lit.keys()}
    rows_of |= moved
    elsewhere = _elsewhere(
        plan, extra, {session for session in plan.schedule.sessions if session.date >= as_of} | rows_of.keys()
    )
    records = [
        elsewhere_record(plan, session, elsewhere[session])
        if session in elsewhere
        else planned_record(plan, session, _in_order(rows_of.get(session, ())), due=session.date < as_of)
        for session in plan.schedule.sessions
        if session.date < as_of or session in rows_of
    ]
    records += [extra_record(plan, sitting, _places_on(plan, sitting[0].date)) for sitting in extra]
    records += [extra_record(plan, sitting, _places_on(plan, sitting[0].date)) for sitting in set(given) - used]
    records += [stray_missed_record(plan, sitting[0], _all_places(plan)) for sitting in missed_elsewhere - used]
    # The sets above have no order; sorted by what the lines say, the same file always gives the same records.
    return tuple(sorted(records, key=_order_of_record))


def lit_days(course: Course) -> list[dt.date]:
    """Days on which some light was given, in order, whichever plan it was of."""
    return sorted({row.date for row in course.sessions if row.status != "missed"})


def follows_another(course: Course) -> bool:
    """Whether its plan keeps up an earlier course: it starts four weeks or more after the first light of all.

    A plan made again within the first weeks is still the first course.
    """
    lit = lit_days(course)
    return bool(lit) and (course.plan.start_date - lit[0]).days >= FIRST_WORD_DAYS


def _order_of_record(record: SessionRecord) -> tuple[object, ...]:
    number = record.planned.number if record.planned else 0
    return (record.date, record.planned is None, number, record.state, [_order_of(row) for row in record.rows])


def _sittings_of_all_days(plan: AllowedPlan, rows: Sitting) -> tuple[tuple[Sitting, ...], tuple[Sitting, ...]]:
    """Sittings that may fill a planned session, and those that cannot: called extra, or at a place not in the plan."""
    given: list[Sitting] = []
    extra: list[Sitting] = []
    light = sorted((row for row in rows if row.status != "missed"), key=_day_and_extra)
    for (day, called_extra), group in itertools.groupby(light, key=_day_and_extra):
        places = _places_on(plan, day)
        for sitting in _sittings(plan, places, group):
            elsewhere = not any(places_covered(row, places) for row in sitting)
            (extra if called_extra or elsewhere else given).append(sitting)
    return tuple(given), tuple(extra)


def _day_and_extra(row: RecordedSession) -> tuple[dt.date, bool]:
    return (row.date, row.status == "extra")


def _on_their_day(plan: AllowedPlan, given: tuple[Sitting, ...]) -> dict[PlannedSession, Sitting]:
    """Planned sessions with a sitting of their own day, in the order of both."""
    taken: dict[PlannedSession, Sitting] = {}
    for sitting in given:
        waiting = [session for session in _on(plan, sitting[0].date) if session not in taken]
        if waiting:
            taken[waiting[0]] = sitting
    return taken


def _missed_on_their_day(
    plan: AllowedPlan, missed: tuple[Sitting, ...], lit: dict[PlannedSession, Sitting]
) -> dict[PlannedSession, Sitting]:
    """Planned sessions with what was written as missed on their day; one without light first."""
    found: dict[PlannedSession, Sitting] = {}
    for (row,) in missed:
        about = [session for session in _on(plan, row.date) if places_covered(row, planned_places(session))]
        if about:
            session = next((one for one in about if one not in lit), about[0])
            found[session] = (*found.get(session, ()), row)
    return found


def _elsewhere(
    plan: AllowedPlan, extra: tuple[Sitting, ...], taken: Set[PlannedSession]
) -> dict[PlannedSession, Sitting]:
    """Planned sessions not taken, each with light at another place on its day, else on a free day of its week."""
    # Whoever calls it extra speaks of another session than the planned one, and a word that nobody knows may mean the
    # planned place.
    beside = tuple(
        sitting for sitting in extra if all(row.status != "extra" and is_known_place(row) for row in sitting)
    )
    of_day = {session: sitting for session, sitting in _on_their_day(plan, beside).items() if session not in taken}
    return of_day | _nearest_in_the_week(plan, _of_free_days(plan, beside), taken | of_day.keys(), at_its_places=False)


def _of_free_days(plan: AllowedPlan, given: tuple[Sitting, ...]) -> set[Sitting]:
    """The first sitting of each day without a planned session: one a day may stand for a planned one."""
    first: dict[dt.date, Sitting] = {}
    for sitting in given:
        if not _on(plan, sitting[0].date):
            first.setdefault(sitting[0].date, sitting)
    return set(first.values())


def _nearest_in_the_week(
    plan: AllowedPlan, waiting: set[Sitting], taken: Set[PlannedSession], *, at_its_places: bool = True
) -> dict[PlannedSession, Sitting]:
    """Planned sessions not taken, each with the nearest waiting sitting of its plan week; the nearest pair first."""
    pairs = [
        (
            abs((session.date - sitting[0].date).days),
            session.date,
            session.number,
            _order_of(sitting[0]),
            session,
            sitting,
        )
        for session in plan.schedule.sessions
        for sitting in waiting
        if session not in taken
        and session.week == week_of(plan, sitting[0].date)
        and (not at_its_places or any(places_covered(row, planned_places(session)) for row in sitting))
    ]
    found: dict[PlannedSession, Sitting] = {}
    used: set[Sitting] = set()
    # Compared by the first four alone, since sessions and sittings have no order of their own.
    for *_, session, sitting in sorted(pairs, key=lambda pair: pair[:4]):
        if session not in found and sitting not in used:
            found[session] = sitting
            used.add(sitting)
    return found


def week_of(plan: AllowedPlan, day: dt.date) -> int:
    """The plan week of a day, the first being 1; 0 and below come before the course."""
    return 1 + (day - plan.start_date).days // _DAYS_A_WEEK


def _on(plan: AllowedPlan, day: dt.date) -> list[PlannedSession]:
    return sorted(
        (session for session in plan.schedule.sessions if session.date == day), key=lambda session: session.number
    )


def _places_on(plan: AllowedPlan, day: dt.date) -> tuple[Place, ...]:
    """The places planned on that day, all of the plan's where it has no session."""
    planned = _on(plan, day)
    return planned_places(planned[0]) if planned else _all_places(plan)


def _all_places(plan: AllowedPlan) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(place for session in plan.schedule.sessions for place in planned_places(session)))


def _in_order(rows: Iterable[RecordedSession]) -> Sitting:
    return tuple(sorted(rows, key=_order_of))


def _order_of(row: RecordedSession) -> tuple[object, ...]:
    """Sorts lines by what they say, never by where they stand in the file."""
    return (*_content(row), row.reason, row.skin_reaction or "", row.line)


def without_duplicates(rows: Iterable[RecordedSession]) -> tuple[Sitting, int]:
    """The lines in their order, those that say the same light only once, and how many were left out."""
    ordered = _in_order(rows)
    # Reversed, because the last one written into a dict stays: of equal lines that is now the first.
    once = {_content(row): row for row in reversed(ordered)}
    return _in_order(once.values()), len(ordered) - len(once)


def _sittings(plan: AllowedPlan, places: tuple[Place, ...], rows: Iterable[RecordedSession]) -> tuple[Sitting, ...]:
    """Share the lines of one day out among sittings.

    Lines of different places are one sitting. A second line of the same place joins only when one of the two was broken
    off and both together stay within the planned time: it was resumed. All else is another sitting.
    """
    found: list[list[RecordedSession]] = []
    for row in _in_order(rows):
        for sitting in found:
            if _joins(plan, places, sitting, row):
                sitting.append(row)
                break
        else:
            found.append([row])
    return tuple(tuple(sitting) for sitting in found)


def _joins(plan: AllowedPlan, places: tuple[Place, ...], sitting: list[RecordedSession], row: RecordedSession) -> bool:
    mine = _places(row, places)
    same = [other for other in sitting if mine & _places(other, places)]
    if not same:
        return bool(mine & set(places)) == any(_places(other, places) & set(places) for other in sitting)
    if all(one.status != "partial" for one in (*same, row)):
        return False
    minutes = [minutes_at_each_place(plan, places, one)[0] or 0.0 for one in (*same, row)]
    return sum(minutes) <= tolerance("minutes_ratio_highest") * plan.session_minutes


def _places(row: RecordedSession, places: tuple[Place, ...]) -> set[Place]:
    return set(places_covered(row, places) or own_places(row))


def _content(row: RecordedSession) -> tuple[object, ...]:
    return (
        row.date,
        # The flag in front puts lines without a time last; "" alone would put them before midnight.
        (row.time is None, row.time.isoformat() if row.time else ""),
        row.status,
        row.site,
        row.side,
        (row.minutes is None, row.minutes or 0.0),
        (row.distance_mm is None, row.distance_mm or 0.0),
    )
