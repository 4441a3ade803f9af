"""What light over the whole body does to the heat in it: power, what becomes heat, and how long that may go on."""

from __future__ import annotations

import math
from dataclasses import dataclass

from openpbm.case import Case
from openpbm.device import faces_m2, output_prior
from openpbm.facts.exposure import limit_value
from openpbm.facts.lamps import Lamp
from openpbm.facts.rules import computed
from openpbm.person import Person
from openpbm.reason import Reason
from openpbm.safety.exposure_limits import W_M2_PER_MW_CM2
from openpbm.safety.lamp_check import Exposure, expose_parts
from openpbm.safety.skin_temperature import Bands, absorbed_share

__all__ = ["BodyHeat", "body_heat", "body_heat_reasons", "heat_in_body"]

_GROWN_YEARS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyHeat:
    """Light on a whole body at the upper end of a lamp's output.

    area_m2 : of lit skin;  power_w : of light on it;  absorbed_w : of that becomes heat, in one of twenty people more
    weight_kg : that it warms
    """

    area_m2: float
    power_w: float
    absorbed_w: float
    weight_kg: float

    def specific_kj_kg(self, minutes: float) -> float:
        """Heat put into the body in so many minutes, nothing lost meanwhile [kJ/kg]."""
        return self.absorbed_w * minutes * 60.0 / self.weight_kg / 1000.0

    @property
    def longest_minutes(self) -> int:
        """Whole minutes until the most that a body may take up at once, rounded down."""
        return math.floor(limit_value("specific_absorption") / self.specific_kj_kg(1.0))


def body_heat(lamp: Lamp, upper: Bands, person: Person) -> BodyHeat:
    """The heat of a lamp that lights a whole body.

    upper : what it may give at most of each wavelength at the skin
    """
    # An area that the array contradicts is not taken for less.
    one_head_m2 = max(lamp.lit_area_m2 or 0.0, faces_m2(lamp)) or 0.5 * _skin_m2(person)
    # A bed with a lid has two heads, and both shine at once.
    area_m2 = lamp.heads * one_head_m2
    power_w = sum(level for _, level in upper) * W_M2_PER_MW_CM2 * area_m2
    return BodyHeat(
        area_m2=area_m2,
        power_w=power_w,
        absorbed_w=power_w * absorbed_share(upper, person.skin_type),
        weight_kg=person.weight_kg or _light_kg(person),
    )


def heat_in_body(case: Case, exposure: Exposure) -> BodyHeat:
    """The heat of all lamps of a case, at one place or at several at the same time. exposure : of the first place"""
    parts = expose_parts(case, exposure.distance_mm)
    heats = [body_heat(part.device, _upper_bands(there), case.person) for part, there in parts]
    return BodyHeat(
        area_m2=math.fsum(heat.area_m2 for heat in heats),
        power_w=math.fsum(heat.power_w for heat in heats),
        absorbed_w=math.fsum(heat.absorbed_w for heat in heats),
        weight_kg=heats[0].weight_kg,
    )


def _upper_bands(there: Exposure) -> Bands:
    """The even light at the upper end of the output: heat in the body knows nothing of single LEDs."""
    factor = there.irradiance_upper_mw_cm2 / there.irradiance_mw_cm2
    return [(wavelength_nm, level * factor) for wavelength_nm, level in there.bands]


def body_heat_reasons(case: Case, exposure: Exposure, minutes: float | None) -> list[Reason]:
    """What speaks against so many minutes of light over the whole body; None while no minutes are known."""
    heat = heat_in_body(case, exposure)
    limit, longest = limit_value("specific_absorption"), heat.longest_minutes
    values = {"area": heat.area_m2, "power": heat.power_w, "longest": longest}
    if minutes is not None:
        specific = heat.specific_kj_kg(minutes)
        if specific <= limit:
            return []
        return [computed("core_too_warm", specific=specific, minutes=minutes, limit=limit, **values)]
    rise = heat.specific_kj_kg(longest) / limit_value("body_specific_heat")
    stated = heat.power_w / output_prior(case.device).safety_factor
    found = [computed("whole_body_heat", rise=rise, stated=stated, absorbed=heat.absorbed_w, **values)]
    return [computed("whole_body_alone"), *found] if case.course.supervision == "self" else found


def _skin_m2(person: Person) -> float:
    """Body surface by height and weight (Mosteller), or that of a large person [m2]."""
    if person.height_cm is None or person.weight_kg is None:
        return limit_value("body_area_unknown")
    return math.sqrt(person.height_cm * person.weight_kg / 3600.0)


def _light_kg(person: Person) -> float:
    """A light person of that age [kg]."""
    child = person.age_years is not None and person.age_years < _GROWN_YEARS
    return limit_value("body_weight_unknown_child" if child else "body_weight_unknown")
