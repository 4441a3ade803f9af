"""What speaks against minutes chosen by hand, and against a lamp of which no session fits; with what would."""

from __future__ import annotations

from openpbm.case import Case
from openpbm.facts.rules import computed
from openpbm.planning.choice import Candidates
from openpbm.planning.document.plan import PlanOverrides
from openpbm.planning.prescription import Setting
from openpbm.planning.protocol_bounds import course_bounds, reasons_of
from openpbm.planning.schedule import course_length
from openpbm.reason import Reason
from openpbm.safety.lamp_check import Exposure, nearest_distance_mm

__all__ = ["no_dose_reason", "override_reasons"]


def override_reasons(case: Case, exposure: Exposure, candidates: Candidates, overrides: PlanOverrides) -> list[Reason]:
    """One reason for each limit that an override does not keep; nothing for what was left to the plan."""
    setting = candidates.setting
    per_week, weeks = course_length(setting.protocol, overrides)
    # Only what a person chose is blamed.
    course = [
        bound
        for bound in course_bounds(setting.protocol, per_week, weeks)
        if (overrides.weeks if bound.name == "weeks" else overrides.sessions_per_week) is not None
    ]
    broken = [limit for limit in (*candidates.protocol_limits(), *reasons_of(course)) if not limit.passed]
    remedy = _what_fits(case, exposure, setting) if broken else ""
    return [
        no_dose_reason(case, exposure, setting)
        if limit.rule == "no_dose_within_limits"
        else computed(limit.rule, value=limit.value, limit=limit.limit, remedy=remedy)
        for limit in broken
    ]


def no_dose_reason(case: Case, exposure: Exposure, setting: Setting) -> Reason:
    """Even the protocol's shortest session gives too much here, whether the plan or a person chose the minutes."""
    fits, shortest = _distance_that_fits_mm(case, exposure, setting), setting.protocol.minutes[0]
    return computed(
        "no_dose_within_limits",
        distance=exposure.distance_mm,
        irradiance=setting.irradiance_mw_cm2,
        minutes=shortest,
        fluence=setting.skin_j_cm2(shortest),
        limit=setting.skin_range_j_cm2[1],
        remedy="" if fits is None else f"At {fits:g} mm or more one does.",
    )


def _what_fits(case: Case, exposure: Exposure, setting: Setting) -> str:
    """The longest session that fits, or the distance at which one does."""
    fitting = setting.fitting_minutes
    if fitting:
        return f"The longest session that fits has {fitting[-1]:.3g} minutes on one spot."
    fits = _distance_that_fits_mm(case, exposure, setting)
    return "No session fits at this distance" + ("." if fits is None else f"; at {fits:g} mm or more one does.")


def _distance_that_fits_mm(case: Case, exposure: Exposure, setting: Setting) -> float | None:
    """The nearest distance beyond this one at which a session of the protocol does not give too much [mm]."""
    return nearest_distance_mm(
        case,
        exposure.distance_mm,
        lambda there: bool(Setting.of(setting.protocol, case.device, there).fitting_minutes),
    )
