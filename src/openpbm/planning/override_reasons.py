"""Where an override leaves the protocol: a reason with value and limit; the override itself stays as it is."""

from __future__ import annotations

from openpbm.case import Case
from openpbm.planning.overrides import PlanOverrides
from openpbm.planning.prescription import Prescription, point_power_mw
from openpbm.planning.protocol_bounds import course_bounds, session_bounds
from openpbm.planning.schedule import course_length
from openpbm.planning.session_length import SessionLength, fitting_minutes, minutes_within
from openpbm.reason import Reason
from openpbm.safety import computed
from openpbm.safety.lamp_check import Exposure, nearest_distance_mm

__all__ = ["override_reasons"]


def override_reasons(
    case: Case,
    exposure: Exposure,
    prescription: Prescription,
    length: SessionLength,
    overrides: PlanOverrides,
    *,
    conservative_start: bool,
) -> list[Reason]:
    """One reason for each limit that an override does not keep; nothing for what was left to the plan.

    conservative_start : the course begins at its low end, for skin that warms more or cannot warn
    """
    protocol, power_mw = prescription.protocol, point_power_mw(case.device, exposure.beam)
    limits = []
    if overrides.minutes is not None:
        limits += session_bounds(
            protocol, length, exposure.irradiance_mw_cm2, power_mw, conservative_start=conservative_start
        )
    per_week, weeks = course_length(protocol, overrides)
    course = course_bounds(protocol, per_week, weeks)
    # course_bounds gives sessions above and below, then weeks above and below; only what a person chose is blamed.
    if overrides.sessions_per_week is not None:
        limits += course[:2]
    if overrides.weeks is not None:
        limits += course[2:]
    return [
        computed(limit.id, value=limit.value, limit=limit.limit, remedy=_remedy(case, exposure, prescription))
        for limit in limits
        if not limit.passed
    ]


def _remedy(case: Case, exposure: Exposure, prescription: Prescription) -> str:
    """The longest session that fits, or the distance at which one does."""
    protocol, power_mw = prescription.protocol, point_power_mw(case.device, exposure.beam)
    fitting = fitting_minutes(protocol, exposure.irradiance_mw_cm2, power_mw)
    if fitting:
        return f"The longest session that fits has {fitting[-1]:.3g} minutes on one spot."
    fits = nearest_distance_mm(
        case, exposure.distance_mm, lambda e: bool(minutes_within(protocol, e.irradiance_mw_cm2))
    )
    return "No session fits at this distance" + ("." if fits is None else f"; at {fits:g} mm or more one does.")
