"""The tissues of a site under a lamp: drawn, lit, how bright it is in each of them, and the windows there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openpbm.case import SiteChoice
from openpbm.device import Beam, output_prior
from openpbm.facts.lamps import Lamp
from openpbm.facts.sites import Site, sites
from openpbm.person import Person
from openpbm.planning.dose import FluenceRates, draw_unknowns, fluence_rates
from openpbm.planning.light import Fields, compute_fields
from openpbm.planning.prescription import Prescription, is_point_lamp
from openpbm.planning.window import Window, reference_wavelengths, windows_at
from openpbm.safety import Screening
from openpbm.safety.lamp_check import Exposure
from openpbm.tissue import Scenario, draw_scenarios

__all__ = [
    "STANDARD_QUALITY",
    "Computing",
    "Quality",
    "SiteLight",
    "TissueLight",
    "light_sites",
    "light_tissues",
    "wavelengths_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How much light is computed: tissues drawn, and photon histories in each at each wavelength.

    >>> Quality(scenarios=10, photons=1000)
    Quality(scenarios=10, photons=1000)
    """

    scenarios: int = 40
    photons: int = 4_000


STANDARD_QUALITY = Quality()


@dataclass(frozen=True, slots=True, kw_only=True)
class Computing:
    """How light is computed.

    seed : draws tissues, placements, outputs and photons
    keep_in : folder where light once computed is kept; None keeps nothing
    threads : worker threads, None for all processors; changes no number
    step : called after each simulation
    """

    seed: int
    quality: Quality = STANDARD_QUALITY
    keep_in: Path | None = None
    threads: int | None = None
    step: Callable[[], None] = lambda: None

    @property
    def photon_seed(self) -> int:
        """Seed of the first scenario's photons; the next scenarios count on, so that two seeds share none."""
        return self.seed * 1_000_003


@dataclass(frozen=True, slots=True, kw_only=True)
class TissueLight:
    """Tissues of one site, one Green's function for each and each wavelength, and the fluence rates under the lamp."""

    site: Site
    scenarios: tuple[Scenario, ...]
    fields: tuple[Fields, ...]
    rates: FluenceRates


def light_tissues(lamp: Lamp, lit: Beam, site: Site, person: Person, computing: Computing) -> TissueLight:
    """Draw what is not known, compute the light in every tissue and hold the lamp's irradiance map against it.

    lit : the beam of `lamp` at the planned distance
    """
    quality = computing.quality
    mode = "point" if is_point_lamp(lamp) else "area"
    # Neither lamp nor distance enters the seed: two plans under one seed differ by what was changed, not by luck.
    draws = draw_unknowns(output_prior(lamp), mode, quality.scenarios, computing.seed)
    scenarios = draw_scenarios(site, person, count=quality.scenarios, seed=computing.seed)
    fields = tuple(
        compute_fields(
            site,
            scenarios,
            wavelength,
            _cosines(lit, wavelength),
            photons=quality.photons,
            seed=computing.photon_seed,
            keep_in=computing.keep_in,
            threads=computing.threads,
            progress=computing.step,
        )
        for wavelength in wavelengths_of(lit)
    )
    return TissueLight(site=site, scenarios=scenarios, fields=fields, rates=fluence_rates(lamp, lit, fields, draws))


def wavelengths_of(lit: Beam) -> list[float]:
    """The wavelengths of a beam, rising [nm]."""
    return sorted({part.wavelength_nm for part in lit.components})


def _cosines(lit: Beam, wavelength_nm: float) -> tuple[float, ...]:
    """Angles of the light of one wavelength: those of its first emitters."""
    return next(part.incidence_cosines for part in lit.components if part.wavelength_nm == wavelength_nm)


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
    case, beam = screening.case, exposure.beam
    per_site = len(wavelengths_of(beam)) + len(reference_wavelengths(prescription))
    total, done = per_site * quality.scenarios * len(case.sites), 0

    def step() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    # Said before the first run, so that a bar knows its length while nothing is done yet.
    progress(0, total)
    computing = Computing(seed=seed, quality=quality, keep_in=keep_in, threads=threads, step=step)
    lit = []
    for choice in case.sites:
        tissues = light_tissues(case.device, beam, sites[choice.site], case.person, computing)
        windows = windows_at(
            prescription, tissues.site, tissues.scenarios,
            photons=quality.photons, seed=computing.photon_seed, keep_in=keep_in, threads=threads, progress=step,
        )  # fmt: skip
        lit.append(
            SiteLight(
                choice=choice,
                site=tissues.site,
                scenarios=tissues.scenarios,
                fields=tissues.fields,
                rates=tissues.rates,
                windows=windows,
            )
        )
    return tuple(lit)
