"""How often the lamp is set down in one session, where each time, and the picture that shows it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openpbm.delivery.place import Place, place_name, planned_places
from openpbm.errors import BadInput
from openpbm.facts.sites import Site, sites, turned
from openpbm.planning import AllowedPlan, PlannedSession
from openpbm.planning.document import LampPlace
from openpbm.wording import touches

__all__ = ["Position", "lamps_at", "place_in_words", "places_of_session", "positions_of"]

_SIDES = ("left", "right", "both")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One place the lamp is set down at; a lamp of two heads lights two places at once.

    lamps : those that light it, where there are several or one does not simply face the skin
    """

    number: int
    places: tuple[Place, ...]
    minutes: float
    distance_mm: float | None = None
    lamps: tuple[LampPlace, ...] = ()

    @property
    def contact(self) -> bool:
        """Whether the lamp lies on the skin, or each of several does."""
        if self.lamps:
            return all(touches(lamp.distance_mm) for lamp in self.lamps)
        return touches(self.distance_mm)

    @property
    def parts(self) -> list[Position]:
        """The position once for each of its sites, with the lamps that light that one."""
        found = []
        for site in dict.fromkeys(site for site, _ in self.places):
            places = tuple(place for place in self.places if place[0] == site)
            lamps = tuple(lamp for lamp in self.lamps if not lamp.sites or site in lamp.sites)
            found.append(replace(self, places=places, lamps=lamps))
        return found

    @property
    def name(self) -> str:
        """The places in words."""
        if {side for _, side in self.places} == {"left", "right"} and len({where for where, _ in self.places}) == 1:
            return place_in_words((self.places[0][0], "both"))
        return " and ".join(place_in_words(place) for place in self.places)

    @property
    def site(self) -> Site | None:
        """The site as the catalogue describes it, None where the plan names none."""
        return _site(self.places[0][0])

    @property
    def picture(self) -> str:
        """The drawing of this place under static/, "" where there is none."""
        if self.site is None:
            return ""
        sides = {side for _, side in self.places}
        side = next(iter(sides)) if len(sides) == 1 else "both"
        lies = "_contact" * self.contact
        return f"care/positions/{self.site.id}_{side if side in _SIDES else 'both'}{lies}.svg"

    @property
    def lamp_position(self) -> str:
        """Where the lamp goes; one that touches lies on the skin."""
        if self.site is None:
            return ""
        if not all(lamp.faces_middle for lamp in self.lamps):
            return turned(self.site.lamp_position)
        return f"Lay it flat on the skin. {self.site.lamp_position}" if self.contact else self.site.lamp_position

    @property
    def picture_text(self) -> str:
        """What the drawing shows, for who cannot see it."""
        here = self.site
        return "" if here is None else f"Drawing of the {here.plain_name} ({self.name}). {self.lamp_position}"

    def to_dict(self) -> dict[str, Any]:
        """The position as it is kept with a session's start."""
        return {"places": [list(place) for place in self.places], "minutes": self.minutes}


def place_in_words(place: Place) -> str:
    """A place as a person at home calls it.

    >>> place_in_words(("posterior_calf", "left")), place_in_words(("posterior_calf", "both"))
    ('back of the calf, left', 'back of the calf, both sides')
    """
    here = _site(place[0])
    if here is None:
        return place_name(place)
    return here.plain_name + {"left": ", left", "right": ", right", "both": ", both sides"}.get(place[1], "")


def positions_of(
    plan: AllowedPlan, places: Sequence[Place], minutes: dict[Place, float] | None = None
) -> tuple[Position, ...]:
    """The positions that light those places, in the plan's order.

    minutes : at each place where it is not the plan's, as after a session that was broken off
    """
    groups = _lit_together(plan, places)
    return tuple(
        Position(
            number=number,
            places=group,
            # Places lit at once share one countdown, so the one with most left to give decides.
            minutes=plan.session_minutes if minutes is None else max(minutes[place] for place in group),
            distance_mm=plan.placement.distance_mm,
            lamps=lamps_at(plan, {site for site, _ in group}),
        )
        for number, group in enumerate(groups, start=1)
    )


def _lit_together(plan: AllowedPlan, places: Sequence[Place]) -> list[tuple[Place, ...]]:
    """The places of each position, in the plan's order."""
    if len({lamp.sites for lamp in plan.placement.lamps}) < 2:
        at_once = _places_at_once(plan)
        return [tuple(places[first : first + at_once]) for first in range(0, len(places), at_once)]
    groups: list[tuple[Place, ...]] = []
    for place in places:
        # Of lamps at different places each lights one at a time: a second place of the same lamps is a new position.
        lit_by = lamps_at(plan, place[:1])
        if not groups or any(lamps_at(plan, other[:1]) == lit_by for other in groups[-1]):
            groups.append(())
        groups[-1] += (place,)
    return groups


def lamps_at(plan: AllowedPlan, here: Iterable[str]) -> tuple[LampPlace, ...]:
    """The lamps that light these sites; none where one lamp simply faces the skin."""
    wanted = set(here)
    return tuple(lamp for lamp in plan.placement.lamps if not lamp.sites or wanted & set(lamp.sites))


def places_of_session(plan: AllowedPlan, session: PlannedSession | None) -> tuple[Place, ...]:
    """The places of a planned session, all of the plan's without one."""
    sessions = plan.schedule.sessions if session is None else (session,)
    return tuple(dict.fromkeys(place for one in sessions for place in planned_places(one)))


def _site(identifier: str) -> Site | None:
    try:
        return sites[identifier]
    except BadInput:
        return None


def _places_at_once(plan: AllowedPlan) -> int:
    places = max(len(planned_places(session)) for session in plan.schedule.sessions)
    # Never more positions than places: a hand-written plan may say anything.
    positions = min(plan.schedule.positions_per_session, places)
    return math.ceil(places / positions)
