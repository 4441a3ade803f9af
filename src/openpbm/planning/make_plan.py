"""The main job: from a screened case to a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openpbm.facts.lamps import Lamp
from openpbm.planning.describe import describe_case, describe_evidence, describe_map, describe_prescription, unverified
from openpbm.planning.describe_dose import describe_curves, describe_eye, describe_skin, dose_rows, window_draws
from openpbm.planning.override_reasons import override_reasons
from openpbm.planning.overrides import NO_OVERRIDES, PlanOverrides
from openpbm.planning.plan import Plan
from openpbm.planning.prescription import Prescription, point_power_mw, prescribe
from openpbm.planning.provenance import provenance
from openpbm.planning.reach import Reached, reach_reasons
from openpbm.planning.schedule import make_schedule
from openpbm.planning.session_length import (
    CONSERVATIVE_START_RULES,
    SessionLength,
    choose_minutes,
    override_length,
    point_by_point,
)
from openpbm.planning.site_light import SiteLight, light_sites
from openpbm.planning.skin_dose import eye_reasons, skin_dose_reasons
from openpbm.planning.tissue_light import STANDARD_QUALITY, Quality
from openpbm.reason import Reason
from openpbm.safety import Screening, with_reasons
from openpbm.safety.lamp_check import Exposure

__all__ = ["make_plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """How a plan is made: what provenance tells of it beside versions and facts."""

    seed: int
    quality: Quality
    overrides: PlanOverrides


def make_plan(
    screening: Screening,
    *,
    overrides: PlanOverrides | None = None,
    seed: int = 1,
    quality: Quality = STANDARD_QUALITY,
    keep_in: Path | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Plan:
    """Plan a screened case.

    overrides : minutes, sessions a week or weeks in place of the plan's own; they are refused, never changed
    seed : draws tissues, placements, outputs and photons; the same seed gives the same plan
    keep_in : folder where light once computed is kept; None keeps nothing
    progress : told (done, total) simulations
    The plan is a value whatever the verdict; minutes stand in it only when the verdict is `allowed`.
    """
    case, exposure = screening.case, screening.exposure
    overrides = overrides or NO_OVERRIDES
    making = _Making(seed=seed, quality=quality, overrides=overrides)
    prescription = prescribe(case.condition.condition(), case.device)
    if exposure is None or prescription is None:
        return _plan(screening, prescription, exposure, (), None, making)
    lit = light_sites(screening, exposure, prescription, seed, quality, keep_in, threads, progress)
    conservative_start = any(caution.rule in CONSERVATIVE_START_RULES for caution in screening.cautions)
    length = _session_length(
        exposure, prescription, lit[0], overrides, case.device, conservative_start=conservative_start
    )
    found: list[Reason] = [
        *skin_dose_reasons(case, exposure, prescription, length),
        *override_reasons(case, exposure, prescription, length, overrides, conservative_start=conservative_start),
        *eye_reasons(case, exposure, length),
        *reach_reasons(prescription, _reached(lit, length)),
    ]
    return _plan(with_reasons(screening, found), prescription, exposure, lit, length, making)


def _session_length(
    exposure: Exposure,
    prescription: Prescription,
    first: SiteLight,
    overrides: PlanOverrides,
    lamp: Lamp,
    *,
    conservative_start: bool,
) -> SessionLength:
    """The minutes chosen by hand, else the fewest that serve at the first place."""
    protocol, power_mw = prescription.protocol, point_power_mw(lamp, exposure.beam)
    if overrides.minutes is not None:
        return override_length(protocol, power_mw, overrides.minutes)
    target = first.choice.target or ""
    return choose_minutes(
        protocol,
        exposure.irradiance_mw_cm2,
        power_mw,
        first.rates.at(first.scenarios, target, None),
        first.windows[target],
        conservative_start=conservative_start,
    )


def _reached(lit: tuple[SiteLight, ...], length: SessionLength) -> list[Reached]:
    """What the session brings to every asked target."""
    found = []
    for here in lit:
        row = dose_rows(here, length.exposure_minutes)[0]
        window = here.windows[row["structure"]]
        found.append(
            Reached(
                structure=row["structure"],
                depth_mm=row["depth_mm"],
                median_j_cm2=row["fluence_j_cm2"]["median"],
                chance=row["chance_in_window"],
                window_high_j_cm2=None if window is None else window.middle()[1],
            )
        )
    return found


def _plan(
    screening: Screening,
    prescription: Prescription | None,
    exposure: Exposure | None,
    lit: tuple[SiteLight, ...],
    length: SessionLength | None,
    making: _Making,
) -> Plan:
    case = screening.case
    minutes = None if length is None else length.exposure_minutes
    protocol = None if prescription is None else prescription.protocol
    described, schedule, spots = None, None, None
    if exposure and protocol:
        spots = point_by_point(protocol, point_power_mw(case.device, exposure.beam))
    if screening.verdict == "allowed" and prescription and exposure and length:
        in_question = any(caution.rule in ("iron_unknown", "iron_low") for caution in screening.cautions)
        schedule = make_schedule(
            case, prescription.protocol, length, iron_in_question=in_question, overrides=making.overrides
        )
        windows = [(here.choice, here.windows) for here in lit]
        described = describe_prescription(case, prescription, exposure, length, windows)
    return Plan(
        screening=screening,
        overrides=making.overrides,
        protocol=protocol,
        evidence=describe_evidence(case.condition.condition()),
        prescription=described,
        dose=tuple(row for here in lit for row in dose_rows(here, minutes or 0.0)),
        skin=None if exposure is None else describe_skin(exposure, minutes, spots),
        eye=None if exposure is None else describe_eye(exposure.eye, exposure.eye_safe, length),
        placement={"distance_mm": None if exposure is None else exposure.distance_mm},
        session_minutes=None if length is None else length.session_minutes,
        exposure_minutes=minutes,
        schedule=schedule,
        curves=tuple(describe_curves(here, minutes or 0.0) for here in lit),
        window_draws=tuple(row for here in lit for row in window_draws(here)),
        irradiance_map=None if exposure is None or not lit else describe_map(exposure.beam, lit[0].site),
        case=describe_case(case),
        unverified=tuple(unverified(case, prescription)),
        provenance=provenance(
            making.seed,
            making.quality.scenarios,
            making.quality.photons,
            making.overrides,
            [f for here in lit for f in here.fields],
        ),
    )
