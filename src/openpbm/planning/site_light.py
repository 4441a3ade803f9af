"""Every site under the lamp: tissues drawn, fluence rates in them, windows at their structures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openpbm.case import SiteChoice
from openpbm.device import output_prior
from openpbm.facts.sites import Site, sites
from openpbm.planning.dose import FluenceRates, draw_unknowns, fluence_rates
from openpbm.planning.light import Fields, compute_fields
from openpbm.planning.prescription import Prescription, is_point_lamp
from openpbm.planning.window import Window, reference_wavelengths, windows_at
from openpbm.safety import Screening
from openpbm.safety.lamp_check import Exposure
from openpbm.tissue import Scenario, draw_scenarios

__all__ = ["STANDARD_QUALITY", "Quality", "SiteLight", "light_sites"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How much light is computed: tissues drawn, and photon histories in each at each wavelength."""

    scenarios: int = 40
    photons: int = 4_000


STANDARD_QUALITY = Quality()


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
        first = self.choice.target
        return sorted((target.id for target in self.site.targets), key=lambda target: target != first)


def light_sites(
    screening: Screening,
    exposure: Exposure,
    prescription: Prescription,
    seed: int,
    quality: Quality,
    keep_in: Path | None,
    threads: int | None,
    progress: Callable[[int, int], None],
) -> tuple[SiteLight, ...]:
    """Light at every site of the case; `progress` is told (done, total) simulations."""
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
        here = sites[choice.site]
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
