"""J/cm2 at the target of each trial whose dose at the skin is known, by our own light: computed, for anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openpbm.evidence.synthesis import ConditionSummary
from openpbm.facts.conditions import conditions
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.sites import sites
from openpbm.planning import LightAtDepth, Quality, light_at_depth
from openpbm.report.evidence.plots import fluence_of

__all__ = ["TargetDose", "target_doses"]

_LAMP = "wrap_660_850"
#: How far from a wavelength of that lamp its light still stands for a trial's [nm].
_NEAR_NM = 60.0
_QUALITY = Quality(scenarios=32)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDose:
    """One trial: J/cm2 at the skin as printed, and at the structure, 5th to 95th percentile over people."""

    study: str
    structure: str
    skin_j_cm2: float
    target_j_cm2: tuple[float, float, float]


def target_doses(summary: ConditionSummary) -> tuple[TargetDose, ...]:
    """For every trial with sham light that prints J/cm2; none where the condition has no place or no such trial.

    Broad light lying on the skin at the usual place; a spot of a laser leaves less at depth, so these are upper values.
    """
    known = [(result.study, fluence_of(summary, result.study)) for result in summary.results]
    with_dose = [(study, dose) for study, dose in known if dose is not None]
    condition = conditions.get(summary.condition)
    if not with_dose or condition is None or not condition.usual_sites:
        return ()
    light = light_at_depth(lamp_catalogue[_LAMP], sites[condition.usual_sites[0]], 0.0, quality=_QUALITY)
    structure = _target(light, condition.targets)
    found = (_dose(summary, light, structure, study, dose) for study, dose in with_dose)
    return tuple(row for row in found if row is not None)


def _target(light: LightAtDepth, wanted: Iterable[str]) -> str:
    """The structure the condition is about; where it names none, the first nerve, else the deepest."""
    present = [row.structure for row in light.structures]
    named = [name for name in wanted if name in present] + [name for name in present if "nerve" in name]
    return [*named, present[-1]][0]


def _dose(summary: ConditionSummary, light: LightAtDepth, structure: str, study: str, dose: float) -> TargetDose | None:
    printed = [
        nm for entry in summary.entries if entry.study.id == study for row in entry.doses for nm in row.wavelengths_nm
    ]
    ours = [emitter.wavelength_nm for emitter in light.lamp.emitters]
    near = [own for nm in printed for own in ours if abs(own - nm) <= _NEAR_NM]
    if not near:
        return None
    at = light.at(structure)
    # Both colours of the lamp are equally strong, so that each is half of what lies on the skin.
    skin = light.irradiance_mw_cm2 / len(ours)
    band = at.by_wavelength_mw_cm2[near[0]]
    low, middle, high = (dose * rate / skin for rate in (band.p5, band.median, band.p95))
    return TargetDose(study=study, structure=at.plain_name, skin_j_cm2=dose, target_j_cm2=(low, middle, high))
