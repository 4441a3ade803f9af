"""One place on the skin: which written lines speak of it, and what they say it was given in a session."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openpbm.course.mark import Mark
from openpbm.course.records import RecordedSession
from openpbm.device import output_prior
from openpbm.facts.delivery import tolerance
from openpbm.facts.sites import sites
from openpbm.planning import AllowedPlan, PlannedSession, fluence_j_cm2

__all__ = [
    "DistanceState", "Interval", "Place", "PlaceRecord", "PlaceState", "Rows", "distance_state",
    "minutes_at_each_place", "named_otherwise", "own_places", "place_name", "place_records", "places_covered",
    "planned_distance_mm", "planned_places", "session_fluence_j_cm2", "unlit_place", "worst_distance",
]  # fmt: skip

Place = tuple[str, str]
"""(site, side): one place on the skin. Either may be "" where it is not said."""
PlaceState = Literal["done", "partial", "missed", "unknown"]
DistanceState = Literal["as planned", "nearer", "farther", "unknown"]
Interval = tuple[float, float, float]
"""(lower, planned, upper) as far as the lamp's output is trusted."""

Rows = tuple[RecordedSession, ...]

_BOTH = ("left", "right")
_ROUNDING_SLACK = 1e-9
# Nearer is more light than planned, which can harm; farther is only less.
_WORST_DISTANCE: tuple[DistanceState, ...] = ("nearer", "farther", "unknown", "as planned")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRecord:
    """What one place on the skin was given in one session.

    minutes : light there [min]; None is unknown, 0 only where it was written that there was none
    minutes_ratio : minutes over planned minutes [-], None where unknown
    minutes_ratio_range : at least and at most that [-], two ends apart where the minutes of a line can be read as those
        of each place or as their total; None where no minutes were written
    distance_state : the worst of the lines; "unknown" where no distance was written or planned
    fluence_j_cm2 : (lower, planned, upper) at the skin [J/cm2]; None where minutes or distance leave it unknown
    """

    place: Place
    state: PlaceState
    minutes: float | None
    minutes_ratio: float | None
    minutes_ratio_range: tuple[float, float] | None
    distance_state: DistanceState
    fluence_j_cm2: Interval | None

    @property
    def short(self) -> bool:
        """Whether it counts as done with fewer minutes than the planned ones and their band."""
        least = tolerance("minutes_ratio_lowest") - _ROUNDING_SLACK
        return self.state == "done" and self.minutes_ratio is not None and self.minutes_ratio < least


def place_name(place: Place) -> str:
    """The place in words.

    >>> place_name(("posterior_calf", "left")), place_name(("", ""))
    ('left posterior calf', 'the treated place')
    """
    return " ".join(word for word in (place[1], place[0].replace("_", " ")) if word) or "the treated place"


def planned_places(session: PlannedSession) -> tuple[Place, ...]:
    """The places of a planned session, "both" being two; one without a name where the plan names none."""
    places = [(site, each) for site, side in session.places for each in (_BOTH if side == "both" else (side,))]
    return tuple(dict.fromkeys(places)) or (("", ""),)


def places_covered(row: RecordedSession, places: tuple[Place, ...]) -> tuple[Place, ...]:
    """The planned places that a line speaks of; none where it names another site or side.

    A blank site is every site; a blank side or "both" is every side of the site; a plan that names no side is met by
    any. A site may be named in short ("calf"); a word that is no site of the catalogue stands for the plan's only site.
    """
    wanted = _normal(row.site)
    by_site = tuple(place for place in places if not wanted or not place[0] or _normal(place[0]) == wanted)
    if not by_site:
        by_site = _loosely_named(wanted, places)
    side = _normal(row.side)
    return tuple(place for place in by_site if side in ("", "both") or place[1] in ("", side))


def named_otherwise(row: RecordedSession, places: tuple[Place, ...]) -> bool:
    """Whether a line speaks of a planned place, but by another word than the plan's."""
    exact = {"", *(_normal(place[0]) for place in places)}
    return "" not in {place[0] for place in places} and _normal(row.site) not in exact


def own_places(row: RecordedSession) -> tuple[Place, ...]:
    """The places a line names itself, whatever the plan says."""
    return tuple((row.site, side) for side in (_BOTH if _normal(row.side) == "both" else (row.side,)))


def is_known_place(row: RecordedSession) -> bool:
    """Whether a line names a site of the catalogue, and so no other word for the planned one."""
    return _normal(row.site) in _catalogue()


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
    text = f"{minutes:g} min is neither one position nor {positions}; the dose is unknown"
    return None, Mark(id="minutes_unclear", message=text, dates=(row.date,))


def planned_distance_mm(plan: AllowedPlan, places: tuple[Place, ...], row: RecordedSession) -> float | None:
    """The distance that a line is held against: of the lamps that light its places the one nearest to it [mm]."""
    covered, lamps, written = {site for site, _ in places_covered(row, places)}, plan.placement.lamps, row.distance_mm
    if not lamps or written is None:
        return plan.placement.distance_mm
    # A place that the plan does not name is under no lamp more than another.
    lit = [lamp for lamp in lamps if not lamp.sites or not covered.isdisjoint(lamp.sites)] or lamps
    # Midway between two lamps it is held against the farther one, for which it is too near.
    return min((lamp.distance_mm for lamp in lit), key=lambda mm: (abs(mm - written), -mm))


def distance_state(plan: AllowedPlan, places: tuple[Place, ...], row: RecordedSession) -> DistanceState:
    """Where the lamp of a line stood, against the plan."""
    planned_mm, distance_mm = planned_distance_mm(plan, places, row), row.distance_mm
    if distance_mm is None or planned_mm is None:
        return "unknown"
    band = max(tolerance("distance_mm"), tolerance("distance_ratio") * planned_mm)
    if abs(distance_mm - planned_mm) <= band:
        return "as planned"
    return "nearer" if distance_mm < planned_mm else "farther"


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
    return (output_prior(plan.lamp.lamp()).lower * planned, planned, above)


def worst_distance(states: Sequence[DistanceState]) -> DistanceState:
    """Nearer before farther before unknown before as planned."""
    return min(states, key=_WORST_DISTANCE.index)


def _loosely_named(wanted: str, places: tuple[Place, ...]) -> tuple[Place, ...]:
    if wanted in _catalogue():
        return ()
    named = sorted({place[0] for place in places})
    near = [site for site in named if set(wanted.split("_")) <= set(_normal(site).split("_"))]
    # Two sites that fit, or several of which none does: a guess would put the light on the wrong one.
    chosen = next((fitting[0] for fitting in (near, named) if len(fitting) == 1), None)
    return tuple(place for place in places if place[0] == chosen)


# The same few words come again for every line against every planned place.
@functools.lru_cache(maxsize=1024)
def _normal(text: str) -> str:
    return text.strip().casefold().replace(" ", "_").replace("-", "_")


@functools.cache
def _catalogue() -> frozenset[str]:
    return frozenset(site.id for site in sites)


def _place_record(plan: AllowedPlan, places: tuple[Place, ...], place: Place, rows: Rows) -> PlaceRecord:
    about = tuple(row for row in rows if place in places_covered(row, places))
    light = tuple(row for row in about if row.status != "missed")
    if not about:
        return _unknown(place)
    if not light:
        return unlit_place(place)
    read = [minutes_at_each_place(plan, places, row)[0] for row in light]
    known = [minutes for minutes in read if minutes is not None]
    # One line without minutes leaves the place unknown: the sum of the others would pass for its dose.
    minutes = sum(known) if len(known) == len(light) else None
    ratio = None if minutes is None else minutes / plan.session_minutes
    distance = worst_distance([distance_state(plan, places, row) for row in light])
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


def unlit_place(place: Place) -> PlaceRecord:
    """A place that got no light, as far as is written."""
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
        return "done" if ratio is None or ratio >= tolerance("done_ratio_lowest") - _ROUNDING_SLACK else "partial"
    # One broken-off session stays what its writer called it; several may add up to a whole one.
    whole = ratio is not None and ratio >= tolerance("minutes_ratio_lowest") - _ROUNDING_SLACK
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
