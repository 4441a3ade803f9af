"""The prescription as it stands at the skin, with the derived windows beside it."""

from __future__ import annotations

from openpbm.case import Case
from openpbm.device import output_prior
from openpbm.facts.conditions import Condition
from openpbm.planning.document import DerivedWindow, ProtocolSummary, SkinFluence, SkinPrescription
from openpbm.planning.prescription import Prescription
from openpbm.planning.session_length import SessionLength, fluence_j_cm2
from openpbm.planning.site_light import SiteLight
from openpbm.safety.lamp_check import Exposure

__all__ = ["skin_prescription"]


def skin_prescription(
    case: Case, prescription: Prescription, exposure: Exposure, length: SessionLength, lit: tuple[SiteLight, ...]
) -> SkinPrescription:
    """What is given at the skin: protocol, minutes, distance, fluence and its bounds."""
    protocol, prior = prescription.protocol, output_prior(case.device)
    planned = fluence_j_cm2(exposure.irradiance_mw_cm2, length.exposure_minutes)
    return SkinPrescription(
        condition=prescription.condition.id,
        protocol=protocol.id,
        origin=protocol.origin,
        mode=protocol.mode,
        minutes=length.session_minutes,
        minutes_per_point=length.exposure_minutes,
        points_planned=length.points,
        distance_mm=exposure.distance_mm,
        skin_fluence_j_cm2=SkinFluence(
            planned=planned,
            lower=planned * prior.lower,
            upper=planned * prior.safety_factor,
            range=prescription.skin_fluence_j_cm2,
        ),
        energy_per_point_j=protocol.energy_per_point_j,
        points=protocol.points,
        irradiance_range_mw_cm2=protocol.irradiance_mw_cm2,
        wavelength_range_nm=protocol.wavelength_nm,
        minutes_range=protocol.minutes,
        protocols=protocol_summaries(prescription.condition),
        window=tuple(window for here in lit for window in _derived_windows(here)),
    )


def protocol_summaries(condition: Condition) -> tuple[ProtocolSummary, ...]:
    """Every protocol of a condition, those of the brief and of the trials apart."""
    return tuple(
        ProtocolSummary(
            id=row.id,
            origin=row.origin,
            wavelength_nm=row.wavelength_nm,
            source=row.source,
            verified=row.verified,
            note=row.note,
        )
        for row in condition.protocols
    )


def _derived_windows(here: SiteLight) -> list[DerivedWindow]:
    """The window of every structure that has one."""
    return [
        DerivedWindow(
            site=here.choice.site,
            side=here.choice.side,
            structure=structure,
            fluence_j_cm2=window.middle(),
            derived=True,
            basis=window.basis,
            protocols=window.protocols,
        )
        for structure, window in here.windows.items()
        if window is not None
    ]
