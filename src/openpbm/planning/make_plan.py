"""The main job: from a screened case to a plan."""

from __future__ import annotations

import functools
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from openpbm.case import Case, SiteChoice
from openpbm.facts.notice import NOTICE
from openpbm.facts.table import digest
from openpbm.planning.candidates import Candidates, Target, chance_in_window
from openpbm.planning.case_sections import (
    course_terms,
    evidence_of,
    planned_lamp,
    planned_outcomes,
    treated_condition,
    treated_person,
    treated_sites,
    unverified,
)
from openpbm.planning.document import (
    FORMAT,
    AllowedPlan,
    DoseRow,
    Placement,
    Plan,
    Provenance,
    RefusedPlan,
    SkinExposure,
)
from openpbm.planning.dose_reasons import (
    Reached,
    eye_reasons,
    no_protocol_reason,
    override_reasons,
    reach_reasons,
    skin_dose_reasons,
)
from openpbm.planning.light import Fields
from openpbm.planning.light_sections import (
    depth_curve,
    dose_rows,
    eye_safety,
    irradiance_map,
    skin_exposure,
    skin_prescription,
    window_draws,
)
from openpbm.planning.prescription import NO_OVERRIDES, PlanOverrides, Prescription, SessionLength, prescribe
from openpbm.planning.protocol_bounds import Setting, warmth_bound
from openpbm.planning.schedule import make_schedule, time_reasons, together_reasons, total_minutes
from openpbm.planning.site_light import STANDARD_QUALITY, Quality, SiteLight, light_sites
from openpbm.reason import Reason
from openpbm.safety import Screening, with_reasons
from openpbm.safety.lamp_check import Exposure
from openpbm.safety.person_check import IRON_IN_QUESTION
from openpbm.safety.skin_temperature import WarmedSkin, warmth_reasons
from openpbm.safety.whole_body import body_heat_reasons
from openpbm.version import SOURCES, __version__, sources_digest

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
) -> Plan:
    """Plan a screened case.

    overrides : minutes, sessions a week or weeks in place of the plan's own; they are refused, never changed
    seed : draws tissues and who meets which placement; the same seed gives the same plan
    progress : called with (done, total) computations of light
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
    prescription = prescribe(condition, case.device, own)
    if prescription is None and condition.protocols:
        screening = with_reasons(screening, [no_protocol_reason(condition, own)])
    # Without a known beam or a protocol there are no minutes, so the refusal comes before any light is computed.
    if exposure is None or prescription is None:
        return RefusedPlan(**_sections(screening, recipe, prescription), prescription=None, schedule=None)
    lit = light_sites(screening, exposure, prescription, seed, quality, threads, progress)
    # The first site alone chooses the minutes; the others get the same, and each is judged for reach on its own.
    candidates = _candidates(screening, exposure, prescription, lit[0], recipe.overrides)
    dosed = _dosed(case, exposure, prescription, lit, candidates)
    # The verdict is read only after these: a case that passed the screening can still be refused for its dose.
    return _plan(with_reasons(screening, _reasons(screening, dosed, recipe.overrides)), dosed, recipe)


def _candidates(
    screening: Screening, exposure: Exposure, prescription: Prescription, first: SiteLight, overrides: PlanOverrides
) -> Candidates:
    """Every session that may be given, with all that is chosen, refused and explained by."""
    setting = Setting.of(prescription.protocol, screening.case.device, exposure, screening.cautions)
    structure = first.choice.target or ""
    skin = WarmedSkin.of(screening.case, exposure)
    return Candidates.listed(
        setting,
        Target(rates=first.rates.at(structure, None), window=first.windows[structure]),
        functools.partial(warmth_bound, skin),
        by_hand=None if overrides.minutes is None else overrides.minutes / setting.points,
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
        skin=skin_exposure(exposure, candidates.setting, length.exposure_minutes),
        dose={here.choice: dose_rows(here, length.exposure_minutes) for here in lit},
    )


def _reasons(screening: Screening, dosed: _Dosed, overrides: PlanOverrides) -> list[Reason]:
    """Everything the dose itself speaks against."""
    case, exposure, prescription, length = screening.case, dosed.exposure, dosed.prescription, dosed.length
    setting = dosed.candidates.setting
    return [
        *skin_dose_reasons(case, exposure, prescription, setting, length),
        *warmth_reasons(case, exposure, length.exposure_minutes),
        *(body_heat_reasons(case, exposure, dosed.total_minutes) if case.device.kind == "whole_body" else ()),
        *override_reasons(case, exposure, dosed.candidates, overrides),
        *eye_reasons(case, exposure, dosed.total_minutes),
        *time_reasons(case, length),
        *together_reasons(case, exposure),
        *reach_reasons(prescription, [_reached(here, dosed) for here in dosed.lit]),
    ]


def _reached(here: SiteLight, dosed: _Dosed) -> Reached:
    """What the session brings to the target of one site."""
    row = dosed.dose[here.choice][0]
    minutes, window = dosed.length.exposure_minutes, here.windows[row.structure]
    # Judged also where the window is too dark for a share to be shown: a lamp weaker even than that is no lamp for it.
    chance = None
    if window is not None:
        chance = chance_in_window(here.rates.at(row.structure, None), minutes, window)
    return Reached(
        structure=row.structure,
        depth_mm=row.depth_mm,
        median_j_cm2=row.fluence_j_cm2.median,
        chance=chance,
        window_high_j_cm2=None if window is None else window.middle()[1],
        skin_j_cm2=float(dosed.candidates.skin_j_cm2[dosed.row]),
    )


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
    lit = dosed.lit if dosed else ()
    return {
        "format": FORMAT,
        "verdict": screening.verdict,
        "reasons": screening.reasons,
        "cautions": screening.cautions,
        "candidacy": screening.candidacy,
        "overrides": recipe.overrides.or_none(),
        "evidence": evidence_of(condition),
        "protocol": prescription.protocol if prescription else None,
        **_light_sections(screening, dosed),
        "condition": treated_condition(condition, case.condition.confirmed_by),
        "outcomes": planned_outcomes(condition),
        "sites": treated_sites(case),
        "lamp": planned_lamp(case.device),
        "person": treated_person(case),
        "course": course_terms(case),
        "unverified": unverified(case, prescription),
        "notice": NOTICE,
        "provenance": _provenance(
            recipe.seed, recipe.quality, recipe.overrides.or_none(), [field for here in lit for field in here.fields]
        ),
    }


def _light_sections(screening: Screening, dosed: _Dosed | None) -> dict[str, Any]:
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
            "skin": skin_exposure(exposure, None, None) if exposure else None,
            "eye": eye_safety(exposure.eye, exposure.eye_safe, None) if exposure else None,
            "placement": Placement(
                distance_mm=exposure.distance_mm if exposure else None,
                places_at_once=screening.case.placement.places_at_once,
            ),
        }
    exposure, length, lit = dosed.exposure, dosed.length, dosed.lit
    minutes = length.exposure_minutes
    return {
        "session_minutes": length.session_minutes,
        "exposure_minutes": minutes,
        "dose": tuple(row for here in lit for row in dosed.dose[here.choice]),
        "curves": tuple(depth_curve(here, minutes) for here in lit),
        "window_draws": tuple(draws for here in lit for draws in window_draws(here)),
        # One map for all sites: the same lamp stands at the same distance, only the outline differs.
        "irradiance_map": irradiance_map(exposure.beam, lit[0].site),
        "skin": dosed.skin,
        "eye": eye_safety(exposure.eye, exposure.eye_safe, dosed.total_minutes),
        "placement": Placement(
            distance_mm=exposure.distance_mm, places_at_once=screening.case.placement.places_at_once
        ),
    }


def _provenance(seed: int, quality: Quality, overrides: PlanOverrides | None, fields: Sequence[Fields]) -> Provenance:
    """Everything needed to make the same plan again."""
    from importlib.metadata import version

    return Provenance(
        openpbm=__version__,
        python=platform.python_version(),
        numpy=version("numpy"),
        facts_digest=f"sha256:{digest()}",
        transport_digest=f"sha256:{sources_digest(SOURCES / 'transport')}",
        overrides=overrides,
        seed=seed,
        scenarios=quality.scenarios,
        light_error=max((field.error for field in fields), default=0.0),
    )
