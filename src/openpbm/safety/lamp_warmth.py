"""How warm a lamp makes the skin it is planned on, and what speaks against that."""

from __future__ import annotations

import math

from openpbm.case import Case
from openpbm.device import CONTACT_BELOW_MM, Beam, LaserSpot, output_prior
from openpbm.facts.exposure import limit_value
from openpbm.facts.lamps import Lamp
from openpbm.facts.rules import computed
from openpbm.reason import Reason
from openpbm.safety.lamp_check import Exposure, bands
from openpbm.safety.skin_temperature import Bands, SkinTemperature, skin_temperature

__all__ = ["lamp_warmth", "upper_bands", "warmth_reasons"]


def lamp_warmth(
    lamp: Lamp,
    lit: Beam,
    upper: Bands,
    *,
    minutes: float,
    skin_type: int | None = None,
    limit_c: float | None = None,
) -> SkinTemperature:
    """Skin under a lamp whose beam there is `lit`, `upper` being what it may give at most of each wavelength."""
    spots = [part.light.spot_diameter_mm for part in lit.components if isinstance(part.light, LaserSpot)]
    # An even disc of the same power and the same peak as the Gaussian spot. All light is taken to be as broad as its
    # broadest part, and an LED's as broader than any spot: the broader, the less heat leaves sideways.
    only_lasers = len(spots) == len(lit.components)
    return skin_temperature(
        upper,
        minutes=minutes,
        radius_mm=max(spots) / math.sqrt(8.0) if only_lasers else None,
        contact=lamp.contact and lit.distance_mm < CONTACT_BELOW_MM,
        skin_type=skin_type,
        limit_c=limit_c,
    )


def upper_bands(lit: Beam, width_mm: float, height_mm: float, factor: float) -> Bands:
    """Each wavelength's part of the highest irradiance on a rectangle of skin, times the factor on the output."""
    peaks = [(part.wavelength_nm, part.peak_mw_cm2(width_mm, height_mm)) for part in lit.components]
    return [(nm, level * factor) for nm, level in bands(peaks, lit.peak_mw_cm2(width_mm, height_mm))]


def warmth_reasons(case: Case, exposure: Exposure, minutes: float) -> list[Reason]:
    """What speaks against so many minutes of light on one place: skin too warm in one of twenty people.

    exposure : at the planned distance; its upper bound counts
    """
    lamp, skin_type = case.device, case.person.skin_type
    factor = output_prior(lamp).safety_factor
    insensate = case.person.findings.get("loss_of_protective_sensation") is True
    limit_c = limit_value("skin_temperature_insensate" if insensate else "skin_temperature")
    upper = [(nm, level * factor) for nm, level in exposure.bands]
    warmth = lamp_warmth(lamp, exposure.beam, upper, minutes=minutes, skin_type=skin_type, limit_c=limit_c)
    values = {"temperature": warmth.p95, "limit": limit_c, "longest": math.floor(warmth.seconds)}
    if warmth.p95 > limit_c:
        return [computed("skin_too_warm_insensate" if insensate else "skin_too_warm", **values)]
    if not insensate and warmth.p95 > limit_value("skin_temperature_caution"):
        return [computed("skin_warm", **values)]
    return []
