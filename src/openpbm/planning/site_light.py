"""Every site under the lamp: tissues drawn, fluence rates in them, windows at their structures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openpbm.case import SiteChoice
from openpbm.facts.sites import Site, sites
from openpbm.planning.dose import FluenceRates
from openpbm.planning.light import Fields
from openpbm.planning.prescription import Prescription
from openpbm.planning.tissue_light import Computing, Quality, light_tissues, wavelengths_of
from openpbm.planning.window import Window, reference_wavelengths, windows_at
from openpbm.safety import Screening
from openpbm.safety.lamp_check import Exposure
from openpbm.tissue import Scenario

__all__ = ["SiteLight", "light_sites"]


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
