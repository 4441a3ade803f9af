"""What light does to the retina, by the size of its source: heat, heat that no glare warns of, and blue light.

Every function cites its clause. The clauses of the paid standards were read as quoted by others; which rows are
verified stands in the data.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from openpbm.facts.exposure import blue_light_weights, limit_value

__all__ = [
    "Seen",
    "blue_light_seconds",
    "blue_light_weight",
    "bounded_angle",
    "retinal_seconds",
    "retinal_thermal_seconds",
    "retinal_weight",
    "weak_visual_stimulus_seconds",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One wavelength of a source as an eye sees it.

    irradiance_w_m2 : at the eye, mean over time, of the part of the source within the angle [W/m2]
    angle : over which its radiance is averaged, full [rad]
    """

    wavelength_nm: float
    irradiance_w_m2: float
    angle: float

    @property
    def radiance_w_m2_sr(self) -> float:
        """Mean radiance within the angle [W/m2/sr]."""
        return self.irradiance_w_m2 / (math.pi * self.angle**2 / 4.0)


def bounded_angle(angle: float) -> float:
    """An angular size between the smallest averaging angle and the largest that counts [rad]."""
    return min(max(angle, limit_value("acceptance_angle")), limit_value("largest_angle"))


def retinal_seconds(
    seen: Iterable[Seen], *, peak_over_mean: float = 1.0, pulse_s: float = math.inf
) -> dict[str, float]:
    """Time until each limit of the retina is reached [s], all wavelengths together.

    peak_over_mean, pulse_s : of light in pulses; each is held to the rule for a moment, at its peak [-], [s]
    """
    lit = tuple(seen)
    heat = math.fsum(one.radiance_w_m2_sr * one.angle * retinal_weight(one.wavelength_nm) for one in lit)
    found = {"retinal_thermal": retinal_thermal_seconds(heat)}
    if retinal_thermal_seconds(heat * peak_over_mean) < pulse_s < math.inf:
        found["retinal_thermal"] = 0.0
    if all(one.wavelength_nm >= limit_value("ir_cornea_from_nm") for one in lit):
        found["weak_visual_stimulus"] = weak_visual_stimulus_seconds(heat)
    blue = math.fsum(one.radiance_w_m2_sr * blue_light_weight(one.wavelength_nm) for one in lit)
    if blue > 0.0:
        found["blue_light"] = blue_light_seconds(blue)
    return found


def retinal_weight(wavelength_nm: float) -> float:
    """Retinal thermal weighting R [-], 400-1150 nm.

    Ten times the blue-light weighting to 500 nm, 1 to 700 nm, then 10^((700 - wavelength) / 500), at least 0.2.
    Source: `iec_62471` table 4.2, unverified.

    >>> [round(retinal_weight(nm), 3) for nm in (440.0, 660.0, 850.0, 1100.0)]
    [10.0, 1.0, 0.501, 0.2]
    """
    if wavelength_nm < limit_value("blue_weight_table_until_nm"):
        return max(1.0, limit_value("retinal_weight_over_blue") * blue_light_weight(wavelength_nm))
    excess_nm = max(0.0, wavelength_nm - limit_value("retinal_weight_from_nm"))
    falling = float(10.0 ** (-excess_nm / limit_value("retinal_weight_scale_nm")))
    return max(falling, limit_value("retinal_weight_least"))


def blue_light_weight(wavelength_nm: float) -> float:
    """Blue-light hazard weighting B [-], 400 nm and longer; nothing from 700 nm on.

    Source: `iec_62471` table 4.1, unverified.

    >>> [round(blue_light_weight(nm), 3) for nm in (440.0, 480.0, 525.0, 660.0, 850.0)]
    [1.0, 0.45, 0.032, 0.001, 0.0]
    """
    if wavelength_nm >= limit_value("blue_until_nm"):
        return 0.0
    if wavelength_nm > limit_value("blue_weight_table_until_nm"):
        beyond_nm = wavelength_nm - limit_value("blue_weight_scale_from_nm")
        falling = float(10.0 ** (-beyond_nm / limit_value("blue_weight_scale_nm")))
        return max(falling, limit_value("blue_weight"))
    rows = blue_light_weights()
    return float(np.interp(wavelength_nm, [row.wavelength_nm for row in rows], [row.weight for row in rows]))


def retinal_thermal_seconds(radiance_times_angle: float) -> float:
    """Time until the retinal thermal limit is reached [s].

    radiance_times_angle : weighted radiance x angular size of the source [W/m2/sr rad].
    Source: `icnirp2013`, unverified.
    """
    if radiance_times_angle <= limit_value("retinal_thermal_long"):
        return limit_value("longest_time_base")
    return float((limit_value("retinal_thermal_short") / radiance_times_angle) ** 4)


def weak_visual_stimulus_seconds(radiance_times_angle: float) -> float:
    """Time until the limit for an infrared lamp the eye does not see is reached [s].

    radiance_times_angle : weighted radiance x angular size of the source [W/m2/sr rad].
    The long limit is the stricter one of IEC 62471:2006 4.3.6 (6000), the short branch that of ICNIRP 2013.
    Source: `iec_62471_osram_example`, `icnirp2013`.
    """
    if radiance_times_angle <= limit_value("weak_stimulus_long"):
        return limit_value("longest_time_base")
    seconds = (limit_value("weak_stimulus_short") / radiance_times_angle) ** 4
    return float(min(seconds, limit_value("weak_stimulus_short_until_s")))


def blue_light_seconds(radiance_w_m2_sr: float) -> float:
    """Time until the blue-light limit of the retina is reached [s]: L_B t <= 10^6 up to 10000 s, L_B <= 100 beyond.

    radiance_w_m2_sr : weighted by B [W/m2/sr].   Source: `iec_62471` 4.3.3, unverified.

    >>> round(blue_light_seconds(141.0))
    7092
    """
    if radiance_w_m2_sr <= limit_value("blue_long"):
        return limit_value("longest_time_base")
    return float(min(limit_value("blue_dose") / radiance_w_m2_sr, limit_value("blue_long_from_s")))
