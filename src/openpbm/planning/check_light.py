"""A plan's light held against photons, in the middle tissue of the person, at the asked target of the first site."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openpbm.device import Beam
from openpbm.errors import BadInput, Problem
from openpbm.facts.sites import sites
from openpbm.planning.dose import ring_means
from openpbm.planning.light import DEPTH_MM, RADIUS_EDGES_MM, compute_fields, stacks_of
from openpbm.planning.site_light import cosines_of, wavelengths_of
from openpbm.safety import Screening
from openpbm.tissue import TissueDraw, middle_tissue
from openpbm.transport import Layer, Scene, Source, green_function
from openpbm.transport.plane_stacks import Incidence, PlaneStacks

__all__ = ["LightCheck", "check_light"]

Floats = NDArray[np.float64]
_FIRST_PHOTONS, _MOST_PHOTONS = 100_000, 20_000_000
# Asked of the photons [-]; the solver itself is within half a per cent there.
_ENOUGH = 0.01
# Photons are counted between depths; over so thin a slab the mean light is that of its middle within a tenth of that.
_HALF_SLAB_MM = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class LightCheck:
    """One wavelength at the target, by both ways, in the middle tissue under the lamp as planned.

    solved_mw_cm2 : fluence rate by discrete ordinates, as in a plan [mW/cm2]
    photons_mw_cm2, standard_error_mw_cm2 : the same by Monte Carlo, and its standard error [mW/cm2]
    photons : histories
    """

    site: str
    structure: str
    depth_mm: float
    wavelength_nm: float
    solved_mw_cm2: float
    photons_mw_cm2: float
    standard_error_mw_cm2: float
    photons: int

    @property
    def difference(self) -> float:
        """Discrete ordinates over photons, less one [-]."""
        return self.solved_mw_cm2 / self.photons_mw_cm2 - 1.0

    @property
    def relative_error(self) -> float:
        """Standard error of the photons over their result [-]."""
        return self.standard_error_mw_cm2 / self.photons_mw_cm2


def check_light(
    screening: Screening,
    *,
    seed: int = 1,
    threads: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[LightCheck, ...]:
    """Run photons for the middle tissue of a case until they tell its target to 1 %, one row for each wavelength.

    seed : of the photons; progress : called with (done, total) wavelengths
    Raises BadInput for a case whose light on the skin is not known, and where even 20 million photons tell nothing.
    """
    if screening.exposure is None:
        message = "the lamp's light at that distance is not known, so there is nothing to check"
        raise BadInput(Problem(key="device", message=message, remedy="describe its array, or measure it there"))
    lit, choice = screening.exposure.beam, screening.case.sites[0]
    tissue = middle_tissue(sites[choice.site], screening.case.person)
    structure = choice.target or tissue.site.targets[0].id
    wavelengths = wavelengths_of(lit)
    rows = []
    for done, wavelength in enumerate(wavelengths):
        progress(done, len(wavelengths))
        rows.append(_check(tissue, structure, lit, wavelength, seed, threads))
    progress(len(wavelengths), len(wavelengths))
    return tuple(rows)


def _check(
    tissue: TissueDraw, structure: str, lit: Beam, wavelength_nm: float, seed: int, threads: int | None
) -> LightCheck:
    depth_mm = float(tissue.depth_of(structure)[0])
    cosines = cosines_of(lit, wavelength_nm)
    rings = ring_means(lit, wavelength_nm)
    fields = compute_fields(tissue, wavelength_nm, Incidence.of_cosines(cosines), threads=threads)
    place = DEPTH_MM.size + tissue.site.targets.index(tissue.site.target(structure))
    scene = Scene(
        layers=_layers(tissue.layers, stacks_of(tissue, wavelength_nm)),
        source=Source(kind="tabulated", cosines=cosines),
        photons=_FIRST_PHOTONS,
        seed=seed,
    )
    counted = _Counted.of(scene, rings, depth_mm, threads)
    if counted.relative_error > _ENOUGH:
        counted = _Counted.of(replace(scene, photons=counted.photons_needed()), rings, depth_mm, threads)
    if counted.mw_cm2 == 0.0:
        message = f"no light of {counted.photons:,} photon histories came as deep as {depth_mm:.3g} mm"
        raise BadInput(Problem(key=structure, message=message, remedy="check a structure that lies less deep"))
    return LightCheck(
        site=tissue.site.id,
        structure=structure,
        depth_mm=depth_mm,
        wavelength_nm=wavelength_nm,
        solved_mw_cm2=float(rings @ fields.fluence_rate[0, :, place]),
        photons_mw_cm2=counted.mw_cm2,
        standard_error_mw_cm2=counted.standard_error,
        photons=counted.photons,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """Fluence rate that photons tell [mW/cm2], its standard error, and how many there were."""

    mw_cm2: float
    standard_error: float
    photons: int

    @classmethod
    def of(cls, scene: Scene, rings: Floats, depth_mm: float, threads: int | None) -> _Counted:
        """rings : irradiance on each ring of `RADIUS_EDGES_MM` and beyond [mW/cm2]"""
        slab = [max(0.0, depth_mm - _HALF_SLAB_MM), depth_mm + _HALF_SLAB_MM]
        spread = green_function(scene, slab, RADIUS_EDGES_MM, threads=threads)
        areas = np.pi * np.diff(RADIUS_EDGES_MM**2)
        batches = spread.batch_fluence_rate_per_mm2[:, :, 0] @ (areas * rings[:-1])
        batches = batches + spread.batch_overflow[:, 0] * rings[-1]
        return cls(
            mw_cm2=float(batches.mean()),
            standard_error=float(batches.std(ddof=1) / math.sqrt(len(batches))),
            photons=scene.photons,
        )

    @property
    def relative_error(self) -> float:
        """Standard error over the result [-]; infinite where nothing arrived."""
        return self.standard_error / self.mw_cm2 if self.mw_cm2 > 0.0 else math.inf

    def photons_needed(self) -> int:
        """How many histories would tell it well enough, a fifth more to be on the safe side."""
        wanted = 1.2 * self.photons * (self.relative_error / _ENOUGH) ** 2
        return int(min(wanted, _MOST_PHOTONS))


def _layers(names: tuple[str, ...], stack: PlaneStacks) -> tuple[Layer, ...]:
    """The first of the stacks as a scene has it."""
    columns = (stack.thickness_mm, stack.mu_a_per_mm, stack.mu_s_per_mm, stack.g, stack.n)
    rows = zip(names, *(column[0].tolist() for column in columns), strict=True)
    return tuple(
        Layer(
            name=name,
            thickness_mm=thickness if math.isfinite(thickness) else None,
            mu_a_per_mm=mu_a,
            mu_s_per_mm=mu_s,
            g=g,
            n=n,
        )
        for name, thickness, mu_a, mu_s, g, n in rows
    )
