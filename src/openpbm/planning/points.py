"""Points one beside the other: too near for the spot of the lamp, or set by a cluster probe that lights several."""

from __future__ import annotations

import math

from openpbm.facts.conditions import Protocol
from openpbm.facts.lamps import Lamp
from openpbm.facts.rules import computed
from openpbm.planning.prescription import PointByPoint
from openpbm.reason import Reason

__all__ = ["points_reasons"]


def points_reasons(lamp: Lamp, protocol: Protocol, spots: PointByPoint) -> list[Reason]:
    """Points closer than the spot is wide lie on the same skin, whose dose is told for one of them.

    lamp : treats spot by spot;  spots : what one point gets by that protocol, and how many are lit at once
    """
    spot = max(emitters.spot_diameter_mm or 0.0 for emitters in lamp.emitters)
    if spots.at_once > 1:
        return _cluster_reasons(lamp, protocol, spots, spot)
    if protocol.points == (1, 1):
        return []
    # The shipped protocols that give no spacing name their points; an own one may put them anywhere.
    low, high = protocol.spacing_mm or ((0.0, math.inf) if protocol.origin == "own" else (spot, math.inf))
    if high < spot:
        return [computed("points_overlap", spacing=high, spot=spot)]
    return [computed("points_apart", spot=spot)] if low < spot else []


def _cluster_reasons(lamp: Lamp, protocol: Protocol, spots: PointByPoint, spot_mm: float) -> list[Reason]:
    """A cluster's points lie where its head has them, however many the protocol wants and how far apart."""
    spacing_mm = max(emitters.spacing_mm or 0.0 for emitters in lamp.emitters)
    if spacing_mm < spot_mm:
        return [computed("cluster_overlaps", spacing=spacing_mm, spot=spot_mm)]
    fewest, most = protocol.points or (1, 1)
    lit = spots.at_once * spots.applications
    values = {"together": spots.at_once, "applications": spots.applications, "lit": lit, "spacing": spacing_mm}
    low, high = protocol.spacing_mm or (0.0, math.inf)
    if fewest <= lit <= most and low <= spacing_mm <= high:
        return [computed("cluster_points", **values)]
    wanted = f"{fewest}" if fewest == most else f"{fewest}-{most}"
    apart = "" if protocol.spacing_mm is None else f", {low:g}-{high:g} mm apart"
    return [computed("cluster_points_outside", wanted=wanted, apart=apart, **values)]
