"""Make one session's record out of its lines, with a mark for whatever a reader must know about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from openpbm.course.mark import Mark
from openpbm.course.records import RecordedSession
from openpbm.delivery.place import Place, named_otherwise, own_places, place_name, places_covered, planned_places
from openpbm.delivery.place_record import minutes_at_each_place, place_records
from openpbm.delivery.session_record import PlaceRecord, PlaceState, SessionRecord, SessionState
from openpbm.delivery.sitting import Sitting, order_of
from openpbm.errors import quote
from openpbm.planning import AllowedPlan, PlannedSession

__all__ = ["extra_record", "planned_record", "stray_missed_record"]


def planned_record(plan: AllowedPlan, planned: PlannedSession, rows: Sitting, *, due: bool) -> SessionRecord:
    """A planned session with the lines that are about it, none where nothing was written."""
    ordered = tuple(sorted(rows, key=order_of))
    places = planned_places(planned)
    records = place_records(plan, places, ordered)
    light = [row for row in ordered if row.status != "missed"]
    marks = _marks_of(plan, places, ordered)
    if light and light[0].date != planned.date:
        marks += (Mark(id="moved", message=f"planned on {planned.date}, given on {light[0].date}"),)
    marks += tuple(_short(plan, light[0].date, record) for record in records if record.short)
    return SessionRecord(
        planned=planned,
        date=light[0].date if light else planned.date,
        due=due,
        rows=ordered,
        state=_state_of([record.state for record in records]),
        minutes_planned=plan.session_minutes,
        places=records,
        marks=marks,
    )


def extra_record(plan: AllowedPlan, sitting: Sitting, places: tuple[Place, ...]) -> SessionRecord:
    """A sitting that fills no planned session; `places` are those the plan would have lit."""
    lit = tuple(dict.fromkeys(p for row in sitting for p in places_covered(row, places)))
    marks: tuple[Mark, ...] = ()
    if not lit:
        lit = tuple(dict.fromkeys(place for row in sitting for place in own_places(row)))
        marks = (Mark(id="place_not_planned", message=f"{sitting[0].date}: the place is not in the plan"),)
    # Whoever wrote "extra" needs no mark that we count it as such.
    elif all(row.status != "extra" for row in sitting):
        marks = (Mark(id="counted_as_extra", message=f"{sitting[0].date}: fits no open session of the plan"),)
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
        marks=(Mark(id="missed_not_planned", message=f"{row.date}: written as missed, but no session was planned"),),
    )


def _short(plan: AllowedPlan, day: dt.date, record: PlaceRecord) -> Mark:
    text = f"{day}: {place_name(record.place)} was lit for {record.minutes:g} of {plan.session_minutes:g} min"
    return Mark(id="short", message=f"{text}; counted as done, the dose falls short")


def _state_of(states: Sequence[PlaceState]) -> SessionState:
    if all(state == "done" for state in states):
        return "done"
    if any(state in ("done", "partial") for state in states):
        return "partial"
    return "missed" if "missed" in states else "unknown"


def _marks_of(plan: AllowedPlan, places: tuple[Place, ...], rows: Sitting) -> tuple[Mark, ...]:
    light = [row for row in rows if row.status != "missed"]
    marks = [mark for row in light if (mark := minutes_at_each_place(plan, places, row)[1]) is not None]
    if not light:
        return ()
    day = light[0].date
    lit = {place for row in light for place in places_covered(row, places)}
    said_missed = {place for row in rows if row.status == "missed" for place in places_covered(row, places)}
    if lit & said_missed:
        marks.append(Mark(id="done_and_missed", message=f"{day}: written as given and as missed; the light counts"))
    if any(row.status == "partial" for row in light) and len(light) > len(lit):
        marks.append(Mark(id="resumed", message=f"{day}: broken off and resumed"))
    other_words = sorted({row.site for row in light if named_otherwise(row, places)})
    marks += [
        Mark(id="site_in_other_words", message=f"{day}: {quote(word)} read as the planned place")
        for word in other_words
    ]
    if any(row.minutes == 0 for row in light):
        marks.append(Mark(id="no_minutes", message=f"{day}: written as given, but for 0 min"))
    if any(row.minutes is None for row in light):
        marks.append(Mark(id="minutes_not_written", message=f"{day}: minutes not written; the dose is unknown"))
    if any(row.distance_mm is None for row in light) and plan.placement.distance_mm is not None:
        marks.append(Mark(id="distance_not_written", message=f"{day}: distance not written; taken as planned"))
    return tuple(marks)
