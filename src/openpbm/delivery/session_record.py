"""A session as it was planned and as it was given, made out of its lines; marks say what a reader must know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openpbm.course.mark import Mark
from openpbm.course.records import RecordedSession
from openpbm.delivery.place import (
    DistanceState,
    Interval,
    Place,
    PlaceRecord,
    PlaceState,
    Rows,
    minutes_at_each_place,
    named_otherwise,
    own_places,
    place_name,
    place_records,
    places_covered,
    planned_places,
    unlit_place,
    worst_distance,
)
from openpbm.errors import quote
from openpbm.planning import AllowedPlan, PlannedSession
from openpbm.wording import date_in_words

__all__ = [
    "SessionRecord",
    "SessionState",
    "elsewhere_record",
    "extra_record",
    "planned_record",
    "stray_missed_record",
    "with_light",
]

#: `elsewhere`: light was given instead at a place that is not in the plan.
SessionState = Literal["done", "partial", "missed", "elsewhere", "unknown", "extra"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    """One session: planned, given, or both.

    planned : None for an extra session and for a missed one that fits no planned day
    date : the day it was given, else the day it was planned or written as missed
    due : planned before the checkpoint
    rows : the lines of sessions.csv that it rests on
    minutes_planned : at each place [min]
    """

    planned: PlannedSession | None
    date: dt.date
    due: bool
    rows: tuple[RecordedSession, ...]
    state: SessionState
    minutes_planned: float
    places: tuple[PlaceRecord, ...]
    marks: tuple[Mark, ...] = ()

    @property
    def lit(self) -> bool:
        """Whether light was given, as far as is written."""
        # Given "for 0 minutes" is no light; minutes that nobody wrote may well be some.
        return any(row.status != "missed" and row.minutes != 0 for row in self.rows)

    @property
    def minutes_delivered(self) -> float | None:
        """Minutes summed over the places [min]; None where those of any place are unknown."""
        known = [place.minutes for place in self.places if place.minutes is not None]
        return sum(known) if len(known) == len(self.places) else None

    @property
    def minutes_ratio(self) -> float | None:
        """Minutes given over minutes planned, all places together [-]; None where unknown."""
        given = self.minutes_delivered
        return None if given is None else given / (self.minutes_planned * len(self.places))

    @property
    def known_share(self) -> float:
        """Share of the planned minutes known to be given, in [0, 1]; more at one place does not make up for another."""
        known = [(place.minutes_ratio_range or (0.0, 0.0))[0] for place in self.places]
        return sum(min(1.0, least) for least in known) / len(self.places)

    @property
    def short(self) -> bool:
        """Whether a planned session counts as done, but was short at some place."""
        return self.state == "done" and any(place.short for place in self.places)

    @property
    def distance_state(self) -> DistanceState:
        """The worst over the places: nearer, farther, unknown, as planned."""
        return worst_distance([place.distance_state for place in self.places])

    @property
    def fluence_j_cm2(self) -> Interval | None:
        """(lowest lower, mean planned, highest upper) over the places [J/cm2]; None where any is unknown."""
        known = [place.fluence_j_cm2 for place in self.places if place.fluence_j_cm2 is not None]
        if len(known) < len(self.places):
            return None
        lower, planned, upper = zip(*known, strict=True)
        return (min(lower), sum(planned) / len(planned), max(upper))


def with_light(records: tuple[SessionRecord, ...]) -> tuple[SessionRecord, ...]:
    """The sessions in which light was given, in the order of days."""
    return tuple(sorted((record for record in records if record.lit), key=lambda record: record.date))


def planned_record(plan: AllowedPlan, planned: PlannedSession, rows: Rows, *, due: bool) -> SessionRecord:
    """A planned session with the lines that are about it in their order, none where nothing was written."""
    places = planned_places(planned)
    records = place_records(plan, places, rows)
    light = [row for row in rows if row.status != "missed"]
    marks = _marks_of(plan, places, rows)
    if light and light[0].date != planned.date:
        marks += (
            Mark(id="moved", message=f"planned for {date_in_words(planned.date)}, given then", dates=(light[0].date,)),
        )
    marks += tuple(_short(plan, light[0].date, record) for record in records if record.short)
    return SessionRecord(
        planned=planned,
        date=light[0].date if light else planned.date,
        due=due,
        rows=rows,
        state=_state_of([record.state for record in records]),
        minutes_planned=plan.session_minutes,
        places=records,
        marks=marks,
    )


def elsewhere_record(plan: AllowedPlan, planned: PlannedSession, sitting: Rows) -> SessionRecord:
    """A due session whose light was given at another place instead, so that its own places got none."""
    instead = dict.fromkeys(place_name(place) for row in sitting for place in own_places(row))
    text = f"light was given to {' and '.join(instead) or 'another place'} instead, which is not in the plan"
    return SessionRecord(
        planned=planned,
        date=planned.date,
        due=True,
        rows=(),
        state="elsewhere",
        minutes_planned=plan.session_minutes,
        places=tuple(map(unlit_place, planned_places(planned))),
        marks=(Mark(id="lit_elsewhere", message=text, dates=(sitting[0].date,)),),
    )


def extra_record(plan: AllowedPlan, sitting: Rows, places: tuple[Place, ...]) -> SessionRecord:
    """A sitting that fills no planned session; `places` are those the plan would have lit."""
    lit = tuple(dict.fromkeys(p for row in sitting for p in places_covered(row, places)))
    marks: tuple[Mark, ...] = ()
    if not lit:
        lit = tuple(dict.fromkeys(place for row in sitting for place in own_places(row)))
        marks = (Mark(id="place_not_planned", message="the place is not in the plan", dates=(sitting[0].date,)),)
    # Whoever wrote "extra" needs no mark that we count it as such.
    elif all(row.status != "extra" for row in sitting):
        marks = (Mark(id="counted_as_extra", message="fits no open session of the plan", dates=(sitting[0].date,)),)
    return SessionRecord(
        planned=None,
        date=sitting[0].date,
        due=False,
        rows=sitting,
        state="extra",
        minutes_planned=plan.session_minutes,
        places=place_records(plan, lit, sitting),
        marks=marks + _marks_of(plan, lit, sitting),
    )


def stray_missed_record(plan: AllowedPlan, row: RecordedSession, places: tuple[Place, ...]) -> SessionRecord:
    """A line that calls missed what was never planned; it counts nowhere and is marked."""
    lit = places_covered(row, places) or own_places(row)
    return SessionRecord(
        planned=None,
        date=row.date,
        due=False,
        rows=(row,),
        state="missed",
        minutes_planned=plan.session_minutes,
        places=place_records(plan, lit, (row,)),
        marks=(
            Mark(id="missed_not_planned", message="written as missed, but no session was planned", dates=(row.date,)),
        ),
    )


def _short(plan: AllowedPlan, day: dt.date, record: PlaceRecord) -> Mark:
    text = f"{place_name(record.place)} was lit for {record.minutes:g} of {plan.session_minutes:g} min"
    return Mark(id="short", message=f"{text}; counted as done, the dose falls short", dates=(day,))


def _state_of(states: Sequence[PlaceState]) -> SessionState:
    if all(state == "done" for state in states):
        return "done"
    if any(state in ("done", "partial") for state in states):
        return "partial"
    return "missed" if "missed" in states else "unknown"


def _marks_of(plan: AllowedPlan, places: tuple[Place, ...], rows: Rows) -> tuple[Mark, ...]:
    light = [row for row in rows if row.status != "missed"]
    marks = [mark for row in light if (mark := minutes_at_each_place(plan, places, row)[1]) is not None]
    if not light:
        return ()
    day = light[0].date
    lit = {place for row in light for place in places_covered(row, places)}
    said_missed = {place for row in rows if row.status == "missed" for place in places_covered(row, places)}
    if lit & said_missed:
        marks.append(
            Mark(id="done_and_missed", message="written as given and as missed; the light counts", dates=(day,))
        )
    if any(row.status == "partial" for row in light) and len(light) > len(lit):
        marks.append(Mark(id="resumed", message="broken off and resumed", dates=(day,)))
    other_words = sorted({row.site for row in light if named_otherwise(row, places)})
    marks += [
        Mark(id="site_in_other_words", message=f"{quote(word)} read as the planned place", dates=(day,))
        for word in other_words
    ]
    if any(row.minutes == 0 for row in light):
        marks.append(Mark(id="no_minutes", message="written as given, but for 0 min", dates=(day,)))
    if any(row.minutes is None for row in light):
        marks.append(Mark(id="minutes_not_written", message="minutes not written; the dose is unknown", dates=(day,)))
    if any(row.distance_mm is None for row in light) and plan.placement.distance_mm is not None:
        marks.append(Mark(id="distance_not_written", message="distance not written; taken as planned", dates=(day,)))
    return tuple(marks)
