"""The main job: from a screened case to a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpbm.case import SiteChoice
from openpbm.device import output_prior
from openpbm.facts.sites import Site, site
from openpbm.planning.describe import describe_case, describe_evidence, describe_map, describe_prescription, unverified
from openpbm.planning.dose import FluenceRates, band, draw_unknowns, fluence_rates
from openpbm.planning.light import Fields, compute_fields
from openpbm.planning.plan import Plan
from openpbm.planning.prescription import Prescription, is_point_lamp, prescribe
from openpbm.planning.provenance import provenance
from openpbm.planning.reach import reach_reasons
from openpbm.planning.schedule import make_schedule
from openpbm.planning.session_length import SessionLength, chance_in_window, choose_minutes, fluence_j_cm2
from openpbm.planning.skin_dose import eye_reasons, skin_dose_reasons
from openpbm.planning.window import Window, reference_wavelengths, windows_at
from openpbm.safety import Reason, Screening, with_reasons
from openpbm.safety.lamp_check import HAZARD_WORDS, Exposure
from openpbm.tissue import Scenario, draw_scenarios

__all__ = ["Quality", "make_plan"]


# Where no protocol says how long a session is, eyewear is judged for half an hour.
_UNPLANNED_MINUTES = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How much light is computed: tissues drawn, and photon histories in each at each wavelength."""

    scenarios: int = 40
    photons: int = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLight:
    """One site under the lamp: tissues drawn, fluence rates in them, windows at its structures."""

    choice: SiteChoice
    site: Site
    scenarios: tuple[Scenario, ...]
    fields: tuple[Fields, ...]
    rates: FluenceRates
    windows: dict[str, Window | None]

    @property
    def structures(self) -> list[str]:
        """The structures of the site, the asked target first."""
        asked = self.choice.target
        return sorted((target.id for target in self.site.targets), key=lambda target: target != asked)


def make_plan(
    screening: Screening,
    *,
    seed: int = 1,
    quality: Quality = Quality(),
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
        return _plan(screening, prescription, None, (), None, seed, quality)
    lit = _light(screening, exposure, prescription, seed, quality, keep_in, threads, progress)
    first = lit[0]
    asked = first.choice.target or ""
    length = choose_minutes(
        prescription.protocol,
        exposure.irradiance_mw_cm2,
        exposure.beam.components[0].total_power_mw if is_point_lamp(case.device) else None,
        first.rates.at(first.scenarios, asked, None),
        first.windows[asked],
    )
    found: list[Reason] = [
        *skin_dose_reasons(case, exposure, prescription, length),
        *eye_reasons(case, exposure, length),
        *reach_reasons(prescription, _reached(lit, length)),
    ]
    return _plan(with_reasons(screening, found), prescription, exposure, lit, length, seed, quality)


def _light(
    screening: Screening,
    exposure: Exposure,
    prescription: Prescription,
    seed: int,
    quality: Quality,
    keep_in: Path | None,
    threads: int | None,
    progress: Callable[[int, int], None],
) -> tuple[SiteLight, ...]:
    case = screening.case
    wavelengths = sorted({part.wavelength_nm for part in exposure.beam.components})
    per_site = len(wavelengths) + len(reference_wavelengths(prescription))
    total, done = per_site * quality.scenarios * len(case.sites), 0

    def step() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    progress(0, total)
    mode = "point" if is_point_lamp(case.device) else "area"
    draws = draw_unknowns(output_prior(case.device), mode, quality.scenarios, seed)
    lit = []
    for choice in case.sites:
        here = site(choice.site)
        scenarios = draw_scenarios(here, case.person, count=quality.scenarios, seed=seed)
        fields = tuple(
            compute_fields(
                here, scenarios, wavelength, _cosines(exposure, wavelength),
                photons=quality.photons, seed=seed * 1_000_003, keep_in=keep_in, threads=threads, progress=step,
            )
            for wavelength in wavelengths
        )  # fmt: skip
        windows = windows_at(
            prescription, here, scenarios,
            photons=quality.photons, seed=seed * 1_000_003, keep_in=keep_in, threads=threads, progress=step,
        )  # fmt: skip
        rates = fluence_rates(case.device, exposure.beam, fields, draws)
        lit.append(
            SiteLight(choice=choice, site=here, scenarios=scenarios, fields=fields, rates=rates, windows=windows)
        )
    return tuple(lit)


def _cosines(exposure: Exposure, wavelength_nm: float) -> tuple[float, ...]:
    """Angles of the light of one wavelength: those of its first emitters."""
    return next(p.incidence_cosines for p in exposure.beam.components if p.wavelength_nm == wavelength_nm)


def _reached(lit: tuple[SiteLight, ...], length: SessionLength) -> list[tuple[str, float, float | None, bool]]:
    """Structure, depth, chance and side of the likelier miss for every asked target."""
    found = []
    for here in lit:
        row = _dose_rows(here, length.exposure_minutes)[0]
        window = here.windows[row["structure"]]
        above = window is not None and row["fluence_j_cm2"]["median"] > window.middle()[1]
        found.append((row["structure"], row["depth_mm"], row["chance_in_window"], above))
    return found


def _dose_rows(here: SiteLight, minutes: float) -> list[dict[str, Any]]:
    """Fluence rate and fluence at each structure, all wavelengths first, the asked target first."""
    rows = []
    for structure in here.structures:
        window = here.windows[structure]
        depths = [scenario.target_depth_mm[structure] for scenario in here.scenarios]
        for wavelength in (None, *here.rates.profiles):
            draws = here.rates.at(here.scenarios, structure, wavelength)
            rows.append(
                {
                    "site": here.choice.site,
                    "side": here.choice.side,
                    "structure": structure,
                    "depth_mm": band(depths)["median"],
                    "wavelength_nm": wavelength,
                    "fluence_rate_mw_cm2": band(draws),
                    "fluence_j_cm2": band(draws * minutes * 60.0 / 1000.0),
                    "chance_in_window": (
                        chance_in_window(draws, minutes, window) if window is not None and wavelength is None else None
                    ),
                }
            )
    return rows


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
    allowed = (
        screening.verdict == "allowed" and prescription is not None and length is not None and exposure is not None
    )
    minutes = None if length is None else length.exposure_minutes
    schedule = None
    if allowed:
        assert prescription is not None
        assert length is not None
        in_question = any(caution.rule in ("iron_unknown", "iron_low") for caution in screening.cautions)
        schedule = make_schedule(case, prescription.protocol, length.session_minutes, iron_in_question=in_question)
    return Plan(
        screening=screening,
        evidence=describe_evidence(case.condition.condition()),
        prescription=(
            describe_prescription(case, prescription, exposure, length, [(h.choice, h.windows) for h in lit])
            if allowed and prescription and exposure and length
            else None
        ),
        dose=tuple(row for here in lit for row in _dose_rows(here, minutes or 0.0)),
        skin=None if exposure is None else _skin(exposure, minutes),
        eye=None if exposure is None else _eye(exposure, length),
        placement={"distance_mm": None if exposure is None else exposure.distance_mm},
        session_minutes=None if length is None else length.session_minutes,
        exposure_minutes=minutes,
        schedule=schedule,
        curves=tuple(_curves(here, minutes or 0.0) for here in lit),
        irradiance_map=None if exposure is None or not lit else describe_map(exposure.beam, lit[0].site),
        case=describe_case(case),
        unverified=tuple(unverified(case, prescription)),
        provenance=provenance(seed, quality.scenarios, quality.photons, [f for here in lit for f in here.fields]),
    )


def _skin(exposure: Exposure, minutes: float | None) -> dict[str, float | None]:
    return {
        "irradiance_mw_cm2": exposure.irradiance_mw_cm2,
        "irradiance_upper_mw_cm2": exposure.irradiance_upper_mw_cm2,
        "fluence_j_cm2": None if minutes is None else fluence_j_cm2(exposure.irradiance_mw_cm2, minutes),
        "limit_ratio": exposure.skin_limit_ratio,
    }


def _eye(exposure: Exposure, length: SessionLength | None) -> dict[str, Any]:
    seconds = exposure.eye.seconds_without_eyewear
    return {
        "seconds_without_eyewear": seconds,
        "eyewear_needed": seconds < (_UNPLANNED_MINUTES if length is None else length.session_minutes) * 60.0,
        "limiting_hazard": HAZARD_WORDS[exposure.eye.limiting_hazard],
        "distance_mm": exposure.eye.eye_distance_mm,
        "irradiance_upper_w_m2": exposure.eye.irradiance_w_m2,
        "eye_safe_unsupervised": exposure.eye_safe,
    }


def _curves(here: SiteLight, minutes: float) -> dict[str, Any]:
    target = here.choice.target or ""
    window = here.windows[target]
    per_minutes = minutes * 60.0 / 1000.0
    return {
        "site": here.choice.site,
        "side": here.choice.side,
        "target": target,
        "target_depth_mm": band([scenario.target_depth_mm[target] for scenario in here.scenarios]),
        "window_j_cm2": None if window is None else window.middle(),
        "wavelengths": [
            {
                "wavelength_nm": wavelength,
                "points": [
                    {
                        "depth_mm": point["depth_mm"],
                        "fluence_j_cm2": {key: point[key] * per_minutes for key in ("p5", "median", "p95")},
                    }
                    for point in here.rates.bands(wavelength)
                ],
            }
            for wavelength in (*here.rates.profiles, None)
        ],
    }
