"""Other minutes, sessions or output on a stored plan, at once: all that follows without computing light again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from openpbm.device import beam, output_prior
from openpbm.errors import BadInput
from openpbm.facts.lamps import Lamp
from openpbm.planning.describe_dose import describe_eye
from openpbm.planning.overrides import LONGEST_MINUTES, MOST_SESSIONS_PER_WEEK, MOST_WEEKS, number_fault
from openpbm.planning.prescription import point_power_mw
from openpbm.planning.protocol_bounds import Limit, course_bounds, eye_bounds, session_bounds, skin_bounds
from openpbm.planning.reach import CAUTION_BELOW, REFUSED_BELOW
from openpbm.planning.session_length import SessionLength, chance_in_window, fluence_j_cm2, point_by_point
from openpbm.planning.stored_plan import Curve, StoredPlan, stored_plan
from openpbm.safety.exposure_limits import eye_exposure, eye_safe_unsupervised

__all__ = ["rescale"]

_LARGEST_FACTOR = 10.0


def rescale(
    plan: Mapping[str, Any],
    *,
    minutes: float | None = None,
    output_factor: float = 1.0,
    sessions_per_week: float | None = None,
    weeks: int | None = None,
) -> dict[str, Any]:
    """What a stored plan gives at other minutes, output, sessions or weeks.

    plan : the content of a plan.json, which is not changed
    minutes : light at one place in one session [min]; the stored ones when None
    output_factor : the lamp's output over the one it was planned with, at its own bounds
    Returns exactly what `make_plan(..., overrides=...)` would for dose, curves, skin and eye, with `limits`
    beside them. It is no plan: nothing is screened again, and there is no verdict. Raises BadInput.
    """
    _check_numbers(minutes, output_factor, sessions_per_week, weeks)
    stored = stored_plan(plan)
    length = stored.length(minutes)
    dose = _dose(stored, length, output_factor)
    skin = _skin(stored, length, output_factor)
    eye = _eye(stored, length, output_factor)
    course = _course(stored, length, dose, skin["fluence_j_cm2"], stored.course(sessions_per_week, weeks))
    return {
        "minutes": length.session_minutes,
        "exposure_minutes": length.exposure_minutes,
        "output_factor": output_factor,
        "dose": dose,
        "targets": _targets(stored, dose),
        "curves": [_curve(curve, output_factor * length.exposure_minutes / stored.exposure_minutes)
                   for curve in stored.curves],
        "skin": skin,
        "eye": eye,
        "course": course,
        "not_computed": _not_computed(stored, output_factor, dose),
    }  # fmt: skip


def _check_numbers(
    minutes: float | None, output_factor: float, sessions_per_week: float | None, weeks: int | None
) -> None:
    faults = [
        number_fault("minutes", minutes, LONGEST_MINUTES) if minutes is not None else None,
        number_fault("output_factor", output_factor, _LARGEST_FACTOR),
        number_fault("sessions_per_week", sessions_per_week, MOST_SESSIONS_PER_WEEK)
        if sessions_per_week is not None
        else None,
        number_fault("weeks", weeks, MOST_WEEKS, whole=True) if weeks is not None else None,
    ]
    if any(faults):
        raise BadInput(fault for fault in faults if fault)


def _dose(stored: StoredPlan, length: SessionLength, factor: float) -> list[dict[str, Any]]:
    """Every dose row, its chance counted anew; None where the plan holds no draws to count."""
    chances = {
        (draws.site, draws.side, draws.structure): chance_in_window(
            factor * np.array(draws.fluence_rate_mw_cm2), length.exposure_minutes, draws.window()
        )
        for draws in stored.window_draws
    }
    joules_per_milliwatt = length.exposure_minutes * 60.0 / 1000.0
    return [
        {
            "site": row.site,
            "side": row.side,
            "structure": row.structure,
            "depth_mm": row.depth_mm,
            "wavelength_nm": row.wavelength_nm,
            "fluence_rate_mw_cm2": row.fluence_rate_mw_cm2.times(factor),
            "fluence_j_cm2": row.fluence_rate_mw_cm2.times(factor * joules_per_milliwatt),
            "chance_in_window": (
                None if row.chance_in_window is None else chances.get((row.site, row.side, row.structure))
            ),
        }
        for row in stored.dose
    ]


def _targets(stored: StoredPlan, dose: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Whether the dose reaches each asked target surely enough."""
    found = []
    for curve in stored.curves:
        wanted = (curve.site, curve.side, curve.target, None)
        names = ("site", "side", "structure", "wavelength_nm")
        chance = next((row["chance_in_window"] for row in dose if tuple(row[n] for n in names) == wanted), None)
        limits = [
            Limit(id=rule, value=chance, limit=least, unit="1", passed=chance >= least)
            for rule, least in (("reach", REFUSED_BELOW), ("reach_uncertain", CAUTION_BELOW))
            if chance is not None
        ]
        found.append({"site": curve.site, "side": curve.side, "structure": curve.target, "chance_in_window": chance,
                      "limits": [limit.to_dict() for limit in limits]})  # fmt: skip
    return found


def _curve(curve: Curve, factor: float) -> dict[str, Any]:
    return {
        "site": curve.site,
        "side": curve.side,
        "target": curve.target,
        "target_depth_mm": curve.target_depth_mm.times(1.0),
        "window_j_cm2": None if curve.window_j_cm2 is None else list(curve.window_j_cm2),
        "wavelengths": [
            {
                "wavelength_nm": line.wavelength_nm,
                "points": [
                    {"depth_mm": point.depth_mm, "fluence_j_cm2": point.fluence_j_cm2.times(factor)}
                    for point in line.points
                ],
            }
            for line in curve.wavelengths
        ],
    }


def _skin(stored: StoredPlan, length: SessionLength, factor: float) -> dict[str, Any]:
    irradiance, ratio = stored.skin.irradiance_mw_cm2 * factor, stored.skin.limit_ratio * factor
    limits = skin_bounds(stored.protocol, irradiance, ratio)
    energy_j = None
    if stored.protocol is not None and stored.lamp is not None:
        power_mw = _point_power_mw(stored.lamp, stored.placement.distance_mm, factor)
        limits += session_bounds(
            stored.protocol, length, irradiance, power_mw, conservative_start=stored.conservative_start
        )
        spots = point_by_point(stored.protocol, power_mw)
        energy_j = None if spots is None else spots.energy_of_j(length.exposure_minutes)
    return {
        "irradiance_mw_cm2": irradiance,
        "irradiance_upper_mw_cm2": stored.skin.irradiance_upper_mw_cm2 * factor,
        "fluence_j_cm2": fluence_j_cm2(irradiance, length.exposure_minutes),
        "energy_per_point_j": energy_j,
        "limit_ratio": ratio,
        "limits": [limit.to_dict() for limit in limits],
    }


def _point_power_mw(lamp: Lamp, distance_mm: float, factor: float) -> float | None:
    power_mw = point_power_mw(lamp, beam(lamp, distance_mm))
    return None if power_mw is None else power_mw * factor


def _eye(stored: StoredPlan, length: SessionLength, factor: float) -> dict[str, Any] | None:
    """The eye is not linear in output: its seconds are reckoned anew from the lamp, or None without it."""
    seconds = stored.eye.seconds_without_eyewear
    if factor == 1.0:
        found: dict[str, Any] = {
            "seconds_without_eyewear": seconds,
            "eyewear_needed": seconds < length.session_minutes * 60.0,
            "limiting_hazard": stored.eye.limiting_hazard,
            "distance_mm": stored.eye.distance_mm,
            "irradiance_upper_w_m2": stored.eye.irradiance_upper_w_m2,
            "eye_safe_unsupervised": stored.eye.eye_safe_unsupervised,
        }
    elif stored.lamp is not None:
        lamp, distance_mm = stored.lamp, stored.placement.distance_mm
        upper = output_prior(lamp).safety_factor * factor
        exposure = eye_exposure(lamp, beam(lamp, distance_mm), distance_mm, upper)
        found = describe_eye(exposure, eye_safe_unsupervised(lamp, exposure), length)
    else:
        return None
    limits = eye_bounds(found["seconds_without_eyewear"], length.session_minutes)
    return found | {"limits": [limit.to_dict() for limit in limits]}


def _course(
    stored: StoredPlan,
    length: SessionLength,
    dose: list[dict[str, Any]],
    skin_j_cm2: float,
    given: tuple[float, int] | None,
) -> dict[str, Any] | None:
    """All sessions together: a plain sum, which is no claim that doses add up in tissue."""
    if given is None:
        return None
    per_week, weeks = given
    sessions = per_week * weeks
    limits = [] if stored.protocol is None else course_bounds(stored.protocol, per_week, weeks)
    return {
        "sessions_per_week": per_week,
        "weeks": weeks,
        "sessions": sessions,
        "light_minutes": length.session_minutes * sessions,
        "skin_fluence_j_cm2": skin_j_cm2 * sessions,
        "dose": [
            {
                "site": row["site"],
                "side": row["side"],
                "structure": row["structure"],
                "fluence_j_cm2": {key: value * sessions for key, value in row["fluence_j_cm2"].items()},
            }
            for row in dose
            if row["wavelength_nm"] is None
        ],
        "limits": [limit.to_dict() for limit in limits],
    }


def _not_computed(stored: StoredPlan, factor: float, dose: list[dict[str, Any]]) -> list[str]:
    """What this plan holds too little for, in words with the way out."""
    before = {row.structure for row in stored.dose if row.chance_in_window is not None}
    now = {row["structure"] for row in dose if row["chance_in_window"] is not None}
    found = [f"chance at the {name.replace('_', ' ')}: needs new light run" for name in sorted(before - now)]
    if stored.protocol is None or stored.lamp is None:
        found.append("limits of the protocol: the plan does not hold protocol and lamp; make the plan anew")
    if stored.lamp is None and factor != 1.0:
        found.append("eye: the plan does not hold the lamp; make the plan anew")
    if stored.protocol is None and stored.schedule is None:
        found.append("course: the plan holds no sessions a week and weeks; give both, or make the plan anew")
    return found
