"""Which planned places a written line speaks of."""

from __future__ import annotations

import functools

from openpbm.course.records import RecordedSession
from openpbm.facts.sites import sites
from openpbm.planning import PlannedSession

__all__ = ["Place", "named_otherwise", "own_places", "place_name", "places_covered", "planned_places"]

Place = tuple[str, str]
"""(site, side): one place on the skin. Either may be "" where it is not said."""

_BOTH = ("left", "right")


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
