"""How thick the layers of a site are and how deep its structures lie, for many people at once.

A quantile function gives for each named unknown the quantiles (0-1) of all people drawn.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.errors import BadInput, Problem
from openpbm.facts.living_tissue import melanin_fractions
from openpbm.facts.sites import Site, SiteLayer, Span, Target, body_mass_index
from openpbm.facts.tissue import law
from openpbm.person import Person

__all__ = [
    "NOTHING_MEASURED",
    "THICKEST_FAT_MM",
    "Measured",
    "crossed_mm",
    "layer_thickness_mm",
    "melanin_volume_fraction",
    "standard_normal",
    "target_depth_mm",
    "with_measured_fat",
]

Floats = NDArray[np.float64]
#: More than any body has over a muscle one may aim at: it catches slips and wrong units.
THICKEST_FAT_MM = 150.0
Quantiles = Callable[[str], Floats]

_NINETY_PERCENT_HALF_WIDTH = NormalDist().inv_cdf(0.95)
# Python's own, to 1e-15: the one of SciPy costs every plan an import that takes longer than all its scores.
_score = np.vectorize(NormalDist().inv_cdf, otypes=[np.float64])
# A muscle that was measured nearer than the drawn skin is thick still has something over it.
_LEAST_FAT_MM = 0.1
# Beyond these nobody was measured, and the law would draw thicknesses that no body has.
_LEAST_INDEX, _GREATEST_INDEX = 14.0, 60.0
# An epidermis that is mostly melanosomes does not exist; the tail of the lognormal would draw one.
_MOST_MELANIN = 0.4


def standard_normal(quantiles: ArrayLike) -> Floats:
    """Standard normal scores of quantiles; the ends are cut at 1e-9.

    >>> standard_normal([0.5, 0.95]).round(3).tolist()
    [0.0, 1.645]
    """
    return np.asarray(_score(np.clip(np.asarray(quantiles, dtype=np.float64), 1e-9, 1.0 - 1e-9)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured on a person at a site; None leaves it to be drawn.

    fat_mm : one layer of fat, without the skin, as by ultrasound [mm]
    skinfold_mm : two layers of skin and fat between the jaws of a calliper [mm]
    depth_mm : of the structure `target` under the skin's surface, as by ultrasound [mm]
    Raises BadInput for a thickness that cannot be.
    """

    fat_mm: float | None = None
    skinfold_mm: float | None = None
    target: str | None = None
    depth_mm: float | None = None

    def __post_init__(self) -> None:
        if self.fat_mm is not None and not 0.0 < self.fat_mm <= THICKEST_FAT_MM:
            message = f"must be above 0 and at most {THICKEST_FAT_MM:g} mm"
            raise BadInput(Problem("fat_mm", self.fat_mm, message, "give one layer of fat, without the skin"))


NOTHING_MEASURED = Measured()


def with_measured_fat(site: Site, thickness_mm: dict[str, Floats], measured: Measured, quantiles: Quantiles) -> None:
    """Put the measured fat in the place of the drawn one; a measured depth bounds fat that was not measured."""
    fat = thickness_mm["subcutis"]
    if measured.fat_mm is not None:
        fat = np.full_like(fat, measured.fat_mm)
    elif measured.skinfold_mm is not None:
        # A fold is no double layer: how much of it is fat differs by place and pressure, so it is drawn, not halved.
        rows = law("skinfold_over_fat", "openpbm_prior")
        fat = measured.skinfold_mm / _between(rows["p5"], rows["p95"], 1.0 - quantiles("subcutis_thickness"))
    if measured.depth_mm is not None and measured.fat_mm is None:
        skin = thickness_mm["epidermis"] + thickness_mm["dermis"]
        room = np.maximum(measured.depth_mm - skin, _LEAST_FAT_MM)
        below = measured.target is not None and site.target(measured.target).below_layer == "subcutis"
        fat = np.minimum(fat, room) if below else np.maximum(fat, room)
    thickness_mm["subcutis"] = fat


def layer_thickness_mm(site: Site, person: Person, quantiles: Quantiles) -> dict[str, Floats]:
    """Thickness [mm] of every layer that ends, from the skin downward, (people,)."""
    return {layer.name: _thickness_mm(layer, site, person, quantiles) for layer in site.layers[:-1]}


def _thickness_mm(layer: SiteLayer, site: Site, person: Person, quantiles: Quantiles) -> Floats:
    span = layer.span_mm(person.sex)
    assert span is not None  # the loader of sites refuses a finite layer without a thickness
    thickness = _drawn(span, quantiles(f"{layer.name}_thickness"))
    if span.mm_per_body_mass_index == 0.0:
        return thickness
    index = np.clip(_body_mass_index(person, quantiles), _LEAST_INDEX, _GREATEST_INDEX)
    more = span.mm_per_body_mass_index * (index - site.reference_body_mass_index) / math.sqrt(span.p5 * span.p95)
    # Straight upward, as it was measured; downward with the same slope at first, and nobody is left without fat.
    return np.asarray(thickness * np.where(more > 0.0, 1.0 + more, np.exp(more)))


def _body_mass_index(person: Person, quantiles: Quantiles) -> Floats | float:
    known = body_mass_index(person)
    if known is not None:
        return known
    rows = law("body_mass_index", "openpbm_prior")
    return _between(rows["p5"], rows["p95"], quantiles("body_mass_index"))


def target_depth_mm(
    site: Site, thickness_mm: dict[str, Floats], quantiles: Quantiles, measured: Measured = NOTHING_MEASURED
) -> Floats:
    """Depth [mm] of each structure of the site under the skin, (people, target) in the order of the site."""
    # By place in the site and not by name: the depth of the first structure is drawn evenly at every site.
    depths = [_depth_mm(target, thickness_mm, quantiles(f"target_{n}_depth")) for n, target in enumerate(site.targets)]
    if measured.depth_mm is not None and measured.target is not None:
        number = site.targets.index(site.target(measured.target))
        depths[number] = np.full_like(depths[number], measured.depth_mm)
    return np.stack(depths, axis=1)


def _depth_mm(target: Target, thickness_mm: dict[str, Floats], quantiles: Floats) -> Floats:
    anchor = target.below_layer or target.within_layer
    above: Floats = np.zeros_like(quantiles)
    for name, layer_mm in thickness_mm.items():
        if name == anchor:
            break
        above = above + layer_mm
    layer_mm = thickness_mm[str(anchor)]
    if target.below_layer is not None and target.offset_mm is not None:
        return above + layer_mm + _drawn(target.offset_mm, quantiles)
    assert target.fraction is not None  # the loader of sites refuses a target with neither
    return np.asarray(above + layer_mm * np.minimum(_drawn(target.fraction, quantiles), 0.98))


def crossed_mm(thickness_mm: Floats, depth_mm: Floats) -> Floats:
    """How much of each layer lies above each depth [mm], (people, layer, depth).

    thickness_mm : (people, layer), infinite for a last one that goes on; depth_mm : (people, depth)

    >>> crossed_mm(np.array([[2.0, 5.0, np.inf]]), np.array([[4.0, 10.0]])).tolist()
    [[[2.0, 2.0], [2.0, 5.0], [0.0, 3.0]]]
    """
    tops = np.concatenate([np.zeros((len(thickness_mm), 1)), np.cumsum(thickness_mm[:, :-1], axis=1)], axis=1)
    return np.asarray(np.clip(depth_mm[:, None, :] - tops[:, :, None], 0.0, thickness_mm[:, :, None]))


def melanin_volume_fraction(person: Person, quantiles: Quantiles) -> Floats:
    """Volume fraction of melanosomes in the epidermis [-], (people,); over all six types where the type is unknown."""
    score = standard_normal(quantiles("melanin"))
    types = sorted(row.skin_type for row in melanin_fractions)
    if person.skin_type is None:
        number = np.minimum((quantiles("skin_type") * len(types)).astype(int), len(types) - 1)
    else:
        number = np.full(score.shape, types.index(person.skin_type))
    rows = [melanin_fractions[str(skin_type)] for skin_type in types]
    median, p5, p95 = (np.array([getattr(row, key) for row in rows])[number] for key in ("median", "p5", "p95"))
    # The reported ends lie unevenly around the median, so each side has a spread of its own.
    spread = np.where(score < 0.0, np.log(median / p5), np.log(p95 / median)) / _NINETY_PERCENT_HALF_WIDTH
    return np.asarray(np.minimum(median * np.exp(spread * score), _MOST_MELANIN))


def _drawn(span: Span, quantiles: Floats) -> Floats:
    return _between(span.p5, span.p95, quantiles)


def _between(p5: float, p95: float, quantiles: Floats) -> Floats:
    """Lognormal values with those 5 and 95 percent points."""
    spread = math.log(p95 / p5) / (2.0 * _NINETY_PERCENT_HALF_WIDTH)
    return np.asarray(math.sqrt(p5 * p95) * np.exp(spread * standard_normal(quantiles)))
