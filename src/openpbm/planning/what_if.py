"""What a plan would give at another distance, on another skin, through other fat or at another place, without a plan.

The dear part is the light in the tissues. It is computed once for a skin, a fat and a place, for beams of every angle,
and asked again and again for minutes and distances. Nothing of it is a plan: it has no verdict and no dates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openpbm.case import Case, SiteChoice
from openpbm.device import CONTACT_BELOW_MM, Beam, beam, output_prior
from openpbm.errors import BadInput, Problem
from openpbm.facts.exposure import limit_value
from openpbm.facts.lamps import Lamp
from openpbm.facts.sites import sites
from openpbm.planning.case_sections import planned_lamp, treated_person, treated_sites
from openpbm.planning.document import Plan
from openpbm.planning.dose import Placements, draw_placements, even_outputs, rates_under_rings
from openpbm.planning.light import AngularLight, angular_light
from openpbm.planning.light_sections import depth_curve, dose_rows, eye_safety, skin_exposure, window_draws
from openpbm.planning.other_distance import quick_rings
from openpbm.planning.prescription import Setting, is_point_lamp, prescribe
from openpbm.planning.protocol_bounds import held_against
from openpbm.planning.rescale import rescale
from openpbm.planning.rescaled_plan import RescaledPlan
from openpbm.planning.site_light import Quality, SiteLight, cosines_of, measured_at, wavelengths_of
from openpbm.planning.stale import stale
from openpbm.planning.varied_case import varied_case, with_lamp_setting
from openpbm.planning.window import Window, drawn_windows
from openpbm.reason import Reason
from openpbm.safety import Screening, screen
from openpbm.safety.lamp_check import WARM_MW_CM2, Exposure, expose
from openpbm.tissue import TissueDraw, draw_tissues

__all__ = ["ELSEWHERE_QUALITY", "WHAT_IF_QUALITY", "PreparedLight", "WhatIf", "prepare_light"]

Floats = NDArray[np.float64]
# A third of a plan's tissues: somebody waits for the answer, and it is no plan.
WHAT_IF_QUALITY = Quality(scenarios=128)
# At a place that the plan does not have, the windows are computed too: fewer tissues keep the answer within a second.
ELSEWHERE_QUALITY = Quality(scenarios=64)
# As far as a case may ask for.
_FARTHEST_MM = 5000.0
# What `at` judges at its own distance and output, so that a screening at the planned ones has no say in it.
_OF_THE_DISTANCE = frozenset(
    {"contact_lamp_held_off", "field_unknown", "lamp_not_eye_safe", "skin_irradiance_limit", "skin_warmth"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What would be given. It is no plan: there is no verdict, and nobody may be treated by it.

    distance_mm : lamp to skin [mm]
    scenarios : tissues it was computed in
    numbers : dose, skin, eye and course with their limits, as of a plan at other minutes
    windows : site, side and structure -> lowest and highest fluence of the trials there, derived [J/cm2]
    reasons : what the rules say of this skin and place, and did not say of the plan; at any distance
    """

    distance_mm: float
    scenarios: int
    numbers: RescaledPlan
    windows: dict[tuple[str, str, str], tuple[float, float]]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """One place of the case: its tissues, the light in them and the windows, all without a distance."""

    choice: SiteChoice
    tissues: TissueDraw
    light: tuple[AngularLight, ...]
    windows: dict[str, Window | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedLight:
    """Light in the tissues of a case, to be asked for one distance after the other.

    plan : the plan that is varied; minutes, sessions and weeks are its own where none are given
    case : the plan's case, of the skin and the place asked for
    reasons : as in `WhatIf`
    """

    plan: Plan
    case: Case
    scenarios: int
    places: tuple[_Place, ...]
    placements: Placements
    output: Floats
    reasons: tuple[Reason, ...]

    def at(
        self,
        *,
        distance_mm: float | None = None,
        minutes: float | None = None,
        output_factor: float = 1.0,
        sessions_per_week: float | None = None,
        weeks: int | None = None,
        mode: str | None = None,
        duty: float | None = None,
    ) -> WhatIf:
        """What is given at a distance and with these minutes, sessions and weeks; the plan's own where None.

        distance_mm : lamp to skin, 0 to 5000 [mm];  output_factor : as of `rescale`
        mode : one of the lamp's by its name, "" for the whole lamp;  duty : share of the time its LEDs shine [-]
        Limits of skin, eye and lamp are those that screening computes at this distance. Beside `make_plan` with the
        same distance, seed and number of tissues: medians within 3 %, chances within 0.03.
        Raises BadInput for what cannot be, and FieldUnknown where the lamp's light is not known at that distance.
        """
        case = with_lamp_setting(self.case, mode=mode, duty=duty)
        exposure = expose(case, self._distance_mm(distance_mm))
        lit = tuple(self._lit(place, exposure.beam, case.device) for place in self.places)
        numbers = rescale(
            _under(self.plan, case, exposure, lit),
            minutes=minutes,
            output_factor=output_factor,
            sessions_per_week=sessions_per_week,
            weeks=weeks,
        )
        return WhatIf(
            distance_mm=exposure.distance_mm,
            scenarios=self.scenarios,
            numbers=_with_lamp_limits(numbers, case, exposure),
            windows={
                (place.choice.site, place.choice.side, structure): window.middle()
                for place in self.places
                for structure, window in place.windows.items()
                if window is not None
            },
            reasons=self.reasons,
        )

    def _distance_mm(self, distance_mm: float | None) -> float:
        if distance_mm is None:
            assert self.plan.placement.distance_mm is not None  # `prepare_light` has rescaled the plan
            return self.plan.placement.distance_mm
        if not 0.0 <= distance_mm <= _FARTHEST_MM:
            message = f"must be 0 to {_FARTHEST_MM:g} mm"
            raise BadInput(Problem("distance_mm", distance_mm, message, "give the lamp-to-skin distance"))
        return distance_mm

    def _lit(self, place: _Place, lit: Beam, lamp: Lamp) -> SiteLight:
        shining = wavelengths_of(lit)
        lights = [light for light in place.light if light.wavelength_nm in shining]
        fields = tuple(light.under(cosines_of(lit, light.wavelength_nm)) for light in lights)
        rings = quick_rings(lamp, lit, self.placements)
        return SiteLight(
            choice=place.choice,
            tissues=place.tissues,
            fields=fields,
            rates=rates_under_rings(rings, lit, place.tissues.site, fields, self.placements, self.output),
            windows=place.windows,
        )


def prepare_light(
    plan: Plan,
    screening: Screening,
    *,
    skin_type: int | None = None,
    fat_mm: float | None = None,
    place: SiteChoice | None = None,
    quality: Quality | None = None,
    threads: int | None = None,
) -> PreparedLight:
    """Compute the light of a plan's case, or of its person with another skin, measured fat or another place.

    screening : the one that the plan was made from
    skin_type : Fitzpatrick's, 1 to 6;  fat_mm : the subcutis, by ultrasound or calliper [mm]
    place : one place instead of those of the case;  None leaves what the case has
    quality : None is 128 tissues, or 64 at a place that the plan does not have; never more than the plan has
    The rules are asked again for this skin and place, and what they say beside the plan's own is in `reasons`.
    Raises BadInput for what cannot be, and for a plan without minutes or whose light was not computed here.

    >>> from pathlib import Path
    >>> from openpbm.case import read_case
    >>> from openpbm.planning import make_plan
    >>> screening = screen(read_case(Path("examples/restless_legs.toml")))
    >>> few = Quality(scenarios=8)
    >>> plan = make_plan(screening, quality=few)
    >>> prepared = prepare_light(plan, screening, fat_mm=12.0, quality=few)
    >>> near, far = prepared.at(distance_mm=200.0), prepared.at(distance_mm=400.0)
    >>> near.numbers.dose[0].fluence_j_cm2.median > far.numbers.dose[0].fluence_j_cm2.median
    True
    """
    # Says what is wrong with a plan that holds no light or no minutes, before any is computed.
    rescale(plan)
    case = varied_case(screening.case, skin_type=skin_type, fat_mm=fat_mm, place=place)
    screened = screening if case == screening.case else screen(case)
    prescription = prescribe(case.condition.condition(), case.device, case.protocol)
    exposure, made = screening.exposure, plan.provenance
    assert prescription is not None, "a plan with minutes has a protocol"
    assert exposure is not None, "a plan with minutes has a known beam"
    assert made is not None, "a plan whose light was computed says how"
    elsewhere = not {choice.site for choice in case.sites} <= {site.site for site in plan.sites}
    wanted = quality or (ELSEWHERE_QUALITY if elsewhere else WHAT_IF_QUALITY)
    # Never finer than the plan itself: one made to try things out stays one.
    count, seed = min(wanted.scenarios, made.scenarios), made.seed
    # Of a plan in one mode of its lamp the light of every mode is computed: another is one press of a button away.
    whole = beam(case.device.whole, exposure.distance_mm) if case.device.whole_emitters else exposure.beam
    trials = prescription.trial_protocols

    def placed(choice: SiteChoice) -> _Place:
        measured = measured_at(choice)
        if fat_mm is not None:
            measured = replace(measured, fat_mm=fat_mm, skinfold_mm=None)
        tissues = draw_tissues(sites[choice.site], case.person, count=count, seed=seed, measured=measured)
        return _Place(
            choice=choice,
            tissues=tissues,
            light=tuple(
                angular_light(tissues, wavelength, cosines_of(whole, wavelength), threads=threads)
                for wavelength in wavelengths_of(whole)
            ),
            windows=_windows_of(plan, choice, count) or drawn_windows(trials, choice.site, count, seed, threads),
        )

    return PreparedLight(
        plan=replace(plan, cautions=screened.cautions, person=treated_person(case)),
        case=case,
        scenarios=count,
        places=tuple(placed(choice) for choice in case.sites),
        placements=draw_placements("point" if is_point_lamp(case.device) else "area", count, seed),
        output=even_outputs(output_prior(case.device)),
        reasons=_new_reasons(plan, screened),
    )


def _windows_of(plan: Plan, choice: SiteChoice, count: int) -> dict[str, Window | None]:
    """The windows that the plan keeps for this place, of its first tissues; empty where it keeps none."""
    # Whatever the number of tissues, the first of them have the same optics; made by other physics, they do not.
    kept = [] if stale(plan) else [draws for draws in plan.window_draws if draws.site == choice.site]
    found: dict[str, Window | None] = {
        draws.structure: Window(
            low_j_cm2=np.array(draws.window_low_j_cm2[:count]),
            high_j_cm2=np.array(draws.window_high_j_cm2[:count]),
            protocols=(),
            basis="",
        )
        for draws in kept
    }
    return {target.id: found.get(target.id) for target in sites[choice.site].targets} if found else {}


def _new_reasons(plan: Plan, screened: Screening) -> tuple[Reason, ...]:
    """What the rules say now and did not say of the plan, the gravest first; what distance decides is left to `at`."""
    known = {reason.rule for reason in (*plan.reasons, *plan.cautions)} | _OF_THE_DISTANCE
    return tuple(reason for reason in (*screened.reasons, *screened.cautions) if reason.rule not in known)


def _under(plan: Plan, case: Case, exposure: Exposure, lit: tuple[SiteLight, ...]) -> Plan:
    """The plan with the light of this exposure in the place of its own, for `rescale` alone.

    Where the width of a dose comes from is left out: nobody asks it of a number that is tried out.
    """
    assert plan.exposure_minutes is not None
    minutes, protocol = plan.exposure_minutes, plan.protocol
    setting = None if protocol is None else Setting.of(protocol, case.device, exposure)
    return replace(
        plan,
        dose=tuple(row for here in lit for row in dose_rows(here, minutes, spread=False)),
        curves=tuple(depth_curve(here, minutes) for here in lit),
        window_draws=tuple(draws for here in lit for draws in window_draws(here)),
        irradiance_map=None,
        lamp=planned_lamp(case.device),
        skin=skin_exposure(case, exposure, setting, minutes),
        eye=eye_safety(exposure.eye, exposure.eye_safe, plan.session_minutes),
        placement=replace(plan.placement, distance_mm=exposure.distance_mm),
        sites=treated_sites(case),
    )


def _with_lamp_limits(numbers: RescaledPlan, case: Case, exposure: Exposure) -> RescaledPlan:
    """The numbers with what screening holds a lamp against there, beside the limits of a session."""
    skin, eye, seconds = numbers.skin, numbers.eye, limit_value("unsupervised_seconds")
    upper = exposure.worst_upper_mw_cm2 * numbers.output_factor
    warm = held_against("skin_warmth", upper, WARM_MW_CM2, "mW/cm2", passed=upper <= WARM_MW_CM2)
    found = []
    if case.course.supervision == "self":
        safe = eye.eye_safe_unsupervised
        found.append(held_against("lamp_not_eye_safe", eye.seconds_without_eyewear, seconds, "s", passed=safe))
    if case.device.contact:
        distance_mm = exposure.distance_mm
        on_skin = distance_mm < CONTACT_BELOW_MM
        found.append(held_against("contact_lamp_held_off", distance_mm, CONTACT_BELOW_MM, "mm", passed=on_skin))
    return replace(
        numbers,
        skin=replace(skin, limits=(*skin.limits, warm)),
        eye=replace(eye, limits=(*eye.limits, *found)),
    )
