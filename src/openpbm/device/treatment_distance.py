"""How far the lamp stands when nobody said."""

from __future__ import annotations

from openpbm.facts.lamps import Lamp

__all__ = ["treatment_distance_mm"]

# A lamp of one's own, described by its array alone, is taken to stand a forearm's length away.
_UNSAID_MM = 200.0


def treatment_distance_mm(lamp: Lamp, given_mm: float | None) -> float:
    """The distance that counts [mm]: the one given, else the lamp's own, else where its output is stated."""
    if given_mm is not None:
        return given_mm
    if lamp.default_distance_mm is not None:
        return lamp.default_distance_mm
    stated = [emitters.at_distance_mm for emitters in lamp.emitters if emitters.at_distance_mm is not None]
    if stated:
        return stated[0]
    contact = lamp.contact or all(emitters.spot_diameter_mm is not None for emitters in lamp.emitters)
    return 0.0 if contact else _UNSAID_MM
