"""Places that different lamps light at once: minutes are chosen for the first, and held to the limits of all."""

from __future__ import annotations

from dataclasses import replace

from openpbm.case import Case
from openpbm.facts.conditions import Protocol
from openpbm.facts.rules import computed
from openpbm.facts.sites import sites
from openpbm.planning.dose_reasons import irradiance_reasons, wavelengths_of_lamp
from openpbm.planning.prescription import ROUNDING_SLACK, Setting, can_follow
from openpbm.reason import Reason
from openpbm.safety.lamp_check import WARM_MW_CM2, Exposure, expose_parts
from openpbm.safety.skin_temperature import warmth_reasons

__all__ = ["reasons_elsewhere"]


def reasons_elsewhere(case: Case, exposure: Exposure, protocol: Protocol, minutes: float) -> list[Reason]:
    """What speaks against so many minutes at every place but the first, each under its own lamps.

    exposure : of the first place
    minutes : on one spot, at the first place and so at all of them
    Of several parts that break one rule the first speaks.
    """
    found: dict[str, Reason] = {}
    for part, there in expose_parts(case, exposure.distance_mm)[1:]:
        for reason in _reasons_of_part(part, there, protocol, minutes):
            found.setdefault(reason.rule, reason)
    return list(found.values())


def _reasons_of_part(part: Case, there: Exposure, protocol: Protocol, minutes: float) -> list[Reason]:
    places = " and ".join(dict.fromkeys(sites[choice.site].plain_name for choice in part.sites))
    if not can_follow(part.device, protocol):
        return [computed("protocol_not_elsewhere", places=places, lamp=part.device.name)]
    setting = Setting.of(protocol, part.device, there)
    low, high = setting.skin_range_j_cm2
    fluence = setting.skin_j_cm2(minutes)
    values = {"places": places, "minutes": minutes, "fluence": fluence, "low": low, "high": high}
    told = [*warmth_reasons(part, there, minutes), *irradiance_reasons(setting, there)]
    if there.worst_upper_mw_cm2 > WARM_MW_CM2:
        told.append(computed("skin_warmth", irradiance=there.worst_upper_mw_cm2))
    shortest_nm, longest_nm = protocol.wavelength_nm
    if not any(shortest_nm <= wavelength_nm <= longest_nm for wavelength_nm, _ in there.bands):
        told.append(computed("wavelength_outside_protocols", wavelengths=wavelengths_of_lamp(part.device)))
    # What is said of one lamp elsewhere speaks of the first place's.
    found = [replace(reason, message=f"At the {places}: {reason.message}") for reason in told]
    if fluence > high * ROUNDING_SLACK:
        found.append(computed("fluence_above_elsewhere", **values))
    if fluence * setting.in_band_share * ROUNDING_SLACK < low:
        found.append(computed("fluence_below_elsewhere", **values))
    return found
