"""Dose at depth: irradiance maps times the light in every tissue, over everything that is not known for sure.

It also tells where the width of a dose comes from: optics, anatomy, lamp and placement, each by its share.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.device import (
    CONTACT_BELOW_MM,
    Beam,
    LightOnSkin,
    beam,
    is_mirrored,
    of_unit_power,
    output_quantile,
)
from openpbm.facts.exposure import OutputPrior
from openpbm.facts.lamps import Lamp
from openpbm.facts.sites import Site
from openpbm.planning.document import Band, SpreadShares
from openpbm.planning.light import DEPTH_MM, RADIUS_EDGES_MM, Fields
from openpbm.tissue import TissueDraw, standard_normal
from openpbm.tissue.draw import sobol

__all__ = [
    "FluenceRates",
    "Placements",
    "band",
    "component_rings",
    "draw_placements",
    "even_outputs",
    "fluence_rates",
    "placed_rings",
    "rates_under_rings",
    "ring_means",
    "rings_by_wavelength",
    "spread_shares",
]

Floats = NDArray[np.float64]
# How well a person puts the lamp where the picture shows: one standard deviation. An expert assumption, unverified.
PLACEMENT_SD_MM = {"area": 8.0, "point": 3.0}
DISTANCE_SD = 0.07
# The irradiance map of each is summed over all emitters, so several tissues share one.
_PLACEMENTS = 64
# Output only scales the light, so every tissue meets all of them.
_OUTPUTS = 16
_ANGLES = 12
# The target under the middle of the beam.
_CENTRED = np.zeros(2)
# Two radii of equal area share in every ring.
_RADIUS_SHARES = np.array([0.25, 0.75])
# A little beyond the grid, for the light that wandered farther.
_BEYOND = 1.15
# Below the smallest number there is: a rate of nothing has no logarithm.
_LEAST = np.finfo(float).tiny


@dataclass(frozen=True, slots=True, kw_only=True)
class Placements:
    """Ways of putting the lamp, and which of them each tissue meets.

    offset_mm : (placement, 2)        where the target lies beside the beam's centre [mm]
    distance_factor : (placement,)    true distance over the planned one [-]
    of_tissue : (tissue,)             number of its placement
    """

    offset_mm: Floats
    distance_factor: Floats
    of_tissue: NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class FluenceRates:
    """Fluence rate under the lamp in every tissue, at the stated output.

    stated : wavelength -> (tissue, place), places as in `Fields` [mW/cm2]
    as_planned : the same under the lamp just where it is planned
    output : (outputs,) equally likely true outputs over the stated one [-]
    """

    site: Site
    stated: dict[float, Floats]
    as_planned: dict[float, Floats]
    output: Floats

    def stated_at(self, structure: str, wavelength_nm: float | None) -> Floats:
        """(tissue,) at a structure, of one wavelength or of all together for None [mW/cm2]."""
        return _of(self.stated, wavelength_nm)[:, self.place_of(structure)]

    def as_planned_at(self, structure: str) -> Floats:
        """(tissue,) at a structure under the lamp just where it is planned, all wavelengths together [mW/cm2]."""
        return _of(self.as_planned, None)[:, self.place_of(structure)]

    def at(self, structure: str, wavelength_nm: float | None) -> Floats:
        """(tissue, output) at a structure [mW/cm2]."""
        # One output for all wavelengths of a lamp: they are wrong together and do not average out.
        return np.multiply.outer(self.stated_at(structure, wavelength_nm), self.output)

    def bands(self, wavelength_nm: float | None) -> list[tuple[float, Band]]:
        """Each depth of the grid [mm] with the spread of the fluence rate over tissues and outputs [mW/cm2]."""
        stated = _of(self.stated, wavelength_nm)[:, : DEPTH_MM.size]
        draws = np.multiply.outer(self.output, stated).reshape(-1, DEPTH_MM.size)
        quantiles = np.quantile(draws, [0.05, 0.5, 0.95], axis=0)
        return [
            (float(depth), Band(p5=float(low), median=float(middle), p95=float(high)))
            for depth, low, middle, high in zip(DEPTH_MM, *quantiles, strict=True)
        ]

    def place_of(self, structure: str) -> int:
        """Number of a structure among the places of the fields."""
        return DEPTH_MM.size + self.site.targets.index(self.site.target(structure))


def _of(rates: dict[float, Floats], wavelength_nm: float | None) -> Floats:
    return np.sum(list(rates.values()), axis=0) if wavelength_nm is None else rates[wavelength_nm]


def draw_placements(mode: str, tissues: int, seed: int) -> Placements:
    """Offsets and distances, spread evenly, and which tissue meets which; the same seed gives the same ones."""
    # The same ways of putting the lamp for every seed: only who meets which is left to chance.
    scores = standard_normal(sobol(_PLACEMENTS, 3, seed=0))
    # The second number sets this stream apart from the tissue's, which starts from the same seed.
    shuffled = np.random.default_rng([seed, 7919]).permutation(tissues)
    return Placements(
        offset_mm=PLACEMENT_SD_MM[mode] * scores[:, :2],
        # Lognormal, so that no draw puts the lamp behind the skin.
        distance_factor=np.exp(DISTANCE_SD * scores[:, 2]),
        of_tissue=shuffled % _PLACEMENTS,
    )


def even_outputs(prior: OutputPrior) -> Floats:
    """(outputs,) true outputs over the stated one, each standing for an equal share of such lamps [-]."""
    return output_quantile(prior, (np.arange(_OUTPUTS) + 0.5) / _OUTPUTS)


def fluence_rates(
    lamp: Lamp, planned: Beam, site: Site, fields: Sequence[Fields], placements: Placements, output: Floats
) -> FluenceRates:
    """Fluence rate under the lamp in every tissue and at every place of the fields [mW/cm2]."""
    rings = placed_rings(lamp, planned, placements)
    return rates_under_rings(rings, planned, site, fields, placements, output)


def placed_rings(lamp: Lamp, planned: Beam, placements: Placements) -> dict[float, Floats]:
    """Wavelength -> (placement, ring): mean irradiance on each ring under the lamp put in every way [mW/cm2]."""
    offsets = tuple((across, along) for across, along in placements.offset_mm.tolist())
    return dict(_placed_rings(lamp, planned, offsets, tuple(placements.distance_factor.tolist())))


# The ways of putting a lamp are the same for every person and seed: a lamp that is planned with again is kept.
@functools.lru_cache(maxsize=64)
def _placed_rings(
    lamp: Lamp, planned: Beam, offsets_mm: tuple[tuple[float, float], ...], distance_factors: tuple[float, ...]
) -> dict[float, Floats]:
    placed = [_placed(lamp, planned, factor) for factor in distance_factors]
    rings = rings_by_wavelength(planned, lambda number: component_rings(placed, number, np.array(offsets_mm)))
    for means in rings.values():
        means.setflags(write=False)
    return rings


def component_rings(beams: Sequence[Beam], number: int, offsets_mm: Floats) -> Floats:
    """(beam, ring) mean irradiance of one component of beams that are alike but put in other ways [mW/cm2]."""
    wavelength = beams[0].components[number].wavelength_nm
    ways = zip(beams, offsets_mm, strict=True)
    return np.array(
        [ring_means(dataclasses.replace(lit, components=(lit.components[number],)), wavelength, at) for lit, at in ways]
    )


def rings_by_wavelength(planned: Beam, of_component: Callable[[int], Floats]) -> dict[float, Floats]:
    """Wavelength -> irradiance on rings, from that of each component of a beam, by its number [mW/cm2]."""
    found: dict[float, Floats] = {}
    for number, part in enumerate(planned.components):
        found[part.wavelength_nm] = found.get(part.wavelength_nm, 0.0) + of_component(number)
    return found


def rates_under_rings(
    rings: dict[float, Floats],
    planned: Beam,
    site: Site,
    fields: Sequence[Fields],
    placements: Placements,
    output: Floats,
) -> FluenceRates:
    """Fluence rate in every tissue where the irradiance on its rings is known for every placement [mW/cm2].

    rings : as `placed_rings` gives them
    """
    stated, as_planned = {}, {}
    for field in fields:
        met = rings[field.wavelength_nm][placements.of_tissue]
        stated[field.wavelength_nm] = np.einsum("tr,trp->tp", met, field.fluence_rate)
        straight = ring_means(planned, field.wavelength_nm)
        as_planned[field.wavelength_nm] = np.einsum("r,trp->tp", straight, field.fluence_rate)
    return FluenceRates(site=site, stated=stated, as_planned=as_planned, output=output)


def band(draws: ArrayLike) -> Band:
    """p5, median and p95 of the draws."""
    low, middle, high = np.quantile(np.asarray(draws), [0.05, 0.5, 0.95])
    return Band(p5=float(low), median=float(middle), p95=float(high))


def _placed(lamp: Lamp, planned: Beam, factor: float) -> Beam:
    """The beam at the distance it really stands; as planned in contact, and where only one distance is known."""
    if planned.distance_mm < CONTACT_BELOW_MM or not planned.extent_known:
        return planned
    return beam(lamp, planned.distance_mm * factor)


def ring_means(placed: Beam, wavelength_nm: float, offset_mm: Floats = _CENTRED) -> Floats:
    """Mean irradiance on each ring around the target, the last one for all that lies beyond [mW/cm2]."""
    mirrored, (across, along) = is_mirrored(placed.components), offset_mm.tolist()
    total = np.zeros(RADIUS_EDGES_MM.size)
    for part in placed.components:
        if part.wavelength_nm == wavelength_nm:
            unit, power = of_unit_power(part.light)
            total += power * _means_of(unit, across, along, mirrored=mirrored)
    return total


# Kept, because what else a lamp's plan asks is asked of the same light: another person, other minutes, more output.
# One lamp at one distance takes some hundred of these.
@functools.lru_cache(maxsize=4096)
def _means_of(light: LightOnSkin, across_mm: float, along_mm: float, *, mirrored: bool) -> Floats:
    inner, outer = RADIUS_EDGES_MM[:-1], RADIUS_EDGES_MM[1:]
    radii = np.sqrt(inner[:, None] ** 2 + _RADIUS_SHARES * (outer**2 - inner**2)[:, None])
    radii = np.vstack([radii, np.full(_RADIUS_SHARES.size, _BEYOND * RADIUS_EDGES_MM[-1])])
    angles = 2.0 * np.pi * (np.arange(_ANGLES) + 0.5) / _ANGLES
    # Most lamps are the same on the left as on the right, and above as below: on an axis one side stands for both.
    if mirrored and across_mm == 0.0:
        angles = angles[np.cos(angles) > 0.0]
    if mirrored and along_mm == 0.0:
        angles = angles[np.sin(angles) > 0.0]
    x = across_mm + radii[..., None] * np.cos(angles)
    y = along_mm + radii[..., None] * np.sin(angles)
    means = light.irradiance_mw_cm2(x, y).mean(axis=(1, 2))
    means.setflags(write=False)
    return np.asarray(means)


def spread_shares(tissues: TissueDraw, rates: FluenceRates, structure: str) -> SpreadShares | None:
    """Shares of the variance of the logarithm of the dose at a structure; None where all draws are alike.

    Placement is told by the same tissues under the lamp just where it is planned. What is left of the tissues' variance
    is shared out by the attenuation that diffuse light meets in every make-up crossed with every anatomy drawn.
    """
    placed, planned = rates.stated_at(structure, None), rates.as_planned_at(structure)
    by_tissue = _log_variance(planned)
    parts = np.array(
        [
            *(by_tissue * _make_up_and_anatomy(tissues, _brightest(rates, structure), structure)),
            _log_variance(rates.output),
            _log_variance(placed / np.maximum(planned, _LEAST)),
        ]
    )
    if not parts.sum() > 0.0:
        return None
    optics, anatomy, lamp, placement = (parts / parts.sum()).tolist()
    return SpreadShares(optics=optics, anatomy=anatomy, lamp=lamp, placement=placement)


def _make_up_and_anatomy(tissues: TissueDraw, wavelength_nm: float, structure: str) -> Floats:
    """How much of the variance of the crossed attenuation lies between make-ups, and how much between anatomies."""
    attenuation = tissues.optics([wavelength_nm]).mu_eff_per_mm[..., 0]
    crossed_mm = tissues.crossed_mm()[..., tissues.site.targets.index(tissues.site.target(structure))]
    # The means over rows and columns of every make-up times every anatomy.
    of_make_ups, of_anatomies = attenuation @ crossed_mm.mean(axis=0), crossed_mm @ attenuation.mean(axis=0)
    variances = np.array([of_make_ups.var(), of_anatomies.var()])
    return np.asarray(variances / max(variances.sum(), _LEAST))


def _brightest(rates: FluenceRates, structure: str) -> float:
    """The wavelength that brings most light there [nm]."""
    return max(rates.stated, key=lambda wavelength: float(np.median(rates.stated_at(structure, wavelength))))


def _log_variance(values: Floats) -> float:
    return float(np.log(np.maximum(values, _LEAST)).var())
