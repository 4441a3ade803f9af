"""A session of a laser that is moved over an area: seconds, and what each square centimetre gets."""

from __future__ import annotations

import math

from openpbm.device import Beam, ScannedSpot, output_prior
from openpbm.facts.lamps import Lamp
from openpbm.planning.document import ScannedSkin
from openpbm.planning.prescription import fluence_j_cm2
from openpbm.safety.skin_temperature import Bands, upper_bands

__all__ = ["scan_in_words", "scanned_skin", "still_bands"]


def scanned_skin(lamp: Lamp, lit: Beam, minutes: float | None, factor: float = 1.0) -> ScannedSkin | None:
    """The scan of a session; None where nothing moves.

    lit : of that lamp;  minutes : over the area, None without a session;  factor : on the output [-]
    """
    spots = [part.light for part in lit.components if isinstance(part.light, ScannedSpot)]
    if not spots:
        return None
    mean = math.fsum(spot.mean_mw_cm2 for spot in spots) * factor
    return ScannedSkin(
        area_cm2=spots[0].area_cm2,
        mean_irradiance_mw_cm2=mean,
        seconds=None if minutes is None else minutes * 60.0,
        mean_fluence_j_cm2=None if minutes is None else fluence_j_cm2(mean, minutes),
        still_upper_mw_cm2=math.fsum(level for _, level in still_bands(lamp, lit, factor)),
    )


def still_bands(lamp: Lamp, lit: Beam, factor: float) -> Bands:
    """Wavelengths and irradiance that limits are held to, at the upper end of the output times a factor [mW/cm2]."""
    widest_mm = max(emitters.spot_diameter_mm or emitters.pitch_mm or 0.0 for emitters in lamp.emitters)
    return upper_bands(lit.at_worst, widest_mm, widest_mm, output_prior(lamp).safety_factor * factor)


def scan_in_words(scanned: ScannedSkin) -> str:
    """How a scan is done, in one sentence.

    >>> scan_in_words(ScannedSkin(area_cm2=50.0, mean_irradiance_mw_cm2=8.0, seconds=300.0, mean_fluence_j_cm2=2.4,
    ...     still_upper_mw_cm2=147.0))
    'moved over 50 cm² without a stop: 300 s over the area, 8 mW/cm² and 2.4 J/cm² on average over it'
    """
    mean = f"{scanned.mean_irradiance_mw_cm2:.3g} mW/cm²"
    if scanned.seconds is None:
        return f"moved over {scanned.area_cm2:g} cm² without a stop: {mean} on average over it"
    return (
        f"moved over {scanned.area_cm2:g} cm² without a stop: {scanned.seconds:.4g} s over the area, {mean} and"
        f" {scanned.mean_fluence_j_cm2:.3g} J/cm² on average over it"
    )
