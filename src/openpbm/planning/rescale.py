"""Other minutes, sessions or output on a plan, at once: all that follows without computing light again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import numpy as np

from openpbm.device import Beam, beam, lights_body, output_prior
from openpbm.errors import BadInput, Problem
from openpbm.facts.conditions import Protocol
from openpbm.facts.lamps import Lamp
from openpbm.planning.choice import CAREFUL
from openpbm.planning.document import DoseRow, EyeSafety, Plan, SkinExposure, WindowDraws
from openpbm.planning.document.plan import (
    LONGEST_MINUTES,
    MOST_SESSIONS_PER_WEEK,
    MOST_WEEKS,
    NO_OVERRIDES,
    number_problem,
)
from openpbm.planning.light_sections import eye_safety
from openpbm.planning.prescription import (
    SessionLength,
    Setting,
    begins_low,
    fluence_j_cm2,
    point_power_mw,
    points_at_once,
)
from openpbm.planning.protocol_bounds import (
    Bound,
    body_bound,
    course_bounds,
    eye_bounds,
    is_kept,
    left_on_bounds,
    reach_bounds,
    reasons_of,
    session_bounds,
    skin_bounds,
    warmth_bound,
)
from openpbm.planning.rescaled_plan import (
    CourseDose,
    CourseLight,
    LimitedEye,
    LimitedSkin,
    RescaledPlan,
    TargetReach,
)
from openpbm.planning.scanned_skin import scanned_skin, still_bands
from openpbm.planning.schedule import course_length, positions_for
from openpbm.planning.window import Window, chance_in_window, chance_standard_error
from openpbm.reason import Reason
from openpbm.safety.exposure_limits import eye_exposure, eye_safe_unsupervised
from openpbm.safety.lamp_check import INSENSATE
from openpbm.safety.skin_temperature import WarmedSkin

__all__ = ["rescale"]

_LARGEST_FACTOR = 10.0
_NO_CHANCE = (None, None)


def rescale(
    plan: Plan,
    *,
    minutes: float | None = None,
    output_factor: float = 1.0,
    sessions_per_week: float | None = None,
    weeks: int | None = None,
) -> RescaledPlan:
    """What a plan gives at other minutes, output, sessions or weeks.

    minutes : light at one place in one session [min]; the plan's own when None
    output_factor : the lamp's output over the one it was planned with, at its own bounds
    Returns exactly what `make_plan(..., overrides=...)` would for dose, curves, skin and eye, with `limits` beside
    them. It is no plan: nothing is screened again, and there is no verdict.
    Raises BadInput for numbers that cannot be, and for a plan without minutes or whose light was not computed here.

    >>> from pathlib import Path
    >>> from openpbm.case import read_case
    >>> from openpbm.planning import Quality, make_plan
    >>> from openpbm.safety import screen
    >>> screening = screen(read_case(Path("examples/restless_legs.toml")))
    >>> plan = make_plan(screening, quality=Quality(scenarios=8))
    >>> shorter = rescale(plan, minutes=10.0)
    >>> round(shorter.skin.fluence_j_cm2 / plan.skin.fluence_j_cm2 * plan.session_minutes, 6)
    10.0
    >>> [limit.rule for limit in shorter.skin.limits if not limit.passed]
    ['override_minutes_below_protocol', 'override_skin_dose_below_protocol']
    """
    _check_numbers(minutes, output_factor, sessions_per_week, weeks)
    lit = _lit(plan)
    change = _Change(lit=lit, length=_length(lit, minutes), factor=output_factor)
    dose = _dose(plan, change)
    skin = _skin(plan, change)
    return RescaledPlan(
        minutes=change.length.session_minutes,
        exposure_minutes=change.length.exposure_minutes,
        output_factor=output_factor,
        dose=dose,
        targets=_targets(plan, dose, _chances(plan, _once_begun(plan, change))),
        curves=tuple(curve.times(change.dose_factor) for curve in plan.curves),
        skin=skin,
        eye=_eye(change, _positions(plan)),
        course=_course(change, dose, skin, *_sessions_and_weeks(plan, lit.protocol, sessions_per_week, weeks)),
        not_computed=(*_body_not_computed(lit), *_not_computed(plan, dose)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lit:
    """The sections that every rescaling needs, of a plan whose light was computed."""

    skin: SkinExposure
    eye: EyeSafety
    distance_mm: float
    limit_ratio: float
    session_minutes: float
    exposure_minutes: float
    protocol: Protocol
    lamp: Lamp

    @property
    def beam(self) -> Beam:
        return beam(self.lamp, self.distance_mm)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A plan's light, and what is changed in it. `factor`: new output over planned output [-]."""

    lit: _Lit
    length: SessionLength
    factor: float

    @property
    def dose_factor(self) -> float:
        """New fluence over planned fluence [-]."""
        return self.factor * self.length.exposure_minutes / self.lit.exposure_minutes

    def setting(self, plan: Plan) -> Setting:
        """The lamp at its new output, as the plan's protocol counts it."""
        power_mw = point_power_mw(self.lit.lamp, self.lit.beam)
        return Setting(
            protocol=self.lit.protocol,
            irradiance_mw_cm2=self.lit.skin.irradiance_mw_cm2 * self.factor,
            in_band_share=self.lit.skin.in_band_share,
            power_mw=None if power_mw is None else power_mw * self.factor,
            conservative_start=begins_low(plan.cautions),
            points_at_once=points_at_once(self.lit.lamp),
        )


def _check_numbers(
    minutes: float | None, output_factor: float, sessions_per_week: float | None, weeks: int | None
) -> None:
    problems = [number_problem("output_factor", output_factor, _LARGEST_FACTOR)]
    if minutes is not None:
        problems.append(number_problem("minutes", minutes, LONGEST_MINUTES))
    if sessions_per_week is not None:
        problems.append(number_problem("sessions_per_week", sessions_per_week, MOST_SESSIONS_PER_WEEK))
    if weeks is not None:
        problems.append(number_problem("weeks", weeks, MOST_WEEKS, whole=True))
    if any(problems):
        raise BadInput(problem for problem in problems if problem)


def _lit(plan: Plan) -> _Lit:
    if plan.placement.apart:
        message = "different lamps light different places, and only one of them is kept in the plan"
        remedy = "plan again with what is to be tried out"
        on_page = "Different lamps light different places. Other values are tried with a plan of their own."
        where = "placement.lamps"
        raise BadInput(Problem(document="plan.json", key=where, message=message, remedy=remedy, on_page=on_page))
    if plan.session_minutes is None or plan.exposure_minutes is None:
        raise BadInput(
            Problem(
                document="plan.json",
                key="session_minutes",
                message="this plan has no session, because no protocol is held for the condition or the lamp's output"
                " at that distance is not known",
                remedy="plan another lamp, distance or condition",
            )
        )
    skin, eye, distance_mm, protocol = plan.skin, plan.eye, plan.placement.distance_mm, plan.protocol
    if skin is None or skin.limit_ratio is None or eye is None or distance_mm is None or protocol is None:
        raise BadInput(
            Problem(
                document="plan.json",
                key="provenance",
                message="this plan was written down, not computed, so there is no light to rescale",
                remedy="make a plan with openpbm plan",
            )
        )
    return _Lit(
        skin=skin,
        eye=eye,
        distance_mm=distance_mm,
        limit_ratio=skin.limit_ratio,
        session_minutes=plan.session_minutes,
        exposure_minutes=plan.exposure_minutes,
        protocol=protocol,
        lamp=plan.lamp.lamp(),
    )


def _length(lit: _Lit, session_minutes: float | None) -> SessionLength:
    """The planned session, or one of other minutes over as many points."""
    # A refused plan names no points, since it has no schedule; the two minutes it does hold give them back.
    points = max(1, round(lit.session_minutes / lit.exposure_minutes))
    each = lit.exposure_minutes if session_minutes is None else session_minutes / points
    return SessionLength(exposure_minutes=each, points=points)


def _dose(plan: Plan, change: _Change) -> tuple[DoseRow, ...]:
    """Every dose row, its chance counted again; None where the plan holds no draws to count."""
    chances = _chances(plan, change)
    minutes = change.length.exposure_minutes
    rows = []
    for row in plan.dose:
        rate = row.fluence_rate_mw_cm2.times(change.factor)
        chance, error = chances.get(row.place, _NO_CHANCE) if row.chance_in_window is not None else _NO_CHANCE
        rows.append(
            replace(
                row,
                fluence_rate_mw_cm2=rate,
                fluence_j_cm2=rate.times(fluence_j_cm2(1.0, minutes)),
                chance_in_window=chance,
                chance_standard_error=error,
            )
        )
    return tuple(rows)


def _chances(plan: Plan, change: _Change) -> dict[tuple[str, str, str], tuple[float, float]]:
    return {draws.place: _chance(draws, change) for draws in plan.window_draws}


def _once_begun(plan: Plan, change: _Change) -> _Change:
    """By what reach is judged, as in planning: a careful start tries the skin, and a later plan may give the usual."""
    # Other minutes than the plan's are a choice by hand, and judged by themselves.
    own = change.length.exposure_minutes == change.lit.exposure_minutes
    if plan.choice is None or plan.choice.why != "conservative_start" or not own:
        return change
    usual = [bound.without.exposure_minutes for bound in plan.choice.binds if bound.rule == CAREFUL]
    minutes = max([change.length.exposure_minutes, *usual])
    return replace(change, length=replace(change.length, exposure_minutes=minutes))


def _chance(draws: WindowDraws, change: _Change) -> tuple[float, float]:
    """Chance to lie in the window, and its standard error."""
    low, high = np.array(draws.window_low_j_cm2), np.array(draws.window_high_j_cm2)
    window = Window(low_j_cm2=low, high_j_cm2=high, protocols=(), basis="")
    rates = change.factor * np.multiply.outer(draws.fluence_rate_mw_cm2, draws.output)
    minutes = change.length.exposure_minutes
    return chance_in_window(rates, minutes, window), chance_standard_error(rates, minutes, window)


def _targets(
    plan: Plan, dose: tuple[DoseRow, ...], counted: dict[tuple[str, str, str], tuple[float, float]]
) -> tuple[TargetReach, ...]:
    """Whether the dose reaches each target surely enough: also where the window is too dark for a share to be shown."""
    shown = {row.place: row.chance_in_window for row in dose if row.wavelength_nm is None}
    return tuple(
        TargetReach(
            site=curve.site,
            side=curve.side,
            structure=curve.target,
            chance_in_window=shown.get(curve.place),
            limits=_reach_limits(counted.get(curve.place, _NO_CHANCE)[0]),
        )
        for curve in plan.curves
    )


def _reach_limits(chance: float | None) -> tuple[Reason, ...]:
    return () if chance is None else reasons_of(reach_bounds(chance))


def _skin(plan: Plan, change: _Change) -> LimitedSkin:
    lit, minutes, setting = change.lit, change.length.exposure_minutes, change.setting(plan)
    ratio = lit.limit_ratio * change.factor
    return LimitedSkin(
        irradiance_mw_cm2=setting.irradiance_mw_cm2,
        irradiance_upper_mw_cm2=lit.skin.irradiance_upper_mw_cm2 * change.factor,
        fluence_j_cm2=setting.skin_j_cm2(minutes),
        energy_per_point_j=None if setting.spots is None else setting.spots.energy_of_j(minutes),
        limit_ratio=ratio,
        bands=tuple(replace(band, irradiance_mw_cm2=band.irradiance_mw_cm2 * change.factor) for band in lit.skin.bands),
        scanned=None if lit.skin.scanned is None else scanned_skin(lit.lamp, lit.beam, minutes, change.factor),
        limits=reasons_of(
            [*skin_bounds(setting, ratio), *_heat_bounds(plan, change), *session_bounds(setting, np.array([minutes]))]
        ),
    )


def _heat_bounds(plan: Plan, change: _Change) -> list[Bound]:
    """Skin of one in twenty people, and the body of somebody lit all over, at the upper end of the output."""
    lit = change.lit
    factor = output_prior(lit.lamp).safety_factor * change.factor
    upper = [(band.wavelength_nm, band.irradiance_mw_cm2 * factor) for band in lit.skin.bands]
    skin = WarmedSkin(
        lamp=lit.lamp,
        beam=lit.beam.at_worst,
        upper=upper if lit.beam.at_worst == lit.beam else still_bands(lit.lamp, lit.beam, change.factor),
        skin_type=plan.person.skin_type,
        insensate=_insensate(plan),
    )
    minutes = np.array([change.length.exposure_minutes])
    found = [warmth_bound(skin, minutes), *left_on_bounds(skin, minutes)]
    if plan.skin is not None and plan.skin.body_heat_j_kg_min is not None:
        of_a_minute = plan.skin.body_heat_j_kg_min / 1000.0 * change.factor
        found.append(body_bound(of_a_minute, change.length.session_minutes * _positions(plan)))
    return found


def _insensate(plan: Plan) -> bool:
    """Whether the plan held the skin to what skin may bear that feels no warmth."""
    if plan.choice is not None:
        return any(limit.rule == "skin_too_warm_insensate" for limit in plan.choice.quality)
    # A plan from before its limits were kept tells it by the rule; a question is no finding.
    return any(reason.rule == INSENSATE and not reason.question for reason in (*plan.reasons, *plan.cautions))


def _positions(plan: Plan) -> int:
    places = sum(2 if site.side == "both" else 1 for site in plan.sites)
    return positions_for(max(1, places), plan.lamp.heads, plan.placement.places_at_once)


def _eye(change: _Change, positions: int) -> LimitedEye:
    session_minutes = change.length.session_minutes * positions
    eye = _eye_at_output(change, session_minutes)
    bounds = eye_bounds(eye.seconds_without_eyewear, session_minutes)
    needed = not is_kept("eyewear", bounds)
    return LimitedEye(**asdict(eye) | {"eyewear_needed": needed}, limits=reasons_of(bounds))


def _eye_at_output(change: _Change, session_minutes: float) -> EyeSafety:
    """The eye is not linear in output: its seconds are computed again from the lamp."""
    lit = change.lit
    # At the planned output the plan's own seconds stand, so that other minutes alone never change them.
    if change.factor == 1.0:
        return lit.eye
    upper = output_prior(lit.lamp).safety_factor * change.factor
    exposure = eye_exposure(lit.lamp, lit.beam, lit.distance_mm, upper)
    return eye_safety(exposure, eye_safe_unsupervised(lit.lamp, exposure), session_minutes)


def _sessions_and_weeks(plan: Plan, protocol: Protocol, per_week: float | None, weeks: int | None) -> tuple[float, int]:
    """Sessions a week and weeks: given here, else scheduled, else what the protocol would have."""
    usual_per_week, usual_weeks = course_length(protocol, plan.overrides or NO_OVERRIDES)
    if plan.schedule is not None:
        usual_per_week, usual_weeks = plan.schedule.sessions_per_week, plan.schedule.weeks
    # Zero was refused before, so that `or` passes over None and nothing else.
    return per_week or usual_per_week, weeks or usual_weeks


def _course(change: _Change, dose: tuple[DoseRow, ...], skin: LimitedSkin, per_week: float, weeks: int) -> CourseLight:
    """All sessions together."""
    sessions = per_week * weeks
    session_j_cm2 = skin.fluence_j_cm2 or 0.0
    return CourseLight(
        sessions_per_week=per_week,
        weeks=weeks,
        sessions=sessions,
        light_minutes=change.length.session_minutes * sessions,
        skin_fluence_j_cm2=session_j_cm2 * sessions,
        dose=tuple(
            CourseDose(
                site=row.site,
                side=row.side,
                structure=row.structure,
                fluence_j_cm2=row.fluence_j_cm2.times(sessions),
            )
            for row in dose
            if row.wavelength_nm is None
        ),
        limits=reasons_of(course_bounds(change.lit.protocol, per_week, weeks)),
    )


def _not_computed(plan: Plan, dose: tuple[DoseRow, ...]) -> tuple[str, ...]:
    """What this plan holds too little for, in words with the remedy."""
    before = {row.structure for row in plan.dose if row.chance_in_window is not None}
    now = {row.structure for row in dose if row.chance_in_window is not None}
    return tuple(f"chance at the {name.replace('_', ' ')}: needs new light run" for name in sorted(before - now))


def _body_not_computed(lit: _Lit) -> tuple[str, ...]:
    # A plan from before it kept this heat has no weight of its person, and a guess would give another answer.
    unknown = lights_body(lit.lamp) and lit.skin.body_heat_j_kg_min is None
    return ("heat in the whole body: needs a plan of these minutes",) if unknown else ()
