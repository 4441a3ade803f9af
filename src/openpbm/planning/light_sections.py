"""The sections of a plan that hold light: the prescription and the exposure of skin and eye, dose at each structure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from openpbm.case import Case
from openpbm.device import Beam, is_mirrored, lights_body, output_prior
from openpbm.facts.conditions import Condition, Protocol
from openpbm.facts.sites import Site
from openpbm.planning.document import (
    Curve,
    CurvePoint,
    DerivedWindow,
    DoseRow,
    DoseVolume,
    EyeSafety,
    IrradianceMap,
    ProtocolSummary,
    ScannedSkin,
    SkinBand,
    SkinExposure,
    SkinFluence,
    SkinPrescription,
    VolumePoint,
    WavelengthCurve,
    WindowDraws,
)
from openpbm.planning.dose import band, spread_shares
from openpbm.planning.prescription import Prescription, SessionLength, Setting, fluence_j_cm2
from openpbm.planning.protocol_bounds import eye_bounds, is_kept
from openpbm.planning.site_light import SiteLight
from openpbm.planning.window import Window, chance_in_window, chance_standard_error
from openpbm.safety.exposure_limits import EyeExposure
from openpbm.safety.lamp_check import HAZARD_WORDS, Exposure
from openpbm.safety.whole_body import heat_in_body

__all__ = [
    "depth_curve",
    "dose_rows",
    "eye_safety",
    "irradiance_map",
    "skin_exposure",
    "skin_prescription",
    "window_draws",
]


def skin_prescription(
    case: Case,
    prescription: Prescription,
    distance_mm: float,
    setting: Setting,
    length: SessionLength,
    skin: SkinExposure,
    lit: tuple[SiteLight, ...],
) -> SkinPrescription:
    """What is given at the skin: protocol, minutes, distance, fluence and its bounds."""
    protocol, prior, planned = setting.protocol, output_prior(case.device), skin.fluence_j_cm2
    assert planned is not None, "the skin of a planned session has its fluence"
    return SkinPrescription(
        condition=prescription.condition.id,
        protocol=protocol.id,
        origin=protocol.origin,
        mode=protocol.mode,
        minutes=length.session_minutes,
        minutes_per_point=length.exposure_minutes,
        points_planned=length.points,
        points_at_once=setting.points_at_once,
        probe_spacing_mm=max((one.spacing_mm or 0.0 for one in case.device.emitters), default=0.0) or None,
        distance_mm=distance_mm,
        skin_fluence_j_cm2=SkinFluence(
            planned=planned,
            lower=planned * prior.lower,
            upper=planned * prior.safety_factor,
            range=setting.skin_range_j_cm2,
            in_band=planned * setting.in_band_share,
        ),
        energy_per_point_j=protocol.energy_per_point_j,
        points=protocol.points,
        spacing_mm=protocol.spacing_mm,
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


# Where no protocol says how long a session is, eyewear is judged for half an hour.
_UNPLANNED_MINUTES = 30.0
_MAP_STEPS = 61


def dose_rows(here: SiteLight, minutes: float, *, spread: bool = True) -> tuple[DoseRow, ...]:
    """Fluence rate and fluence at each structure, all wavelengths first, the target first.

    spread : whether to share the width out among its causes, which takes longer than all the rest
    """
    return tuple(row for structure in here.structures for row in _rows_of(here, structure, minutes, spread))


def _rows_of(here: SiteLight, structure: str, minutes: float, spread: bool) -> Iterator[DoseRow]:
    depth = band(here.tissues.depth_of(structure))
    shares = spread_shares(here.tissues, here.rates, structure) if spread else None
    for wavelength in (None, *here.rates.stated):
        draws, window = here.rates.at(structure, wavelength), _telling_window(here, structure, wavelength)
        yield DoseRow(
            site=here.choice.site,
            side=here.choice.side,
            structure=structure,
            depth_mm=depth.median,
            depth_range_mm=(depth.p5, depth.p95),
            wavelength_nm=wavelength,
            fluence_rate_mw_cm2=band(draws),
            fluence_j_cm2=band(fluence_j_cm2(draws, minutes)),
            chance_in_window=None if window is None else chance_in_window(draws, minutes, window),
            chance_standard_error=None if window is None else chance_standard_error(draws, minutes, window),
            spread=shares if wavelength is None else None,
        )


def _telling_window(here: SiteLight, structure: str, wavelength_nm: float | None) -> Window | None:
    """The window that a row is held against, if any."""
    window = here.windows[structure]
    # A share inside a window of next to no light would read as a chance of enough. And the window is one of all light
    # together: a single wavelength held against it would look too weak.
    if wavelength_nm is not None or window is None or window.negligible:
        return None
    return window


def window_draws(here: SiteLight) -> tuple[WindowDraws, ...]:
    """What a chance is counted from, so that it can be counted again for other minutes: one entry a structure."""
    return tuple(
        WindowDraws(
            site=here.choice.site,
            side=here.choice.side,
            structure=structure,
            fluence_rate_mw_cm2=tuple(here.rates.stated_at(structure, None).tolist()),
            output=tuple(here.rates.output.tolist()),
            window_low_j_cm2=tuple(window.low_j_cm2.tolist()),
            window_high_j_cm2=tuple(window.high_j_cm2.tolist()),
        )
        for structure in here.structures
        if (window := here.windows[structure]) is not None
    )


def depth_curve(here: SiteLight, minutes: float) -> Curve:
    """Fluence of one session against depth, with the target and its window."""
    target = here.choice.target or ""
    window = here.windows[target]
    return Curve(
        site=here.choice.site,
        side=here.choice.side,
        target=target,
        target_depth_mm=band(here.tissues.depth_of(target)),
        window_j_cm2=None if window is None else window.middle(),
        wavelengths=tuple(_wavelength_curve(here, wavelength, minutes) for wavelength in (*here.rates.stated, None)),
    )


def dose_volume(here: SiteLight, minutes: float) -> DoseVolume | None:
    """How much of the target under the treated area receives how much; None where a lamp lights point by point."""
    if here.over_place is None:
        return None
    brightest_first = np.sort(here.over_place, axis=0)[::-1] * fluence_j_cm2(1.0, minutes)
    count = len(brightest_first)
    return DoseVolume(
        site=here.choice.site,
        side=here.choice.side,
        structure=here.choice.target or "",
        across_mm=here.site.treatment_width_mm,
        along_mm=here.site.treatment_height_mm,
        points=tuple(
            VolumePoint(share=(number + 1) / count, fluence_j_cm2=band(np.multiply.outer(least, here.rates.output)))
            for number, least in enumerate(brightest_first)
        ),
    )


def _wavelength_curve(here: SiteLight, wavelength_nm: float | None, minutes: float) -> WavelengthCurve:
    joules_per_milliwatt = fluence_j_cm2(1.0, minutes)
    return WavelengthCurve(
        wavelength_nm=wavelength_nm,
        points=tuple(
            CurvePoint(depth_mm=depth_mm, fluence_j_cm2=rate.times(joules_per_milliwatt))
            for depth_mm, rate in here.rates.bands(wavelength_nm)
        ),
    )


def skin_exposure(case: Case, exposure: Exposure, setting: Setting | None, minutes: float | None) -> SkinExposure:
    """Peak irradiance over the site and fluence of one session, at the stated output and at its upper bound.

    setting, minutes : None where no protocol is held, so that there is no session
    """
    fluence = energy = None
    if setting is not None and minutes is not None:
        fluence = setting.skin_j_cm2(minutes)
        energy = None if setting.spots is None else setting.spots.energy_of_j(minutes)
    return SkinExposure(
        irradiance_mw_cm2=exposure.irradiance_mw_cm2,
        irradiance_upper_mw_cm2=exposure.irradiance_upper_mw_cm2,
        fluence_j_cm2=fluence,
        energy_per_point_j=energy,
        limit_ratio=exposure.skin_limit_ratio,
        body_heat_j_kg_min=_body_heat_j_kg_min(case, exposure),
        bands=tuple(
            SkinBand(
                wavelength_nm=wavelength,
                irradiance_mw_cm2=level,
                in_protocol=None if setting is None else _has(setting.protocol, wavelength),
            )
            for wavelength, level in exposure.bands
        ),
        scanned=_scanned(case, exposure, minutes),
    )


def _scanned(case: Case, exposure: Exposure, minutes: float | None) -> ScannedSkin | None:
    if case.placement.scanned_area_cm2 is None:
        return None
    from openpbm.planning.scanned_skin import scanned_skin

    return scanned_skin(case.device, exposure.beam, minutes)


def _body_heat_j_kg_min(case: Case, exposure: Exposure) -> float | None:
    if not lights_body(case.device):
        return None
    return 1000.0 * heat_in_body(case, exposure).specific_kj_kg(1.0)


def _has(protocol: Protocol, wavelength_nm: float) -> bool:
    return protocol.wavelength_nm[0] <= wavelength_nm <= protocol.wavelength_nm[1]


def eye_safety(eye: EyeExposure, eye_safe: bool, total_minutes: float | None) -> EyeSafety:
    """How long bare eyes may look into the lamp, and whether the session outlasts it."""
    seconds = eye.seconds_without_eyewear
    # The eyes are there while every place is lit, so the whole session counts and not the light on one place or spot.
    session_minutes = _UNPLANNED_MINUTES if total_minutes is None else total_minutes
    return EyeSafety(
        seconds_without_eyewear=seconds,
        eyewear_needed=not is_kept("eyewear", eye_bounds(seconds, session_minutes)),
        limiting_hazard=HAZARD_WORDS[eye.limiting_hazard],
        distance_mm=eye.eye_distance_mm,
        irradiance_upper_w_m2=eye.irradiance_w_m2,
        eye_safe_unsupervised=eye_safe,
    )


def irradiance_map(beam: Beam, here: Site) -> IrradianceMap:
    """Irradiance on the skin around the site, at the stated output."""
    half = 0.75 * max(here.treatment_width_mm, here.treatment_height_mm)
    steps = np.linspace(-half, half, _MAP_STEPS)
    at_mm = tuple(steps.tolist())
    if is_mirrored(beam.components):
        # One quarter shows the others.
        side = np.abs(np.arange(_MAP_STEPS) - _MAP_STEPS // 2)
        positive = steps[_MAP_STEPS // 2 :]
        level = beam.irradiance_mw_cm2(positive[None, :], positive[:, None])[np.ix_(side, side)]
    else:
        level = beam.irradiance_mw_cm2(steps[None, :], steps[:, None])
    return IrradianceMap(
        x_mm=at_mm,
        y_mm=at_mm,
        irradiance_mw_cm2=tuple(map(tuple, level.tolist())),
        site_width_mm=here.treatment_width_mm,
        site_height_mm=here.treatment_height_mm,
    )
