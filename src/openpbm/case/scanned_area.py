"""A laser that is moved over an area: what of it cannot be, and the area that counts."""

from __future__ import annotations

from collections.abc import Iterator

from openpbm.case.case import PlacedLamp
from openpbm.device import laser_spot
from openpbm.errors import Problem
from openpbm.facts.lamps import Lamp

__all__ = ["moved_area_cm2", "problems_of_scan"]

_KEY = "placement.scanned_area_cm2"
_MM2_PER_CM2 = 100.0
# An area that a person writes has three digits.
_ALIKE = 1.001


def moved_area_cm2(placed: PlacedLamp) -> float | None:
    """The area over which a spot is moved [cm2]; None where it stands, as over an area of its own size."""
    area_cm2 = placed.placement.scanned_area_cm2
    if area_cm2 is None or area_cm2 <= _spot_cm2(placed.device) * _ALIKE:
        return None
    return area_cm2


def problems_of_scan(placed: PlacedLamp) -> Iterator[Problem]:
    """A scan of a lamp that has no spot, and one over less than the spot."""
    area_cm2, lamp = placed.placement.scanned_area_cm2, placed.device
    if area_cm2 is None:
        return
    if any(one.spot_diameter_mm is None or one.power_mw is None for one in lamp.emitters):
        message = (
            "is of a laser whose spot (spot_diameter_mm) is moved over the skin, and this lamp has light without one"
        )
        yield Problem(_KEY, area_cm2, message, "leave it out: a lamp that lights an area stands still",
                      on_page="Only a laser is moved over the skin. Leave this empty.")  # fmt: skip
    elif area_cm2 * _ALIKE < (spot_cm2 := _spot_cm2(lamp)):
        message = f"less than the {spot_cm2:.3g} cm2 that the lamp lights while it stands"
        yield Problem(_KEY, area_cm2, message, "give the area over which it is moved, or leave it out where it stands",
                      on_page=f"Less than the {spot_cm2:.3g} cm² that the lamp lights while it stands. Correct it, or"
                      " leave it empty.")  # fmt: skip


def _spot_cm2(lamp: Lamp) -> float:
    """The largest that is lit while nothing moves [cm2]."""
    return max(laser_spot(one).lit_mm2 for one in lamp.emitters) / _MM2_PER_CM2
