"""The dose at the skin against the protocol, and the eyes for as long as the session lasts."""

from __future__ import annotations

from openpbm.case import Case
from openpbm.planning.prescription import Prescription
from openpbm.planning.session_length import LOW_DOSE_TOLERANCE, SessionLength, fluence_j_cm2, minutes_within
from openpbm.reason import Reason
from openpbm.safety import computed
from openpbm.safety.lamp_check import Exposure, nearest_distance_mm, seconds_in_words

__all__ = ["eye_reasons", "skin_dose_reasons"]


def skin_dose_reasons(
    case: Case, exposure: Exposure, prescription: Prescription, length: SessionLength
) -> list[Reason]:
    """Where irradiance, wavelength or fluence at the skin leave the protocol."""
    protocol, irradiance = prescription.protocol, exposure.irradiance_mw_cm2
    found = []
    if not prescription.wavelength_matches:
        found.append(computed("wavelength_outside_protocols", wavelengths=_wavelengths(case)))
    # Minutes chosen by hand are held against the protocol by override_reasons, in words that fit a choice.
    if not length.overridden:
        found.extend(_chosen_minutes_reasons(case, exposure, prescription, length))
    limits = protocol.irradiance_mw_cm2
    if limits is not None and not limits[0] <= irradiance <= limits[1]:
        found.append(computed("irradiance_outside_protocol", irradiance=irradiance, low=limits[0], high=limits[1]))
    return found


def _chosen_minutes_reasons(
    case: Case, exposure: Exposure, prescription: Prescription, length: SessionLength
) -> list[Reason]:
    """Where even the best minutes give too much or too little at the skin."""
    protocol, irradiance = prescription.protocol, exposure.irradiance_mw_cm2
    fluence = prescription.skin_fluence_j_cm2
    found = []
    if not length.within_protocol:
        fits = nearest_distance_mm(
            case, exposure.distance_mm, lambda e: bool(minutes_within(protocol, e.irradiance_mw_cm2))
        )
        found.append(
            computed(
                "no_dose_within_limits",
                distance=exposure.distance_mm,
                irradiance=irradiance,
                minutes=length.exposure_minutes,
                fluence=fluence_j_cm2(irradiance, length.exposure_minutes),
                limit=fluence[1],
                remedy="" if fits is None else f"At {fits:g} mm or more one does.",
            )
        )
    elif length.points == 1 and fluence_j_cm2(irradiance, length.exposure_minutes) * LOW_DOSE_TOLERANCE < fluence[0]:
        given = fluence_j_cm2(irradiance, length.exposure_minutes)
        found.append(computed("fluence_below_protocol", minutes=length.exposure_minutes, fluence=given, low=fluence[0]))
    return found


def eye_reasons(case: Case, exposure: Exposure, length: SessionLength) -> list[Reason]:
    """Eyewear, when the session outlasts what bare eyes may see of the lamp."""
    seconds = exposure.eye.seconds_without_eyewear
    if seconds >= length.session_minutes * 60.0:
        return []
    return [computed("eyewear", wavelengths=_wavelengths(case), how_long=seconds_in_words(seconds))]


def _wavelengths(case: Case) -> str:
    return ", ".join(f"{w:g}" for w in sorted({emitters.wavelength_nm for emitters in case.device.emitters}))
