"""The main job: from a screened case to a plan."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openpbm.case import Case, SiteChoice
from openpbm.device import lights_body
from openpbm.facts.conditions import Protocol
from openpbm.facts.notice import NOTICE
from openpbm.planning.case_sections import (
    course_terms,
    evidence_of,
    placement_of,
    planned_lamp,
    planned_outcomes,
    provenance,
    treated_condition,
    treated_person,
    treated_sites,
    unverified,
)
from openpbm.planning.choice import Candidates, explain, protocol_option
from openpbm.planning.document import (
    FORMAT,
    AllowedPlan,
    Choice,
    DoseRow,
    Plan,
    ProtocolOption,
    RefusedPlan,
    SkinExposure,
)
from openpbm.planning.document.plan import NO_OVERRIDES, PlanOverrides
from openpbm.planning.dose_reasons import (
    Reached,
    careful_start_reasons,
    eye_reasons,
    no_protocol_reason,
    reach_reasons,
    skin_dose_reasons,
)
from openpbm.planning.light_sections import (
    depth_curve,
    dose_rows,
    dose_volume,
    eye_safety,
    irradiance_map,
    skin_exposure,
    skin_prescription,
    window_draws,
)
from openpbm.planning.other_distance import other_settings, where_a_session_fits
from openpbm.planning.override_reasons import override_reasons
from openpbm.planning.prescription import Prescription, SessionLength, Setting, can_follow, prescribe
from openpbm.planning.protocol_bounds import Bound, course_bounds, eye_bounds, heat_bounds, reach_bounds, skin_bounds
from openpbm.planning.schedule import (
    course_length,
    make_schedule,
    positions_of,
    time_reasons,
    together_reasons,
    total_minutes,
)
from openpbm.planning.site_light import STANDARD_QUALITY, Quality, SharedLight, SiteLight, light_sites
from openpbm.planning.window import Target
from openpbm.planning.wrapped_limb import wrapped_reasons
from openpbm.reason import Reason
from openpbm.safety import Screening, with_reasons
from openpbm.safety.lamp_check import Exposure
from openpbm.safety.person_check import IRON_IN_QUESTION
from openpbm.safety.skin_temperature import warmth_reasons
from openpbm.safety.whole_body import body_heat_reasons

__all__ = ["make_plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipe:
    """How a plan is made: what its provenance says beside versions and facts."""

    seed: int
    quality: Quality
    overrides: PlanOverrides


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dosed:
    """A case with its light and the session chosen: everything that its sections are written from.

    candidates, row : every session that may be given, and which of them is
    total_minutes : light over all places
    lit : one for each site, in their order;  dose : of each site, the target first
    """

    exposure: Exposure
    prescription: Prescription
    lit: tuple[SiteLight, ...]
    candidates: Candidates
    row: int
    length: SessionLength
    total_minutes: float
    skin: SkinExposure
    dose: dict[SiteChoice, tuple[DoseRow, ...]]


def make_plan(
    screening: Screening,
    *,
    overrides: PlanOverrides | None = None,
    seed: int = 1,
    quality: Quality = STANDARD_QUALITY,
    threads: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    shared: SharedLight | None = None,
) -> Plan:
    """Plan a screened case.

    overrides : minutes, sessions a week or weeks in place of the plan's own; they are refused, never changed
    seed : draws tissues and who meets which placement; the same seed gives the same plan
    progress : called with (done, total) computations of light
    shared : light that lamps tried for one person share; None for a plan that somebody may be treated by
    The plan is a value whatever the verdict: an AllowedPlan has a prescription and dated sessions, a RefusedPlan none.

    >>> from openpbm.case import read_case
    >>> from openpbm.safety import screen
    >>> from pathlib import Path
    >>> screening = screen(read_case(Path("examples/restless_legs.toml")))
    >>> make_plan(screening, quality=Quality(scenarios=8)).verdict
    'allowed'
    """
    recipe = _Recipe(seed=seed, quality=quality, overrides=overrides or NO_OVERRIDES)
    case, exposure = screening.case, screening.exposure
    condition, own = case.condition.condition(), case.protocol
    # Where different lamps light different places, minutes are chosen for the first of them.
    prescription = prescribe(condition, case.parts()[0].device, own)
    if prescription is None and condition.protocols:
        screening = with_reasons(screening, [no_protocol_reason(condition, own)])
    elif prescription is not None and recipe.overrides.minutes is None:
        screening = where_a_session_fits(screening, prescription.protocol)
        case, exposure = screening.case, screening.exposure
    # Without a known beam or a protocol there are no minutes, so the refusal comes before any light is computed.
    if exposure is None or prescription is None:
        return RefusedPlan(**_sections(screening, recipe, prescription), prescription=None, schedule=None)
    lit = light_sites(screening, exposure, prescription, seed, quality, threads, progress, shared)
    # The first site alone chooses the minutes; the others get the same, and each is judged for reach on its own.
    candidates = _candidates(screening, exposure, prescription.protocol, lit[0], recipe.overrides.minutes)
    dosed = _dosed(case, exposure, prescription, lit, candidates)
    # The verdict is read only after these: a case that passed the screening can still be refused for its dose.
    return _plan(with_reasons(screening, _reasons(screening, dosed, recipe.overrides)), dosed, recipe)


def _candidates(
    screening: Screening, exposure: Exposure, protocol: Protocol, first: SiteLight, by_hand: float | None = None
) -> Candidates:
    """Every session that may be given by a protocol, with all that is chosen, refused and explained by.

    by_hand : light at one place [min]
    """
    case, structure = screening.case, first.choice.target or ""
    setting = Setting.of(protocol, case.device, exposure, screening.cautions)
    return Candidates.listed(
        setting,
        Target(
            rates=first.rates.at(structure, None),
            window=first.windows[structure],
            depth_mm=first.tissues.depth_of(structure),
            fat_mm=first.tissues.fat_mm,
            melanin_fraction=first.tissues.melanin_fraction,
            positions=positions_of(case),
        ),
        functools.partial(heat_bounds, case, exposure),
        by_hand=None if by_hand is None else by_hand / setting.points,
    )


def _choice(screening: Screening, dosed: _Dosed, recipe: _Recipe) -> Choice:
    """Why this session, beside the limits that minutes do not change and what each protocol by itself would give."""
    exposure, candidates, protocol = dosed.exposure, dosed.candidates, dosed.prescription.protocol
    lamp, target = screening.case.parts()[0].device, dosed.dose[dosed.lit[0].choice][0]
    reach = _reach_bounds(candidates, dosed.row) if target.chance_in_window is not None else ()

    def option(other: Protocol) -> ProtocolOption:
        listed = _candidates(screening, exposure, other, dosed.lit[0]) if can_follow(lamp, other) else None
        return protocol_option(other, lamp, listed, followed=other is protocol)

    return explain(
        candidates,
        dosed.row,
        beside=[
            *skin_bounds(candidates.setting, exposure.skin_limit_ratio),
            *eye_bounds(exposure.eye.seconds_without_eyewear, dosed.total_minutes),
            *course_bounds(protocol, *course_length(protocol, recipe.overrides)),
            *reach,
        ],
        # A protocol of the case's own stands beside those of the condition.
        protocols=tuple(map(option, dict.fromkeys([*dosed.prescription.condition.protocols, protocol]))),
        settings=other_settings(screening, exposure, protocol, dosed.lit[0], recipe.seed),
        spread=target.spread,
    )


def _dosed(
    case: Case, exposure: Exposure, prescription: Prescription, lit: tuple[SiteLight, ...], candidates: Candidates
) -> _Dosed:
    """The session that is chosen, at the skin and at every site."""
    row = candidates.chosen()
    length = candidates.length(row)
    return _Dosed(
        exposure=exposure,
        prescription=prescription,
        lit=lit,
        candidates=candidates,
        row=row,
        length=length,
        total_minutes=total_minutes(case, length),
        skin=skin_exposure(case, exposure, candidates.setting, length.exposure_minutes),
        dose={here.choice: dose_rows(here, length.exposure_minutes) for here in lit},
    )


def _reasons(screening: Screening, dosed: _Dosed, overrides: PlanOverrides) -> list[Reason]:
    """Everything the dose itself speaks against."""
    case, exposure, prescription, length = screening.case, dosed.exposure, dosed.prescription, dosed.length
    candidates, setting = dosed.candidates, dosed.candidates.setting
    found = [
        *skin_dose_reasons(case, exposure, prescription, setting, length),
        *careful_start_reasons(candidates, dosed.row),
        *warmth_reasons(case, exposure, length.exposure_minutes),
        *_reasons_elsewhere(case, dosed),
        *(body_heat_reasons(case, exposure, dosed.total_minutes) if lights_body(case.device) else ()),
        *eye_reasons(case, exposure, dosed.total_minutes),
        *time_reasons(case, length),
        *together_reasons(case, exposure),
        *reach_reasons(prescription, [_reached(here, dosed) for here in dosed.lit]),
        *(wrapped_reasons(case, exposure, dosed.lit) if case.device.kind == "wrap" else ()),
    ]
    if overrides != NO_OVERRIDES:
        found.extend(override_reasons(case, exposure, candidates, overrides))
    return found


def _reasons_elsewhere(case: Case, dosed: _Dosed) -> list[Reason]:
    """What the same minutes do where other lamps light other places at the same time."""
    if len(case.parts()) == 1:
        return []
    from openpbm.planning.places_apart import reasons_elsewhere

    # A course that begins with less goes on with more.
    minutes = max(
        float(dosed.candidates.exposure_minutes[row]) for row in (dosed.row, dosed.candidates.usual(dosed.row))
    )
    return reasons_elsewhere(case, dosed.exposure, dosed.prescription.protocol, minutes)


def _reached(here: SiteLight, dosed: _Dosed) -> Reached:
    candidates, usual = dosed.candidates, dosed.candidates.usual(dosed.row)
    minutes = float(candidates.exposure_minutes[usual])
    (row, *_) = dosed.dose[here.choice] if usual == dosed.row else dose_rows(here, minutes, spread=False)
    return Reached.of(here, row, minutes, float(candidates.skin_j_cm2[usual]))


def _reach_bounds(candidates: Candidates, row: int) -> tuple[Bound, ...]:
    usual = candidates.usual(row)
    name = "chance in the window" if usual == row else "chance in the window, usual minutes"
    return reach_bounds(float(candidates.chance[usual]), name=name)


def _plan(screening: Screening, dosed: _Dosed, recipe: _Recipe) -> Plan:
    """The plan of a case whose light is known."""
    case, length, prescription = screening.case, dosed.length, dosed.prescription
    sections = _sections(screening, recipe, prescription, dosed)
    if screening.verdict != "allowed":
        return RefusedPlan(**sections, prescription=None, schedule=None)
    in_question = any(caution.rule in IRON_IN_QUESTION for caution in screening.cautions)
    schedule = make_schedule(
        case, prescription.protocol, length, iron_in_question=in_question, overrides=recipe.overrides
    )
    return AllowedPlan(
        **sections | {"outcomes": planned_outcomes(case.condition.condition(), schedule.checkpoints)},
        prescription=skin_prescription(
            case, prescription, dosed.exposure.distance_mm, dosed.candidates.setting, length, dosed.skin, dosed.lit
        ),
        schedule=schedule,
    )


def _sections(
    screening: Screening, recipe: _Recipe, prescription: Prescription | None, dosed: _Dosed | None = None
) -> dict[str, Any]:
    """The sections that every plan has, whatever its verdict."""
    case = screening.case
    condition = case.condition.condition()
    distance_mm = screening.exposure.distance_mm if screening.exposure else None
    light_error = max((field.error for here in (dosed.lit if dosed else ()) for field in here.fields), default=0.0)
    return {
        "format": FORMAT,
        "verdict": screening.verdict,
        "reasons": screening.reasons,
        "cautions": screening.cautions,
        "candidacy": screening.candidacy,
        "workup": screening.workup,
        "overrides": recipe.overrides.or_none(),
        "evidence": evidence_of(condition),
        "protocol": prescription.protocol if prescription else None,
        **_light_sections(screening, dosed, recipe),
        "placement": placement_of(case, distance_mm),
        "condition": treated_condition(condition, case.condition.confirmed_by),
        "outcomes": planned_outcomes(condition),
        "sites": treated_sites(case),
        "lamp": planned_lamp(case.device),
        "person": treated_person(case),
        "course": course_terms(case),
        "unverified": unverified(case, prescription),
        "notice": NOTICE,
        "provenance": provenance(recipe.seed, recipe.quality.scenarios, recipe.overrides.or_none(), light_error),
    }


def _light_sections(screening: Screening, dosed: _Dosed | None, recipe: _Recipe) -> dict[str, Any]:
    """Minutes, dose, curves, skin and eye: with a dose all of them, without one only what the lamp alone gives."""
    exposure = screening.exposure
    if dosed is None:
        return {
            "session_minutes": None,
            "exposure_minutes": None,
            "dose": (),
            "curves": (),
            "window_draws": (),
            "irradiance_map": None,
            "skin": skin_exposure(screening.case, exposure, None, None) if exposure else None,
            "eye": eye_safety(exposure.eye, exposure.eye_safe, None) if exposure else None,
        }
    exposure, length, lit = dosed.exposure, dosed.length, dosed.lit
    minutes = length.exposure_minutes
    return {
        "session_minutes": length.session_minutes,
        "exposure_minutes": minutes,
        "choice": _choice(screening, dosed, recipe),
        "dose": tuple(row for here in lit for row in dosed.dose[here.choice]),
        "curves": tuple(depth_curve(here, minutes) for here in lit),
        "window_draws": tuple(draws for here in lit for draws in window_draws(here)),
        "dose_volume": tuple(filter(None, (dose_volume(here, minutes) for here in lit))),
        # One map for all sites: the same lamp stands at the same distance, only the outline differs.
        "irradiance_map": irradiance_map(exposure.beam, lit[0].site),
        "skin": dosed.skin,
        "eye": eye_safety(exposure.eye, exposure.eye_safe, dosed.total_minutes),
    }
