"""Skin, muscle and nerve of virtual people under the lamp of a case: how bright it is there, and how much warmer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openpbm.case import Case, SiteChoice
from openpbm.device import lies_on_skin, output_prior, output_quantile
from openpbm.facts.sites import Target, sites
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.planning.light import DEPTH_MM
from openpbm.planning.site_light import Computing, Quality, TissueLight, light_tissues, measured_at, wavelengths_of
from openpbm.safety.lamp_check import Exposure
from openpbm.safety.skin_temperature import unit_heating

__all__ = ["Compartment", "lit_compartments", "target_compartment"]

Array = NDArray[np.float64]
# Laser Doppler flowmetry sees the upper vessels of the skin.
_SKIN_MM = 0.75
# Optics and anatomy differ less from one tissue to the next than cells from one person to the next.
_MOST_TISSUES = 128


@dataclass(frozen=True)
class Compartment:
    """One part of the body under the lamp.

    name                   skin, muscle or nerve
    structure              which structure of the site it is, the target's id; "skin" for the skin
    wavelength_nm          (wavelengths,)
    fluence_rate_mw_cm2    (people, wavelengths)
    rise_c                 (people, times) over a session without light
    """

    name: str
    structure: str
    wavelength_nm: Array
    fluence_rate_mw_cm2: Array
    rise_c: Array

    def without_light(self, *, warm: bool) -> Compartment:
        """The same under a lamp that sends no light, and warms as the lamp does or not at all."""
        rise = self.rise_c if warm else np.zeros_like(self.rise_c)
        return replace(self, fluence_rate_mw_cm2=np.zeros_like(self.fluence_rate_mw_cm2), rise_c=rise)


def _kind(target: Target) -> str:
    return "nerve" if "nerve" in target.id else "muscle"


def _structures(choice: SiteChoice) -> dict[str, str]:
    """The structure that stands for each compartment of a place, the asked target before its like."""
    targets = sorted(sites[choice.site].targets, key=lambda target: target.id != choice.target)
    return {_kind(target): target.id for target in reversed(targets)}


def lit_compartments(
    case: Case, exposure: Exposure, people: VirtualPeople, *, times_s: Array, session_s: float
) -> dict[str, Compartment]:
    """Every compartment of the case's first place, by name; each person has one of the tissues and one lamp's output.

    times_s : (times,)   when temperatures are asked for; the lamp goes out after `session_s`
    """
    choice = case.sites[0]
    computing = Computing(seed=people.seed, quality=Quality(scenarios=min(people.count, _MOST_TISSUES)))
    lit = light_tissues(case.device, exposure.beam, sites[choice.site], case.person, computing, measured_at(choice))
    tissue_of = np.arange(people.count) % lit.tissues.count
    output = output_quantile(output_prior(case.device), people.ranks("output of the lamp"))
    contact = lies_on_skin(case.device, exposure.distance_mm)
    rises = _unit_rises(lit, exposure, contact, times_s, session_s)
    wavelengths = np.array(wavelengths_of(exposure.beam))

    def at(name: str, structure: str, place: int) -> Compartment:
        rates = np.stack([lit.rates.stated[wavelength][:, place] for wavelength in wavelengths], axis=1)
        return Compartment(
            name=name,
            structure=structure,
            wavelength_nm=wavelengths,
            fluence_rate_mw_cm2=rates[tissue_of] * output[:, None],
            rise_c=rises(_depths(lit, place))[tissue_of] * output[:, None],
        )

    ids = [target.id for target in lit.tissues.site.targets]
    deep = {name: at(name, id, DEPTH_MM.size + ids.index(id)) for name, id in _structures(choice).items()}
    return {"skin": at("skin", "skin", int(np.searchsorted(DEPTH_MM, _SKIN_MM)))} | deep


def target_compartment(case: Case, lit: Mapping[str, Compartment]) -> Compartment:
    """The compartment that the case aims at; the skin where it names no structure."""
    aimed = [each for each in lit.values() if each.structure == case.sites[0].target]
    return aimed[0] if aimed else lit["skin"]


def _depths(lit: TissueLight, place: int) -> Array:
    """(tissue,) depth of one of the places at which light is computed [mm]."""
    if place < DEPTH_MM.size:
        return np.full(lit.tissues.count, DEPTH_MM[place])
    return lit.tissues.target_depth_mm[:, place - DEPTH_MM.size]


def _unit_rises(
    lit: TissueLight, exposure: Exposure, contact: bool, times_s: Array, session_s: float
) -> Callable[[Array], Array]:
    """What gives the rise by light at a depth of each tissue, (tissue, times) [C], at the lamp's stated output."""
    heated = [
        (level, unit_heating(lit.tissues, wavelength, radius_mm=None, contact=contact))
        for wavelength, level in exposure.bands
    ]

    def rises(depth_mm: Array) -> Array:
        lit_c = [level * unit.at_depth_c(depth_mm, times_s, lit_s=session_s) for level, unit in heated]
        dark_c = [level * unit.at_depth_c(depth_mm, times_s, lit_s=0.0) for level, unit in heated]
        return np.asarray(np.sum(lit_c, axis=0) - np.sum(dark_c, axis=0))

    return rises
