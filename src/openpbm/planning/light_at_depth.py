"""Light at depth without a patient: how much of a lamp's light reaches each structure under the skin of a site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from openpbm.device import Beam, beam, counts_for_dose
from openpbm.errors import BadInput, Problem
from openpbm.facts.lamps import Lamp
from openpbm.facts.notice import NOTICE
from openpbm.facts.sites import Site, Target
from openpbm.files import suggest
from openpbm.person import Person
from openpbm.planning.depth_curve import DepthCurve, StructureLight
from openpbm.planning.document import Band
from openpbm.planning.dose import band
from openpbm.planning.site_light import (
    STANDARD_QUALITY,
    Computing,
    Quality,
    TissueLight,
    light_tissues,
    wavelengths_of,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["LightAtDepth", "light_at_depth"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LightAtDepth:
    """What `light_at_depth` gives: bands from p5 over the median to p95, over everything that nobody knows for sure.

    irradiance_mw_cm2 : at the stated output, the highest on the treated skin [mW/cm2]
    curves : each wavelength, then all together
    structures : every structure of the site, in its order
    notice : what stands under everything a patient may read

    >>> from openpbm.facts.lamps import lamp_catalogue
    >>> from openpbm.facts.sites import sites
    >>> wrist = light_at_depth(
    ...     lamp_catalogue["wrap_660_850"], sites["volar_wrist"], 0.0, quality=Quality(scenarios=8)
    ... )
    >>> [curve.wavelength_nm for curve in wrist.curves], wrist.at("median_nerve").plain_name
    ([660.0, 850.0, None], 'nerve in the wrist tunnel (median nerve)')
    """

    lamp: Lamp
    site: Site
    distance_mm: float
    seed: int
    quality: Quality
    irradiance_mw_cm2: float
    curves: tuple[DepthCurve, ...]
    structures: tuple[StructureLight, ...]
    notice: str = NOTICE

    def at(self, structure: str) -> StructureLight:
        """The light at one structure; BadInput names the nearest where the site has none of that id."""
        for light in self.structures:
            if light.structure == structure:
                return light
        known = [light.structure for light in self.structures]
        remedy = suggest(structure, known)
        raise BadInput(Problem(key="structure", value=structure, message=f"not at {self.site.id}", remedy=remedy))

    def plot(self) -> Figure:
        """A figure of the band of all wavelengths together against depth, with the structures where they lie."""
        # Imported here, so that whoever only wants the numbers does not load Matplotlib.
        from openpbm.planning.light_picture import draw_light_at_depth

        return draw_light_at_depth(
            self.curves,
            self.structures,
            irradiance_mw_cm2=self.irradiance_mw_cm2,
            heading=self.site.plain_name.capitalize(),
            lamp=self.lamp.name,
            distance_mm=self.distance_mm,
            notice=self.notice,
        )


def light_at_depth(
    lamp: Lamp,
    site: Site,
    distance_mm: float,
    person: Person | None = None,
    *,
    seed: int = 1,
    quality: Quality = STANDARD_QUALITY,
    threads: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> LightAtDepth:
    """Fluence rate in the tissue of a site under a lamp, as `make_plan` computes it, without a case or a verdict.

    distance_mm : from the lamp's face to the skin; 0 is contact [mm]
    person : narrows what is drawn (sex, body mass, skin type); None is anybody
    seed : draws tissues and who meets which placement; the same seed gives the same numbers
    progress : called with (done, total) computations of light
    Raises BadInput for a lamp that is not described well enough, or whose light is not known at that distance.

    >>> from openpbm.facts.lamps import lamp_catalogue
    >>> from openpbm.facts.sites import sites
    >>> quick = Quality(scenarios=8)
    >>> light = light_at_depth(lamp_catalogue["panel_660_850"], sites["posterior_calf"], 300.0, quality=quick)
    >>> muscle = light.at("gastrocnemius")
    >>> muscle.fluence_rate_mw_cm2.median < light.irradiance_mw_cm2, sorted(muscle.by_wavelength_mw_cm2)
    (True, [660.0, 850.0])
    """
    lit = beam(lamp, distance_mm)
    total, done = len(wavelengths_of(lit)), 0

    def step() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    computing = Computing(seed=seed, quality=quality, threads=threads, step=step)
    found = light_tissues(lamp, lit, site, person or Person(), computing)
    return LightAtDepth(
        lamp=lamp,
        site=site,
        distance_mm=distance_mm,
        seed=seed,
        quality=quality,
        irradiance_mw_cm2=_light_of_dose(lit).peak_mw_cm2(site.treatment_width_mm, site.treatment_height_mm),
        curves=tuple(_curve(found, wavelength) for wavelength in (*wavelengths_of(lit), None)),
        structures=tuple(_structure(found, target, wavelengths_of(lit)) for target in site.targets),
    )


def _light_of_dose(lit: Beam) -> Beam:
    return replace(lit, components=tuple(part for part in lit.components if counts_for_dose(part.wavelength_nm)))


def _curve(lit: TissueLight, wavelength_nm: float | None) -> DepthCurve:
    points = lit.rates.bands(wavelength_nm)
    return DepthCurve(
        wavelength_nm=wavelength_nm,
        depth_mm=tuple(depth_mm for depth_mm, _ in points),
        fluence_rate_mw_cm2=tuple(rate for _, rate in points),
    )


def _structure(lit: TissueLight, target: Target, wavelengths_nm: list[float]) -> StructureLight:
    def rate(wavelength_nm: float | None) -> Band:
        return band(lit.rates.at(target.id, wavelength_nm))

    return StructureLight(
        structure=target.id,
        plain_name=target.plain_name,
        depth_mm=band(lit.tissues.depth_of(target.id)),
        fluence_rate_mw_cm2=rate(None),
        by_wavelength_mw_cm2={wavelength: rate(wavelength) for wavelength in wavelengths_nm},
    )
