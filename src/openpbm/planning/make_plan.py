"""The main job: from a screened case to a plan."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from openpbm.device import Beam
from openpbm.planning.describe import describe_case, describe_evidence, describe_map, describe_prescription, unverified
from openpbm.planning.describe_dose import describe_curves, describe_eye, describe_skin, dose_rows
from openpbm.planning.plan import Plan
from openpbm.planning.prescription import Prescription, is_point_lamp, prescribe
from openpbm.planning.provenance import provenance
from openpbm.planning.reach import Reached, reach_reasons
from openpbm.planning.schedule import make_schedule
from openpbm.planning.session_length import GENTLE_RULES, SessionLength, choose_minutes
from openpbm.planning.site_light import STANDARD_QUALITY, Quality, SiteLight, light_sites
from openpbm.planning.skin_dose import eye_reasons, skin_dose_reasons
from openpbm.safety import Reason, Screening, with_reasons
from openpbm.safety.lamp_check import Exposure

__all__ = ["make_plan"]


def make_plan(
    screening: Screening,
    *,
    seed: int = 1,
    quality: Quality = STANDARD_QUALITY,
    keep_in: Path | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Plan:
    """Plan a screened case.

    seed : draws tissues, placements, outputs and photons; the same seed gives the same plan
    keep_in : folder where light once computed is kept; None keeps nothing
    progress : told (done, total) simulations
    The plan is a value whatever the verdict; minutes stand in it only when the verdict is `allowed`.
    """
    case, exposure = screening.case, screening.exposure
    prescription = prescribe(case.condition.condition(), case.device)
    if exposure is None or prescription is None:
        return _plan(screening, prescription, exposure, (), None, seed, quality)
    lit = light_sites(screening, exposure, prescription, seed, quality, keep_in, threads, progress)
    first = lit[0]
    asked = first.choice.target or ""
    length = choose_minutes(
        prescription.protocol,
        exposure.irradiance_mw_cm2,
        _point_power_mw(exposure.beam) if is_point_lamp(case.device) else None,
        first.rates.at(first.scenarios, asked, None),
        first.windows[asked],
        gentle=any(caution.rule in GENTLE_RULES for caution in screening.cautions),
    )
    found: list[Reason] = [
        *skin_dose_reasons(case, exposure, prescription, length),
        *eye_reasons(case, exposure, length),
        *reach_reasons(prescription, _reached(lit, length)),
    ]
    return _plan(with_reasons(screening, found), prescription, exposure, lit, length, seed, quality)


def _point_power_mw(lit: Beam) -> float:
    """Power of all beams together [mW]: a probe with two of them fills a point's energy with both."""
    return math.fsum(part.total_power_mw or 0.0 for part in lit.components)


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
    seed: int,
    quality: Quality,
) -> Plan:
    case = screening.case
    minutes = None if length is None else length.exposure_minutes
    described, schedule = None, None
    if screening.verdict == "allowed" and prescription and exposure and length:
        in_question = any(caution.rule in ("iron_unknown", "iron_low") for caution in screening.cautions)
        schedule = make_schedule(case, prescription.protocol, length, iron_in_question=in_question)
        windows = [(here.choice, here.windows) for here in lit]
        described = describe_prescription(case, prescription, exposure, length, windows)
    return Plan(
        screening=screening,
        evidence=describe_evidence(case.condition.condition()),
        prescription=described,
        dose=tuple(row for here in lit for row in dose_rows(here, minutes or 0.0)),
        skin=None if exposure is None else describe_skin(exposure, minutes),
        eye=None if exposure is None else describe_eye(exposure, length),
        placement={"distance_mm": None if exposure is None else exposure.distance_mm},
        session_minutes=None if length is None else length.session_minutes,
        exposure_minutes=minutes,
        schedule=schedule,
        curves=tuple(describe_curves(here, minutes or 0.0) for here in lit),
        irradiance_map=None if exposure is None or not lit else describe_map(exposure.beam, lit[0].site),
        case=describe_case(case),
        unverified=tuple(unverified(case, prescription)),
        provenance=provenance(seed, quality.scenarios, quality.photons, [f for here in lit for f in here.fields]),
    )
