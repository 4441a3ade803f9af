"""The plan's parts in words and JSON: evidence, prescription, case, map, and what was never verified."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from openpbm.case import Case, SiteChoice
from openpbm.device import Beam, output_prior
from openpbm.facts.conditions import Condition
from openpbm.facts.sites import Site, sites
from openpbm.facts.trials import trials_of
from openpbm.planning.prescription import Prescription
from openpbm.planning.session_length import SessionLength, fluence_j_cm2
from openpbm.planning.window import Window
from openpbm.safety.lamp_check import Exposure

__all__ = ["describe_case", "describe_evidence", "describe_map", "describe_prescription", "unverified"]

_MAP_STEPS = 61


def describe_evidence(condition: Condition) -> dict[str, Any]:
    """Grade, statement and every trial we hold, the nulls among them."""
    return {
        "grade": condition.grade,
        "statement": condition.statement,
        "no_trial": condition.no_trial,
        "trials": [
            {
                "id": trial.id,
                "design": trial.design,
                "wavelength_nm": trial.wavelength_nm,
                "result": trial.result,
                "null": trial.null,
                "source": trial.source,
                "verified": trial.verified,
            }
            for trial in trials_of(condition.id)
        ],
    }


def describe_prescription(
    case: Case,
    prescription: Prescription,
    exposure: Exposure,
    length: SessionLength,
    windows: list[tuple[SiteChoice, dict[str, Window | None]]],
) -> dict[str, Any]:
    """The prescription as it stands at the skin, with the derived windows beside it."""
    protocol, prior = prescription.protocol, output_prior(case.device)
    planned = fluence_j_cm2(exposure.irradiance_mw_cm2, length.exposure_minutes)
    return {
        "condition": prescription.condition.id,
        "protocol": protocol.id,
        "origin": protocol.origin,
        "mode": protocol.mode,
        "minutes": length.session_minutes,
        "minutes_per_point": length.exposure_minutes,
        "points_planned": length.points,
        "distance_mm": exposure.distance_mm,
        "skin_fluence_j_cm2": {
            "planned": planned,
            "lower": planned * prior.lower,
            "upper": planned * prior.safety_factor,
            "range": list(prescription.skin_fluence_j_cm2),
        },
        "energy_per_point_j": None if protocol.energy_per_point_j is None else list(protocol.energy_per_point_j),
        "points": None if protocol.points is None else list(protocol.points),
        "irradiance_range_mw_cm2": None if protocol.irradiance_mw_cm2 is None else list(protocol.irradiance_mw_cm2),
        "wavelength_range_nm": list(protocol.wavelength_nm),
        "minutes_range": list(protocol.minutes),
        "protocols": [
            {"id": row.id, "origin": row.origin, "wavelength_nm": list(row.wavelength_nm), "source": row.source,
             "verified": row.verified, "note": row.note}
            for row in prescription.condition.protocols
        ],
        "window": [
            {
                "site": choice.site,
                "side": choice.side,
                "structure": structure,
                "fluence_j_cm2": window.middle(),
                "derived": True,
                "basis": window.basis,
                "protocols": list(window.protocols),
            }
            for choice, found in windows
            for structure, window in found.items()
            if window is not None
        ],
    }  # fmt: skip


def describe_case(case: Case) -> dict[str, Any]:
    """The parts of the case that a report shows."""
    condition, lamp = case.condition.condition(), case.device
    return {
        "condition": {
            "id": condition.id,
            "programme": condition.programme,
            "name": condition.name,
            "plain_name": condition.plain_name,
            "confirmed_by": case.condition.confirmed_by,
        },
        "sites": [
            {
                "site": choice.site,
                "side": choice.side,
                "target": choice.target,
                "plain_name": sites[choice.site].plain_name,
                "positioning": f"{sites[choice.site].positioning} {sites[choice.site].lamp_position}",
                "width_mm": sites[choice.site].treatment_width_mm,
                "height_mm": sites[choice.site].treatment_height_mm,
            }
            for choice in case.sites
        ],
        "lamp": {
            "id": lamp.id,
            "name": lamp.name,
            "kind": lamp.kind,
            "heads": lamp.heads,
            "output_status": lamp.output_status,
            "wavelengths_nm": sorted({emitters.wavelength_nm for emitters in lamp.emitters}),
            "contact": lamp.contact,
            "laser_class": lamp.laser_class,
            "emitters": [
                {key: value for key, value in asdict(emitters).items() if value is not None}
                for emitters in lamp.emitters
            ],
        },
        "person": {"age_years": case.person.age_years, "sex": case.person.sex, "skin_type": case.person.skin_type},
        "course": {
            "start_date": None if case.course.start_date is None else case.course.start_date.isoformat(),
            "supervision": case.course.supervision,
        },
    }


def describe_map(beam: Beam, here: Site) -> dict[str, Any]:
    """Irradiance on the skin around the site, at the stated output."""
    half = 0.75 * max(here.treatment_width_mm, here.treatment_height_mm)
    steps = np.linspace(-half, half, _MAP_STEPS)
    return {
        "x_mm": steps.tolist(),
        "y_mm": steps.tolist(),
        "irradiance_mw_cm2": beam.irradiance_mw_cm2(steps[None, :], steps[:, None]).tolist(),
        "site_width_mm": here.treatment_width_mm,
        "site_height_mm": here.treatment_height_mm,
    }


def unverified(case: Case, prescription: Prescription | None) -> list[str]:
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
    return list(dict.fromkeys(found))
