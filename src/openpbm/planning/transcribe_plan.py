"""A plan that was not made here: what a publication or a clinic's own sheet says of a course, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import cast

from openpbm.case import SiteChoice
from openpbm.facts.conditions import conditions
from openpbm.facts.exposure import output_priors
from openpbm.facts.lamps import LampKind, OutputStatus
from openpbm.facts.notice import NOTICE
from openpbm.facts.sites import sites
from openpbm.planning.case_sections import evidence_of, planned_outcomes, treated_condition, treated_site
from openpbm.planning.document import (
    FORMAT,
    AllowedPlan,
    CourseTerms,
    Placement,
    PlannedLamp,
    Schedule,
    SkinExposure,
    SkinFluence,
    SkinPrescription,
    TreatedPerson,
    TreatedSite,
)
from openpbm.planning.document.dose import Side
from openpbm.planning.document.treatment import Place
from openpbm.planning.schedule import planned_checkpoints, planned_session

__all__ = ["transcribe_plan"]


def transcribe_plan(
    *,
    condition_id: str,
    days: Sequence[dt.date],
    minutes: float,
    sessions_per_week: int,
    weeks: int,
    start_date: dt.date | None = None,
    start_time: dt.time | None = None,
    places: Sequence[Place] = (),
    positions_per_session: int | None = None,
    checkpoint_weeks: Sequence[int] = (2, 4, 6),
    lamp_name: str = "",
    lamp_kind: LampKind = "other",
    output_status: OutputStatus = "claimed",
    distance_mm: float | None = None,
    irradiance_mw_cm2: float | None = None,
    irradiance_upper_mw_cm2: float | None = None,
    skin_fluence_j_cm2: tuple[float, float, float] | None = None,
) -> AllowedPlan:
    """The plan of a course as somebody else reported it, so that the course can be read and judged here.

    days : of the sessions, ascending
    minutes : light at one place in one session [min]
    places : (site, side) of each place
    positions_per_session : how often the lamp is set down; once for each place where it is not reported
    irradiance_mw_cm2, irradiance_upper_mw_cm2 : at the skin, as reported and at most [mW/cm2]; the
        second is as such an output is trusted where nobody reported it
    skin_fluence_j_cm2 : (lowest, planned, highest) at the skin in one session [J/cm2]
    What is not reported stays null: no dose in tissue, no limits of skin and eye, no provenance. It cannot be rescaled.
    """
    treated = conditions[condition_id]
    start = start_date or days[0]
    positions = positions_per_session or max(1, len(places))
    placements = tuple(f"{site} {side}".strip() for site, side in places)
    checkpoints = planned_checkpoints(start, tuple(checkpoint_weeks), weeks=weeks)
    return AllowedPlan(
        format=FORMAT,
        verdict="allowed",
        reasons=(),
        cautions=(),
        candidacy=(),
        overrides=None,
        evidence=evidence_of(treated),
        prescription=SkinPrescription(
            condition=treated.id,
            protocol=None,
            origin=None,
            mode=None,
            minutes=minutes,
            minutes_per_point=minutes,
            points_planned=1,
            distance_mm=distance_mm,
            skin_fluence_j_cm2=_skin_fluence(skin_fluence_j_cm2),
            energy_per_point_j=None,
            points=None,
            irradiance_range_mw_cm2=None,
            wavelength_range_nm=None,
            minutes_range=None,
            protocols=(),
            window=(),
        ),
        protocol=None,
        dose=(),
        skin=_skin(output_status, irradiance_mw_cm2, irradiance_upper_mw_cm2, skin_fluence_j_cm2),
        eye=None,
        placement=Placement(distance_mm=distance_mm),
        session_minutes=minutes,
        exposure_minutes=minutes,
        schedule=Schedule(
            minutes_per_session=minutes,
            minutes_per_point=minutes,
            points=1,
            sessions_per_week=sessions_per_week,
            weeks=weeks,
            positions_per_session=positions,
            total_minutes_per_session=minutes * positions,
            sessions=tuple(
                planned_session(number, day, start=start, clock=start_time, places=placements)
                for number, day in enumerate(days, start=1)
            ),
            checkpoints=checkpoints,
            confounded_weeks=(),
        ),
        condition=treated_condition(treated, None),
        outcomes=planned_outcomes(treated, checkpoints),
        sites=_sites(places),
        lamp=PlannedLamp(
            id="as_reported",
            name=lamp_name,
            kind=lamp_kind,
            heads=1,
            output_status=output_status,
            wavelengths_nm=(),
            contact=False,
            laser_class=None,
            emitters=(),
        ),
        person=TreatedPerson(age_years=None, sex=None, skin_type=None),
        course=CourseTerms(start_date=start, supervision="self"),
        curves=(),
        window_draws=(),
        irradiance_map=None,
        unverified=(),
        notice=NOTICE,
        provenance=None,
    )


def _sites(places: Sequence[Place]) -> tuple[TreatedSite, ...]:
    """The sites we hold, each with the sides that were lit."""
    sides: dict[str, set[Side]] = {}
    for site_id, side in places:
        if side and site_id in sites:
            sides.setdefault(site_id, set()).add(cast(Side, side))
    return tuple(
        treated_site(SiteChoice(site=site_id, side="both" if len(lit) > 1 else next(iter(lit))))
        for site_id, lit in sides.items()
    )


def _skin_fluence(reported: tuple[float, float, float] | None) -> SkinFluence | None:
    if reported is None:
        return None
    lower, planned, upper = reported
    return SkinFluence(lower=lower, planned=planned, upper=upper, range=None)


def _skin(
    output_status: OutputStatus,
    irradiance: float | None,
    upper: float | None,
    fluence: tuple[float, float, float] | None,
) -> SkinExposure | None:
    if irradiance is None:
        return None
    if upper is None:
        upper = irradiance * output_priors[output_status].upper
    return SkinExposure(
        irradiance_mw_cm2=irradiance,
        irradiance_upper_mw_cm2=upper,
        fluence_j_cm2=None if fluence is None else fluence[1],
        energy_per_point_j=None,
        limit_ratio=None,
    )
