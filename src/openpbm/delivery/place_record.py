"""What the lines of one session say about each place: minutes, distance, state and fluence."""

from __future__ import annotations

import math

from openpbm.course.mark import Mark
from openpbm.course.records import RecordedSession
from openpbm.delivery.place import Place, places_covered
from openpbm.delivery.session_record import DistanceState, Interval, PlaceRecord, PlaceState, worst_distance
from openpbm.facts.delivery import tolerance
from openpbm.facts.exposure import output_priors
from openpbm.planning import AllowedPlan, fluence_j_cm2

__all__ = ["distance_state", "minutes_at_each_place", "place_records", "session_fluence_j_cm2"]

Rows = tuple[RecordedSession, ...]
_ROUNDING = 1e-9


def place_records(plan: AllowedPlan, places: tuple[Place, ...], rows: Rows) -> tuple[PlaceRecord, ...]:
    """One record for each place, in the plan's order.

    Where a line says light and another says missed of the same place, the light counts: it is what the skin got.
    """
    return tuple(_place_record(plan, places, place, rows) for place in places)


def minutes_at_each_place(
    plan: AllowedPlan, places: tuple[Place, ...], row: RecordedSession
) -> tuple[float | None, Mark | None]:
    """The minutes of a line at each of its places [min], None where unknown; a mark where they were read otherwise.

    A line for several places may hold the minutes at each of them or their total. Near the total it is read as the
    total; a broken-off session longer than one place takes can only be a total; in between nobody can tell.
    """
    positions = _positions_of(plan, places, row)
    minutes, total = row.minutes, positions * plan.session_minutes
    if minutes is None or positions == 1 or minutes <= tolerance("minutes_ratio_highest") * plan.session_minutes:
        return minutes, None
    near = tolerance("total_minutes_ratio") * total
    if abs(minutes - total) <= near or (row.status == "partial" and minutes < total):
        text = f"{row.date}: {minutes:g} min was read as the total of {positions} positions"
        return minutes / positions, Mark(id="minutes_read_as_total", message=text)
    if minutes > total:
        # No reading makes this as planned, so the column's own meaning counts, which is also the graver one.
        return minutes, None
    text = f"{row.date}: {minutes:g} min is neither one position nor {positions}; the dose is unknown"
    return None, Mark(id="minutes_unclear", message=text)


def distance_state(plan: AllowedPlan, distance_mm: float | None) -> DistanceState:
    """Where the lamp stood, against the plan."""
    if distance_mm is None or plan.placement.distance_mm is None:
        return "unknown"
    band = max(tolerance("distance_mm"), tolerance("distance_ratio") * plan.placement.distance_mm)
    if abs(distance_mm - plan.placement.distance_mm) <= band:
        return "as planned"
    return "nearer" if distance_mm < plan.placement.distance_mm else "farther"


def session_fluence_j_cm2(plan: AllowedPlan) -> Interval | None:
    """(lower, planned, upper) at the skin in one planned session [J/cm2]; None where the plan does not say.

    A plan with an irradiance only is bounded as the lamp's output is trusted (`output_prior_rows`).
    """
    fluence = plan.prescription.skin_fluence_j_cm2
    if fluence is not None:
        return (fluence.lower, fluence.planned, fluence.upper)
    if plan.skin is None:
        return None
    minutes = plan.session_minutes
    planned = fluence_j_cm2(plan.skin.irradiance_mw_cm2, minutes)
    above = max(planned, fluence_j_cm2(plan.skin.irradiance_upper_mw_cm2, minutes))
    return (output_priors[plan.lamp.output_status].lower * planned, planned, above)


def _place_record(plan: AllowedPlan, places: tuple[Place, ...], place: Place, rows: Rows) -> PlaceRecord:
    about = tuple(row for row in rows if place in places_covered(row, places))
    light = tuple(row for row in about if row.status != "missed")
    if not about:
        return _unknown(place)
    if not light:
        return _missed(place)
    read = [minutes_at_each_place(plan, places, row)[0] for row in light]
    known = [minutes for minutes in read if minutes is not None]
    # One line without minutes leaves the place unknown: the sum of the others would pass for its dose.
    minutes = sum(known) if len(known) == len(light) else None
    ratio = None if minutes is None else minutes / plan.session_minutes
    distance = worst_distance([distance_state(plan, row.distance_mm) for row in light])
    return PlaceRecord(
        place=place,
        state=_state(light, ratio),
        minutes=minutes,
        minutes_ratio=ratio,
        minutes_ratio_range=_ratio_range(plan, places, light),
        distance_state=distance,
        fluence_j_cm2=_fluence(plan, ratio, distance),
    )


def _unknown(place: Place) -> PlaceRecord:
    """Nothing is written: that is not the same as no light."""
    return PlaceRecord(
        place=place,
        state="unknown",
        minutes=None,
        minutes_ratio=None,
        minutes_ratio_range=None,
        distance_state="unknown",
        fluence_j_cm2=None,
    )


def _missed(place: Place) -> PlaceRecord:
    return PlaceRecord(
        place=place,
        state="missed",
        minutes=0.0,
        minutes_ratio=0.0,
        minutes_ratio_range=(0.0, 0.0),
        # No lamp, no distance: the neutral word, so that a missed place never makes a session's distance worse.
        distance_state="as planned",
        fluence_j_cm2=(0.0, 0.0, 0.0),
    )


def _ratio_range(plan: AllowedPlan, places: tuple[Place, ...], light: Rows) -> tuple[float, float] | None:
    """Minutes over planned minutes at least and at most [-]; None where a line has no minutes."""
    lowest = highest = 0.0
    for row in light:
        if row.minutes is None:
            return None
        minutes, _ = minutes_at_each_place(plan, places, row)
        if minutes is not None:
            lowest, highest = lowest + minutes, highest + minutes
            continue
        # Unclear minutes are the total at least, and those of each place at most.
        lowest += row.minutes / _positions_of(plan, places, row)
        highest += row.minutes
    return (lowest / plan.session_minutes, highest / plan.session_minutes)


def _state(light: Rows, ratio: float | None) -> PlaceState:
    if ratio == 0:
        return "missed"
    if any(row.status != "partial" for row in light):
        # What its writer calls done is done unless too much is lacking; without minutes, or with minutes that can be
        # read in two ways, the writer's word stands and the dose is unknown.
        return "done" if ratio is None or ratio >= tolerance("done_ratio_lowest") - _ROUNDING else "partial"
    # One broken-off session stays what its writer called it; several may add up to a whole one.
    whole = ratio is not None and ratio >= tolerance("minutes_ratio_lowest") - _ROUNDING
    return "done" if whole and len(light) > 1 else "partial"


def _fluence(plan: AllowedPlan, ratio: float | None, distance: DistanceState) -> Interval | None:
    """Scaled by the minutes only. Light falls with distance in a way of each lamp's own, so elsewhere it is unknown."""
    whole = session_fluence_j_cm2(plan)
    if whole is None or ratio is None or distance in ("nearer", "farther"):
        return None
    return (whole[0] * ratio, whole[1] * ratio, whole[2] * ratio)


def _positions_of(plan: AllowedPlan, places: tuple[Place, ...], row: RecordedSession) -> int:
    """How often the lamp is set down to light the places of a line; a lamp of two heads lights two at once."""
    covered, places_of_session = len(places_covered(row, places)) or 1, len(places)
    whole = min(plan.schedule.positions_per_session, places_of_session)
    return max(1, math.ceil(covered * whole / max(places_of_session, 1)))
