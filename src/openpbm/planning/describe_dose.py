"""Dose in JSON: at each structure, against depth, at the skin and at the eye."""

from __future__ import annotations

from typing import Any

from openpbm.planning.dose import band
from openpbm.planning.session_length import PointByPoint, SessionLength, chance_in_window, fluence_j_cm2
from openpbm.planning.site_light import SiteLight
from openpbm.safety.exposure_limits import EyeExposure
from openpbm.safety.lamp_check import HAZARD_WORDS, Exposure

__all__ = ["describe_curves", "describe_eye", "describe_skin", "dose_rows", "window_draws"]

# Where no protocol says how long a session is, eyewear is judged for half an hour.
_UNPLANNED_MINUTES = 30.0


def dose_rows(here: SiteLight, minutes: float) -> list[dict[str, Any]]:
    """Fluence rate and fluence at each structure, all wavelengths first, the asked target first."""
    rows = []
    for structure in here.structures:
        window = here.windows[structure]
        depths = [scenario.target_depth_mm[structure] for scenario in here.scenarios]
        for wavelength in (None, *here.rates.profiles):
            draws = here.rates.at(here.scenarios, structure, wavelength)
            rows.append(
                {
                    "site": here.choice.site,
                    "side": here.choice.side,
                    "structure": structure,
                    "depth_mm": band(depths)["median"],
                    "wavelength_nm": wavelength,
                    "fluence_rate_mw_cm2": band(draws),
                    "fluence_j_cm2": band(draws * minutes * 60.0 / 1000.0),
                    "chance_in_window": (
                        chance_in_window(draws, minutes, window) if window is not None and wavelength is None else None
                    ),
                }
            )
    return rows


def window_draws(here: SiteLight) -> list[dict[str, Any]]:
    """What a chance is counted from, so that it can be counted anew for other minutes: one entry a structure."""
    return [
        {
            "site": here.choice.site,
            "side": here.choice.side,
            "structure": structure,
            "fluence_rate_mw_cm2": here.rates.at(here.scenarios, structure, None).tolist(),
            "window_low_j_cm2": window.low_j_cm2.tolist(),
            "window_high_j_cm2": window.high_j_cm2.tolist(),
        }
        for structure in here.structures
        if (window := here.windows[structure]) is not None
    ]


def describe_skin(exposure: Exposure, minutes: float | None, spots: PointByPoint | None) -> dict[str, float | None]:
    """Peak irradiance over the site and fluence of one session, at the stated output and at its upper bound."""
    return {
        "irradiance_mw_cm2": exposure.irradiance_mw_cm2,
        "irradiance_upper_mw_cm2": exposure.irradiance_upper_mw_cm2,
        "fluence_j_cm2": None if minutes is None else fluence_j_cm2(exposure.irradiance_mw_cm2, minutes),
        "energy_per_point_j": None if minutes is None or spots is None else spots.energy_of_j(minutes),
        "limit_ratio": exposure.skin_limit_ratio,
    }


def describe_eye(eye: EyeExposure, eye_safe: bool, length: SessionLength | None) -> dict[str, Any]:
    """How long bare eyes may look into the lamp, and whether the session outlasts it."""
    seconds = eye.seconds_without_eyewear
    return {
        "seconds_without_eyewear": seconds,
        "eyewear_needed": seconds < (_UNPLANNED_MINUTES if length is None else length.session_minutes) * 60.0,
        "limiting_hazard": HAZARD_WORDS[eye.limiting_hazard],
        "distance_mm": eye.eye_distance_mm,
        "irradiance_upper_w_m2": eye.irradiance_w_m2,
        "eye_safe_unsupervised": eye_safe,
    }


def describe_curves(here: SiteLight, minutes: float) -> dict[str, Any]:
    """Fluence of one session against depth, with the target and its window."""
    target = here.choice.target or ""
    window = here.windows[target]
    per_minutes = minutes * 60.0 / 1000.0
    return {
        "site": here.choice.site,
        "side": here.choice.side,
        "target": target,
        "target_depth_mm": band([scenario.target_depth_mm[target] for scenario in here.scenarios]),
        "window_j_cm2": None if window is None else window.middle(),
        "wavelengths": [
            {
                "wavelength_nm": wavelength,
                "points": [
                    {
                        "depth_mm": point["depth_mm"],
                        "fluence_j_cm2": {key: point[key] * per_minutes for key in ("p5", "median", "p95")},
                    }
                    for point in here.rates.bands(wavelength)
                ],
            }
            for wavelength in (*here.rates.profiles, None)
        ],
    }
