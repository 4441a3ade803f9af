"""The sections of a plan that say whom and what it is for, what the evidence says, and what was never verified."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import replace

from openpbm.case import Case, PlacedLamp, SiteChoice
from openpbm.device import output_prior, treatment_distance_mm
from openpbm.facts.conditions import Condition, Protocol, conditions, programme_condition
from openpbm.facts.lamps import Lamp
from openpbm.facts.scales import outcome_scale
from openpbm.facts.sites import sites, turned
from openpbm.facts.studies import kept_statement, searches_about, studies_of, wavelength_in_words
from openpbm.facts.table import digest
from openpbm.planning.document import (
    AdvisedDose,
    CourseTerms,
    Evidence,
    LampPlace,
    Placement,
    PlannedCheckpoint,
    PlannedLamp,
    PlannedOutcome,
    PlanOverrides,
    Provenance,
    SearchSummary,
    TreatedCondition,
    TreatedPerson,
    TreatedSite,
    TrialSummary,
)
from openpbm.planning.prescription import Prescription, skin_fluence_range
from openpbm.version import SOURCES, __version__, sources_digest

__all__ = [
    "course_terms",
    "evidence_of",
    "placement_of",
    "planned_lamp",
    "planned_outcomes",
    "provenance",
    "treated_condition",
    "treated_person",
    "treated_site",
    "treated_sites",
    "unverified",
]


def evidence_of(condition: Condition) -> Evidence:
    """Certainty, statement and every trial we hold, the nulls among them."""
    known = kept_statement(condition.id)
    if known is None:
        # A plan without studies of the reader's own needs no pooling, and does not pay for loading it.
        from openpbm.evidence.synthesis import evidence_statement

        known = evidence_statement(condition.id)
    return Evidence(
        grade=known.certainty,
        statement=known.text,
        no_trial=known.no_trial,
        trials=tuple(
            TrialSummary(
                id=study.id,
                design=study.design,
                wavelength_nm=wavelength_in_words(study),
                result=study.result,
                null=study.null,
                source=study.source,
                verified=study.verified,
            )
            for study in studies_of(condition.id)
        ),
        searches=tuple(
            SearchSummary(
                string=search.string,
                corpus=search.corpus,
                date=search.date,
                text=search.text,
                source=search.source,
                verified=search.verified,
            )
            for search in searches_about(condition.id)
        ),
        advised=_advised_doses(condition),
    )


def _advised_doses(condition: Condition) -> tuple[AdvisedDose, ...]:
    """The two pieces of advice on J/cm2 that a reader will meet: they disagree, and neither is picked silently."""
    common = _protocol(condition, "brief") or _protocol(programme_condition(condition.programme), "brief")
    # Joules a point are another quantity: of all guidelines held this one alone counts J/cm2.
    guideline = _protocol(conditions["cipn"], "guideline")
    assert common is not None
    assert common.irradiance_mw_cm2 is not None
    assert guideline is not None
    (weakest, strongest), (shortest, longest) = common.irradiance_mw_cm2, common.minutes
    low, high = skin_fluence_range(common)
    least, most = skin_fluence_range(guideline)
    usual = (
        f"Common advice of {weakest:g}-{strongest:g} mW/cm2 for {shortest:g}-{longest:g} minutes comes to"
        f" {low:g}-{high:g} J/cm2 at the skin in a session."
    )
    cancer = (
        f"The one guideline that counts J/cm2 (WALT 2022, for late effects of cancer treatment) has {least:g}-{most:g}."
        " The two disagree, and no trial held here has compared them."
    )
    return tuple(
        AdvisedDose(
            origin=row.origin,
            fluence_j_cm2=skin_fluence_range(row),
            text=text,
            source=row.source,
            verified=row.verified,
        )
        for row, text in ((common, usual), (guideline, cancer))
    )


def _protocol(condition: Condition, origin: str) -> Protocol | None:
    """The first of these protocols that lights an area; None where there is none."""
    return next((row for row in condition.protocols if row.origin == origin and row.mode == "area"), None)


def treated_condition(condition: Condition, confirmed_by: str | None) -> TreatedCondition:
    """The diagnosis, and who confirmed it."""
    return TreatedCondition(
        id=condition.id,
        programme=condition.programme,
        name=condition.name,
        plain_name=condition.plain_name,
        confirmed_by=confirmed_by,
        primary_outcomes=condition.primary_outcomes,
    )


def planned_outcomes(condition: Condition, checkpoints: Sequence[PlannedCheckpoint] = ()) -> tuple[PlannedOutcome, ...]:
    """What may decide at a checkpoint, in order, each with the first of `checkpoints` that may rest a verdict on it."""
    found = []
    for of in map(outcome_scale, condition.primary_outcomes):
        first = of.decides_from_week
        late_enough = [row.date for row in checkpoints if first is not None and row.week >= first]
        found.append(
            PlannedOutcome(
                scale=of.id,
                name=of.plain_name,
                cadence=of.cadence,
                asked_in_weeks=of.asked_in_weeks,
                decides_from_week=first,
                decides_on=min(late_enough, default=None),
            )
        )
    return tuple(found)


def treated_sites(case: Case) -> tuple[TreatedSite, ...]:
    """The sites of the case, in its order."""
    found = tuple(treated_site(choice) for choice in case.sites)
    stands = [one.placement for one in case.lamps] or [case.placement]
    if all(placement.faces_middle for placement in stands):
        return found
    return tuple(replace(site, positioning=turned(site.positioning)) for site in found)


def treated_site(choice: SiteChoice) -> TreatedSite:
    """One site: its words and the area that is treated."""
    here = sites[choice.site]
    return TreatedSite(
        site=choice.site,
        side=choice.side,
        target=choice.target,
        plain_name=here.plain_name,
        positioning=f"{here.positioning} {here.lamp_position}",
        width_mm=here.treatment_width_mm,
        height_mm=here.treatment_height_mm,
    )


def placement_of(case: Case, distance_mm: float | None) -> Placement:
    """Where the lamp stands, and each of several. distance_mm : None where the light there is not known [mm]"""
    together = case.placement.places_at_once * len(case.parts())
    if not case.lamps and case.placement.faces_middle:
        return Placement(distance_mm=distance_mm, places_at_once=together)
    placed = case.lamps or (PlacedLamp(device=case.device, placement=case.placement),)
    return Placement(
        distance_mm=distance_mm,
        places_at_once=together,
        lamps=tuple(
            LampPlace(
                name=one.device.name,
                distance_mm=treatment_distance_mm(one.device, one.placement.distance_mm),
                tilt_deg=one.placement.tilt_deg,
                offset_mm=one.placement.offset_mm,
                sites=_only_lit(case, one),
            )
            for one in placed
        ),
    )


def _only_lit(case: Case, placed: PlacedLamp) -> tuple[str, ...]:
    """The places of the case that a lamp lights, in the order of the case; empty where that is all of them."""
    lit = tuple(choice.site for choice in case.sites if choice.site in placed.placement.sites)
    return () if len(lit) == len(case.sites) else lit


def planned_lamp(lamp: Lamp) -> PlannedLamp:
    """The lamp as a plan holds it: enough to compute its light again."""
    return PlannedLamp(
        id=lamp.id,
        name=lamp.name,
        kind=lamp.kind,
        heads=lamp.heads,
        output_status=lamp.output_status,
        wavelengths_nm=tuple(sorted({emitters.wavelength_nm for emitters in lamp.emitters})),
        contact=lamp.contact,
        laser_class=lamp.laser_class,
        emitters=lamp.emitters,
        whole_emitters=lamp.whole_emitters,
        auto_off_minutes=lamp.auto_off_minutes,
    )


def treated_person(case: Case) -> TreatedPerson:
    """What a reader of the plan needs to know about the person."""
    person = case.person
    return TreatedPerson(age_years=person.age_years, sex=person.sex, skin_type=person.skin_type)


def course_terms(case: Case) -> CourseTerms:
    """When the course starts, and whether a clinician stands beside it."""
    return CourseTerms(start_date=case.course.start_date, supervision=case.course.supervision)


def unverified(case: Case, prescription: Prescription | None) -> tuple[str, ...]:
    """What this plan rests on that nobody has verified yet."""
    found = [f"output of {case.device.name}"] if not case.device.verified else []
    if not output_prior(case.device).verified:
        found.append(f"how far a {case.device.output_status} output is to be trusted")
    for choice in case.sites:
        here = sites[choice.site]
        if not here.verified:
            found.append(f"thickness of the layers and depth of the structures of the {here.plain_name}")
    for protocol in () if prescription is None else (prescription.protocol, *prescription.trial_protocols):
        if not protocol.verified:
            found.append(f"doses of protocol {protocol.id}")
    # Two sites or protocols may rest on the same row; the reader is told once.
    return tuple(dict.fromkeys(found))


def provenance(seed: int, scenarios: int, overrides: PlanOverrides | None, light_error: float) -> Provenance:
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
        scenarios=scenarios,
        light_error=light_error,
    )
