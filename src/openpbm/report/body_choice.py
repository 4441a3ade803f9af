"""The body from both sides: with every place on it, where places are chosen, and with those of one plan, numbered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from openpbm.facts.sites import Site, sites
from openpbm.report.page import page_environment

__all__ = ["render_body_choice", "render_site_map"]

Side = Literal["left", "right"]
Place = tuple[str, str]
_SIDES: tuple[Side, ...] = ("left", "right")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """One side of a place on the drawn body. `planned`: a plan of this person lights it already."""

    site: Site
    side: Side
    planned: bool

    @property
    def x(self) -> float:
        """From the middle of the body to the right of the page."""
        return self.site.body_map.across(self.side)

    @property
    def y(self) -> float:
        """Downward."""
        return self.site.body_map.y

    @property
    def name(self) -> str:
        """What the button says."""
        words = f"{self.site.plain_name}, {self.side}"
        words += " (a specialist decides)" * self.site.specialist_only
        return words + ", planned already" * self.planned


def render_body_choice(planned: Iterable[Mapping[str, str]] = (), offered: Collection[str] = sites.ids) -> str:
    """The two drawings as HTML, each place a button that is pressed or not.

    planned : places of a plan, as `sites` of a case file has them
    offered : ids of the places that can be pressed; a side of the body without any is not drawn
    """
    lit = frozenset(_sides_of(planned))
    views: dict[str, list[_Spot]] = {"front": [], "back": []}
    for site in (sites[id] for id in sites.ids if id in offered):
        for side in _SIDES:
            views[site.body_map.view].append(_Spot(site=site, side=side, planned=(site.id, side) in lit))
    for spots in views.values():
        # Arrow keys walk from the head down, and across.
        spots.sort(key=lambda spot: (spot.y, spot.x))
    shown = {view: spots for view, spots in views.items() if spots}
    return page_environment().get_template("body_choice.html").render(views=shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lit:
    """One place of a plan: its number in the order of a session, where it is, and its name."""

    number: int
    spot: _Spot

    @property
    def name(self) -> str:
        """As people say it."""
        return f"{self.spot.site.plain_name}, {self.spot.side}"


def render_site_map(places: Iterable[Place]) -> str:
    """The places of one session as HTML: numbered on the body in their order, and named beneath.

    places : (site, side) in the order of the session, as `openpbm.delivery.place.planned_places` gives them; a place
        that the catalogue does not know, or has no side, is left out
    """
    lit: list[_Lit] = []
    for id, side in dict.fromkeys(places):
        for one in _SIDES:
            if id in sites and side in (one, "both"):
                lit.append(_Lit(number=len(lit) + 1, spot=_Spot(site=sites[id], side=one, planned=True)))
    views = {view: [one for one in lit if one.spot.site.body_map.view == view] for view in ("front", "back")}
    return page_environment().get_template("site_map.html").render(views=views, lit=lit)


def _sides_of(planned: Iterable[Mapping[str, str]]) -> Iterable[Place]:
    for place in planned:
        for side in _SIDES:
            if place["side"] in (side, "both"):
                yield place["site"], side
