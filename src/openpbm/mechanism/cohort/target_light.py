"""The light of a cohort where it is to act, and how it warms: from numbers, or from the tissues and lamp of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from openpbm.case import read_case
from openpbm.errors import BadInput, Problem
from openpbm.mechanism.cohort.spec import CohortSpec, CohortTarget
from openpbm.mechanism.compartments import lit_compartments, target_compartment
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.response import Lighting, Warmth, time_grid, warmth_along, warmth_of_absorption
from openpbm.safety import screen

__all__ = ["CaseLight", "NumberLight", "TargetLight", "case_verdict", "target_light"]

Array = NDArray[np.float64]
# Tissues and lamps of a case from which people are taken: a hundred tissues, each under some of the lamp's outputs.
_SITUATIONS = 2048
_RANK = "light at the target"


@dataclass(frozen=True)
class NumberLight:
    """Light given as numbers; it warms by what the tissue absorbs (equation 7)."""

    target: CohortTarget

    @property
    def compartment(self) -> str:
        """skin, muscle or nerve."""
        return self.target.compartment

    @property
    def wavelength_nm(self) -> Array:
        """(wavelengths,)."""
        return np.array([each.wavelength_nm for each in self.target.light])

    def fluence_rate_mw_cm2(self, people: VirtualPeople) -> Array:
        """(people, wavelengths): brighter or darker than the middle at all wavelengths together."""
        middle = np.array([each.fluence_rate_mw_cm2 for each in self.target.light])
        return np.outer(np.exp(self.target.spread * ndtri(people.ranks(_RANK))), middle)

    def times_s(self, minutes: float) -> Array:
        """When lamp and warming may change."""
        return np.array([0.0, 60.0 * minutes])

    def warmth(self, lit: Lighting, people: VirtualPeople, minutes: float) -> Warmth:
        """While the lamp is on."""
        absorption = np.array([[each.absorption_per_cm for each in self.target.light]])
        return warmth_of_absorption(lit, absorption, np.ones(1, dtype=bool))


@dataclass(frozen=True)
class CaseLight:
    """Light in the tissues of a case under its lamp; temperatures by the bioheat equation.

    fluence_rates : (situations, wavelengths) [mW/cm2]; rises_c : by minutes, (situations, times) [C]
    """

    compartment: str
    wavelength_nm: Array
    fluence_rates: Array
    rises_c: Mapping[float, Array]

    def _taken(self, people: VirtualPeople) -> NDArray[np.intp]:
        return (people.ranks(_RANK) * len(self.fluence_rates)).astype(np.intp)

    def fluence_rate_mw_cm2(self, people: VirtualPeople) -> Array:
        """(people, wavelengths): each person has the tissue and the lamp of one situation."""
        return np.asarray(self.fluence_rates[self._taken(people)])

    def times_s(self, minutes: float) -> Array:
        """When warming may change."""
        return time_grid(60.0 * minutes, 0.0)[:-1]

    def warmth(self, lit: Lighting, people: VirtualPeople, minutes: float) -> Warmth:
        """While the lamp is on."""
        return warmth_along(self.rises_c[minutes][self._taken(people)], self.times_s(minutes))


TargetLight = NumberLight | CaseLight


def target_light(spec: CohortSpec, folder: Path) -> TargetLight:
    """The light that a specification in that folder asks for; BadInput for a case that may have none."""
    if spec.target is not None:
        return NumberLight(spec.target)
    assert spec.case is not None, "the reader asks for a target or a case"
    return _case_light(folder / spec.case, spec)


def case_verdict(spec: CohortSpec, folder: Path) -> str:
    """What screening says of the specification's case: "allowed" where it names none."""
    return "allowed" if spec.case is None else screen(read_case(folder / spec.case)).verdict


def _case_light(path: Path, spec: CohortSpec) -> CaseLight:
    screening = screen(read_case(path))
    if screening.exposure is None or screening.verdict != "allowed":
        message = f"not allowed ({screening.verdict}): nothing is computed for light that nobody may have"
        raise BadInput(
            Problem("case", path.name, message, "openpbm screen says why; give the light in [target] instead")
        )
    people = VirtualPeople(_SITUATIONS, seed=spec.seed)
    rises, target = {}, None
    for minutes in sorted({regimen.minutes for regimen in spec.regimens}):
        times_s = time_grid(60.0 * minutes, 0.0)[:-1]
        lit = lit_compartments(screening.case, screening.exposure, people, times_s=times_s, session_s=60.0 * minutes)
        target = target_compartment(screening.case, lit)
        rises[minutes] = target.rise_c
    assert target is not None, "a specification has a regimen"
    return CaseLight(target.name, target.wavelength_nm, target.fluence_rate_mw_cm2, rises)
