"""What a lamp does to eyes and skin at its usual distance, and how its claim stands beside others of its class."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from openpbm.device import FieldUnknown, treatment_distance_mm
from openpbm.device.range_of_class import claimed_together
from openpbm.facts.lamps import Lamp
from openpbm.facts.product_classes import ProductClass
from openpbm.safety.lamp_check import HAZARD_WORDS
from openpbm.safety.lamp_limits import LampLimits, lamp_limits

__all__ = ["ClassBeside", "LampEffect", "beside_class", "lamp_effect"]

#: As long as `openpbm limits` takes where nothing is said.
_MINUTES = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LampEffect:
    """Limits at one distance. why_not : where nothing is known of the light there, what would help; else ""."""

    distance_mm: float
    minutes: float = _MINUTES
    limits: LampLimits | None = None
    why_not: str = ""

    @property
    def hazard(self) -> str:
        """What limits the eye, in words."""
        return "" if self.limits is None else HAZARD_WORDS.get(self.limits.eye.binding, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassBeside:
    """A lamp's claim beside what lamps of its class claim and meters show of them; None where it cannot be compared."""

    product: ProductClass
    claimed_mw_cm2: float | None

    @property
    def above_meters(self) -> float | None:
        """The claim over the highest that a meter showed of such lamps [-]; None where it is not above."""
        highest = self.product.measured_mw_cm2[1]
        if self.claimed_mw_cm2 is None or self.claimed_mw_cm2 <= highest:
            return None
        return self.claimed_mw_cm2 / highest


# A page asks for it at every look, and a lamp does not change.
@functools.lru_cache(maxsize=256)
def lamp_effect(lamp: Lamp) -> LampEffect:
    """The limits at the distance at which the lamp is used."""
    distance_mm = treatment_distance_mm(lamp, None)
    try:
        return LampEffect(distance_mm=distance_mm, limits=lamp_limits(lamp, distance_mm, minutes=_MINUTES))
    except FieldUnknown as error:
        return LampEffect(distance_mm=distance_mm, why_not=error.problems[0].text)


def beside_class(product: ProductClass | None, lamp: Lamp) -> ClassBeside | None:
    """The lamp as its maker claims it, beside its class; None where nobody picked one."""
    if product is None:
        return None
    return ClassBeside(product=product, claimed_mw_cm2=claimed_together(product, lamp))
