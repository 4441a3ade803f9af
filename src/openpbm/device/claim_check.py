"""Whether a seller's irradiance can be true: what the power from the wall can bring to that distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from openpbm.device.led_array import LedArray
from openpbm.errors import BadInput, Problem
from openpbm.facts.product_classes import electrical_shares

__all__ = ["ClaimCheck", "ClaimVerdict", "LampClaim", "check_claim"]

ClaimVerdict = Literal["impossible", "unlikely", "possible"]

_MM_PER_CM = 10.0
_MW_PER_W = 1000.0
# Emitters along the shorter side: enough that the light at arm's length is that of an even face.
_ALONG = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class LampClaim:
    """What a page says of a panel of LEDs, all wavelengths together.

    irradiance_mw_cm2, at_distance_cm : as claimed [mW/cm2], [cm]
    width_cm, height_cm : of the face that shines [cm]
    wall_power_w : drawn from the wall, not the watts that the box adds up from its LEDs [W]
    half_angle_deg : axis to half intensity of its lenses, 1 to 80 [deg]
    """

    irradiance_mw_cm2: float
    at_distance_cm: float
    width_cm: float
    height_cm: float
    wall_power_w: float
    half_angle_deg: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCheck:
    """Irradiance that such a lamp brings to the middle of the skin at the claimed distance [mW/cm2].

    most : with more light than any such lamp makes; low, high : what such lamps mostly bring
    needed_share : of the power from the wall that would have to become light for the claim to hold [-]
    """

    claim: LampClaim
    most_mw_cm2: float
    low_mw_cm2: float
    high_mw_cm2: float
    needed_share: float

    @property
    def verdict(self) -> ClaimVerdict:
        """Whether the claim can hold; "possible" is not "true", only a meter says that."""
        if self.claim.irradiance_mw_cm2 > self.most_mw_cm2:
            return "impossible"
        return "unlikely" if self.claim.irradiance_mw_cm2 > self.high_mw_cm2 else "possible"


def check_claim(claim: LampClaim) -> ClaimCheck:
    """Hold a claimed irradiance against energy: light cannot be more than the power that was drawn.

    The face is taken as evenly lit (24 emitters along its shorter side), every emitter as cos^m about the normal, so
    that no point sees more than the power over the face. Raises BadInput for a number that no lamp has.

    >>> panel = LampClaim(irradiance_mw_cm2=100.0, at_distance_cm=15.24, width_cm=30.0, height_cm=18.0,
    ...                   wall_power_w=110.0)
    >>> check_claim(panel).verdict, round(check_claim(panel).needed_share, 2)
    ('impossible', 0.65)
    """
    _refuse_what_no_lamp_has(claim)
    for_all_power = _on_axis_mw_cm2(claim, claim.wall_power_w * _MW_PER_W)
    return ClaimCheck(
        claim=claim,
        most_mw_cm2=electrical_shares.value("most") * for_all_power,
        low_mw_cm2=electrical_shares.value("low") * for_all_power,
        high_mw_cm2=electrical_shares.value("high") * for_all_power,
        needed_share=claim.irradiance_mw_cm2 / for_all_power,
    )


def _on_axis_mw_cm2(claim: LampClaim, light_mw: float) -> float:
    """Irradiance in the middle of the skin, of so much light from an even face [mW/cm2]."""
    pitch_cm = min(claim.width_cm, claim.height_cm) / _ALONG
    rows, columns = round(claim.height_cm / pitch_cm), round(claim.width_cm / pitch_cm)
    array = LedArray(
        power_mw=light_mw / (rows * columns),
        half_angle_deg=claim.half_angle_deg,
        rows=rows,
        columns=columns,
        pitch_mm=pitch_cm * _MM_PER_CM,
        distance_mm=claim.at_distance_cm * _MM_PER_CM,
    )
    seen = float(array.irradiance_mw_cm2(0.0, 0.0))
    # Close to the face single emitters would stand out, which an even face has not.
    return min(seen, light_mw / (claim.width_cm * claim.height_cm))


def _refuse_what_no_lamp_has(claim: LampClaim) -> None:
    spans = {
        "irradiance_mw_cm2": (claim.irradiance_mw_cm2, 0.1, 10_000.0, "mW/cm2"),
        "at_distance_cm": (claim.at_distance_cm, 1.0, 300.0, "cm"),
        "width_cm": (claim.width_cm, 2.0, 250.0, "cm"),
        "height_cm": (claim.height_cm, 2.0, 250.0, "cm"),
        "wall_power_w": (claim.wall_power_w, 1.0, 5000.0, "W"),
        "half_angle_deg": (claim.half_angle_deg, 1.0, 80.0, "deg"),
    }
    problems = [
        Problem(key=key, value=value, message=f"lies outside {low:g}-{high:g} {unit}", remedy="check number and unit")
        for key, (value, low, high, unit) in spans.items()
        if not low <= value <= high
    ]
    if problems:
        raise BadInput(problems)
